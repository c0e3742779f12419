from odoo import api, models
from odoo.exceptions import UserError

from ...lib.document import kinds, wording


class HoithiDocumentCertificate(models.AbstractModel):
    _name = "hoithi.document.kind.certificate"
    _description = "Certificate"
    _inherit = "hoithi.document.kind"

    @api.model
    def _get_content_day(self, source):
        return source.decision_date

    @api.model
    def _get_sources(self, contest):
        """Return the department's own awards: others give certificates themselves."""
        return self.env["hoithi.award"].search(
            [
                ("contest_id", "=", contest.id),
                ("level", "=", "unit"),
                ("is_held", "=", False),
            ]
        )

    @api.model
    def _check_sources(self, contest, sources):
        super()._check_sources(contest, sources)
        # whether there are more than the maker reads, and nothing of them
        if self.sudo()._get_sources(contest) - sources:
            raise UserError(
                self.env._(
                    "Some prizes of “%(contest)s” aren't shown to you before the "
                    "results, as those of your own entries: let another secretary "
                    "make all certificates.",
                    contest=contest.name,
                )
            )

    @api.model
    def _get_defaults(self, source):
        source._take_register_number()
        return {"subject": source.contest_id.name, "date": source.decision_date}

    @api.model
    def _get_own_context(self, document):
        award = self._get_about(document)
        entry = award.entry_id
        if award.is_held:
            raise UserError(
                self.env._(
                    "The award “%s” is on hold: it gets its certificate once it is "
                    "released.",
                    award.display_name,
                )
            )
        if not (award.decision_number and award.decision_date):
            raise UserError(
                self.env._(
                    "Enter number and date of the decision on the award of “%s” first: "
                    "the certificate cites them.",
                    award._get_winner_name(),
                )
            )
        number = award.register_number or ""
        copies = self._get_copies(award, number)
        return {
            "copies": copies,
            "holders": copies[0]["holders"],
            "holder_kind": copies[0]["kind"],
            "holder_unit": copies[0]["unit"],
            "prize": self._get_kind_name(award).upper(),
            "entry_title": kinds.clean(entry.name or ""),
            "decision_line": wording.decision_line(
                award.decision_number, award.decision_date
            ),
            "register_number": number,
        }

    @api.model
    def _get_told_number(self, document):
        """Return the number of the register, as it was printed: that of the prize."""
        # whoever holds the certificate has the number, whoever may read its content
        content = document.sudo().context_json or {}
        return content.get("register_number", "")

    @api.model
    def _get_told_subject(self, document):
        # of a day there are as many as prizes: the number tells them apart
        return ""

    @api.model
    def _get_copies(self, award, number):
        """Return a certificate of the group, then one of each of its authors.

        A prize of a person or of a unit has one.
        """
        entry, person, unit = award._get_winner()
        if unit:
            return [
                {
                    "kind": wording.UNIT,
                    "holders": unit.name,
                    "unit": "",
                    "register_number": number,
                }
            ]
        authors = person or entry._get_authors()
        whole = {
            "kind": wording.AUTHORS if len(authors) > 1 else wording.AUTHOR,
            "holders": person.full_name or entry.author_names or "",
            "unit": (person or entry)._get_unit_name(),
            "register_number": number,
        }
        if len(authors) < 2:
            return [whole]
        figure, stroke, year = number.partition("/")
        return [whole] + [
            {
                "kind": wording.AUTHOR,
                "holders": author.full_name,
                "unit": author._get_unit_name(),
                "register_number": number and f"{figure}.{index}{stroke}{year}",
            }
            for index, author in enumerate(authors, 1)
        ]

    @api.model
    def _stamp_context(self, document, context):
        stamped = super()._stamp_context(document, context)
        if not stamped["copies"]:
            # approved when there was one certificate of a prize
            stamped["copies"] = [
                {
                    "kind": stamped["holder_kind"],
                    "holders": stamped["holders"],
                    "unit": stamped["holder_unit"],
                    "register_number": stamped["register_number"],
                }
            ]
        return stamped
