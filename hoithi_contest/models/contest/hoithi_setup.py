from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...lib.contest.steps import BLOCK, DONE, WARN, Check, SetupStep, is_free
from ...tools import LAYOUT
from .hoithi_home import ADMIN, HEAD, LEADER, SECRETARY

#: Who sets a department up.
SETTERS = f"{SECRETARY},{ADMIN}"
#: Who gives roles: Odoo's own administrators.
ROLE_GIVERS = "base.group_erp_manager"
#: The dialog that adds a user; it ticks what stands in the context.
ADD_USER = "hoithi_contest.hoithi_user_add_action"


class HoithiSetup(models.AbstractModel):
    """What a department needs before its first contest, step by step.

    Nothing is kept here: each tick is read from the data that the step is about, so
    that it makes no difference whether somebody followed the steps or not. Each room
    brings its steps.
    """

    _name = "hoithi.setup"
    _description = "First Set-up of a Department"

    # CALL

    @api.model
    def get_setup(self):
        """Return the steps of the caller's department, and the health of the system.

        :raises AccessError: for others than secretaries and administrators
        """
        self._check_setter()
        steps = self._get_sorted_steps()
        return {
            "department": self.env.company.name,
            "steps": [self._describe_step(step) for step in steps],
            "done": sum(is_free(step.checks) for step in steps),
            "contest": self._get_contest().id,
            "health": self.env["hoithi.home"]._get_health_card(),
            "can_test_mail": bool(self.env.user.email),
        }

    @api.model
    def look_again(self):
        """Look at the system now and return what was found, as the home shows it.

        :raises AccessError: for others than secretaries and administrators
        """
        self._check_setter()
        # what is found is kept by the server alone
        health_sudo = self.env["hoithi.health"].sudo()._open_door()
        health_sudo._keep(self.env.company)
        return self.env["hoithi.home"]._get_health_card()

    @api.model
    def send_test_mail(self):
        """Send the caller a letter in the department's name, and say whether it left.

        :return: a sentence with the address
        :raises AccessError: for others than secretaries and administrators
        :raises UserError: with what the mail server answered, or what is missing
        """
        self._check_setter()
        user = self.env.user
        if not user.email:
            raise UserError(
                self.env._("Enter your own e-mail address in your preferences first.")
            )
        # a click too many isn't a mailing
        self.env["hoithi.rate"]._count("test_mail", str(user.id))
        company = self.env.company
        # the caller has a right on the department and its letters by this act alone
        template_sudo = self.env.ref("hoithi_contest.mail_template_test").sudo()
        try:
            template_sudo.with_context(template_preview_lang=self.env.lang).send_mail(
                company.id,
                force_send=True,
                raise_exception=True,
                email_values={
                    **company.sudo()._hoithi_get_envelope(),
                    "email_to": user.email_formatted,
                },
                email_layout_xmlid=LAYOUT,
            )
        except Exception as error:
            # whatever a mail server or the way to it answers
            raise UserError(
                self.env._(
                    "The letter didn't leave: %s. The administrator of the system "
                    "looks at Settings → Technical → Outgoing Mail Servers.",
                    str(error).strip().rstrip("."),
                )
            ) from error
        return self.env._(
            "The test letter was sent to %s. If it isn't there in a few minutes, look "
            "into the folder for spam.",
            user.email,
        )

    # WHETHER

    @api.model
    def _is_offered(self, contest):
        """Tell whether the home offers the set-up to the caller.

        As long as the department has launched no contest; afterwards it is in the
        menu.
        """
        return (
            (not contest or contest.state == "draft")
            and self.env.user.has_groups(SETTERS)
            and not self.env["hoithi.contest"].search_count(
                [
                    ("company_id", "=", self.env.company.id),
                    ("state", "not in", ("draft", "cancelled")),
                ],
                limit=1,
            )
        )

    @api.model
    def _check_setter(self):
        if not self.env.user.has_groups(SETTERS):
            raise AccessError(
                self.env._(
                    "The set-up is for secretaries and administrators of the contest."
                )
            )

    # STEPS

    @api.model
    def _get_sorted_steps(self):
        """Return the steps in order, each with what blocks first."""
        return [
            step._replace(
                checks=sorted(
                    step.checks, key=lambda c: (BLOCK, WARN, DONE).index(c.severity)
                )
            )
            for step in sorted(self._get_steps(), key=lambda step: step.rank)
        ]

    @api.model
    def _get_steps(self):
        """Hook: return the steps, see `SetupStep`."""
        return [
            self._get_agency_step(),
            self._get_units_step(),
            self._get_mail_step(),
            self._get_signers_step(),
            self._get_roles_step(),
            self._get_contest_step(),
        ]

    @api.model
    def _describe_step(self, step):
        missing = [check for check in step.checks if check.severity == BLOCK]
        return {
            **step._asdict(),
            "checks": [check._asdict() for check in step.checks],
            "is_done": not missing,
            "summary": self.env._(
                "missing: %s", "; ".join(check.text.rstrip(".") for check in missing)
            )
            if missing
            else step.summary,
        }

    @api.model
    def _get_contest(self):
        """Return the contest that is being prepared or held, or nothing."""
        home = self.env["hoithi.home"]
        own = home._get_contests().filtered(
            lambda contest: contest.company_id == self.env.company
        )
        return home._pick(own)

    @api.model
    def _get_agency(self):
        """Return the profile by which papers of today name the department."""
        day = self.env["hoithi.contest"]._get_today()
        return self.env["hoithi.agency"]._get_at(self.env.company, day)

    @api.model
    def _get_target(self, model, record=None, view=None):
        """Return where a step leads: a record, or a new one where there is none."""
        return {"model": model, "id": record.id if record else False}

    @api.model
    def _need(self, present, text, done="", severity=BLOCK, action="", target=None):
        """Return a check: what is missing as `text`, what is there as `done`."""
        if present:
            return Check(DONE, done or text)
        return Check(severity, text, action, target)

    @api.model
    def _get_agency_step(self):
        agency = self._get_agency()
        fill, target = self.env._("Fill in"), self._get_target("hoithi.agency", agency)
        checks = [
            self._need(
                agency, self.env._("the full name of the agency"), agency.name or ""
            )
        ]
        for name, text, severity in (
            ("parent_name", self.env._("the agency above"), BLOCK),
            ("symbol", self.env._("the symbol in the numbers of papers"), BLOCK),
            ("place_name", self.env._("the place that stands before a date"), BLOCK),
            ("province_name", self.env._("the province"), WARN),
        ):
            checks.append(
                self._need(
                    agency[name],
                    text,
                    agency[name] or "",
                    severity,
                    fill if agency else "",
                    target if agency else None,
                )
            )
        return SetupStep(
            10,
            "agency",
            self.env._("Agency"),
            self.env._(
                "Its names, symbol and place stand on every paper, page and letter."
            ),
            checks,
            self.env._("Change the agency")
            if agency
            else self.env._("Describe the agency"),
            target,
            agency.name or "",
        )

    @api.model
    def _get_units_step(self):
        # numbers of the whole house, whoever may read its staff
        domain = [("company_id", "=", self.env.company.id)]
        units_sudo = self.env["hr.department"].sudo().search(domain)
        staff_sudo = self.env["hr.employee"].sudo()
        staff = staff_sudo.search_count(domain)
        mute = staff_sudo.search_count([*domain, ("work_email", "=", False)])
        headless = units_sudo.filtered(lambda unit: not unit.manager_id)
        units, people = (
            {"xmlid": "hr.hr_department_kanban_action"},
            {"xmlid": "hr.open_view_employee_list_my"},
        )
        show = self.env._("Open")
        checks = [
            self._need(
                units_sudo,
                self.env._("units of the department"),
                self.env._("%s units", len(units_sudo)),
            ),
            self._need(
                staff,
                self.env._("staff"),
                self.env._("%s persons", staff),
                action=show,
                target=people,
            ),
        ]
        if headless:
            checks.append(
                Check(
                    WARN,
                    self.env._(
                        "Nobody confirms for units without a head: %s",
                        ", ".join(headless[:5].mapped("name"))
                        + (" …" if len(headless) > 5 else ""),
                    ),
                    show,
                    units,
                )
            )
        if mute:
            checks.append(
                Check(
                    WARN,
                    self.env._("%s persons have no e-mail and get no letter", mute),
                    show,
                    people,
                )
            )
        return SetupStep(
            20,
            "units",
            self.env._("Units and staff"),
            self.env._(
                "Who takes part, and whose head confirms. Staff can come from a "
                "workbook too: as the last step, when they are invited."
            ),
            checks,
            self.env._("Open the units"),
            units,
            self.env._(
                "%(units)s units, %(staff)s persons", units=len(units_sudo), staff=staff
            ),
        )

    @api.model
    def _get_mail_step(self):
        company = self.env.company
        # a setter is of the Office, who may know what keeps letters
        items = company.sudo()._get_mail_health()
        is_admin = self.env.user.has_groups(ADMIN)
        return SetupStep(
            30,
            "mail",
            self.env._("E-mail"),
            self.env._(
                "Launch, receipts and reminders are letters of the department. Send "
                "yourself one."
            ),
            [Check(DONE if is_well else BLOCK, text) for is_well, text in items],
            self.env._("Addresses of the Office") if is_admin else "",
            {"xmlid": "hoithi_contest.hoithi_settings_action"} if is_admin else None,
            self.env._("letters leave and are answered"),
        )

    @api.model
    def _get_signers_step(self):
        agency = self._get_agency()
        signers = agency.signer_ids
        heads = signers.filtered(lambda signer: signer._is_head())
        nameless = signers.filtered(
            lambda signer: (
                signer.authority not in (False, "q") and not signer.authority_for
            )
        )
        target = self._get_target("hoithi.agency", agency) if agency else None
        checks = [
            self._need(
                agency.head_title,
                self.env._("the title of the head, as it stands after KT."),
                agency.head_title or "",
            ),
            self._need(
                heads,
                self.env._("the head, who signs in the own right"),
                ", ".join(heads.mapped("display_name")),
            ),
        ]
        if heads:
            checks.append(
                self._need(
                    signers - heads,
                    self.env._("nobody signs while the head is away"),
                    ", ".join((signers - heads).mapped("display_name")),
                    WARN,
                )
            )
        if nameless:
            checks.append(
                Check(
                    BLOCK,
                    self.env._(
                        "in whose name signs: %s", ", ".join(nameless.mapped("name"))
                    ),
                )
            )
        if loginless := signers.filtered(lambda signer: not signer.user_id):
            checks.append(
                Check(
                    WARN,
                    self.env._(
                        "no signer has a login, so that nobody approves papers here"
                    )
                    if loginless == signers
                    else self.env._(
                        "whoever signs approves, and these have no login: %s",
                        ", ".join(loginless.mapped("name")),
                    ),
                )
            )
        return SetupStep(
            40,
            "signers",
            self.env._("Signers"),
            self.env._("Who signs which way, as Decree 30/2020/NĐ-CP asks for it."),
            checks,
            self.env._("Enter the signers") if agency else "",
            target,
            ", ".join(signers.mapped("name")),
        )

    @api.model
    def _count_role(self, xmlid):
        """Return how many logins of the department have a role."""
        # roles are no secret to who sets the department up
        return (
            self.env["res.users"]
            .sudo()
            .search_count(
                [
                    ("company_ids", "in", self.env.company.ids),
                    ("all_group_ids", "in", self.env.ref(xmlid).ids),
                    ("share", "=", False),
                ]
            )
        )

    @api.model
    def _get_roles(self):
        """Hook: return (group, what it is for, whether nothing goes without it)."""
        return [
            (SECRETARY, self.env._("secretary, who runs the contest"), True),
            (LEADER, self.env._("leader, who approves papers"), True),
            (HEAD, self.env._("heads of units, who confirm"), False),
            (
                "hoithi_contest.group_publisher",
                self.env._("publisher of the public page"),
                False,
            ),
        ]

    @api.model
    def _get_roles_step(self):
        may_give = self.env.user.has_groups(ROLE_GIVERS)
        checks, total = [], 0
        for xmlid, text, is_needed in self._get_roles():
            number = self._count_role(xmlid)
            total += number
            checks.append(
                self._need(
                    number,
                    text,
                    self.env._("%(number)s: %(role)s", number=number, role=text),
                    BLOCK if is_needed else WARN,
                    self.env._("Add") if may_give else "",
                    self._get_user_target(xmlid) if may_give else None,
                )
            )
        return SetupStep(
            50,
            "roles",
            self.env._("Users and roles"),
            self.env._("A login for each; its roles stand under “Innovation Contest”.")
            if may_give
            else self.env._(
                "The administrator of the system makes these logins and gives them "
                "their roles."
            ),
            checks,
            self.env._("Open the users") if may_give else "",
            {"xmlid": "base.action_res_users"} if may_give else None,
            self.env._("%s roles given", total),
        )

    @api.model
    def _get_user_target(self, xmlid):
        """Return where somebody with a role is added: it is ticked there."""
        flag = xmlid.rpartition(".group_")[2]
        return {"xmlid": ADD_USER, "context": {f"default_is_{flag}": True}}

    @api.model
    def _get_contest_step(self):
        contest = self._get_contest()
        may_make = self.env["hoithi.contest"].has_access("create")
        if contest.state == "draft":
            checks = [
                check if check.severity == BLOCK else check._replace(action="")
                for check in contest._get_checks("open")
            ] or [Check(DONE, self.env._("nothing is missing"))]
            # what letters need has a step of its own
            mails = contest.company_id._get_mail_problems()
            checks = [check for check in checks if check.text not in mails]
        else:
            checks = [
                self._need(
                    contest, self.env._("the contest and its dates"), contest.name or ""
                )
            ]
        action, target = "", None
        if contest or may_make:
            action = (
                self.env._("Open the contest")
                if contest
                else self.env._("Prepare the contest")
            )
            target = self._get_target("hoithi.contest", contest)
        return SetupStep(
            80,
            "contest",
            self.env._("Contest and dates"),
            self.env._("Its edition, dates, fields, legal bases and rules.")
            if may_make or contest
            else self.env._("A secretary prepares the contest."),
            checks,
            action,
            target,
            contest.name or "",
        )
