import os
import time
from collections import defaultdict

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import NO_ACCESS
from odoo.tools import SQL

from ...lib.council import copies
from ...tools import get_worker_seconds
from ..guard.hoithi_states import BEFORE_COUNCIL, NOT_ENTERED, OVER

SECRETARY = "hoithi_contest.group_secretary"
#: Seconds of work that the start of the review takes upon itself, and seconds that it
#: may last where the server is slow.
FEW_SECONDS = 15
WAIT_SECONDS = 60
#: What one copy may take of the time that Odoo leaves a worker.
WORKER_PART = 2 / 3
#: Kinds of what tells who wrote an entry that an author may correct afterwards.
CORRECTED = ("email", "phone")
#: Copies that the secretary or the server has still to see to.
OPEN = ("waiting", "decision")
#: Copies of files that reviewers may see; the others stay as they were.
LIVE = (
    ("item_id.active", "=", True),
    ("item_id.confidential", "=", False),
    ("item_id.type_id.for_review", "=", True),
)


class HoithiReviewCopy(models.Model):
    """What reviewers get of a file of the dossier: a PDF made anew from its pages.

    It is made in the background, in a process with limits. Where its text tells who
    the authors are, the secretary decides: pass it as it is, blacken the places, or
    withhold it. Only what is ready is handed out.
    """

    _name = "hoithi.review.copy"
    _description = "Copy for Reviewers"
    _inherit = [
        "hoithi.file.mixin",
        "hoithi.guard.mixin",
        "hoithi.reason.mixin",
        "hoithi.clock.mixin",
    ]
    _order = "entry_id, item_id, id"
    _rec_name = "filename"
    _readers_get_files = True
    _file_fields = ("attachment_id",)
    _reason_methods = ("action_pass", "action_withhold")

    item_id = fields.Many2one(
        "hoithi.dossier.item",
        string="File",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    filename = fields.Char(related="item_id.filename")
    entry_id = fields.Many2one(related="item_id.entry_id", store=True, index=True)
    contest_id = fields.Many2one(
        related="entry_id.contest_id", store=True, index=True, string="Contest"
    )
    company_id = fields.Many2one(related="entry_id.company_id", store=True)
    state = fields.Selection(
        [
            ("waiting", "Being made"),
            ("decision", "Needs a decision"),
            ("ready", "Ready"),
            ("withheld", "Withheld"),
            ("failed", "Can't be made"),
        ],
        required=True,
        readonly=True,
        default="waiting",
        index=True,
    )
    treatment = fields.Selection(
        [("ask", "Ask"), ("pass", "Passed as it is"), ("blacken", "Blackened")],
        string="Names in the text",
        required=True,
        readonly=True,
        default="ask",
    )
    failure = fields.Selection(
        [
            ("kind", "A file of this kind has no pages to show."),
            ("locked", "The file is locked by a password: ask for one without."),
            ("broken", "The file is damaged, or isn't what its name says."),
            ("pages", "The file has more pages than a copy may have."),
            ("size", "The file, or what is packed in it, is too large."),
            ("memory", "The file takes more memory than a copy may."),
            ("time", "The file takes longer than a copy may."),
            ("engine", "LibreOffice is missing on the server: have it installed."),
        ],
        string="Why there is none",
        readonly=True,
    )
    failure_detail = fields.Char(readonly=True, groups=NO_ACCESS)
    page_count = fields.Integer(string="Pages", readonly=True, aggregator=None)
    found = fields.Json(readonly=True)
    findings = fields.Text(
        string="Found in the text",
        compute="_compute_findings",
        help="Names, addresses, phones and units of the authors, with their pages.",
    )
    unread_pages = fields.Char(
        string="Pages without text",
        readonly=True,
        help="Pictures, where nothing can be looked for: have a look at them.",
    )
    looked_for = fields.Json(readonly=True, groups=NO_ACCESS)
    attachment_id = fields.Many2one(
        "ir.attachment",
        string="Copy",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    decided_by = fields.Many2one("res.users", readonly=True)
    decided_on = fields.Datetime(readonly=True)
    decision_reason = fields.Text(readonly=True)

    _unique_item = models.Constraint(
        "UNIQUE (item_id)", "A file has one copy for reviewers."
    )

    # COMPUTE

    @api.depends("found")
    @api.depends_context("lang")
    def _compute_findings(self):
        labels = {
            "name": self.env._("Name"),
            "email": self.env._("E-mail"),
            "phone": self.env._("Phone"),
            "unit": self.env._("Unit"),
        }
        for copy in self:
            pages = defaultdict(set)
            for place in copy.found or []:
                pages[place["kind"], place["text"]].add(place["page"])
            copy.findings = "\n".join(
                self.env._(
                    "%(kind)s “%(text)s”: page %(pages)s",
                    kind=labels[kind],
                    text=text,
                    pages=_write_pages(numbers),
                )
                for (kind, text), numbers in pages.items()
            )

    # ACTION

    def action_ask_pass(self):
        """Open the dialog that asks for what `action_pass` needs."""
        return self._ask_reason("action_pass", self.env._("Pass the Copies"))

    def action_pass(self, reason=None):
        """Let reviewers have copies as they are, though the text tells of the authors.

        :param reason: recorded, as that the name is a street's
        :raises UserError: for what can't be made, and in a contest that is over
        """
        reason = self._clean_reason(reason)
        self._check_decidable()
        for copy in self:
            # what was blackened is made anew from the file
            is_plain = copy.attachment_id and copy.treatment != "blacken"
            copy._decide("ready" if is_plain else "waiting", "pass", reason)
        self._hand_out(self.entry_id)
        return True

    def action_blacken(self):
        """Have the places found in copies taken out of their pages.

        :raises UserError: for what can't be made, and in a contest that is over
        """
        self._check_decidable()
        for copy in self:
            copy._decide("waiting", "blacken")
        self._hand_out(self.entry_id)
        self._wake()
        return True

    def action_ask_withhold(self):
        """Open the dialog that asks for what `action_withhold` needs."""
        return self._ask_reason("action_withhold", self.env._("Withhold the Files"))

    def action_withhold(self, reason=None):
        """Keep files from reviewers.

        :param reason: recorded
        :raises UserError: in a contest that is over, and for whoever competes with them
        """
        reason = self._clean_reason(reason)
        self._check_secretary()
        self.entry_id._check_no_rivals()
        for copy in self:
            copy._decide("withheld", copy.treatment, reason)
        self._hand_out(self.entry_id)
        return True

    def action_retry(self):
        """Have copies made again that failed, as after LibreOffice was installed.

        What was made, or is kept from reviewers, stays as it is.

        :raises UserError: in a contest that is over, and where none of these failed
        """
        self._check_secretary()
        failed = self.filtered(lambda copy: copy.state == "failed")
        if not failed:
            raise UserError(
                self.env._("No copy of these failed: choose those with a failure.")
            )
        # the server alone sets how far a copy is
        failed.sudo()._open_door().write({"state": "waiting", "failure": False})
        self._hand_out(failed.entry_id)
        self._wake()
        return True

    def action_blacken_selected(self):
        """Blacken of these copies those that may be, and tell of the others why not.

        :return: a notice of what was done
        """
        return self._do_what_can_be_done("action_blacken")

    def action_retry_selected(self):
        """Have of these copies those made again that failed, and tell of the others.

        :return: a notice of what was done
        """
        self.check_access("read")
        failed = self.filtered(lambda copy: copy.state == "failed")
        reason = self.env._("It hasn't failed.")
        return failed._do_what_can_be_done(
            "action_retry", left_out=[(other, reason) for other in self - failed]
        )

    def action_open_copy(self):
        """Return the address of the copy, to look at before one decides.

        :raises UserError: where there is none
        """
        self.ensure_one()
        self.check_access("read")
        if not self.attachment_id:
            raise UserError(self.env._("There is no copy of “%s” yet.", self.filename))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}",
            "target": "new",
        }

    # BUSINESS

    def _check_secretary(self):
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(SECRETARY):
            raise AccessError(
                self.env._("The secretary of the council decides on reviewers' copies.")
            )
        for copy in self:
            if copy.contest_id.state in OVER:
                raise UserError(
                    self.env._(
                        "“%s” is over: nobody reviews in it any more.",
                        copy.contest_id.name,
                    )
                )

    def _check_decidable(self):
        self._check_secretary()
        self.entry_id._check_impartial()
        for copy in self:
            if copy.state == "failed":
                raise UserError(
                    self.env._(
                        "There is no copy of “%(file)s”: %(failure)s",
                        file=copy.filename,
                        failure=copy._get_failure(),
                    )
                )
            if copy.state == "waiting":
                raise UserError(
                    self.env._(
                        "The copy of “%s” is still being made: decide afterwards.",
                        copy.filename,
                    )
                )

    def _get_failure(self):
        self.ensure_one()
        labels = dict(self._fields["failure"]._description_selection(self.env))
        return labels.get(self.failure, "")

    def _decide(self, state, treatment, reason=False):
        # the checks of the actions stand for the right to write
        self.sudo()._open_door().write(
            {
                "state": state,
                "treatment": treatment,
                "decided_by": self.env.uid,
                "decided_on": fields.Datetime.now(),
                "decision_reason": reason,
            }
        )
        if state == "waiting":
            self._wake()

    @api.model
    def _get_items(self, entry):
        """Return the files of an entry that reviewers may see."""
        # the files are the author's; only the copies are a member's
        return entry.sudo().dossier_ids.filtered(
            lambda item: item.type_id.for_review and not item.confidential
        )

    @api.model
    def _queue(self, entries):
        """Have copies made of what reviewers may see of entries.

        Also anew, where other authors than before are to be looked for.
        """
        # whoever admits or assigns has no right to make copies by hand
        copies_sudo = self.sudo()._open_door()
        made_sudo = copies_sudo.search([("entry_id", "in", entries.ids)])
        known = {copy.item_id: copy for copy in made_sudo}
        made_of = made_sudo.grouped("entry_id")
        missing_ids = []
        for entry in entries:
            of_entry_sudo = made_of.get(entry, copies_sudo.browse())
            for item in self._get_items(entry):
                copy = known.get(item)
                if copy is None:
                    missing_ids.append(item.id)
                elif (
                    copy.looked_for
                    and copy.state != "withheld"
                    and copy.looked_for["authors"]
                    != self._get_secrets(entry, of_entry_sudo)
                ):
                    # whom the secretary passed was somebody else
                    treatment = "ask" if copy.treatment == "pass" else copy.treatment
                    copy.write({"state": "waiting", "treatment": treatment})
        copies_sudo._add(missing_ids)
        if copies_sudo.search_count([("state", "=", "waiting")], limit=1):
            self._wake()

    @api.model
    def _add(self, item_ids):
        """Let copies of files wait, which have none yet, in one statement.

        A contest has thousands; and of two acts at once each file gets one.
        """
        if not item_ids:
            return
        self.env["hoithi.dossier.item"].flush_model(["entry_id"])
        self.env["hoithi.entry"].flush_model(["contest_id", "company_id"])
        self.env.cr.execute(
            SQL(
                """INSERT INTO hoithi_review_copy
                          (item_id, entry_id, contest_id, company_id, state, treatment,
                           create_uid, write_uid, create_date, write_date)
                   SELECT i.id, e.id, e.contest_id, e.company_id, 'waiting', 'ask',
                          %(uid)s, %(uid)s, %(now)s, %(now)s
                     FROM hoithi_dossier_item i JOIN hoithi_entry e ON e.id = i.entry_id
                    WHERE i.id = ANY(%(ids)s) ORDER BY i.id
                   ON CONFLICT (item_id) DO NOTHING""",
                uid=self.env.uid,
                now=fields.Datetime.now(),
                ids=item_ids,
            )
        )
        self.invalidate_model()

    @api.model
    def _keep_contacts(self, entries_sudo):
        """Note how the authors of entries are reached, before one corrects it.

        Files that were written before that hold the former address or number.

        :param entries_sudo: entries, with superuser rights
        """
        blind_sudo = entries_sudo.filtered(
            lambda entry: (
                entry.state not in NOT_ENTERED
                and entry.contest_id.blind
                and entry.contest_id.state in BEFORE_COUNCIL
            )
        )
        items = [item for entry in blind_sudo for item in self._get_items(entry)]
        self._add([item.id for item in items])
        # whoever corrects an own contact may neither read nor make copies
        copies_sudo = self.sudo()._open_door()
        for copy in copies_sudo.search(
            [("entry_id", "in", blind_sudo.ids), ("looked_for", "=", False)]
        ):
            secrets = self._get_secrets(copy.entry_id, copies_sudo.browse())
            copy.looked_for = {"authors": secrets}

    @api.model
    def _get_secrets(self, entry, copies_sudo):
        """Return [kind, text] of all that tells who wrote an entry.

        Nothing where the contest isn't blind.

        :param copies_sudo: copies of its files, with superuser rights: the addresses
            and numbers that these were looked through for tell it, corrected or not
        """
        # who wrote it is the server's to know here
        entry_sudo = entry.sudo()
        if not entry_sudo.contest_id.blind:
            return []
        secrets = {}
        for author in entry_sudo.author_ids:
            employee, partner = author.employee_id, author.partner_id
            for kind, texts in {
                "name": (author.full_name, employee.name),
                "email": (author.email, employee.work_email, partner.email),
                "phone": (
                    *(author.phone, partner.phone),
                    *(employee.work_phone, employee.mobile_phone),
                ),
                "unit": (
                    *(author.department_id.name, employee.department_id.name),
                    author.workplace,
                ),
            }.items():
                secrets |= dict.fromkeys((kind, text) for text in texts if text)
        if entry_sudo.department_id:
            secrets["unit", entry_sudo.department_id.name] = None
        former = {
            (kind, text)
            for copy in copies_sudo
            for kind, text in (copy.looked_for or {}).get("authors", ())
            if kind in CORRECTED
        }
        return [list(secret) for secret in secrets | dict.fromkeys(sorted(former))]

    @api.model
    def _get_seconds(self):
        """Return how long making one copy may take."""
        return get_worker_seconds(copies.SECONDS, WORKER_PART)

    def _make(self, seconds=None):
        """Make one copy, and hand it out if nothing is to be decided.

        :param seconds: how long it may take here, where that is less than usual; what
            takes longer still waits
        """
        self.ensure_one()
        most = self._get_seconds()
        seconds = most if seconds is None else min(seconds, most)
        # the names that are looked for are hidden from the secretary in a conflict
        copy = self.sudo()._open_door()
        item = copy.item_id
        of_entry = copy.search([("entry_id", "=", copy.entry_id.id)])
        secrets = self._get_secrets(copy.entry_id, of_entry)
        extension = _get_extension(item.filename)
        former = copy.attachment_id
        vals = {
            "failure": False,
            "failure_detail": False,
            "looked_for": {"authors": secrets},
        }
        try:
            made = copies.make_copy(
                item.attachment_id.raw or b"",
                extension,
                [copies.Secret(*secret) for secret in secrets],
                blacken=copy.treatment == "blacken",
                timeout=seconds,
            )
        except copies.CopyFailed as failure:
            if failure.reason == "time" and seconds < most:
                return
            vals |= {
                "state": "failed",
                "failure": failure.reason,
                "failure_detail": failure.detail[-500:],
                "attachment_id": False,
                "found": False,
                "page_count": 0,
            }
        else:
            must_ask = made.found and copy.treatment == "ask"
            attachment = self.env["ir.attachment"].create(
                {
                    "name": f"{copy.entry_id.code}-{item.id}.pdf",
                    "raw": made.content,
                    "mimetype": "application/pdf",
                }
            )
            vals |= {
                "state": "decision" if must_ask else "ready",
                "found": made.found or False,
                "unread_pages": _write_pages(made.unread),
                "page_count": made.pages,
                "attachment_id": attachment.id,
            }
        copy.write(vals)
        former.unlink()
        self._hand_out(copy.entry_id)

    @api.model
    def _hand_out(self, entries):
        """Give each sheet of entries the copies that are ready, and no others.

        Each has the entry's code and the slot for a name.
        """
        # a member's copies are the server's to make, not the secretary's to choose
        entries_sudo = entries.sudo()
        copies_sudo = self.sudo().search([("entry_id", "in", entries.ids)])
        known = {copy.item_id: copy for copy in copies_sudo}
        ready = {entry: {} for entry in entries_sudo}
        for entry in entries_sudo:
            for number, item in enumerate(self._get_items(entry), start=1):
                copy = known.get(item)
                if copy and copy.state == "ready":
                    slot = item.type_id.code or f"file-{item.type_id.id}"
                    file = copy.attachment_id
                    name = f"{entry.code}-{number}-{slot}.pdf"
                    ready[entry][file.kept_sha256] = (name, file)
        for review in entries_sudo.review_ids:
            # what has been taken back shows no more of its entry
            is_kept = review._is_kept_by_member()
            review._give_files(ready[review.entry_id] if is_kept else {})

    @api.model
    def _get_waiting_domain(self, entries):
        return [("entry_id", "in", entries.ids), *LIVE, ("state", "=", "waiting")]

    @api.model
    def _takes_long(self, entries):
        """Tell whether copies of entries still to be made are more than a click's."""
        # also those of entries that a conflict hides from the one who starts
        waiting_sudo = self.sudo().search(self._get_waiting_domain(entries))
        usual = sum(
            copies.get_usual_seconds(_get_extension(copy.filename))
            for copy in waiting_sudo
        )
        return usual > FEW_SECONDS

    @api.model
    def _wait(self, entries, seconds=WAIT_SECONDS):
        """Make copies of entries that still wait, as far as the time reaches.

        :raises UserError: with the files that aren't ready, that can't be made, or
            that the secretary has to decide on
        """
        end = time.monotonic() + get_worker_seconds(seconds, WORKER_PART)
        # also those of entries that a conflict hides from the one who starts
        copies_sudo = self.sudo()
        waits = self._get_waiting_domain(entries)
        for copy in copies_sudo.search(waits):
            left = end - time.monotonic()
            if left <= 0:
                break
            # the scheduled action may be at one
            if copy := copy.try_lock_for_update().filtered_domain(waits):
                copy._make(left)
        waiting = copies_sudo.search_count(waits)
        if waiting:
            raise UserError(
                self.env._(
                    "Copies for the reviewers are still being made, %s of them: start "
                    "the review in some minutes.",
                    waiting,
                )
            )
        undecided = copies_sudo.search(
            [("entry_id", "in", entries.ids), *LIVE, ("state", "=", "decision")]
        )
        if undecided:
            # the entries' codes tell nobody who wrote them
            codes = dict.fromkeys(undecided.mapped("entry_id.code"))
            raise UserError(
                self.env._(
                    "Files of %(count)s entries tell who wrote them: decide on their "
                    "copies first, by the button “Copies for Reviewers” above Scores "
                    "and Council → All reviews. "
                    "%(codes)s",
                    count=len(codes),
                    codes=", ".join(list(codes)[:20]),
                )
            )
        failed = copies_sudo.search(
            [("entry_id", "in", entries.ids), *LIVE, ("state", "=", "failed")]
        )
        if failed:
            # as above; a file is told by its slot, its name may tell who wrote it
            raise UserError(
                self.env._(
                    "No copy can be made of %(count)s files, so that reviewers would "
                    "go without them. Decide on each, by the button “Copies for "
                    "Reviewers” above Scores and Council → All reviews: withhold it "
                    "with a reason, have it made again, or ask the author for another "
                    "file by a supplement.\n"
                    "%(files)s",
                    count=len(failed),
                    files="\n".join(
                        f"- {copy.entry_id.code}, {copy.item_id.type_id.name}: "
                        f"{copy.with_env(self.env).sudo()._get_failure()}"
                        for copy in failed[:20]
                    ),
                )
            )

    @api.model
    def _wake(self):
        # any act that needs copies may wake the scheduled action, and no more
        self.env.ref("hoithi_contest.cron_make_copies").sudo()._trigger()

    # CRON

    @api.model
    def _cron_make_copies(self):
        """Make the copies that wait, one at a time, each committed."""
        cron = self.env["ir.cron"]
        domain = [("state", "=", "waiting"), *LIVE]
        waiting = self.search(domain, order="id")
        cron._commit_progress(remaining=len(waiting))
        for copy in waiting:
            try:
                copy = copy[0].try_lock_for_update().filtered_domain(domain)
                if copy:
                    copy._make()
                    self.env.flush_all()
            except SerializationFailure:
                # somebody was at the copy or its sheets meanwhile: it waits on
                self.env.cr.rollback()
            if not cron._commit_progress(1):
                break
            # files must not gather in the cache
            self.env.invalidate_all()

    @api.model
    def _make_waiting(self):
        """Make all copies that wait, without committing, as for demo data."""
        for copy in self.search([("state", "=", "waiting")], order="id"):
            copy._make()

    @api.autovacuum
    def _gc_findings(self):
        """Forget who was looked for, once nobody is to be found any more."""
        over = self.search(
            [("contest_id.state", "in", OVER), ("looked_for", "!=", False)]
        )
        over.write({"looked_for": False, "found": False})


def _get_extension(filename):
    return os.path.splitext(filename)[1].lstrip(".").lower()


def _write_pages(numbers):
    """Return page numbers as people write them: 1, 3–5."""
    ranges = []
    for number in sorted(numbers):
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ", ".join(f"{a}–{b}" if a != b else str(a) for a, b in ranges)
