from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import hash_sign, verify_hash_signed

from ...lib.contest import persons
from ..guard.hoithi_states import LEFT

SECRETARY = "hoithi_contest.group_secretary"
LINK_SCOPE = "hoithi_author_link"
#: As long as a contest may take to its decision.
LINK_HOURS = 24 * 90


class HoithiEntryAuthor(models.Model):
    """Co-authors without a login: they confirm by a link, or on paper.

    The link goes to the address that the entry names, and holds for that address and
    that line alone; what was signed on paper the secretary records instead.
    """

    _inherit = "hoithi.entry.author"

    _reason_methods = ("action_confirm_on_paper",)

    # ACTION

    def action_ask_confirm_on_paper(self):
        """Open the dialog that asks for what `action_confirm_on_paper` needs."""
        return self._ask_reason(
            "action_confirm_on_paper", self.env._("Confirmed on Paper")
        )

    def action_confirm_on_paper(self, reason=None):
        """Record that co-authors without a login have confirmed their shares on paper.

        :param reason: which paper, of which day; kept in the entry's log
        :raises AccessError: for anyone but a secretary
        :raises UserError: for an own entry, for who has a login, and where nothing is
            to be confirmed
        """
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(SECRETARY):
            raise AccessError(
                self.env._("The secretary records what was confirmed on paper.")
            )
        reason = self._clean_reason(reason)
        self.entry_id._check_not_own()
        for line in self:
            if not line._is_without_login():
                raise UserError(
                    self.env._(
                        "%s has a login, and confirms the own share there.",
                        line.full_name,
                    )
                )
            if line.confirmed_on or line.declined_on:
                raise UserError(
                    self.env._("Nothing is to be confirmed by %s.", line.full_name)
                )
        self._confirm_without_login()
        for line in self:
            line.entry_id._message_act(
                body=self.env._(
                    "%(name)s confirmed the share on paper: %(reason)s",
                    name=line.full_name,
                    reason=reason,
                )
            )
        return True

    # BUSINESS

    def _is_without_login(self):
        self.ensure_one()
        # only whether the person has a login, which no author may look up
        return not self.partner_id.sudo().user_ids

    def _confirm_without_login(self):
        # nobody's own share by a login; who may was checked before
        lines_sudo = self.sudo()
        lines_sudo._open_door().write({"confirmed_on": fields.Datetime.now()})
        lines_sudo._follow_confirmation()

    def _get_linked(self):
        """Return the co-authors who confirm by a link in a letter, and may still."""
        return self.filtered(
            lambda line: (
                persons.address_key(line.email)
                and line._is_without_login()
                and not line.is_representative
                and not line.confirmed_on
                and not line.declined_on
            )
        )

    def _send_links(self, occasion, by_day=False):
        """Send co-authors without a login the link by which they confirm.

        :param occasion: what tells the letters of one occasion apart
        :param by_day: whether they keep the night, as reminders do
        :return: the notices that weren't sent before
        """
        notices = self.env["hoithi.notice"]
        for line in self._get_linked():
            notices |= notices._announce(
                "share_link",
                {line: line.partner_id or line._get_letter_contacts()},
                occasion=occasion,
                by_day=by_day,
            )
        return notices

    def _get_letter_contacts(self):
        """Return the contacts by which authors without one of their own are written to.

        Of letters alone: they give no right on an entry.
        """
        # staff keep no contacts, and who made or follows one would tell whose co-author
        # it is: nobody does
        contacts_sudo = self.env["res.partner"].with_user(SUPERUSER_ID)
        lines = self.filtered(
            lambda line: not line.partner_id and persons.address_key(line.email)
        )
        if not lines:
            return contacts_sudo.with_env(self.env)
        addresses = {line: persons.address_key(line.email) for line in lines}
        known = {
            (contact.email_normalized, contact.name): contact
            for contact in contacts_sudo.search(
                [
                    ("email_normalized", "in", list(addresses.values())),
                    ("name", "in", lines.mapped("full_name")),
                    ("user_ids", "=", False),
                ],
                order="id desc",
            )
        }
        found_sudo = contacts_sudo
        for line, address in addresses.items():
            key = (address, line.full_name)
            if key not in known:
                known[key] = contacts_sudo.create(
                    {
                        "name": line.full_name,
                        "email": line.email,
                        "hoithi_is_of_letters": True,
                        "lang": self.env["res.lang"]._hoithi_get_default(),
                    }
                )
            found_sudo |= known[key]
        return found_sudo.with_env(self.env)

    def _forget_letter_contacts(self):
        """Delete the addresses of contacts that were made for letters to these authors.

        One to whom letters of another entry go keeps it.
        """
        # staff keep no contacts, and the clean-up runs in nobody's name
        contacts_sudo = self.env["res.partner"].sudo()
        contacts_sudo = contacts_sudo.search(
            [
                ("hoithi_is_of_letters", "=", True),
                ("name", "in", self.mapped("full_name")),
                ("email", "!=", False),
                ("user_ids", "=", False),
            ]
        )
        others = self.sudo().search(
            [
                ("id", "not in", self.ids),
                ("full_name", "in", contacts_sudo.mapped("name")),
                ("email", "!=", False),
            ]
        )
        mine, kept = (
            {(line.full_name, persons.address_key(line.email)) for line in lines}
            for lines in (self, others)
        )
        # the log would keep what is deleted here
        contacts_sudo.filtered(
            lambda one: (one.name, persons.address_key(one.email)) in mine - kept
        ).with_context(tracking_disable=True).write({"email": False})

    @api.model
    def _forget_left_contacts(self):
        """Delete the addresses of contacts whose author has another by now, or is gone.

        Of a line that was taken out, or whose name or address was corrected after the
        first letter, nothing else tells that the contact was made for it.
        """
        # staff keep no contacts, and the clean-up runs in nobody's name
        contacts_sudo = self.env["res.partner"].sudo()
        contacts_sudo = contacts_sudo.search(
            [
                ("hoithi_is_of_letters", "=", True),
                ("email", "!=", False),
                ("user_ids", "=", False),
            ]
        )
        # of drafts that can be put back as well
        lines_sudo = self.sudo().with_context(active_test=False)
        named = {
            (line.full_name, persons.address_key(line.email))
            for line in lines_sudo.search_fetch(
                [
                    ("full_name", "in", contacts_sudo.mapped("name")),
                    ("email", "!=", False),
                ],
                ["full_name", "email"],
            )
        }
        # the log would keep what is deleted here
        contacts_sudo.filtered(
            lambda one: (one.name, persons.address_key(one.email)) not in named
        ).with_context(tracking_disable=True).write({"email": False})

    def _get_link_path(self):
        """Return the address by which this author confirms or declines."""
        self.ensure_one()
        token = hash_sign(
            self.env(su=True),
            LINK_SCOPE,
            [self.id, persons.address_key(self.email)],
            expiration_hours=LINK_HOURS,
        )
        return f"/hoithi/share/{token}"

    @api.model
    def _find_by_link(self, token):
        """Return the line that a link is for, as superuser, or nothing.

        The link is the right: it went to the address of that line, which still has it.
        """
        # who holds the link needs no login
        lines_sudo = self.sudo()
        try:
            values = verify_hash_signed(self.env(su=True), LINK_SCOPE, token)
        except ValueError:
            values = None
        if not values:
            return lines_sudo.browse()
        line_sudo = lines_sudo.browse(values[0]).exists()
        return line_sudo.filtered(
            lambda line: (
                persons.address_key(line.email) == values[1]
                and line._is_without_login()
                and not line.is_representative
                and line.entry_id.active
                and line.entry_id.state not in LEFT
            )
        )

    def _confirm_by_link(self):
        """Confirm the share of a line that its link has opened; twice changes nothing.

        :raises UserError: for who declined
        """
        self.ensure_one()
        if self.declined_on:
            raise UserError(self.env._("You have declined to be an author already."))
        if not self.confirmed_on:
            self._confirm_without_login()
            self.entry_id._message_act(
                body=self.env._(
                    "%s confirmed the share by the link in the letter.", self.full_name
                )
            )

    def _decline_by_link(self, reason):
        """Say by the link that one is no author of the entry.

        :param reason: told to the representative
        :raises UserError: for a share that was confirmed
        """
        self.ensure_one()
        reason = self._clean_reason(reason)
        self._check_may_decline()
        entry = self.entry_id
        body = self.env._(
            "%(name)s declined to be an author: %(reason)s",
            name=self.full_name,
            reason=reason,
        )
        with self._watch_interests(entry, ended=body):
            self._leave(reason)
        entry._message_act(body=body)
        entry._announce(
            "declined", entry.representative_id.partner_id, fields.Datetime.now()
        )
