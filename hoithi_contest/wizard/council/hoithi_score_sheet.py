import base64

from odoo import fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import float_compare

from ...models.guard.hoithi_states import PENDING
from ...tools import format_number

#: So many cells outside of the table are named.
MAX_NAMED = 10


class HoithiScoreSheet(models.TransientModel):
    """Take the own sheets of a contest home as a workbook, and bring them back.

    What is uploaded fills drafts; submitting stays an act of its own.
    """

    _name = "hoithi.score.sheet"
    _inherit = ["hoithi.text.mixin"]
    _description = "Offline Score Sheet"

    contest_id = fields.Many2one(
        "hoithi.contest",
        required=True,
        domain="[('state', '=', 'review')]",
        default=lambda self: self._default_contest(),
    )
    file = fields.Binary(string="Sheet file", readonly=True, attachment=False)
    filename = fields.Char(readonly=True)
    upload = fields.Binary(string="Filled sheet", attachment=False)
    upload_name = fields.Char()
    result = fields.Text(readonly=True)

    def _default_contest(self):
        return self._get_reviews().contest_id[:1]

    def _get_reviews(self):
        """Return the caller's own reviews that can be scored."""
        domain = [
            ("user_id", "=", self.env.uid),
            ("state", "in", PENDING),
            ("contest_id.state", "=", "review"),
        ]
        if self.contest_id:
            domain.append(("contest_id", "=", self.contest_id.id))
        return self.env["hoithi.review"].search(domain, order="entry_code, id")

    def _get_owner(self):
        return {"contest": self.contest_id.id, "user": self.env.uid}

    def _get_secret(self):
        # only the server signs sheets, so nobody may read its key
        return self.env["ir.config_parameter"].sudo().get_param("database.secret")

    def action_download(self):
        """Make the workbook of the caller's open sheets.

        :raises UserError: where the caller has none
        """
        from ...lib.council import score_sheet

        self.ensure_one()
        reviews = self._get_reviews()
        if not reviews:
            raise UserError(self.env._("You have no sheet to score in this contest."))
        criteria = [
            score_sheet.Criterion(
                criterion.id,
                criterion.name,
                criterion.min_score,
                criterion.max_score,
                criterion.step,
                criterion.weight,
            )
            for criterion in reviews.criteria_set_id.criterion_ids
        ]
        rows = [
            score_sheet.Row(
                review.id,
                review.entry_code,
                review.entry_name,
                {
                    line.criterion_id.id: line.score
                    for line in review.line_ids
                    if line.is_scored
                },
                {line.criterion_id.id: line.comment for line in review.line_ids},
                review.comment or "",
                # juries may score by criteria of their own
                review.line_ids.criterion_id.ids
                if len(reviews.criteria_set_id) > 1
                else None,
            )
            for review in reviews
        ]
        content = score_sheet.write(
            self.contest_id.name,
            self.env._(
                "Fill in scores and remarks, save the file and upload it again: it "
                "fills your drafts, which you then submit one by one. An empty cell "
                "leaves the draft as it stands."
            ),
            {
                "sheet": self.env._("Scores"),
                "code": self.env._("Code"),
                "title": self.env._("Title"),
                "remark": self.env._("Remark"),
                "comment": self.env._("Comment on the entry"),
                "total": self.env._("Total"),
                "long": self.env._(
                    "(longer than a cell can be: it stays in your draft as it is)"
                ),
            },
            criteria,
            rows,
            self._get_owner(),
            self._get_secret(),
        )
        name = self.env._("score-sheet")
        self.write(
            {
                "file": base64.b64encode(content),
                "filename": f"{name}-{self.contest_id.id}.xlsx",
            }
        )
        return self._reopen()

    def action_upload(self):
        """Fill the caller's drafts from a workbook, and tell what was refused.

        A row with a problem is left as it was; the others are filled in. What is blank
        in the file leaves the draft as it is; what stands beside the table is named.

        :raises UserError: for a file that isn't the caller's own sheet
        """
        from ...lib.council import score_sheet

        self.ensure_one()
        if not self.upload:
            raise UserError(self.env._("Choose the filled sheet first."))
        try:
            content = score_sheet.read(
                base64.b64decode(self.upload), self._get_owner(), self._get_secret()
            )
        except score_sheet.BadSheet as error:
            raise UserError(self._explain_file(error)) from error
        report = []
        for row in content.rows:
            try:
                if row.problems:
                    raise UserError(
                        "; ".join(self._explain_cell(cell) for cell in row.problems)
                    )
                told = (
                    self.env._("%s: filled in.", row.code)
                    if self._fill(row)
                    else self.env._("%s: nothing new in the file.", row.code)
                )
                told += self._compare_total(row)
            except (AccessError, UserError, ValidationError) as error:
                self.env.invalidate_all()
                told = f"{row.code}: {error}"
            report.append(told)
        if content.outside:
            report.append(
                self.env._(
                    "Not taken over, as it stands outside of the table: %s.",
                    ", ".join(content.outside[:MAX_NAMED])
                    + (" …" if len(content.outside) > MAX_NAMED else ""),
                )
            )
        self.result = "\n".join(report)
        return self._reopen()

    def _explain_file(self, error):
        """Return why a whole file isn't taken, and what to do."""
        name = self.upload_name or ""
        if error.reason == "owner":
            return self.env._(
                "“%s” is the score sheet of another member or of another contest. "
                "Choose the contest that it is of, or download your own sheet.",
                name,
            )
        if error.reason == "sheet":
            return self.env._(
                "“%(file)s” has no sheet “%(sheet)s” any more: give the sheet its "
                "name back, or download it again and copy your scores into it. "
                "Nothing was changed.",
                file=name,
                sheet=error.detail[0],
            )
        if error.reason == "far":
            return self.env._(
                "“%(file)s” holds something in row %(row)s, far below its table: "
                "delete it, and save the file. Nothing was changed.",
                file=name,
                row=error.detail[0],
            )
        if error.reason == "cell":
            cell, shown, wanted = error.detail
            return self.env._(
                "Cell %(cell)s of “%(file)s” holds “%(shown)s” where “%(wanted)s” "
                "belongs: a column or a row was put in, taken out or moved, and scores "
                "would go astray. Undo that, or download the sheet again and copy your "
                "scores into it. Nothing was changed.",
                cell=cell,
                file=name,
                shown=shown[:80],
                wanted=wanted[:80],
            )
        return self.env._(
            "“%s” isn't a score sheet that was downloaded here, or its protected parts "
            "were altered. Download the sheet again and copy your scores into it.",
            name,
        )

    def _explain_cell(self, problem):
        """Return which cell can't be taken over, and what to do."""
        where = {"cell": problem.cell, "shown": problem.shown}
        return {
            "date": self.env._(
                "cell %(cell)s holds the date “%(shown)s”: type the number or the "
                "remark itself",
                **where,
            ),
            "percent": self.env._(
                "cell %(cell)s holds the percentage “%(shown)s”: type a number",
                **where,
            ),
            "formula": self.env._(
                "cell %(cell)s holds the formula “%(shown)s” without its result: type "
                "the result",
                **where,
            ),
            "text": self.env._(
                "cell %(cell)s holds “%(shown)s”, which isn't a number", **where
            ),
        }.get(
            problem.kind,
            self.env._(
                "cell %(cell)s holds “%(shown)s”, which is neither a number nor text",
                **where,
            ),
        )

    def _fill(self, row):
        """Write what isn't blank of a row into its draft; tell whether that is news.

        :raises UserError: where the draft doesn't take it
        """
        review = self.env["hoithi.review"].search([("id", "=", row.key)])
        if not review:
            raise UserError(self.env._("this sheet isn't yours any more"))
        is_news = False
        with self.env.cr.savepoint():
            for line in review.line_ids:
                criterion = line.criterion_id.id
                values = {}
                standing = line.score if line.is_scored else None
                if row.scores.get(criterion, standing) != standing:
                    values["score"] = row.scores[criterion]
                comment = row.comments.get(criterion) or line.comment
                if comment != line.comment:
                    values["comment"] = comment
                if values:
                    line.write(values)
                    is_news = True
            if row.comment and row.comment != review.comment:
                review.comment = row.comment
                is_news = True
        return is_news

    def _compare_total(self, row):
        """Return what to say where the draft adds up to something else than the file.

        As where a score was taken out of the file: a blank cell leaves the draft.
        """
        lines = self.env["hoithi.review"].browse(row.key).line_ids
        total = lines.criterion_id._add_up(
            {line.criterion_id: line.score for line in lines if line.is_scored}
        )
        if row.total is None or float_compare(row.total, total, 2) == 0:
            return ""
        return " " + self.env._(
            "Its total is %(total)s here, %(shown)s in the file: compare the scores.",
            total=format_number(self.env, total),
            shown=format_number(self.env, row.total),
        )

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Offline Score Sheet"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
