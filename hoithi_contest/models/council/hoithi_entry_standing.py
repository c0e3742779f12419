from odoo import api, models

from ..guard.hoithi_states import RUNNING


class HoithiEntry(models.Model):
    """An entry says what it is to its authors, never how it stands."""

    _name = "hoithi.entry"
    _inherit = ["hoithi.entry", "hoithi.standing.mixin"]

    _standing_entry = "id"
    _standing_fields = frozenset(
        {
            "review_count",
            "review_done_count",
            "average_score",
            "score_spread",
            "needs_adjudication",
            "lacks_reviewers",
            "rank",
            "rank_override",
            "rank_override_reason",
            "above_cutoff",
            "is_first_below_cutoff",
            "round_line_ids",
            "component_score_ids",
            "extra_points",
            "score_formula",
        }
    )

    def _is_standing_hidden(self):
        """Tell whether the entry is the caller's own and its contest isn't over."""
        self.ensure_one()
        # also where an author may not read the contest any more
        entry_sudo = self._origin.sudo()
        return entry_sudo.contest_id.state in RUNNING and bool(
            entry_sudo._get_lines_of_person()
        )

    def _get_known(self):
        """Return those of these entries of which the caller may know how they stand."""
        # by the caller's own rights, however the entries were found
        known = self.sudo(False)._filtered_access("read")
        if known.env.su:
            return known
        hidden_ids = set(known._get_hidden_standing_ids())
        return known.filtered(lambda entry: entry.id not in hidden_ids)

    def _join_known(self):
        """Return the names of these entries for a message that tells how they stand.

        Of those of which the caller mustn't know it, the number is told.
        """
        known = self._get_known()
        others = len(self) - len(known)
        parts = [known._join_names()] if known else []
        if others:
            parts.append(self.env._("%s others", others))
        return ", ".join(parts)

    def _get_unhindered(self, users):
        """Return those who may know of the entry's sheets: no author, nobody barred."""
        self.ensure_one()
        anybody = self.env["hoithi.standing.mixin"]
        return users.filtered(
            lambda user: (
                self.id not in anybody.with_user(user)._get_hidden_standing_ids()
            )
        )

    @api.model
    def _get_conflicting_running_ids(self):
        # whoever is in conflict doesn't read the entry at all
        return ()
