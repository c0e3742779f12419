from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...lib.guard import plain_text
from ..guard.hoithi_states import DROPPED
from .hoithi_review import OPINION, SECRETARY


class HoithiReview(models.Model):
    """A sheet on paper: the secretary types it in, in the member's name.

    With the scan of the signed paper it is submitted at once; without one it waits for
    its member, who looks it through and submits it.
    """

    _inherit = "hoithi.review"

    paper_ids = fields.One2many(
        "hoithi.review.paper", "review_id", string="Typed in from paper", readonly=True
    )
    is_paper = fields.Boolean(string="On paper", compute="_compute_paper")
    paper_scan_url = fields.Char(
        compute="_compute_paper", export_string_translation=False
    )

    @api.depends_context("uid")
    def _compute_paper(self):
        # that it was typed in is for whoever reads the sheet, the paper itself isn't
        papers_sudo = self.sudo().paper_ids
        readable = papers_sudo.with_env(self.env)._filtered_access("read")
        papers = papers_sudo.grouped("review_id")
        for review in self:
            paper_sudo = papers.get(review.sudo(), self.env["hoithi.review.paper"])[:1]
            review.is_paper = bool(paper_sudo)
            review.paper_scan_url = (
                paper_sudo.scan_id
                and paper_sudo in readable
                and f"/web/content/{paper_sudo.scan_id.id}?download=1"
            )

    # ACTION

    def action_open_paper(self):
        """Open the dialog in which the secretary types in a sheet on paper."""
        self.ensure_one()
        self._check_typing()
        wizard = self.env["hoithi.paper.sheet"].create({"review_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sheet on Paper"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_register_paper(self, scores=None, texts=None, scan=None, filename=None):
        """Type in the sheet that a member gave on paper.

        :param scores: for each criterion ``{"criterion": id, "score": points,
            "comment": text}``
        :param texts: what the sheet says in words: ``comment``, ``strengths``,
            ``weaknesses`` and ``recommendation``
        :param scan: of the signed paper, in base64; with it the sheet is submitted at
            once, without it its member has to submit it
        :param filename: of the scan
        :return: whether it is submitted
        :raises AccessError: for anyone but the secretary, and for an own sheet
        :raises UserError: for a sheet that isn't awaited, and with all that is missing
        :raises ValidationError: for a score off its scale
        """
        self.ensure_one()
        self._check_typing()
        lines = self._read_typed_scores(scores)
        words = self._read_typed_texts(texts)
        # the secretary may write no sheet but by this act
        review_sudo = self.sudo()
        paper_sudo = review_sudo.env["hoithi.review.paper"]._open_door()
        scan_sudo = paper_sudo._take_scan(scan, filename) if scan else None
        for line, values in lines.items():
            line.sudo().write(values)
        review_sudo.write({f"kept_{name}": text for name, text in words.items()})
        review_sudo._start()
        paper_sudo.create(
            {
                "review_id": self.id,
                "typed_by": self.env.uid,
                "typed_on": fields.Datetime.now(),
                "scan_id": scan_sudo.id if scan_sudo else False,
            }
        )
        sha256 = scan_sudo.kept_sha256 if scan_sudo else ""
        review_sudo._record("review.typed", scan=sha256)
        if scan_sudo:
            review_sudo._submit()
        self._tell_typed(bool(scan_sudo))
        return bool(scan_sudo)

    # BUSINESS

    def _check_typing(self):
        """Let the secretary type in what isn't the own sheet, and is awaited.

        :raises AccessError: for anyone else
        :raises UserError: with what is closed, and for whoever competes
        """
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(SECRETARY[0]):
            raise AccessError(
                self.env._("The secretary of the council types in sheets on paper.")
            )
        if self.user_id == self.env.user:
            raise AccessError(
                self.env._("This is your own sheet: fill it in yourself.")
            )
        self.entry_id._check_impartial()
        self._check_takes_scores()

    def _read_typed_scores(self, scores):
        """Return {line: what the paper says} of each criterion.

        :raises UserError: where the criteria aren't those of the sheet
        """
        # whose lines they are was checked; drafts are hidden from the secretary
        lines_sudo = self.sudo().line_ids
        by_criterion = {line.criterion_id.id: line for line in lines_sudo}
        rows, read = scores if isinstance(scores, list | tuple) else (), {}
        for row in rows:
            criterion = row.get("criterion") if isinstance(row, dict) else None
            score = row.get("score") if isinstance(row, dict) else None
            if (
                criterion not in by_criterion
                or isinstance(score, bool)
                or not isinstance(score, int | float)
            ):
                continue
            read[by_criterion[criterion]] = {
                "score": score,
                "comment": self._clean_typed(row.get("comment")),
            }
        missing = [line for line in lines_sudo if line not in read]
        if missing or len(read) != len(rows):
            raise UserError(
                self.env._(
                    "Type in the score of each criterion of the sheet; without: %s.",
                    ", ".join(line.criterion_id.name for line in missing) or "–",
                )
            )
        return read

    def _read_typed_texts(self, texts):
        texts = texts if isinstance(texts, dict) else {}
        words = {name: self._clean_typed(texts.get(name)) for name in OPINION}
        known = dict(self._fields["recommendation"].selection)
        if words["recommendation"] not in known:
            words["recommendation"] = False
        return words

    def _clean_typed(self, text):
        return plain_text.clean(text).strip() if isinstance(text, str) else ""

    def _hoithi_is_still_true(self, message):
        """Tell a reviewer nothing of a sheet that waits for nobody any more.

        That is one which was dropped or submitted since, and any once the review of
        its contest is over.
        """
        told = message.message_type == "user_notification"
        if told and self.user_id.partner_id in message.partner_ids:
            is_done = self.submitted_on and message.date < self.submitted_on
            if is_done or self.state in DROPPED or not self._is_phase_open():
                return False
        return super()._hoithi_is_still_true(message)

    def _tell_typed(self, is_submitted):
        """Tell the member what was typed in, in the member's language."""
        user = self.user_id
        review = self.with_context(lang=user.lang)
        values = {"entry": self.entry_code or self.entry_name}
        self._message_act(
            body=self.env._("Typed in from the signed paper, with its scan.")
            if is_submitted
            else self.env._("Typed in from paper; its member has to submit it.")
        )
        review.message_notify(
            partner_ids=user.partner_id.ids,
            subject=review.env._("Your sheet was typed in: %(entry)s", **values),
            body=Markup("<p>%s</p>")
            % (
                review.env._(
                    "The secretary has typed in your signed sheet for %(entry)s, and "
                    "submitted it with the scan. If it says something else than your "
                    "paper, tell the secretary, who reopens it.",
                    **values,
                )
                if is_submitted
                else review.env._(
                    "The secretary has typed in your sheet for %(entry)s from paper. "
                    "Look it through, mend what isn't right, and submit it: it counts "
                    "from then on.",
                    **values,
                )
            ),
        )
