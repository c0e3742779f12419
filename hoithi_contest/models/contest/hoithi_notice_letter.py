from odoo import fields, models

from ...lib.guard import moments

#: Letters that wait for a supplement.
SUPPLEMENTED = ("supplement", "returned")
#: Letters to who scores.
SCORED = ("review_assigned", "review_reopened", "review_deadline")


class HoithiNotice(models.Model):
    """What stands around a letter: until when, how long that is, why one gets it."""

    _inherit = "hoithi.notice"

    def _get_letter_facts(self):
        """Add until when, why and by whom, in the language of the context.

        :return: a dict of texts: ``deadline`` and what is ``left`` of it at the time of
            sending, ``reason``, and the ``name`` under a request; each may be empty
        """
        self.ensure_one()
        # an entry that its reader's letter is about; its own words alone leave
        entry_sudo = self.entry_id.sudo()
        asked_by = entry_sudo.supplement_requested_by_id.name
        return {
            **super()._get_letter_facts(),
            **self._get_letter_deadline(entry_sudo),
            "reason": self._get_letter_reason(entry_sudo),
            "name": self.kind == "supplement" and asked_by or "",
        }

    def _get_letter_deadline(self, entry_sudo):
        if self.kind in SUPPLEMENTED:
            moment = entry_sudo.supplement_due
            text = moment and self.contest_id._format_moment(moment)
        else:
            # an escalation tells of somebody else's
            is_own = self.kind not in ("escalation", "digest")
            moment = is_own and self._get_last_moment()
            text = self._format_deadline()
        now = fields.Datetime.now()
        if not moment or moment <= now:
            return {"deadline": "", "left": ""}
        left = moments.measure_left(moment, now, self.contest_id.tz)
        return {"deadline": text, "left": self.contest_id._write_left(*left)}

    def _get_letter_reason(self, entry_sudo):
        """Return why this person gets the letter; empty where taking part says it."""
        if self.kind in SCORED:
            return self.env._(
                "You receive this letter because you score entries of the contest."
            )
        if self.kind == "question_answered":
            return self.env._(
                "You receive this letter because you asked a question about the "
                "contest."
            )
        name = entry_sudo.code or entry_sudo.name
        if self.partner_id == entry_sudo.representative_id.partner_id:
            return self.env._(
                "You receive this letter because you are the representative author of "
                "the entry %s.",
                name,
            )
        if self.partner_id in entry_sudo.author_ids.partner_id:
            return self.env._(
                "You receive this letter because you are an author of the entry %s.",
                name,
            )
        return ""
