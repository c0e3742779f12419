from odoo import api, models

from ...lib.document import kinds, nd30, portrait, wording


class HoithiDocumentRegistration(models.AbstractModel):
    _name = "hoithi.document.kind.registration"
    _description = "Registration Form"
    _inherit = "hoithi.document.kind"

    @api.model
    def _get_content_day(self, source):
        return self._get_date(source.contest_id, source.submitted_on)

    @api.model
    def _get_sources(self, contest):
        return self._get_entries(contest, "competing")

    @api.model
    def _get_defaults(self, source):
        return {"subject": source.contest_id.name}

    @api.model
    def _get_own_context(self, document):
        entry = self._get_about(document)
        contest = entry.contest_id
        agency = self._get_agency_context(document)
        council = self._get_council_name(contest.council_id) or wording.COUNCIL
        representative = entry.representative_id
        return {
            "addressees": [wording.OF_AGENCY.format(body=council, **agency)],
            "entry": {
                **self._get_entry_texts(entry),
                "short_title": entry.short_name or "",
                "participant": self._get_label(entry, "participant_type"),
                "type": self._get_label(entry, "solution_type"),
                "investor": kinds.clean(entry.investor or ""),
                "trial_applied": wording.short_day(entry.trial_applied_date),
                "first_applied": wording.short_day(entry.first_applied_date),
                "place": entry.application_place or "",
                "novelty_level": self._get_label(entry, "novelty_level"),
                "benefit": wording.money(
                    entry.benefit_amount, wording.currency(entry.currency_id.name)
                ),
                "protection": (
                    self._get_label(entry, "protection") if entry.protection else ""
                ),
                "ai_use": kinds.clean(entry.ai_use or ""),
                "confidential": kinds.clean(entry.confidential_info or ""),
            },
            "authors": [
                {
                    "number": number,
                    "name": line.full_name,
                    **self._get_details(line),
                    "position": ", ".join(
                        filter(None, [line._get_position(), line.department_id.name])
                    ),
                    "share": nd30.percent(line.contribution_percent / 100),
                    "is_representative": line.is_representative,
                }
                for number, line in enumerate(entry._get_authors(), 1)
            ],
            "photo": wording.PHOTO if contest.ask_photo else "",
            "portrait": self._get_portrait(entry),
            "contact": representative._get_contact(),
            "description": self._get_description(entry),
            "dossier": self._get_dossier(entry),
            "commitment": entry.commitment_text or wording.COMMITMENT,
            "representative": representative.full_name or "",
            "confirmation": self._get_confirmation(entry),
        }

    @api.model
    def _get_portrait(self, entry):
        """Return the photograph that was uploaded, where the form asks for one."""
        items = entry.dossier_ids.filtered(lambda item: item.type_id._is_photograph())
        if not entry.contest_id.ask_photo or not items:
            return portrait.nothing()
        # whoever reads the entry reads its files
        content = items.sorted("id")[-1].attachment_id.sudo().raw or b""
        name = entry.representative_id.full_name or ""
        return portrait.frame(content, wording.PORTRAIT.format(name=name))

    @api.model
    def _get_details(self, line):
        """Return what the form asks of an author; what is missing is for the pen."""
        asked = line.entry_id.contest_id._get_asked_details()
        # given for this very form, by who agreed to it
        line_sudo = line.sudo()
        told = {
            "birth_date": wording.short_day(line_sudo.birth_date),
            "gender": wording.GENDERS.get(line_sudo.gender, ""),
            "qualification": line.qualification or "",
        }
        return {
            name: value or (wording.FOR_THE_PEN[name] if name in asked else "")
            for name, value in told.items()
        }

    @api.model
    def _get_description(self, entry):
        """Return the headings of the description; empty ones are left out."""
        filled = [
            (heading, kinds.paragraphs(entry[name]))
            for name, heading in wording.DESCRIPTION.items()
        ]
        return [
            {"number": str(number), "heading": heading, "paragraphs": paragraphs}
            for number, (heading, paragraphs) in enumerate(
                [pair for pair in filled if pair[1]], 1
            )
        ]

    @api.model
    def _get_dossier(self, entry):
        """Return the files by the parts of the dossier, missing required ones too."""
        rows = []
        types = entry.contest_id.asked_dossier_type_ids | entry.dossier_ids.type_id
        for dossier_type in types.sorted(lambda kind: (kind.sequence, kind.id)):
            files = entry.dossier_ids.filtered(
                lambda item, kind=dossier_type: item.type_id == kind
            )
            names = files.mapped("filename") or ([""] if dossier_type.required else [])
            rows += [(dossier_type.name, name) for name in names]
        return [
            {"number": number, "name": name, "file": file}
            for number, (name, file) in enumerate(rows, 1)
        ]

    @api.model
    def _get_confirmation(self, entry):
        """Return what the head of the unit confirmed, or blanks for the pen."""
        confirmed = entry.unit_confirmed_on
        return {
            "text": (
                wording.CONFIRMED.format(
                    day=wording.day_words(self._get_date(entry.contest_id, confirmed)),
                    note=f" {wording.sentence(entry.unit_confirm_note or '')}".rstrip(),
                )
                if confirmed
                else ""
            ),
            "position": wording.HEAD_OF_UNIT,
            # who confirmed is told to all who may read the entry
            "name": entry.sudo().unit_confirmed_by.name or "",
        }
