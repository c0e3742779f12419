import base64
import re
import socket
from datetime import UTC, timedelta
from hashlib import sha256

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import config, email_normalize, formataddr
from odoo.tools.mimetypes import guess_mimetype

from ...lib.contest import colours, novelty, similarity
from ...lib.guard import pictures
from ...lib.guard.texts import hold_years
from ...lib.guard.working_days import OFFICE_WEEK, WorkingDays
from ...tools import VIETNAMESE, format_number

#: Names of the machine itself.
LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}
#: Those who see to it that letters leave.
OFFICE = ("hoithi_contest.group_secretary", "hoithi_contest.group_admin")

#: Of whom the share that approves is taken.
APPROVAL_BASES = [
    ("all_voting", "All voting members"),
    ("all_members", "All members of the council"),
    ("present", "Those present"),
]

#: The looks that a department begins with: deep petrol, teal and ripe gold.
BRAND, BRAND_2, ACCENT = "#0b4f6c", "#14746f", "#f2b544"
#: A page elsewhere, or one of this server.
PAGE_URL = re.compile(r"https://[^\s\"<>]+|/(?!/)[^\s\"<>\\]*")
#: The logos of a department: Odoo's own, and that of the pages.
LOGOS = {"logo", "hoithi_logo"}
#: What a logo may be: pictures that carry no script.
LOGO_TYPES = ("image/png", "image/jpeg", "image/webp", "image/gif")


