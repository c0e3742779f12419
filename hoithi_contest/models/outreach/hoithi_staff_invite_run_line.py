import logging
from ast import literal_eval

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize

from ...lib.contest import persons
from ...lib.outreach import invitation
from ...tools import LAYOUT
from ..guard.hoithi_states import PASSED_OVER, state_flag
from ..notice.hoithi_delivery_mixin import CALM, PATIENCE

_logger = logging.getLogger(__name__)


class HoithiStaffInviteRunLine(models.Model):
    """A person of an invitation, and what came of it."""

    _name = "hoithi.staff.invite.run.line"
    _inherit = [
        "hoithi.run.line.mixin",
        "hoithi.delivery.mixin",
        "hoithi.clock.mixin",
    ]
    _description = "Invited Person"
    _clock_path = ""
    _order = "id"
    _person_fields_sorted = ("name",)
    _rec_name = "name"
    _delivery_reason = "note"
    _delivery_cron = "cron_send_invitations"

    run_id = fields.Many2one(
        "hoithi.staff.invite.run",
        string="Invitation run",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    employee_id = fields.Many2one(
        "hr.employee", ondelete="set null", index="btree_not_null"
    )
    user_id = fields.Many2one("res.users", string="Login", ondelete="set null")
    name = fields.Char(required=True)
    email = fields.Char(required=True, string="E-mail")
    department_id = fields.Many2one(
        "hr.department", string="Unit", ondelete="set null", index="btree_not_null"
    )
    job_title = fields.Char()
    staff_code = fields.Char()
    row = fields.Integer(
        help="Row in the workbook, where the person came from one.", aggregator=None
    )
    action = fields.Selection(
        [
            ("invite", "Invite"),
            ("create", "Create the record and invite"),
            ("reactivate", "Give the login back"),
            ("resend", "Send the link again"),
        ],
        required=True,
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("done", "Invited"),
            ("skipped", "Left out"),
            ("failed", "Error"),
            ("cancelled", "Cancelled"),
        ],
        default="waiting",
        required=True,
        index=True,
    )
    is_passed_over = state_flag("Passed over", PASSED_OVER)
    note = fields.Text()
    done_on = fields.Datetime(string="Invited on")

    # delivery
    mail_id = fields.Many2one(
        "mail.mail",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups="base.group_system",
    )

    _one_waiting = models.UniqueIndex(
        "(email) WHERE state = 'waiting'",
        "Someone with this e-mail waits in another invitation already.",
    )
    _run_id_state_idx = models.Index("(run_id, state, attempts, id)")
    _failing_index = models.Index("(company_id) WHERE failing_since IS NOT NULL")

    # CRON

    def _process(self):
        """Invite the persons of one run; a failure of one doesn't touch the others.

        Called with superuser rights, as :meth:`hoithi.staff.invite.run._work` says.
        """
        # they have their login, and wait for its letter alone
        again = self.filtered("user_id")
        for line in again:
            line._send_again()
        if self - again:
            (self - again)._invite()

    def _invite(self):
        run = self.run_id
        candidates = [line._get_candidate() for line in self]
        found = run._examine(
            candidates, run.company_id, run.reactivate, run.resend, run
        )
        ready = self.browse()
        for line in self:
            result = found[line.id]
            if result["status"] in invitation.ACTIONS:
                ready |= line
            else:
                labels = dict(
                    self.env["hoithi.staff.invite.line"]
                    ._fields["status"]
                    ._description_selection(self.env)
                )
                line.write(
                    {
                        "state": "skipped",
                        "note": result["note"] or labels[result["status"]],
                        "user_id": result["user"].id,
                    }
                )
        if not ready:
            return
        try:
            with self.env.cr.savepoint():
                ready._grant(found)
        except OperationalError:
            # another transaction was first: the batch begins anew
            raise
        except Exception:
            _logger.info("A batch of invitations failed; one by one", exc_info=True)
            self.env.invalidate_all()
            for line in ready:
                line._try_alone(lambda line=line: line._grant(found))

    def _try_alone(self, act):
        """Do something for one person, or tell on the line why that isn't possible."""
        try:
            with self.env.cr.savepoint():
                act()
        except OperationalError:
            raise
        except Exception as error:
            _logger.warning("Invitation line %s failed", self.id, exc_info=True)
            self.env.invalidate_all()
            self._fail(self.run_id._explain_error(error))

    def _get_candidate(self):
        """Return the person as :meth:`hoithi.staff.invite.run._examine` takes it."""
        self.ensure_one()
        employee, flaw = self.employee_id, ""
        if self.action == "create":
            # someone may have made the record since the list was checked
            employee = self._find_employee()
        elif (
            not employee.active
            or self.company_id not in employee.company_id.sudo().parent_ids
        ):
            flaw = self.env._("The employee left the department since.")
        known = email_normalize(employee.work_email or "")
        if known and known != self.email:
            flaw = (
                self.env._(
                    "The e-mail was changed since: invite the person anew, with “Send "
                    "the link again” ticked."
                )
                if self.user_id
                else self.env._("The e-mail was changed since: invite the person anew.")
            )
        return {
            "key": self.id,
            "employee": employee,
            "name": self.name,
            "email": self.email,
            "new": not employee,
            "flaw": flaw,
        }

    def _find_employee(self):
        """Return the employee whom a line would create, where there is one by now."""
        domain = [("hoithi_email_key", "=", persons.address_key(self.email))]
        if self.staff_code:
            domain = ["|", ("hoithi_staff_code", "=", self.staff_code), *domain]
        found = self.env["hr.employee"].search(
            [("company_id", "child_of", self.company_id.id), *domain]
        )
        coded = found.filtered(
            lambda employee: (
                employee.hoithi_staff_code
                and employee.hoithi_staff_code == self.staff_code
            )
        )
        # an address that several people share identifies none of them
        return coded or (found if len(found) == 1 else found.browse())

    def _grant(self, found):
        """Give the persons portal logins and queue the e-mail with the link.

        All of it for the whole set at once: a batch costs as many queries as one person
        besides those that Odoo needs to create a user.

        :param found: what `_examine` found, by id of the line
        :raises UserError: where Odoo's template of portal users isn't a portal user
        """
        self._fill_employees(found)
        partners = {line: line._get_contact(found) for line in self}
        users = {line: found[line.id]["user"] for line in self}
        new = self.filtered(lambda line: not users[line])
        if new:
            self.env["res.partner"].union(*(partners[line] for line in new)).write(
                {"lang": self.run_id.lang or self.env["res.lang"]._hoithi_get_default()}
            )
            users |= dict(
                zip(new, new._create_logins([partners[x] for x in new]), strict=True)
            )
        archived = self.env["res.users"].union(
            *(user for user in users.values() if not user.active)
        )
        if archived:
            archived.write(
                {
                    "active": True,
                    "group_ids": [
                        Command.link(self.env.ref("base.group_portal").id),
                        Command.unlink(self.env.ref("base.group_public").id),
                    ],
                }
            )
        everyone = self.env["res.users"].union(*users.values())
        if not all(user._is_portal() and not user._is_internal() for user in everyone):
            raise UserError(
                self.env._("Only portal logins can be given to staff in this way.")
            )
        now = fields.Datetime.now()
        for line in self:
            line.user_id = users[line]
        # logins that they had may be older than this
        self.employee_id._let_logins_in()
        self.done_on = now
        self._replace_letters()
        self._queue_letters()

    # LETTERS

    def _queue_letters(self):
        """Queue the e-mails, each with a link of its own: links run out."""
        users = self.user_id
        users.partner_id.signup_prepare()
        mails = (
            self.env.ref("hoithi_contest.mail_template_invitation")
            ._hoithi_by_server()
            .with_context(active_test=True, welcome_message=self.run_id.message)
            .send_mail_batch(
                users.ids,
                email_values=self.run_id.company_id._hoithi_get_envelope(),
                email_layout_xmlid=LAYOUT,
            )
        )
        by_user = dict(zip(users, mails, strict=True))
        lines = self._open_door()
        for line in lines:
            mail = by_user[line.user_id]
            line.write({"mail_id": mail.id, "mail_reference": mail.message_id})
        lines.write({"state": "done", "note": False, "send_after": False})

    def _replace_letters(self):
        """Let earlier letters to these persons rest, as new ones go out."""
        earlier = self.search(
            [
                ("user_id", "in", self.user_id.ids),
                "|",
                ("failing_since", "!=", False),
                ("state", "=", "failed"),
                ("id", "not in", self.ids),
            ]
        )
        earlier._drop_letters()
        earlier = earlier._open_door()
        earlier.write({"note": False, **CALM})
        # what failed for good, as at an address that was put right since
        earlier.filtered(lambda line: line.state == "failed").write(
            {"state": "skipped", "note": self.env._("Invited anew since.")}
        )

    def _drop_letters(self):
        """Delete e-mails that failed: their own queue could send them as well."""
        self.mail_id.filtered(lambda mail: mail.state != "sent").unlink()

    def _send_again(self):
        """Send the letter anew, with a link that is valid, where it is still wanted."""
        self.ensure_one()
        self._drop_letters()
        user = self.user_id
        if self._has_come_in():
            # by another way
            self._open_door().write({"state": "done", "note": False, **CALM})
            return
        flaw = (
            self._get_candidate()["flaw"]
            if user.active
            else self.env._("The login was archived or deleted since.")
        )
        if flaw:
            self._fail(flaw)
            return
        self._try_alone(self._queue_anew)

    def _queue_anew(self):
        self.done_on = fields.Datetime.now()
        self._queue_letters()

    def _has_come_in(self):
        """Tell whether the person has signed in since: then no letter is needed."""
        self.ensure_one()
        # a login that was given back was used long ago
        seen = self.user_id.login_date
        return bool(seen and seen >= self.done_on)

    def _fail(self, reason):
        super()._fail(reason)
        self._open_door().write(CALM)

    def _wait_again(self):
        self._drop_letters()
        super()._wait_again()

    def _note_sent(self):
        self.write({"note": False, **CALM})

    def _note_failed(self, failure):
        self._fail(failure)

    @api.model
    def _note_bounce(self, references):
        """Record that e-mails came back.

        :param references: their Message-Ids
        """
        self.search(
            [("mail_reference", "in", references), ("state", "=", "done")]
        )._fail(self.env._("The e-mail came back: check the address."))

    @api.model
    def _get_waiting(self, company):
        """Return (count, since when, why) of what waits for the mail server."""
        # only how many, since when and why
        [row] = self.sudo()._read_group(
            [("company_id", "=", company.id), ("failing_since", "!=", False)],
            aggregates=["__count", "failing_since:min", "note:max"],
        )
        return row

    @api.model
    def _get_lost(self, company):
        """Return a sentence about invitations that didn't leave, if there are."""
        # only how many and why
        failed_sudo = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "failed"),
                ("user_id", "!=", False),
                ("done_on", ">=", fields.Datetime.now() - 2 * PATIENCE),
            ]
        )
        lost_sudo = failed_sudo.filtered(lambda line: not line._has_come_in())
        if not lost_sudo:
            return []
        return [
            self.env._(
                "Invitations whose e-mail did not arrive: %(count)s. Where the address "
                "is right, choose “Retry failed” on the invitation; else put it right "
                "on the employee record and invite the person anew, with “Send the "
                "link again” ticked: %(reason)s",
                count=len(lost_sudo),
                reason=self.env["hoithi.notice"]._get_last_line(
                    max(line.note or "" for line in lost_sudo)
                ),
            )
        ]

    @api.model
    def _cron_send_again(self, limit=100):
        """Send again the letters that the mail server didn't take, each committed."""
        # what it notes is for the Office to read
        lines = self.with_context(lang=self.env["res.lang"]._hoithi_get_default())
        for mail in lines.search(
            [
                ("state", "=", "done"),
                ("send_after", "=", False),
                ("mail_id.state", "=", "exception"),
            ]
        ).mail_id:
            # the mail server broke off without an answer
            mail._hoithi_note_failure(mail.failure_type, mail.failure_reason)
        domain = [
            ("state", "=", "done"),
            ("failing_since", "!=", False),
            ("send_after", "<=", fields.Datetime.now()),
        ]
        cron = self.env["ir.cron"]
        due = lines.search(domain, limit=limit, order="id")
        cron._commit_progress(remaining=self.search_count(domain))
        for line in due:
            line = line[0].try_lock_for_update().filtered_domain(domain)
            if line:
                line.run_id._as_author(line)._send_again()
            if not cron._commit_progress(1):
                break

    # LOGINS

    def _fill_employees(self, found):
        """Create the records that are missing, and complete those without an e-mail."""
        new = self.filtered(
            lambda line: found[line.id]["status"] == "create" and not line.employee_id
        )
        lacking = [line for line in new if not found[line.id]["partner"]]
        made = self.env["res.partner"].create(
            [
                {
                    "name": line.name,
                    "email": line.email,
                    "company_id": line.company_id.id,
                }
                for line in lacking
            ]
        )
        for line, partner in zip(lacking, made, strict=True):
            found[line.id]["partner"] = partner
        employees = self.env["hr.employee"].create(
            [
                {
                    "name": line.name,
                    "work_email": line.email,
                    "work_contact_id": found[line.id]["partner"].id,
                    "department_id": line.department_id.id,
                    "job_title": line.job_title,
                    "hoithi_staff_code": line.staff_code,
                    "company_id": line.company_id.id,
                }
                for line in new
            ]
        )
        for line, employee in zip(new, employees, strict=True):
            line.employee_id = employee
        for line in self - new:
            if not line.employee_id:
                line.employee_id = line._find_employee()
            employee = line.employee_id
            if not employee.work_contact_id and not found[line.id]["partner"]:
                employee.work_email = employee.work_email or line.email
                if not employee.work_contact_id:
                    employee._create_work_contacts()
            elif not employee.work_email:
                employee.work_email = line.email

    def _get_contact(self, found):
        """Return the contact that gets the login, with the address of the line."""
        self.ensure_one()
        partner = found[self.id]["partner"] or self.employee_id.work_contact_id
        if email_normalize(partner.email or "") != self.email:
            partner.email = self.email
        return partner

    def _create_logins(self, partners):
        """Return a portal user for each line, copied from Odoo's template as one batch.

        The password is chosen by the person behind the link; none is ever sent.

        :raises UserError: where the template isn't a portal user
        """
        template_id = literal_eval(
            self.env["ir.config_parameter"].get_param(
                "base.template_portal_user_id", "False"
            )
        )
        template = self.env["res.users"].browse(template_id).exists()
        if not template or template._is_internal() or not template._is_portal():
            raise UserError(
                self.env._(
                    "The template of portal users is missing or gives more than portal "
                    "access: the administrator puts it right in the settings."
                )
            )
        company = self.run_id.company_id
        values = []
        for line, partner in zip(self, partners, strict=True):
            values += template.copy_data(
                {
                    "login": line.email,
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "active": True,
                }
            )
        return self.env["res.users"].with_context(no_reset_password=True).create(values)
