from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

DOORS = [
    ("own", "The person, signed in"),
    ("office", "The Office, for the person"),
    ("change", "What it rested on changed"),
    ("before", "Given before this log was kept"),
]


class HoithiConsent(models.Model):
    """What a person agreed to: for which purpose, in which words, from when to when.

    A log that only grows: a row is written by the act that gives the consent, and gets
    its end by the act that takes it back; nothing else of it ever changes. What is
    agreed to anew, as in other words, is another row. Rows that belong to no entry any
    more go after the years of keeping.
    """

    _name = "hoithi.consent"
    _inherit = ["hoithi.guard.mixin", "hoithi.clock.mixin"]
    _description = "Consent"
    _order = "id desc"
    _person_fields_sorted = ("full_name",)
    _rec_name = "full_name"

    full_name = fields.Char(string="Person", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    author_id = fields.Many2one(
        "hoithi.entry.author",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    entry_id = fields.Many2one(
        "hoithi.entry", readonly=True, index="btree_not_null", ondelete="set null"
    )
    contest_id = fields.Many2one(
        "hoithi.contest", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="contest_id.company_id",
        store=True,
        precompute=True,
        index=True,
        string="Department",
    )
    purpose_id = fields.Many2one(
        "hoithi.purpose", required=True, readonly=True, index=True, ondelete="restrict"
    )
    text_id = fields.Many2one(
        "hoithi.purpose.text", string="Version", readonly=True, ondelete="restrict"
    )
    text = fields.Text(string="Words as shown", readonly=True)
    given_on = fields.Datetime(string="Given on", required=True, readonly=True)
    given_door = fields.Selection(DOORS, string="Given by", readonly=True)
    withdrawn_on = fields.Datetime(string="Ended on", readonly=True)
    withdrawn_door = fields.Selection(DOORS, string="Ended by", readonly=True)
    is_mine = fields.Boolean(compute="_compute_is_mine")

    # at most one at a time, which two acts at once can't make two
    _one_open = models.UniqueIndex(
        "(author_id, purpose_id) WHERE author_id IS NOT NULL AND withdrawn_on IS NULL",
        "A consent is given once at a time.",
    )

    @api.depends_context("uid")
    @api.depends("partner_id")
    def _compute_is_mine(self):
        for consent in self:
            consent.is_mine = consent.partner_id == self.env.user.partner_id

    # CRUD

    def write(self, vals):
        self.check_access("write")
        if not self._is_data_load():
            ended = self.filtered("withdrawn_on")
            if ended or not set(vals) <= {"withdrawn_on", "withdrawn_door"}:
                raise UserError(
                    self.env._(
                        "A consent on record isn't changed: agree or take it back "
                        "where it was given."
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_forgotten(self):
        if not self._is_guard_open():
            raise UserError(self.env._("A consent on record isn't deleted."))

    # ACTION

    def action_withdraw(self, reason=None):
        """Take the caller's own consent back, with all that this means.

        What is done is told by the purpose beforehand, and done by the act that the
        room of the purpose has for it.

        :param reason: where taking part ends, but with a draft of one's own; told as
            for a withdrawal of the entry
        :return: a notification where it was passed on to the Office, or a draft was
            deleted, else true
        :raises AccessError: for a consent of somebody else
        :raises UserError: where it ended already, or can't end any more
        """
        self.check_access("read")
        told = None
        for consent in self:
            if not consent.is_mine:
                raise AccessError(
                    self.env._(
                        "Everyone decides on the own consent; this is %s's.",
                        consent.full_name,
                    )
                )
            # nothing is read of it but its end, by whoever's it is
            if consent.withdrawn_on or not consent.author_id:
                raise UserError(self.env._("This consent has ended already."))
            # which purpose it is, is told to its person
            key = consent.purpose_id.sudo().key
            told = consent.author_id._withdraw_purpose(key, reason) or told
        return told or True

    # BUSINESS

    @api.model
    def _get_door(self, partner):
        """Return by which way somebody consents, or takes it back, just now."""
        user = self.env.user
        if self._is_data_load():
            return "before"
        if partner and partner == user.partner_id:
            return "own"
        return (
            "office" if user.has_group("hoithi_contest.group_secretary") else "change"
        )

    def _end(self):
        """Write the end of open consents."""
        now = fields.Datetime.now()
        for door, consents in self.grouped(
            lambda consent: self._get_door(consent.partner_id)
        ).items():
            consents._open_door().write({"withdrawn_on": now, "withdrawn_door": door})

    @api.model
    def _forget_orphans(self, due):
        """Delete rows whose entries are gone, of contests that are kept no longer.

        :param due: domain of contests
        """
        gone = Domain("entry_id", "=", False) & Domain("contest_id", "any", due)
        self.search(gone)._open_door().unlink()
