from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...lib.contest import novelty

SECRETARY = "hoithi_contest.group_secretary"
#: Solutions that an entry is told to be like, at most.
MOST = 15
#: Fewer words in common passages say less than both summaries.
LEAST_WORDS = 20


class HoithiNoveltyMatch(models.Model):
    """Another solution that says much of what an entry says, side by side with it.

    It comes about by the comparison alone, and says to the secretary what to look at.
    Nothing follows from it by itself: what is a copy, the secretary judges, and what
    becomes of the entry then is decided by the acts there are for it.
    """

    _name = "hoithi.novelty.match"
    _description = "Like Solution"
    _inherit = ["hoithi.guard.mixin", "hoithi.reason.mixin", "hoithi.clock.mixin"]
    _order = "entry_id, copied desc, likeness desc, id"
    _clock_path = "entry_id.contest_id"
    _rec_name = "other_name"
    _reason_methods = ("action_mark_same", "action_link_won")

    entry_id = fields.Many2one(
        "hoithi.entry", required=True, readonly=True, ondelete="cascade", index=True
    )
    contest_id = fields.Many2one(related="entry_id.contest_id", store=True, index=True)
    company_id = fields.Many2one(related="entry_id.company_id", store=True)
    other_id = fields.Many2one(
        "hoithi.entry",
        string="Other entry",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    past_id = fields.Many2one(
        "hoithi.past.solution",
        string="Solution of an earlier edition",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    other_name = fields.Char(string="Like solution", compute="_compute_other")
    other_edition = fields.Char(string="Edition", compute="_compute_other")
    likeness = fields.Float(
        string="Same words (%)",
        readonly=True,
        digits=(5, 0),
        aggregator=None,
        help="How far titles and summaries use the same words, in whatever order.",
    )
    copied = fields.Float(
        string="Copied (%)",
        readonly=True,
        digits=(5, 0),
        aggregator=None,
        help="How much of this entry's texts and files stands there word by word.",
    )
    passages = fields.Json(readonly=True)
    side_by_side = fields.Html(compute="_compute_side_by_side", sanitize=False)
    verdict = fields.Selection(
        [
            ("open", "To look at"),
            ("other", "Another solution"),
            ("same", "The same, or copied"),
        ],
        required=True,
        readonly=True,
        default="open",
    )
    judged_by_id = fields.Many2one("res.users", string="Judged by", readonly=True)
    judged_on = fields.Datetime(readonly=True)
    judged_reason = fields.Text(string="Reason", readonly=True)

    _unique_other = models.UniqueIndex(
        "(entry_id, COALESCE(other_id, 0), COALESCE(past_id, 0))",
        "These two are compared already.",
    )

    # COMPUTE

    @api.depends("other_id.name", "past_id.name")
    def _compute_other(self):
        for match in self:
            # who reads a match reads both: see its record rules
            other, past = match.other_id.sudo(), match.past_id.sudo()
            match.other_name = other.display_name or past.name
            match.other_edition = other.contest_id.name or past.edition

    @api.depends("passages")
    @api.depends_context("lang")
    def _compute_side_by_side(self):
        types = self.env["hoithi.dossier.type"]
        for match in self:
            shown = match.passages or {}
            words = shown.get("words") or []
            rows = Markup().join(
                Markup(
                    '<tr><td class="w-50 align-top"><div class="text-muted small">%s'
                    '</div>%s</td><td class="w-50 align-top">'
                    '<div class="text-muted small">%s</div>%s</td></tr>'
                )
                % (
                    self._write_label(types, row[0]),
                    _write_marked(row[1], words),
                    self._write_label(types, row[2]),
                    _write_marked(row[3], words),
                )
                for row in shown.get("rows") or []
            )
            match.side_by_side = rows and Markup(
                '<table class="table o_hoithi_side_by_side"><thead><tr><th>%s</th>'
                "<th>%s</th></tr></thead><tbody>%s</tbody></table>"
            ) % (
                self.env._("This entry"),
                match.other_name or "",
                rows,
            )

    @api.model
    def _write_label(self, types, label):
        """Return what people call a part of a solution's text."""
        kind, _colon, number = label.partition(":")
        if kind == "file":
            dossier_type = types.browse(int(number)).exists()
            return self.env._("File: %s", dossier_type.name or "")
        if kind == "summary":
            return self.env._("Summary")
        field = self.env["hoithi.entry"]._fields.get(kind)
        return field._description_string(self.env) if field else ""

    # ACTION

    def action_mark_other(self):
        """Say that these are other solutions, whatever words they share.

        :raises AccessError: for others than the secretary
        """
        return self._judge("other")

    def action_ask_mark_same(self):
        """Open the dialog that asks for what `action_mark_same` needs."""
        return self._ask_reason("action_mark_same", self.env._("The Same, or Copied"))

    def action_mark_same(self, reason=None):
        """Say that the entry is the other solution again, or copied from it.

        Nothing becomes of the entry by this: a supplement, an ineligibility or a
        disqualification is decided for itself.

        :param reason: recorded, as that three passages stand there
        :raises AccessError: for others than the secretary
        """
        return self._judge("same", self._clean_reason(reason))

    def action_look_again(self):
        """Take a judgement back.

        :raises AccessError: for others than the secretary
        """
        return self._judge("open")

    def action_ask_link_won(self):
        """Open the dialog that asks for what `action_link_won` needs."""
        return self._ask_reason("action_link_won", self.env._("Has Won Before"))

    def action_link_won(self, reason=None):
        """Say that the entry is the other solution, which has won before.

        :param reason: see `hoithi.entry.action_link_won`
        """
        self.ensure_one()
        self.check_access("read")
        self.action_mark_same(reason=reason)
        return self.entry_id.action_link_won(
            entry=self.other_id, past=self.past_id, reason=reason
        )

    def action_open_other(self):
        """Open the other solution, with the caller's own rights."""
        self.ensure_one()
        self.check_access("read")
        other = self.other_id or self.past_id
        other.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": other._name,
            "res_id": other.id,
            "view_mode": "form",
        }

    # BUSINESS

    def _judge(self, verdict, reason=False):
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(SECRETARY):
            raise AccessError(
                self.env._("The secretary of the council judges like solutions.")
            )
        self.entry_id._check_impartial()
        is_judged = verdict != "open"
        # the checks above stand for the right to write
        self.sudo()._open_door().write(
            {
                "verdict": verdict,
                "judged_by_id": is_judged and self.env.uid,
                "judged_on": is_judged and fields.Datetime.now(),
                "judged_reason": reason,
            }
        )
        return True

    @api.model
    def _note(self, text, numbers):
        """Write down what an entry is like, and keep what was judged.

        :param text: of the entry
        :param numbers: {id of the other text: (likeness, per cent copied)}
        """
        matches = self._open_door()
        known = {
            match.other_id or match.past_id: match
            for match in matches.search([("entry_id", "=", text.entry_id.id)])
        }
        best = sorted(numbers, key=lambda other: (-max(numbers[other]), other))[:MOST]
        found = self.browse()
        created = []
        # long texts are taken to words once, not for each that they are like
        words = novelty.split(text.text or "", "<")
        for other in text.browse(best):
            likeness, copied = numbers[other.id]
            vals = {
                "likeness": likeness,
                "copied": copied,
                "passages": self._get_passages(text, words, other),
            }
            match = known.get(other._get_owner())
            if match:
                match.write(vals)
                found |= match
            else:
                vals |= {
                    "entry_id": text.entry_id.id,
                    "other_id": other.entry_id.id,
                    "past_id": other.past_id.id,
                }
                created.append(vals)
        gone = self.browse().union(*known.values()) - found
        gone.filtered(lambda match: match.verdict == "open").unlink()
        matches.create(created)

    @api.model
    def _get_passages(self, text, words, other):
        """Return what of two texts stands side by side.

        Passages that are the same, or else both summaries with their common words.

        :param words: of the first text
        """
        first, second = text.text or "", other.text or ""
        passages = novelty.find_passages(words, novelty.split(second, ">"))
        if sum(passage.words for passage in passages) >= LEAST_WORDS:
            return {
                "rows": [
                    [
                        text._get_place(passage.first[0]),
                        novelty.cut(first, *passage.first),
                        other._get_place(passage.second[0]),
                        novelty.cut(second, *passage.second),
                    ]
                    for passage in passages
                ]
            }
        mine, theirs = (novelty.get_text(one._get_summary()) for one in (text, other))
        owners = text._get_owner(), other._get_owner()
        common = novelty.get_words(owners[0].name, mine) & novelty.get_words(
            owners[1].name, theirs
        )
        labels = [
            "summary" if one.past_id else "solution_content" for one in (text, other)
        ]
        return {
            "rows": [
                ["name", owners[0].name, "name", owners[1].name],
                [
                    labels[0],
                    novelty.cut(mine, 0, len(mine)),
                    labels[1],
                    novelty.cut(theirs, 0, len(theirs)),
                ],
            ],
            "words": sorted(common),
        }


def _write_marked(text, words):
    """Return a text as HTML, with the words in it that both have marked."""
    return Markup().join(
        Markup("<mark>%s</mark>") % piece if is_marked else Markup("%s") % piece
        for piece, is_marked in novelty.mark(text, words)
    )
