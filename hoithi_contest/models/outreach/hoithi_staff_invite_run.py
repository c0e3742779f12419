from odoo import api, fields, models
from odoo.tools import email_normalize, email_normalize_all

from ...lib.contest import persons
from ...lib.outreach import invitation
from ..contest.hoithi_preview_mixin import Preview
from ..guard.hoithi_states import INVITING, state_flag
from ..guard.hoithi_workflow_mixin import Transition

#: The Office runs the campaign, the administrator helps out.
SECRETARY = "hoithi_contest.group_secretary"
INVITERS = (SECRETARY, "hoithi_contest.group_admin")
BATCH = 50


class HoithiStaffInviteRun(models.Model):
    """A list of staff that gets portal access in the background, batch by batch.

    Made by the wizard alone. What was done stays on record: who was invited, by whom,
    when, and why somebody was not.
    """

    _name = "hoithi.staff.invite.run"
    _description = "Invitation of Staff"
    _inherit = [
        "mail.thread",
        "hoithi.run.mixin",
        "hoithi.preview.mixin",
        "hoithi.clock.mixin",
    ]
    _clock_path = ""
    _order = "id desc"

    _previews = {"action_cancel": "_preview_cancel"}
    _run_groups = INVITERS
    _run_batch = BATCH
    _run_again, _run_stopped, _run_reason = "running", "paused", "note"

    _transitions = (
        Transition("running", "paused", "action_pause", INVITERS),
        Transition("paused", "running", "action_resume", INVITERS),
        Transition("running", "cancelled", "action_cancel", INVITERS),
        Transition("paused", "cancelled", "action_cancel", INVITERS),
        Transition("running", "done"),
        Transition("done", "running", "action_retry", INVITERS),
        # letters may come back long after the rest was called off
        Transition("cancelled", "running", "action_retry", INVITERS),
    )

    company_id = fields.Many2one(
        "res.company", string="Department", required=True, index=True
    )
    state = fields.Selection(
        [
            ("running", "In progress"),
            ("paused", "Paused"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        default="running",
        required=True,
        tracking=True,
        index=True,
        group_expand=True,
    )
    is_inviting = state_flag("Not done yet", INVITING)
    source = fields.Char(
        string="From", help="The units or the workbook that the list was made from."
    )
    lang = fields.Char(string="Language code")
    message = fields.Text()
    reactivate = fields.Boolean(string="Give archived logins back")
    resend = fields.Boolean(string="Send the link again")
    note = fields.Char(
        string="Why it stopped",
        help="Set when the run was paused by the system and not by a person.",
    )
    line_ids = fields.One2many("hoithi.staff.invite.run.line", "run_id")
    total_count = fields.Integer(string="Persons")
    done_count = fields.Integer(string="Invited")
    retry_count = fields.Integer(
        string="Letters tried again", compute="_compute_retry_count", aggregator=None
    )

    @api.depends("line_ids.failing_since")
    def _compute_retry_count(self):
        # who reads a run reads how far it is
        lines_sudo = self.env["hoithi.staff.invite.run.line"].sudo()
        counts = dict(
            lines_sudo._read_group(
                [("run_id", "in", self.ids), ("failing_since", "!=", False)],
                ["run_id"],
                ["__count"],
            )
        )
        for run in self:
            run.retry_count = counts.get(run._origin, 0)

    @api.depends("create_date", "company_id")
    def _compute_display_name(self):
        for run in self:
            moment = self.env["hoithi.contest"]._format_moment(run.create_date)
            run.display_name = self.env._("Invitation of %s", moment or "…")

    # ACTION

    def action_pause(self):
        """Stop after the batch that is under way; nobody is lost or asked twice.

        :raises AccessError: for others than secretaries and administrators
        """
        return self._act("paused", note=False)

    def action_resume(self):
        """Go on where the run stopped."""
        self._check_transition("running", "action_resume")
        return self._act("running", note=False, ended_on=False)

    def action_cancel(self):
        """Invite no more of the list; who was invited stays so."""
        super().action_cancel()
        self._get_lines("waiting").state = "cancelled"
        return True

    def action_ask_cancel(self):
        """Show what stopping the invitations does, then ask."""
        return self._ask_act("action_cancel", self.env._("Cancel the Rest"))

    def _preview_cancel(self):
        """Return what calling the rest off does."""
        self.ensure_one()
        waiting = len(self._get_lines("waiting"))
        return Preview(
            [
                self.env._("doesn't invite the %s who still wait", waiting),
                self.env._("leaves who was invited already as they are"),
                self.env._(
                    "can't be taken back: whom you want after all, you list anew"
                ),
            ],
            (self._try_check(lambda: self._check_transition("cancelled")),),
        )

    def action_retry(self):
        """Try the persons anew that failed, but for those who wait in another run.

        Who was called off with the rest stays so.

        :raises UserError: where the run is still under way
        """
        return super().action_retry()

    def action_refresh(self):
        """Show how far the run is: the form is read again."""
        self.check_access("read")
        return True

    # BUSINESS

    def _get_lines(self, state):
        lines_sudo = super()._get_lines(state)
        if state != "failed":
            return lines_sudo
        emails = lines_sudo.mapped("email")
        waiting_sudo = lines_sudo.search(
            [("state", "=", "waiting"), ("email", "in", emails)]
        )
        queued = set(waiting_sudo.mapped("email"))
        return lines_sudo.filtered(lambda line: line.email not in queued)

    # WHO IS WHO

    @api.model
    def _examine(self, candidates, company, reactivate, resend, run=None):
        """Find out what happens to each person; in a handful of queries for all.

        :param candidates: dicts with `key, employee, name, email, new, flaw`, employees
            with superuser rights
        :param run: the run that asks, whose own waiting lines don't count
        :return: {key: dict with `status, note, partner, user, email`}, records with
            superuser rights
        """
        emails = {
            candidate["key"]: email_normalize(candidate["email"] or "") or ""
            for candidate in candidates
        }
        partners = {
            candidate["key"]: (
                candidate["employee"].user_id.partner_id
                or candidate["employee"].work_contact_id
            )
            for candidate in candidates
        }
        # to find who has a login already, also in other departments
        known = self.env["res.partner"].sudo().union(*partners.values())
        addresses = sorted({email for email in emails.values() if email})
        users = self._find_logins(known, addresses)
        used = self._find_used(users)
        by_partner, by_address = {}, {}
        for user in users:
            by_partner.setdefault(user.partner_id, user)
            # a mailbox of several addresses is all of them
            for address in {
                user.login.lower(),
                *email_normalize_all(user.email or ""),
            }:
                by_address.setdefault(address, set()).add(user.partner_id)
        contacts = self._find_contacts(addresses, company)
        flaws = {
            candidate["key"]: candidate["flaw"]
            or self._get_address_flaw(candidate["employee"], emails[candidate["key"]])
            for candidate in candidates
        }
        queued = set(
            self.env["hoithi.staff.invite.run.line"]
            .sudo()  # another department's run may have the address too
            .search_fetch(
                [
                    ("state", "=", "waiting"),
                    ("email", "in", addresses),
                    ("run_id", "!=", run.id if run else False),
                ],
                ["email"],
            )
            .mapped("email")
        )
        people, others = [], {}
        for candidate in candidates:
            key, email = candidate["key"], emails[candidate["key"]]
            partner, name = partners[key], invitation.fold(candidate["name"])
            namesakes, strangers = [], []
            for contact in contacts.get(email, ()):
                if contact == partner:
                    continue
                if invitation.fold(contact.name) == name:
                    namesakes.append(contact)
                elif contact not in known:
                    strangers.append(contact)
            if (
                candidate["new"]
                and len(namesakes) == 1
                and namesakes[0] not in by_partner
                and not namesakes[0].employee_ids
            ):
                # a contact of this very person is there already
                partners[key] = partner = namesakes[0]
            others[key] = strangers[0].name if strangers else ""
            taken = ""
            if by_address.get(email, set()) - {partner}:
                taken = "login"
            elif strangers:
                taken = "contact"
            user = by_partner.get(partner) if partner else None
            people.append(
                invitation.Person(
                    key,
                    candidate["name"],
                    candidate["email"] or "",
                    email,
                    partner.id or None,
                    candidate["new"],
                    user
                    and invitation.Login(
                        user.active,
                        not user.share,
                        user.id in used,
                        company not in user.company_ids,
                    ),
                    taken,
                    email in queued,
                    bool(flaws[key]),
                )
            )
        raw = {candidate["key"]: candidate["email"] for candidate in candidates}
        return {
            key: {
                "status": status,
                "note": flaws[key]
                or self._explain(status, cause, raw[key] or "", others[key]),
                "partner": partners[key],
                "user": by_partner.get(partners[key], self.env["res.users"].sudo()),
                "email": emails[key],
            }
            for key, (status, cause) in invitation.classify(
                people, reactivate=reactivate, resend=resend
            ).items()
        }

    @api.model
    def _get_address_flaw(self, employee, email):
        """Return why the user may not give a colleague this address, or an empty text.

        The link to the login goes there: who sets the address takes the person's place.
        """
        key = persons.address_key(email)
        if not employee or not key or self.env.user.has_group(SECRETARY):
            return ""
        own = (
            employee.work_email,
            employee.work_contact_id.email,
            employee.user_id.login,
            employee.user_id.email,
        )
        if key in map(persons.address_key, own):
            return ""
        return self.env._(
            "%(email)s isn't on record for %(name)s, and only the secretary gives a "
            "colleague an address: ask the secretary to invite this person.",
            email=email,
            name=employee.name,
        )

    @api.model
    def _find_logins(self, partners, addresses):
        """Return the users of `partners` or with one of `addresses`, archived ones too.

        Logins are unique in the whole system, so that those of other departments count;
        of them nothing is shown but that the address is taken.
        """
        # who invites may have no right on users
        return (
            self.env["res.users"]
            .sudo()
            .with_context(active_test=False)
            .search_fetch(
                [
                    "|",
                    "|",
                    ("partner_id", "in", partners.ids),
                    ("login", "in", addresses),
                    ("email_normalized", "in", addresses),
                ],
                ["login", "active", "share", "partner_id", "company_ids"],
                order="active desc, id",
            )
        )

    @api.model
    def _find_used(self, users):
        """Return the ids of the users who ever signed in."""
        # the log of sign-ins is nobody's; only whether there is one is asked
        groups = (
            self.env["res.users.log"]
            .sudo()
            ._read_group([("create_uid", "in", users.ids)], ["create_uid"])
        )
        return {user.id for [user] in groups}

    @api.model
    def _find_contacts(self, addresses, company):
        """Return {address: contacts} of the department and those that all share."""
        # names are shown only of contacts that the department itself may see
        contacts = (
            self.env["res.partner"]
            .sudo()
            .search_fetch(
                [
                    ("email_normalized", "in", addresses),
                    ("company_id", "in", [company.id, False]),
                ],
                ["name", "email_normalized"],
                order="id",
            )
        )
        return contacts.grouped("email_normalized")

    @api.model
    def _explain(self, status, cause, email, other):
        """Return why a person is left out, and what to do about it."""
        texts = {
            "unused": self.env._(
                "Has never signed in. Tick “Send the link again” to send a new link."
            ),
            "queued": self.env._("Waits in an earlier invitation that isn't done yet."),
            "archived internal": self.env._(
                "The archived login is an internal one: the administrator gives it "
                "back in the settings of users."
            ),
            "archived foreign": self.env._(
                "The archived login belongs to another department: ask the "
                "administrator."
            ),
            "archived portal": self.env._(
                "Tick “Give archived logins back” to include this person."
            ),
            "no_email": self.env._(
                "Enter the e-mail on the employee record, or in a list that you upload."
            ),
            "bad_email": self.env._(
                "“%s” isn't one e-mail address: put it right on the employee record.",
                email,
            ),
            "duplicate_email login": self.env._(
                "Another person's login has this address: each person needs one of "
                "their own."
            ),
            "duplicate_email contact": self.env._(
                "The contact “%s” has this address too: put one of the two right, or "
                "merge them if it's the same person.",
                other,
            ),
            "duplicate_email list": self.env._(
                "Several persons of this list have this address: each needs one of "
                "their own."
            ),
            "duplicate_person contact": self.env._(
                "Another employee record has the same contact: the person gets one "
                "login."
            ),
            "duplicate_person list": self.env._("The person is in this list already."),
        }
        return texts.get(f"{status} {cause}".strip(), "")

    # CRON

    def _work(self, lines):
        """Invite the persons of `lines` in the name and rights of who made the run.

        A line is marked in the transaction that makes the login and queues its e-mail.
        A person can wait in one run only, and is examined again before the act: so that
        nobody is invited twice, whatever overlaps or restarts.
        """
        self._as_author(lines)._process()

    def _as_author(self, lines):
        """Return lines of this run in the name of who made it, and in its language."""
        # logins and employees are made for the author, who has no right on users: only
        # portal logins of the own department, as `_grant` sees to
        lines_sudo = lines.with_user(self.create_uid).sudo()
        return lines_sudo.with_company(self.company_id).with_context(
            allowed_company_ids=self.company_id.ids,
            lang=self.lang or self.env["res.lang"]._hoithi_get_default(),
            tracking_disable=True,
        )
