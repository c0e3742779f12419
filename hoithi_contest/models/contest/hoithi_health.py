import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from odoo import api, fields, models

from ...tools import format_size

#: Parameter with the path of a file that each backup touches.
BACKUP_FILE = "hoithi_contest.backup_file"
#: A backup older than this is told of.
BACKUP_AGE = timedelta(hours=36)
#: A scheduled action of the addon that is so late is told of.
CRON_DELAY = timedelta(hours=3)
#: Room on the disk of the files (bytes) below which it is told: some dozens of
#: dossiers, and what a package or a backup needs while it is made.
LITTLE_ROOM = 2 * 1024**3
#: Room below which uploads are about to be refused.
NO_ROOM = 200 * 1024**2


class HoithiHealth(models.Model):
    """What the last look at the system found, a row for each thing and department.

    A scheduled action looks once an hour; screens show what it found and when, and
    never look themselves.
    """

    _name = "hoithi.health"
    _inherit = ["hoithi.guard.mixin", "hoithi.clock.mixin"]
    _description = "Health of the System"
    _order = "company_id, sequence, id"
    _clock_path = ""

    company_id = fields.Many2one(
        "res.company",
        string="Department",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    sequence = fields.Integer(readonly=True)
    key = fields.Selection("_get_keys", string="What", required=True, readonly=True)
    severity = fields.Selection(
        [("done", "In order"), ("warn", "To be looked at"), ("block", "Out of order")],
        string="Finding",
        required=True,
        readonly=True,
    )
    note = fields.Text(readonly=True, translate=True)
    checked_on = fields.Datetime(string="Looked at on", readonly=True, required=True)

    _unique_key = models.Constraint(
        "UNIQUE (company_id, key)", "This is looked at once for each department."
    )

    # LOOKING

    @api.model
    def _get_keys(self):
        """Hook: return what is looked at, in order."""
        keys = {
            "mail": self.env._("E-mail"),
            "cron": self.env._("Scheduled actions"),
            "backup": self.env._("Backup"),
            "disk": self.env._("Room for files"),
            "signup": self.env._("Sign-up of strangers"),
            "search": self.env._("Search without accents"),
        }
        return list(keys.items())

    @api.model
    def _examine(self, company):
        """Hook: return (key, severity, note) of what is looked at for a department."""
        return [
            ("mail", *self._examine_mail(company)),
            ("cron", *self._examine_cron()),
            ("backup", *self._examine_backup()),
            ("disk", *self._examine_disk()),
            ("signup", *self._examine_signup(company)),
            ("search", *self._examine_search()),
        ]

    @api.model
    def _examine_mail(self, company):
        problems = [text for well, text in company._get_mail_health() if not well]
        problems += self.env["hoithi.notice"]._get_mail_trouble(company)
        return ("warn", "\n".join(problems)) if problems else ("done", "")

    @api.model
    def _examine_signup(self, company):
        is_well, text = company._get_signup_health()
        return ("done", "") if is_well else ("warn", text)

    @api.model
    def _examine_search(self):
        if self.env.registry.has_unaccent:
            return "done", ""
        return "warn", self.env._(
            "Words are found with their accents alone: the database lacks the "
            "extension “unaccent”, or Odoo's setting “unaccent” is off."
        )

    @api.model
    def _examine_cron(self):
        crons = self._get_crons()
        due = fields.Datetime.now() - CRON_DELAY
        late = crons.filtered(lambda cron: cron.active and cron.nextcall < due)
        if late:
            return "block", ", ".join(late.mapped("name"))
        off = crons.filtered(lambda cron: not cron.active)
        if off:
            return "warn", self.env._(
                "Switched off, so that what they do isn't done: %s",
                ", ".join(off.mapped("name")),
            )
        return "done", ""

    @api.model
    def _get_crons(self):
        """Return the scheduled actions of the addon, also those that are off."""
        data = self.env["ir.model.data"].search(
            [("module", "=", "hoithi_contest"), ("model", "=", "ir.cron")]
        )
        crons = self.env["ir.cron"].with_context(active_test=False)
        return crons.search([("id", "in", data.mapped("res_id"))])

    @api.model
    def _examine_backup(self):
        path = self.env["ir.config_parameter"].get_param(BACKUP_FILE)
        if not path:
            return "warn", self.env._(
                "Nobody has said which file a backup touches: set the parameter %s.",
                BACKUP_FILE,
            )
        try:
            moment = datetime.fromtimestamp(os.stat(path).st_mtime, UTC)
        except OSError:
            return "block", self.env._("The file of the last backup isn't there.")
        moment = moment.replace(tzinfo=None)
        note = self.env["hoithi.contest"]._format_moment(moment)
        is_old = fields.Datetime.now() - moment > BACKUP_AGE
        return ("warn" if is_old else "done"), note

    @api.model
    def _examine_disk(self):
        """Return how much room is left where files are stored."""
        folder = Path(self.env["ir.attachment"]._filestore())
        # it isn't there where files are kept in the database, or none was yet
        folder = next(path for path in (folder, *folder.parents) if path.exists())
        free = shutil.disk_usage(folder).free
        note = self.env._("%s free", format_size(self.env, free))
        if free < NO_ROOM:
            return "block", note
        return ("warn" if free < LITTLE_ROOM else "done"), note

    # KEEPING

    @api.model
    def _cron_check_health(self):
        """Look at everything for each department and keep what was found."""
        # a department that is being set up has no contest yet
        rows = [
            *self.env["hoithi.contest"]._read_group([], ["company_id"]),
            *self.env["hoithi.agency"]._read_group([], ["company_id"]),
        ]
        for company in self.env["res.company"].union(*(row[0] for row in rows)):
            self._keep(company)

    @api.model
    def _keep(self, company):
        order = [key for key, _label in self._get_keys()]
        now = fields.Datetime.now()
        # each reads it in the own language, whoever's call looked
        for lang, _name in self.env["res.lang"].get_installed():
            rows = self.with_context(lang=lang)
            known = rows.search([("company_id", "=", company.id)]).grouped("key")
            for key, severity, note in rows._examine(company.with_context(lang=lang)):
                vals = {
                    "severity": severity,
                    "note": note,
                    "checked_on": now,
                    "sequence": order.index(key),
                }
                if key in known:
                    known[key].write(vals)
                else:
                    rows.create({"company_id": company.id, "key": key, **vals})

    @api.model
    def _get_card_lines(self, company):
        """Return what was found last, for the home, with the caller's rights."""
        labels = dict(self._fields["key"]._description_selection(self.env))
        rows = self.search([("company_id", "=", company.id)])
        return [
            {
                "key": row.key,
                "text": labels.get(row.key, row.key),
                "severity": row.severity,
                "note": row.note or "",
                "checked": self.env["hoithi.contest"]._format_moment(row.checked_on),
            }
            for row in rows
        ]
