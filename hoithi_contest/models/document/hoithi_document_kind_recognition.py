from odoo import api, models
from odoo.exceptions import UserError

from ...lib.document import nd30, wording
from ..guard.hoithi_states import SELECTED


class HoithiDocumentRecognition(models.AbstractModel):
    _name = "hoithi.document.kind.recognition"
    _description = "Decision on Recognition"
    _inherit = "hoithi.document.kind"

    _cites = True

    _prints_digest = True
    _recipients = wording.TO_EXECUTORS

    _texts = ("content",)

    @api.model
    def _get_content_day(self, source):
        chosen = [("state", "in", SELECTED)]
        return self._get_last_day(source, ["decided_on"], chosen)

    @api.model
    def _get_defaults(self, source):
        return {"subject": wording.RECOGNITION_SUBJECT.format(contest=source.name)}

    @api.model
    def _get_bases(self, document):
        contest = document.contest_id
        proposal = wording.PROPOSES.format(
            body=self._get_council_name(contest.council_id) or wording.COUNCIL
        )
        return self._get_basis_lines(self._get_cited(document), proposal)

    @api.model
    def _get_own_context(self, document):
        contest = document.contest_id
        self._check_whole(document, "competing")
        # whoever won is recognised, also without a place in the nomination
        selected = self._get_entries(contest, "selected")
        selected |= self._get_entries(contest, "competing").filtered(self._get_awards)
        side_awards = self._get_side_awards(contest)
        if not selected:
            raise UserError(
                self.env._(
                    "No entry of “%s” has been selected yet: there is nothing to "
                    "recognise.",
                    contest.name,
                )
            )
        selected = selected.sorted(
            lambda entry: (entry.rank or len(selected), entry.code)
        )
        awards = {entry: self._get_sums(self._get_awards(entry)) for entry in selected}
        all_awards = self._get_awards(selected) | side_awards
        return {
            "issued_by": self._get_issuer(document),
            "entry_count": nd30.padded(len(selected)),
            "reward": " ".join(
                self._get_words(
                    document, "content", wording.REWARD if all_awards else ""
                )
            ),
            "executors": wording.RECOGNITION_EXECUTORS.format(
                **self._get_agency_context(document)
            ),
            "annex_line": self._get_annex_line(document),
            "entries": [
                {
                    **row,
                    "score": self._get_score(entry),
                    "rank": self._get_prize(entry),
                    "scope": wording.SCOPES.get(
                        # as the minutes tell it, whoever makes the decision
                        entry.sudo()._get_decided_scope(),
                        "",
                    ).capitalize(),
                    "amount": wording.prize_total(awards[entry]),
                }
                for row, entry in zip(self._get_rows(selected), selected, strict=True)
            ],
            "amount_total": wording.prize_total(
                self._get_sums(self._get_awards(selected))
            ),
            "side_awards": [
                {
                    "number": number,
                    "prize": self._get_kind_name(award),
                    "holder": award.author_id.full_name or award._get_unit_name(),
                    "unit": award.author_id and award.author_id._get_unit_name() or "",
                    "amount": wording.prize_total(self._get_sums(award)),
                }
                for number, award in enumerate(side_awards, 1)
            ],
            "digest": self._get_ledger_digest(document.contest_id),
        }

    @api.model
    def _get_sums(self, awards):
        """Return what awards add up to: {code of a currency: money}."""
        sums = {}
        for award in awards:
            code = award.currency_id.name
            sums[code] = sums.get(code, 0) + award.amount
        return sums

    @api.model
    def _get_side_awards(self, contest):
        """Return the prizes of persons and units that papers tell, best first."""
        return self.env["hoithi.award"].search(
            [
                ("contest_id", "=", contest.id),
                ("level", "=", "unit"),
                ("is_held", "=", False),
                "|",
                ("author_id", "!=", False),
                ("department_id", "!=", False),
            ],
            order="rank_order, id",
        )