class ResCompany(models.Model):
    _inherit = "res.company"

    #: Where a record that a letter is about has its contest.
    _hoithi_contest_paths = ("contest_id",)

    hoithi_agency_id = fields.Many2one(
        "hoithi.agency",
        string="Agency profile",
        help="How the department is named now; new contests take place and province "
        "from it.",
    )
    hoithi_quorum_ratio = fields.Float(string="Quorum", digits=0, default=2 / 3)
    hoithi_approval_ratio = fields.Float(string="Approval", digits=0, default=2 / 3)
    hoithi_approval_more_than = fields.Boolean(string="More than that share")
    hoithi_approval_base = fields.Selection(
        APPROVAL_BASES,
        string="Approval counts",
        default="all_voting",
        required=True,
    )
    hoithi_blind = fields.Boolean(string="Blind review", default=True)
    hoithi_require_statement = fields.Boolean(
        string="Statement of interests",
        help="Members of new contests sign a statement of interests before they score.",
    )
    hoithi_detect_previous_coauthors = fields.Boolean(
        string="Warn of earlier co-authors",
        default=True,
        help="Who wrote an entry together in an earlier edition gets a soft conflict.",
    )
    hoithi_grace_minutes = fields.Integer(string="Grace (minutes)", default=15)
    hoithi_day_end = fields.Float(
        string="End of the working day",
        default=17.0,
        help="The hour that a deadline means which names a day and no hour.",
    )
    hoithi_reminder_days = fields.Char(string="Reminder days", default="7,2,0")
    hoithi_vietnam_holidays = fields.Boolean(
        string="Vietnam's public holidays",
        default=True,
        help="Days off in the schedule of reminders, with Tết and days off in lieu; "
        "beside the public holidays in Odoo.",
    )
    hoithi_coauthor_min_percent = fields.Float(
        string="Smallest co-author share (%)", default=10.0
    )
    hoithi_require_texts = fields.Boolean(
        string="Scored texts are obligatory",
        default=True,
        help="In new contests inside the department an entry isn't submitted without "
        "the texts that criteria look at.",
    )
    hoithi_reviews_per_entry = fields.Integer(string="Reviews an entry", default=3)
    hoithi_max_drafts = fields.Integer(
        string="Drafts a person",
        default=10,
        help="How many entries one person may have begun and not handed in, in one "
        "contest.",
    )
    hoithi_old_days = fields.Integer(
        string="Old after (days)",
        default=3,
        help="Days in its column of the board from which on a card is marked as old.",
    )
    hoithi_too_old_days = fields.Integer(
        string="Too old after (days)",
        default=5,
        help="Days in its column of the board from which on a card is marked in red.",
    )
    hoithi_divergence_limit = fields.Float(
        string="Divergence (points)",
        help="Sheets of an entry that lie further apart open an adjudication; 0 never "
        "does.",
    )
    hoithi_retention_years = fields.Integer(
        string="Keep contact data (years)",
        help="Years after a contest; 0 keeps everything.",
    )
    hoithi_novelty_title = fields.Float(
        string="Like titles from (%)",
        digits=(5, 0),
        default=100 * similarity.ALIKE,
        help="From this likeness on a title is told of, to who types it and at the "
        "screening.",
    )
    hoithi_novelty_likeness = fields.Float(
        string="Same words from (%)",
        digits=(5, 0),
        default=novelty.LIKENESS,
        help="From this share of common words in titles and summaries on two solutions "
        "are shown side by side to the secretary.",
    )
    hoithi_novelty_copied = fields.Float(
        string="Copied from (%)",
        digits=(5, 0),
        default=novelty.COPIED,
        help="From this share of an entry's texts on that stands in another one word "
        "by word they are shown side by side to the secretary.",
    )
    hoithi_dossier_type_ids = fields.Many2many(
        "hoithi.dossier.type",
        string="Default dossier types",
        help="Leave empty to ask for all the types.",
    )

    hoithi_mail_from = fields.Char(
        string="Sender address",
        help="Letters of the contest come from this address, under the department's "
        "name; empty: the e-mail of the department.",
    )
    hoithi_reply_to = fields.Char(
        string="Answer address",
        help="Where answers go that no record takes in; empty: the sender address.",
    )
    hoithi_contact_name = fields.Char(
        string="Contact",
        help="Whom readers of letters may ask: a person or the Office.",
    )
    hoithi_contact_phone = fields.Char(string="Telephone of the contact")
    hoithi_privacy_url = fields.Char(
        string="Notice on personal data",
        help="Where the department says what becomes of personal data: an address "
        "beginning with https://, or with / on this server. It stands at the foot of "
        "the pages of staff.",
    )
    hoithi_brand = fields.Char(
        string="Main colour",
        default=BRAND,
        required=True,
        help="Heads, links and main buttons of pages and screens; white letters stand "
        "on it.",
    )
    hoithi_brand_2 = fields.Char(
        string="Second colour",
        default=BRAND_2,
        required=True,
        help="Marks of what is done, and the far end of a page's head.",
    )
    hoithi_accent = fields.Char(
        string="Accent",
        default=ACCENT,
        required=True,
        help="The one bright mark of a page, never letters.",
    )
    hoithi_logo = fields.Image(
        string="Logo on the pages",
        max_width=512,
        max_height=512,
        help="PNG, JPEG or WebP; empty: the logo of the company.",
    )
    hoithi_health = fields.Html(
        string="Check", compute="_compute_hoithi_health", sanitize=False
    )

    _check_hoithi_settings = models.Constraint(
        "CHECK (hoithi_quorum_ratio > 0 AND hoithi_quorum_ratio <= 1"
        " AND hoithi_approval_ratio > 0 AND hoithi_approval_ratio <= 1"
        " AND (hoithi_approval_more_than IS NOT TRUE OR hoithi_approval_ratio < 1)"
        " AND hoithi_grace_minutes >= 0 AND hoithi_reviews_per_entry >= 0"
        " AND hoithi_retention_years >= 0 AND hoithi_divergence_limit >= 0"
        " AND hoithi_coauthor_min_percent BETWEEN 0 AND 50)",
        "Quorum and approval lie above 0 and at most 100 %, and nothing is more than "
        "100 %; the smallest co-author share lies between 0 and 50 %; the other "
        "numbers aren't negative.",
    )
    _check_hoithi_day_end = models.Constraint(
        "CHECK (hoithi_day_end > 0 AND hoithi_day_end <= 24)",
        "The working day ends after 0:00 and by 24:00.",
    )

    _check_hoithi_drafts = models.Constraint(
        "CHECK (hoithi_max_drafts BETWEEN 1 AND 200)",
        "Drafts a person are 1 to 200.",
    )
    _check_hoithi_ages = models.Constraint(
        "CHECK (hoithi_old_days BETWEEN 1 AND 365"
        " AND hoithi_too_old_days BETWEEN hoithi_old_days AND 365)",
        "A card is old after 1 to 365 days, and too old no sooner.",
    )
    _check_hoithi_novelty = models.Constraint(
        "CHECK (hoithi_novelty_title BETWEEN 20 AND 100"
        " AND hoithi_novelty_likeness BETWEEN 10 AND 100"
        " AND hoithi_novelty_copied BETWEEN 1 AND 100)",
        "From which likeness on solutions are told of: 20 to 100 % for titles, 10 to "
        "100 % for common words, 1 to 100 % for what is copied.",
    )
    _check_hoithi_most = models.Constraint(
        "CHECK (hoithi_grace_minutes <= 1440 AND hoithi_reviews_per_entry <= 50"
        " AND hoithi_retention_years <= 100 AND hoithi_divergence_limit <= 1000)",
        "Grace is at most a day (1440 minutes), sheets an entry 50, the retention of "
        "contact data 100 years, and the divergence 1000 points.",
    )

    @api.depends("alias_domain_id", "email", "hoithi_mail_from", "hoithi_reply_to")
    @api.depends_context("lang")
    def _compute_hoithi_health(self):
        for company in self:
            company.hoithi_health = Markup('<ul class="list-unstyled mb-0">%s</ul>') % (
                Markup().join(
                    Markup('<li class="%s"><i class="fa %s"></i> %s</li>')
                    % (
                        "text-success" if is_well else "text-danger",
                        "fa-check" if is_well else "fa-warning",
                        text,
                    )
                    for is_well, text in company._get_health_items()
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_hoithi_numbers(vals_list)
        vals_list = [self._colour_logos(vals) for vals in vals_list]
        with self.env["hoithi.role.change"]._watch():
            return super().create(vals_list)

    def write(self, vals):
        self._check_hoithi_numbers([vals])
        vals = self._colour_logos(vals)
        # the other side of the departments of a user
        if "user_ids" not in vals:
            return super().write(vals)
        with self.env["hoithi.role.change"]._watch():
            return super().write(vals)

    @api.model
    def _colour_logos(self, vals):
        """Return values whose logos stay see-through where Odoo makes them smaller."""
        logos = {}
        for name in LOGOS & vals.keys():
            try:
                content = base64.b64decode(vals[name] or b"")
            except (TypeError, ValueError):
                continue  # refused where it is stored
            if content:
                logos[name] = base64.b64encode(pictures.coloured(content))
        return {**vals, **logos}

    @api.model
    def _check_hoithi_numbers(self, vals_list):
        """Refuse numbers that the database can't hold, which says so in its own words.

        :raises UserError: naming the field
        """
        for vals in vals_list:
            for name, value in vals.items():
                field = self._fields.get(name)
                if (
                    name.startswith("hoithi_")
                    and field is not None
                    and field.type in ("integer", "float")
                    and not self.env["hoithi.text.mixin"]._is_number(field, value or 0)
                ):
                    raise UserError(
                        self.env._(
                            "“%(field)s” can't take the value %(value)s.",
                            field=field._description_string(self.env),
                            value=str(value)[:80],
                        )
                    )

    @api.constrains("hoithi_approval_ratio")
    def _check_hoithi_approval(self):
        """Keep the decisions of councils those of a majority."""
        for company in self:
            if 0 < company.hoithi_approval_ratio < 0.5:
                raise ValidationError(
                    self.env._(
                        "Approval: with less than half of the votes a minority would "
                        "decide. Enter at least 50 %, as a rule two thirds (66.67 %)."
                    )
                )

    @api.constrains("hoithi_agency_id", "hoithi_dossier_type_ids")
    def _check_hoithi_owner(self):
        self._check_hoithi_own("hoithi_agency_id", "hoithi_dossier_type_ids")

    def _check_hoithi_own(self, *names):
        """Refuse as defaults what belongs to another department.

        :param names: fields
        """
        for company in self:
            for name in names:
                for record in company[name]:
                    if record.company_id and record.company_id != company:
                        raise ValidationError(
                            self.env._(
                                "“%s” belongs to another department: choose one of "
                                "your own.",
                                record.display_name,
                            )
                        )

    @api.constrains("hoithi_mail_from", "hoithi_reply_to")
    def _check_hoithi_addresses(self):
        for company in self:
            for address in (company.hoithi_mail_from, company.hoithi_reply_to):
                if address and email_normalize(address) != address.strip().lower():
                    raise ValidationError(
                        self.env._(
                            "“%s” is no e-mail address. Write one address, as "
                            "office@example.gov.vn.",
                            address,
                        )
                    )

    @api.constrains("hoithi_privacy_url")
    def _check_hoithi_privacy_url(self):
        for company in self:
            if company.hoithi_privacy_url and not PAGE_URL.fullmatch(
                company.hoithi_privacy_url
            ):
                raise ValidationError(
                    self.env._(
                        "“%s” is no address of a page. Write it with https://, or as "
                        "/privacy on this server.",
                        company.hoithi_privacy_url,
                    )
                )

    @api.constrains("hoithi_brand", "hoithi_brand_2", "hoithi_accent")
    def _check_hoithi_colours(self):
        """Refuse colours that can't be told from what stands on them or around them."""
        for company in self:
            brand, second, accent = (
                company._read_hoithi_colour(name)
                for name in ("hoithi_brand", "hoithi_brand_2", "hoithi_accent")
            )
            for name, colour, ground, needed in (
                ("hoithi_brand", brand, colours.WHITE, colours.LETTERS),
                ("hoithi_brand", brand, colours.tint(brand), colours.LETTERS),
                ("hoithi_brand_2", second, colours.WHITE, colours.LETTERS),
                ("hoithi_accent", accent, colours.darken(brand), colours.MARKS),
            ):
                ratio = colours.contrast(colour, ground)
                if ratio < needed:
                    raise ValidationError(
                        self.env._(
                            "“%(field)s”: %(colour)s on %(ground)s has a contrast of "
                            "%(ratio)s, and needs at least %(needed)s to be read by "
                            "everybody. %(advice)s",
                            field=company._fields[name]._description_string(self.env),
                            colour=colour,
                            ground=ground,
                            ratio=format_number(self.env, int(ratio * 10) / 10),
                            needed=format_number(self.env, needed),
                            advice=self.env._("Choose a lighter colour.")
                            if name == "hoithi_accent"
                            else self.env._("Choose a darker colour."),
                        )
                    )

    def _read_hoithi_colour(self, name):
        colour = colours.read(self[name])
        if not colour:
            raise ValidationError(
                self.env._(
                    "“%(field)s”: write the colour as # and six digits or letters from "
                    "a to f, as #0b4f6c.",
                    field=self._fields[name]._description_string(self.env),
                )
            )
        return colour

    @api.constrains("hoithi_logo")
    def _check_hoithi_logo(self):
        for company in self:
            # the constraint looks at what was just written
            logo = base64.b64decode(company.hoithi_logo or b"")
            if logo and guess_mimetype(logo) not in LOGO_TYPES:
                raise ValidationError(
                    self.env._("The logo has to be a PNG, JPEG or WebP picture.")
                )

    @api.constrains("hoithi_reminder_days")
    def _check_hoithi_reminder_days(self):
        for company in self:
            self.env["hoithi.notice.rule"]._parse_days(company.hoithi_reminder_days)

    # IDENTITY

    def _get_hoithi_colours(self):
        """Return the department's own colours: {custom property of the pages: colour}.

        All others are mixed from these by the style sheet.
        """
        self.ensure_one()
        return {
            "--hoithi-brand": self.hoithi_brand.strip().lower(),
            "--hoithi-brand-2": self.hoithi_brand_2.strip().lower(),
            "--hoithi-accent": self.hoithi_accent.strip().lower(),
        }

    def _get_hoithi_identity_url(self):
        """Return the address of the style sheet with the department's colours.

        Nothing where they are those of the style sheet that every page has. A changed
        colour changes the address, so that browsers may keep the file.
        """
        self.ensure_one()
        own = tuple(self._get_hoithi_colours().values())
        if own == (BRAND, BRAND_2, ACCENT):
            return ""
        unique = sha256("".join(own).encode()).hexdigest()[:12]
        return f"/hoithi/identity/{self.id}.css?unique={unique}"

    def _get_hoithi_logo_url(self):
        """Return the address of the department's logo, or nothing if it has none."""
        self.ensure_one()
        if not self.hoithi_logo and self.uses_default_logo:
            return ""
        unique = int(self.write_date.timestamp()) if self.write_date else 0
        return f"/hoithi/identity/{self.id}/logo?unique={unique}"

    # HEALTH

    def _get_health_items(self):
        """Return what the contest's letters and papers need: [(is well, text)].

        Other parts of the addon add theirs.
        """
        self.ensure_one()
        has_papers = bool(self.env["res.lang"]._get_data(code=VIETNAMESE))
        return [
            *self._get_mail_health(),
            self._get_signup_health(),
            (
                has_papers,
                self.env._(
                    "Vietnamese is active: papers and letters are made in it. "
                    "Installing the addon activates it."
                )
                if has_papers
                else self.env._(
                    "Vietnamese isn't active, and no paper can be made: the "
                    "administrator of the system presses “Activate Vietnamese” under "
                    "Settings → Innovation Contest → Check."
                ),
            ),
        ]

    def _get_signup_health(self):
        """Return whether strangers can make themselves a login: (is well, text)."""
        scope = self.env["res.users"]._get_signup_invitation_scope()
        if scope != "b2c":
            return (
                True,
                self.env._("Logins are made by invitation: no stranger makes one."),
            )
        return (
            False,
            self.env._(
                "Sign-up is open: anybody can make a login for the portal. They read "
                "what is published and nothing internal, yet take up the place of "
                "logins that you gave out. The administrator of the system chooses “On "
                "invitation” under Settings → General Settings → Permissions → "
                "Customer Account."
            ),
        )

    def _get_mail_health(self):
        """Return what letters need to leave and to be answered: [(is well, text)]."""
        self.ensure_one()
        sender = self._hoithi_get_own_address("hoithi_mail_from", "email")
        answer = self._hoithi_get_own_address(
            "hoithi_reply_to", "hoithi_mail_from", "email"
        )
        if answer and self.catchall_email:
            told = self.env._("Answers go to the record, or to %s.", answer)
        elif answer:
            told = self.env._(
                "Answers go to %s. They would reach the record that they are about if "
                "the administrator of the system set up incoming mail.",
                answer,
            )
        else:
            told = self.env._(
                "Answers go nowhere: the administrator of the contest gives an answer "
                "address under Configuration → Defaults of the contest."
            )
        return [
            (
                bool(sender),
                self.env._("Letters come from %s.", sender)
                if sender
                else self.env._(
                    "Letters have no sender address: the administrator of the contest "
                    "gives one under Configuration → Defaults of the contest, or the "
                    "e-mail of the department."
                ),
            ),
            (bool(answer), told),
            self._get_server_health(sender),
        ]

    def _get_server_health(self, sender):
        """Return whether a server takes letters from `sender`: (is well, text)."""
        # mail servers are the administrators' own; whether one takes our letters isn't
        servers_sudo = self.env["ir.mail_server"].sudo()
        servers_sudo = servers_sudo.search(
            servers_sudo._find_mail_server_allowed_domain()
        )
        if not servers_sudo and not self._has_mail_host():
            return False, self.env._(
                "There is no server for outgoing mail, so that no letter leaves: the "
                "administrator of the system adds one under Settings → Technical → "
                "Outgoing Mail Servers."
            )
        filters = servers_sudo.mapped("from_filter") or [
            servers_sudo._get_default_from_filter()
        ]
        if sender and not any(
            servers_sudo._match_from_filter(sender, name) for name in filters
        ):
            return False, self.env._(
                "The server for outgoing mail takes no letters from %(sender)s, only "
                "from %(filters)s: the administrator of the system adds the address "
                "under Settings → Technical → Outgoing Mail Servers, “FROM "
                "Filtering”, or the administrator of the contest gives another sender "
                "under Configuration → Defaults of the contest.",
                sender=sender,
                filters=", ".join(filters),
            )
        return True, self.env._("There is a server for outgoing mail.")

    @api.model
    def _has_mail_host(self):
        """Tell whether Odoo's configuration leads to a server.

        Where none is named it is the machine's own, which may be there or not.
        """
        if config["smtp_server"] not in LOCAL_HOSTS:
            return bool(config["smtp_server"])
        address = config["smtp_server"], int(config["smtp_port"])
        try:
            with socket.create_connection(address, timeout=0.5):
                return True
        except OSError:
            return False

    @api.model
    @api.readonly
    def hoithi_get_mail_problems(self):
        """Return why letters of the caller's department don't leave or aren't answered.

        :return: sentences with what to do, none for others than the Office
        """
        return self.env.company._get_mail_problems()

    def _get_mail_problems(self):
        """Return what the Office has to see to, lest letters or answers are lost."""
        if not self or not self.env.user.has_groups(",".join(OFFICE)):
            return []
        return [
            *(text for is_well, text in self._get_mail_health() if not is_well),
            *self.env["hoithi.notice"]._get_mail_trouble(self),
        ]

    # LETTERS

    def _hoithi_get_own_address(self, *names):
        """Return the first address among the fields `names`, or an empty text."""
        self.ensure_one()
        addresses = (email_normalize(self[name] or "") for name in names)
        return next(filter(None, addresses), "")

    def _hoithi_get_envelope(self, record=None):
        """Return whom a letter comes from and where its answer goes.

        :param record: what the letter is about; where a mail gateway is set up and the
            record takes answers, they reach it, else the Office
        :return: values of `mail.mail`
        """
        self.ensure_one()
        name = self.hoithi_agency_id.name or self.name
        sender = (
            self._hoithi_get_own_address("hoithi_mail_from", "email")
            or email_normalize(self.default_from_email or "")
            or email_normalize(
                self.env["ir.mail_server"]._get_default_from_address() or ""
            )
            # the check on the settings tells that none was given
            or email_normalize(self.env.user.email or "")
        )
        answer = ""
        if record and getattr(record, "_takes_answers", False):
            answer = email_normalize(record._notify_get_reply_to()[record.id] or "")
        answer = (
            answer
            or self._hoithi_get_own_address(
                "hoithi_reply_to", "hoithi_mail_from", "email"
            )
            or sender
        )
        if not sender:
            return {}
        return {
            "author_id": self.partner_id.id,
            "email_from": formataddr((name, sender)),
            "reply_to": formataddr((name, answer)),
        }

    @api.model
    def _hoithi_get_letterhead(self, record):
        """Return what stands around a letter about `record`, by name."""
        company = record if record._name == "res.company" else record.company_id
        company = company[:1] or self.env.company
        contest = record.browse()
        for path in self._hoithi_contest_paths:
            if path.partition(".")[0] in record._fields:
                contest = record.mapped(path)
        if record._name == "hoithi.contest":
            contest = record
        return {
            "brand": company.hoithi_brand,
            "accent": company.hoithi_accent,
            "contest": hold_years(contest[:1].display_name),
            **company._hoithi_get_foot(),
            "logo": ""
            if company.uses_default_logo
            else f"/logo.png?company={company.id}",
        }

    def _hoithi_get_foot(self):
        """Return what stands at the foot of letters and pages: whom to ask, by name."""
        self.ensure_one()
        return {
            "department": self.hoithi_agency_id.name or self.name,
            "contact": self.hoithi_contact_name
            or self.env._("Office of the department"),
            "phone": self.hoithi_contact_phone or self.phone,
            "email": self._hoithi_get_own_address(
                "hoithi_reply_to", "hoithi_mail_from", "email"
            ),
            "privacy_url": self.hoithi_privacy_url,
        }

    def _hoithi_get_working_days(self, zone):
        """Return the days on which the department works, for the last and next year.

        Weekdays are those of its working hours, further days off its public holidays
        in Odoo, and Vietnam's where the settings say so.

        :param zone: the zone in which a day begins
        """
        self.ensure_one()
        calendar = self.resource_calendar_id
        weekdays = {int(line.dayofweek) for line in calendar.attendance_ids}
        now = fields.Datetime.now()
        leaves = self.env["resource.calendar.leaves"].search(
            [
                ("resource_id", "=", False),
                ("company_id", "=", self.id),
                ("calendar_id", "in", [False, calendar.id]),
                ("date_to", ">=", now - timedelta(days=366)),
                ("date_from", "<=", now + timedelta(days=366)),
            ]
        )
        closed = set()
        for leave in leaves:
            day, last = (
                moment.replace(tzinfo=UTC).astimezone(zone).date()
                for moment in (leave.date_from, leave.date_to)
            )
            while day <= last:
                closed.add(day)
                day += timedelta(days=1)
        return WorkingDays(
            weekdays=frozenset(weekdays) or OFFICE_WEEK,
            closed=frozenset(closed),
            vietnam=self.hoithi_vietnam_holidays,
        )
