from contextlib import suppress
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.modules.module import load_script
from odoo.service.model import call_kw
from odoo.tests import TransactionCase, new_test_user, tagged

from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon

GROUPS = {
    "public": "base.group_public",
    "portal": "base.group_portal",
    "internal": "base.group_user",
    "unit_head": "hoithi_contest.group_unit_head",
    "member": "hoithi_contest.group_member",
    "secretary": "hoithi_contest.group_secretary",
    "leader": "hoithi_contest.group_leader",
    "publisher": "hoithi_contest.group_publisher",
    "province": "hoithi_contest.group_province",
    "admin": "hoithi_contest.group_admin",
}
# r read, w write, c create, u unlink: what a role may do with a model at all; which
# records these are is told by the tables of records below.
ACCESS = """
                              public portal internal unit_head member secretary leader publisher province admin
hoithi.acknowledgement        -      r      r        r         r      r         r      r         r        r
hoithi.adjudication           -      -      -        -         r      r         r      -         -        -
hoithi.agency                 -      -      r        r         r      rwc       r      r         r        rwcu
hoithi.agency.signer          -      -      r        r         r      rwc       r      r         r        rwcu
hoithi.award                  -      r      r        r         r      rwc       r      r         r        r
hoithi.ballot                 -      -      -        -         -      -         -      -         -        -
hoithi.ballot.share           -      -      -        -         -      -         -      -         -        -
hoithi.closing.waiver         -      -      -        -         -      r         r      -         -        -
hoithi.component              -      -      -        -         r      rwcu      r      -         -        r
hoithi.component.code         -      -      -        -         -      rwc       -      -         -        -
hoithi.component.give         -      -      -        -         -      rwc       -      -         -        -
hoithi.component.score        -      -      -        -         -      r         r      -         -        -
hoithi.component.voter        -      -      -        -         -      -         -      -         -        -
hoithi.conflict               -      -      -        -         -      rwc       -      -         -        -
hoithi.consent                -      r      r        r         r      r         r      r         r        r
hoithi.contest                r      r      r        r         r      rwcu      r      r         r        r
hoithi.contest.unit           -      r      r        r         r      rwcu      r      r         r        r
hoithi.council                -      -      -        -         r      rwcu      r      -         -        r
hoithi.council.member         -      -      -        -         r      rwcu      r      -         -        r
hoithi.criteria.set           r      r      r        r         r      rwc       r      r         r        rwcu
hoithi.criterion              r      r      r        r         r      rwcu      r      r         r        rwcu
hoithi.criterion.level        r      r      r        r         r      rwcu      r      r         r        rwcu
hoithi.document               r      r      r        r         r      rwcu      rw     r         r        r
hoithi.document.issue         -      -      -        -         -      rwc       -      -         -        -
hoithi.document.template.trial -     -      -        -         -      rwc       -      -         -        rwc
hoithi.document.recipient     -      -      -        -         -      rwcu      r      -         -        -
hoithi.document.run           -      -      -        -         -      rwcu      rwcu   -         -        -
hoithi.document.run.line      -      -      -        -         -      r         r      -         -        -
hoithi.document.sign          -      -      -        -         -      rwc       rwc    -         -        -
hoithi.document.template      -      -      -        -         -      rw        -      -         -        rw
hoithi.document.template.version -      -      -        -         -      r         -      -         -        r
hoithi.document.text          -      -      -        -         -      rwcu      r      -         -        -
hoithi.dossier.item           -      rwcu   rwcu     rwcu      rwcu   rwcu      rwcu   rwcu      rwcu     rwcu
hoithi.dossier.type           -      r      r        r         r      rwc       r      r         r        rwcu
hoithi.entry                  -      rwcu   rwcu     rwcu      rwcu   rwcu      rwcu   rwcu      rwcu     rwcu
hoithi.entry.author           -      rwcu   rwcu     rwcu      rwcu   rwcu      rwcu   rwcu      rwcu     rwcu
hoithi.evidence               -      -      -        -         -      r         r      -         -        -
hoithi.field                  r      r      r        r         r      rwc       r      r         r        rwcu
hoithi.health                 -      -      -        -         -      r         r      -         -        r
hoithi.jury                   -      -      -        -         r      rwcu      r      -         -        r
hoithi.ledger                 -      -      -        -         -      r         r      -         -        -
hoithi.legal.basis            r      r      r        r         r      rwcu      r      r         r        r
hoithi.legal.text             -      -      -        -         -      rwc       r      -         -        rwcu
hoithi.next.edition           -      -      -        -         -      rwc       -      -         -        -
hoithi.nomination             -      -      -        -         -      rwcu      r      -         -        -
hoithi.nomination.line        -      -      -        -         -      rwcu      r      -         -        -
hoithi.notice                 -      -      -        -         -      r         -      -         -        -
hoithi.notice.edit            -      -      -        -         -      rwc       -      -         -        -
hoithi.notice.rule            -      -      -        -         -      r         -      -         -        rwcu
hoithi.novelty.match          -      -      -        -         -      r         -      -         -        -
hoithi.novelty.text           -      -      -        -         -      -         -      -         -        -
hoithi.opinion.give           -      -      -        -         rwc    rwc       -      -         -        -
hoithi.organisation           -      r      r        r         r      rwc       r      r         r        rwcu
hoithi.outreach               -      rwc    rwc      rwc       rwc    rwcu      rwc    rwc       rwc      rwc
hoithi.outside.number         -      -      -        -         -      rwcu      r      -         -        -
hoithi.paper                  -      -      -        -         -      rwc       -      -         -        -
hoithi.paper.count            -      -      -        -         rwc    rwc       -      -         -        -
hoithi.paper.sheet            -      -      -        -         -      rwc       -      -         -        -
hoithi.paper.sheet.line       -      -      -        -         -      rwc       -      -         -        -
hoithi.past.author            -      -      -        -         -      rwcu      r      -         -        -
hoithi.past.import            -      -      -        -         -      rwc       -      -         -        -
hoithi.past.import.line       -      -      -        -         -      r         -      -         -        -
hoithi.past.import.name       -      -      -        -         -      rwcu      -      -         -        -
hoithi.past.solution          -      -      -        -         -      rwcu      r      -         -        -
hoithi.person.query           -      -      -        -         -      -         -      -         -        -
hoithi.plan.section           -      -      -        -         -      rwcu      r      -         -        -
hoithi.plan.task              -      rw     rw       rw        rw     rwcu      rw     rw        rw       rw
hoithi.prize                  -      r      r        r         r      rwcu      r      r         r        r
hoithi.prize.floor            -      r      r        r         r      rwcu      r      r         r        r
hoithi.prize.limit            -      r      r        r         r      rwcu      r      r         r        r
hoithi.prize.kind             -      -      r        r         r      rwc       r      r         r        rwcu
hoithi.purpose                -      -      -        -         -      r         -      -         -        rwc
hoithi.purpose.text           -      -      -        -         -      r         -      -         -        rc
hoithi.question               -      rc     rc       rc        rc     rwcu      rc      rc        rc       rc
hoithi.rate.note              -      -      -        -         -      -         -      -         -        -
hoithi.reason.part            -      -      rwc      rwc       rwc    rwc       rwc    rwc       rwc      rwc
hoithi.reason                 -      -      rwc      rwc       rwc    rwc       rwc    rwc       rwc      rwc
hoithi.reason.part            -      -      rwc      rwc       rwc    rwc       rwc    rwc       rwc      rwc
hoithi.recipient.template     -      -      -        -         -      rwcu      -      -         -        rwcu
hoithi.report.contest         -      -      -        -         -      -         -      -         r        -
hoithi.report.entry           -      -      -        -         -      r         r      -         -        -
hoithi.report.outreach        -      -      -        r         -      r         r      -         -        -
hoithi.report.review          -      -      -        -         -      r         -      -         -        -
hoithi.review                 -      -      -        -         rw     rwc       -      -         -        -
hoithi.review.assign          -      -      -        -         -      rwc       -      -         -        -
hoithi.review.assign.line     -      -      -        -         -      rwcu      -      -         -        -
hoithi.review.assign.run      -      -      -        -         -      r         -      -         -        -
hoithi.review.assign.run.line -      -      -        -         -      r         -      -         -        -
hoithi.review.copy            -      -      -        -         -      r         -      -         -        -
hoithi.review.line            -      -      -        -         rw     r         -      -         -        -
hoithi.review.paper           -      -      -        -         r      r         -      -         -        -
hoithi.review.start.run       -      -      -        -         -      r         -      -         -        -
hoithi.review.start.run.line  -      -      -        -         -      r         -      -         -        -
hoithi.role.change            -      -      -        -         -      r         -      -         -        r
hoithi.round                  -      -      -        -         r      rwcu      r      -         -        r
hoithi.round.entry            -      -      -        -         r      rw        r      -         -        -
hoithi.round.open             -      -      -        -         -      rwc       -      -         -        -
hoithi.rule.pack              -      -      -        -         -      rwc       rwc    -         -        rwc
hoithi.rule.pack.line         -      -      -        -         -      r         r      -         -        r
hoithi.score.analysis         -      -      -        -         r      r         r      -         -        -
hoithi.score.analysis.figure  -      -      -        -         r      r         r      -         -        -
hoithi.score.analysis.line    -      -      -        -         r      r         r      -         -        -
hoithi.score.sheet            -      -      -        -         rwc    -         -      -         -        -
hoithi.session                -      -      -        -         r      rwcu      r      -         -        -
hoithi.session.attendance     -      -      -        -         r      rwcu      r      -         -        -
hoithi.session.item           -      -      -        -         r      rwcu      r      -         -        -
hoithi.session.opinion        -      -      -        -         r      r         -      -         -        -
hoithi.session.teller         -      -      -        -         -      -         -      -         -        -
hoithi.session.voter          -      -      -        -         r      r         r      -         -        -
hoithi.settings               -      -      -        -         -      -         -      -         -        rwc
hoithi.staff.invite           -      -      -        -         -      rwc       -      -         -        rwc
hoithi.staff.invite.line      -      -      -        -         -      r         -      -         -        r
hoithi.staff.invite.run       -      -      -        -         -      r         -      -         -        r
hoithi.staff.invite.run.line  -      -      -        -         -      r         -      -         -        r
hoithi.statement              -      -      -        -         r      r         -      -         -        -
hoithi.statement.sign         -      -      -        -         rwc    -         -      -         -        -
hoithi.statement.sign.line    -      -      -        -         rwc    -         -      -         -        -
hoithi.user.add               -      -      -        -         -      -         -      -         -        -
hoithi.preview                -      -      rwc      rwc       rwc    rwc       rwc    rwc       rwc      rwc
hoithi.step                   -      -      -        -         -      rwc       -      -         -        -
hoithi.submission             -      rwc    rwc      rwc       rwc    rwc       rwc    rwc       rwc      rwc
hoithi.tie.break              -      r      r        r         r      rwcu      r      r         r        r
hoithi.vote.question          -      r      r        r         r      rwcu      r      r         r        r
hoithi.objection              -      r      r        r         r      rw        r      r         r        r
hoithi.reopening              -      -      -        -         r      rwc       r      -         -        -
hoithi.unit.change            -      -      -        -         -      r         -      -         -        -
hoithi.login.union            -      -      r        r         r      r         r      r         r        r
hoithi.trust.anchor           -      -      -        -         -      r         -      -         -        rwcu
"""  # noqa: E501
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestAccessTable(TransactionCase):
    """Every role with every model, compared for equality: a new model needs a row."""

    def test_every_role_and_model(self):
        header, *rows = ACCESS.strip("\n").splitlines()
        roles = header.split()
        self.assertEqual(roles, list(GROUPS))
        users = {
            role: new_test_user(self.env, login=f"a_{role}", groups=group)
            for role, group in GROUPS.items()
        }
        expected = {}
        for row in rows:
            model, *cells = row.split()
            expected[model] = dict(zip(roles, cells, strict=True))
        found = {
            name: {
                role: "".join(
                    letter
                    for letter, operation in OPERATIONS.items()
                    if self.env[name].with_user(user).has_access(operation)
                )
                or "-"
                for role, user in users.items()
            }
            for name, model in self.env.registry.items()
            if name.startswith("hoithi.") and not model._abstract
        }
        self.maxDiff = None
        self.assertEqual(found, expected)

    def test_every_model_has_a_company_rule(self):
        """A department's records stay in it; only wizards belong to their user."""
        for name, model in self.env.registry.items():
            if not name.startswith("hoithi.") or model._abstract or model._transient:
                continue
            rules = self.env["ir.rule"].search(
                [("model_id.model", "=", name), ("groups", "=", False)]
            )
            with self.subTest(model=name):
                self.assertTrue(
                    rules.filtered(lambda rule: "company_ids" in rule.domain_force)
                )

    def test_every_dialog_is_of_its_user_alone(self):
        """Odoo itself opens a dialog to everybody who may have one of the kind."""
        for name, model in self.env.registry.items():
            if not name.startswith("hoithi.") or not model._transient:
                continue
            if not self.env["ir.model.access"].search(
                [("model_id.model", "=", name), ("perm_read", "=", True)]
            ):
                continue
            rules = self.env["ir.rule"].search(
                [("model_id.model", "=", name), ("groups", "=", False)]
            )
            with self.subTest(model=name):
                self.assertTrue(
                    rules.filtered(
                        lambda rule: "('create_uid', '=', user.id)" in rule.domain_force
                    )
                )


BLIND = {
    "staff": "water",
    "coauthor": "water draft",
    "internal": "land",
    "stranger": "",
    "head": "water draft",
    "other_head": "land desk paper",
    "chair": "",
    "member1": "paper",
    "member2": "",
    "boss": "",
    "seated_head": "",
    "secretary": "water land desk paper draft",
    "office": "water land desk paper draft",
    "leader": "water land desk paper draft",
    "publisher": "",
    "admin": "",
    "foreign_secretary": "",
}
# Member 2 manages an author of the water entry.
OPEN_AUTHORS = {
    **BLIND,
    "chair": "water land desk paper",
    "member1": "water land desk paper",
    "member2": "land desk paper",
    "boss": "water land desk paper draft",
    "seated_head": "water land desk paper draft",
}
SHEETS = {
    "chair": "Nước mặt chair,Bản đồ chair",
    "member1": "Nước mặt member1,Đất đai member1",
    "member2": "Đất đai member2,Văn thư member2",
    "boss": "",
    "seated_head": "",
    # the secretary wrote the entry about the records office
    "secretary": "Nước mặt member1,Nước mặt chair,Đất đai member1,Đất đai member2,"
    "Bản đồ chair",
    "office": "Nước mặt member1,Nước mặt chair,Đất đai member1,Đất đai member2,"
    "Bản đồ chair,Văn thư member2",
    "foreign_secretary": "",
}
LINES = {
    **SHEETS,
    "secretary": "Nước mặt member1,Đất đai member2,Bản đồ chair",
    "office": "Nước mặt member1,Đất đai member2,Bản đồ chair,Văn thư member2",
}
COUNCIL_SHEETS = {
    **SHEETS,
    "chair": "Nước mặt chair,Nước mặt member1,Đất đai member2,Bản đồ chair,"
    "Văn thư member2",
    "member1": "Nước mặt member1,Đất đai member1,Đất đai member2,Văn thư member2",
    "member2": "Đất đai member2,Văn thư member2,Bản đồ chair",
    "boss": "Nước mặt member1,Đất đai member2,Bản đồ chair,Văn thư member2",
    "seated_head": "Nước mặt member1,Đất đai member2,Bản đồ chair,Văn thư member2",
}
COUNCIL_LINES = {
    **COUNCIL_SHEETS,
    "secretary": LINES["secretary"],
    "office": LINES["office"],
}
NO_SHEETS = "staff coauthor internal stranger head other_head leader publisher admin"


@tagged("post_install", "-at_install")
class TestRecordAccess(HoithiCommon):
    """A contest with entries, sheets and conflicts that could leak to each role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        member = "hoithi_contest.group_member"
        for login, groups in (
            ("office", "hoithi_contest.group_secretary"),
            ("boss", f"hoithi_contest.group_leader,{member}"),
            ("seated_head", f"hoithi_contest.group_unit_head,{member}"),
        ):
            user = new_test_user(
                cls.env, login=f"t_{login}", groups=groups, email=f"{login}@x.example"
            )
            setattr(cls, login, user)
            cls.employees[user] = cls.env["hr.employee"].create(
                {
                    "name": login,
                    "user_id": user.id,
                    "department_id": cls.sub_unit.id,
                }
            )
        cls.sub_unit.manager_id = cls.employees[cls.seated_head]
        cls.council.member_ids = [
            Command.create({"user_id": cls.boss.id, "role": "vice_chair"}),
            Command.create({"user_id": cls.seated_head.id}),
        ]
        for employee in cls.employees.values():
            employee.parent_id = False
        cls.employees[cls.staff].parent_id = cls.employees[cls.member2]
        cls.seats = {seat.user_id: seat for seat in cls.council.member_ids}
        cls.foreign_company = cls.env["res.company"].create({"name": "Sở Khác"})
        foreign = {
            "company_id": cls.foreign_company.id,
            "company_ids": [Command.set(cls.foreign_company.ids)],
        }
        cls.foreign_secretary = new_test_user(
            cls.env,
            login="t_foreign_secretary",
            groups="hoithi_contest.group_secretary,hoithi_contest.group_member,"
            "hoithi_contest.group_leader",
            **foreign,
        )

        cls._launch()
        cls.water = cls._create_entry(participant_type="group", name="Nước mặt")
        cls.water.write(
            {
                "author_ids": [
                    Command.create(
                        {"email": cls.coauthor.email, "contribution_percent": 40}
                    )
                ]
            }
        )
        cls.water.representative_id.contribution_percent = 60
        cls.land = cls._create_entry(cls.internal, name="Đất đai")
        cls.desk = cls._create_entry(cls.secretary, name="Văn thư")
        cls.paper = cls._create_entry(cls.member1, name="Bản đồ")
        cls.draft = cls._create_entry(cls.coauthor, name="Dở dang")
        for entry in (cls.water, cls.land, cls.desk, cls.paper):
            entry.action_submit()
            entry.with_user(cls.office).action_mark_eligible()
        cls.entries = {
            name: getattr(cls, name).sudo()
            for name in ("water", "land", "desk", "paper", "draft")
        }
        cls._start_review()
        reviews = {}
        for entry, user, scores in (
            (cls.water, cls.member1, (30, 40)),
            (cls.water, cls.chair, None),
            (cls.land, cls.member1, None),
            (cls.land, cls.member2, (20, 40)),
            (cls.paper, cls.chair, (20, 50)),
            (cls.desk, cls.member2, (39, 59)),
        ):
            review = (
                cls.env["hoithi.review"]
                .with_user(cls.office)
                .create({"entry_id": entry.id, "member_id": cls.seats[user].id})
            )
            review = review.with_user(user)
            if scores:
                cls._score(review, *scores)
            elif entry == cls.water:
                review.line_ids[0].score = 12
            reviews[f"{entry.name} {user.login[2:]}"] = review.sudo()
        cls.reviews = reviews
        cls._make_copies()
        cls.env.flush_all()

    def _set_phase(self, state, **vals):
        """Set what only the clock and finished work would bring about."""
        self.contest.with_context(hoithi_door=Load()).write({"state": state, **vals})

    def _can_download(self, attachment, user):
        """Tell whether /web/content gives the file to `user`."""
        self.assertEqual(len(attachment), 1, "there is a file that could leak")
        attachment = attachment.with_user(user)
        try:
            return attachment._can_return_content() or attachment.has_access("read")
        except AccessError:
            return False

    def _names(self, records, by):
        """Return the names that the test gave to `records`."""
        names = {record.id: name for name, record in by.items()}
        return {names[record.id] for record in records if record.id in names}

    # ENTRIES

    def _check_entries(self, table):
        for role, cell in table.items():
            user, visible = getattr(self, role), set(cell.split())
            with self.subTest(role=role):
                self._check_entries_of(user, visible)

    def _check_found(self, table):
        """Check just what each role finds; the rules are those of `_check_entries`."""
        for role, cell in table.items():
            for model, link in (
                ("hoithi.entry", "id"),
                ("hoithi.entry.author", "entry_id"),
                ("hoithi.dossier.item", "entry_id"),
            ):
                records = self.env[model].with_user(getattr(self, role)).search([])
                entries = records.sudo().mapped(link) if link != "id" else records
                with self.subTest(role=role, model=model):
                    self.assertEqual(
                        self._names(entries, self.entries), set(cell.split())
                    )

    def _check_entries_of(self, user, visible):
        self.env.invalidate_all()
        ids = [entry.id for entry in self.entries.values()]
        model = self.env["hoithi.entry"].with_user(user)
        domain = [("contest_id", "=", self.contest.id)]
        self.assertEqual(self._names(model.search(domain), self.entries), visible)
        self.assertEqual(model.search_count(domain), len(visible))
        grouped = model._read_group(domain, [], ["id:recordset", "__count"])[0]
        self.assertEqual(self._names(grouped[0], self.entries), visible)
        self.assertEqual(
            sum(
                group["__count"]
                for group in model.formatted_read_group(
                    domain, ["department_id"], ["__count"]
                )
            ),
            len(visible),
        )
        found = model.browse([key for key, _name in model.name_search("", domain)])
        self.assertEqual(self._names(found, self.entries), visible)
        if user not in (self.foreign_secretary, self.stranger):
            contest = self.contest.with_user(user)
            self.assertEqual(self._names(contest.entry_ids, self.entries), visible)
            self.assertEqual(contest.entry_count, len(visible))
        for name in self.entries:
            entry = self.entries[name].with_user(user)
            if name in visible:
                self.assertTrue(entry.read(["name", "author_names"])[0]["author_names"])
            else:
                with self.assertRaises(AccessError):
                    entry.read(["name"])
        # authors, files and their attachments go with the entry
        related = {
            "hoithi.entry.author": "entry_id",
            "hoithi.dossier.item": "entry_id",
        }
        for model_name, link in related.items():
            records = self.env[model_name].with_user(user).search([(link, "in", ids)])
            self.assertEqual(
                self._names(records.sudo()[link], self.entries), visible, model_name
            )
        for name, entry in self.entries.items():
            self.assertEqual(
                self._can_download(entry.dossier_ids.attachment_id, user),
                name in visible,
                f"file of {name}",
            )

    def test_blind_while_screening_and_reviewing(self):
        self._check_entries(BLIND)
        for state in ("open", "screening", "cancelled"):
            self._set_phase(state)
            with self.subTest(phase=state):
                self._check_found(BLIND)

    def test_blind_once_the_council_meets(self):
        self._set_phase("council")
        self._check_entries(OPEN_AUTHORS)
        self._set_phase("closed")
        self._check_found(OPEN_AUTHORS)

    def test_contest_that_is_not_blind(self):
        self._set_phase("review", blind=False)
        self._check_found(
            {role: cell for role, cell in OPEN_AUTHORS.items() if role != "boss"}
        )
        # averages would tell a leader who scores as well what the others gave
        entries = self.env["hoithi.entry"].with_user(self.boss)
        self.assertFalse(self._names(entries.search([]), self.entries))

    def test_member_finds_no_author_by_asking_around(self):
        """Searching, grouping, exporting through a sheet must not tell authors."""
        reviews = self.env["hoithi.review"].with_user(self.chair)
        own = reviews.search([("entry_id", "=", self.water.id)])
        self.assertTrue(own, "there is a sheet through which something could leak")
        author = self.water.sudo().representative_id
        for domain in (
            [("entry_id.author_ids.full_name", "=", author.full_name)],
            [("entry_id.author_names", "ilike", author.full_name)],
            [("entry_id.department_id", "=", self.sub_unit.id)],
            [("entry_id.create_uid", "=", self.staff.id)],
            [("entry_id", "any", [("department_id", "=", self.sub_unit.id)])],
            [("contest_id.entry_ids.department_id", "=", self.sub_unit.id)],
        ):
            with self.subTest(domain=domain):
                self.assertFalse(reviews.search(domain))
        with self.assertRaises(ValueError):
            reviews.search(
                [("entry_id", "any!", [("department_id", "=", self.sub_unit.id)])]
            )
        groups = reviews.formatted_read_group(
            [("id", "=", own.id)], ["entry_id.department_id"], ["__count"]
        )
        self.assertFalse(groups[0]["entry_id.department_id"])
        told = str(own.read())
        told += str(
            own.web_read(
                {
                    "entry_id": {"fields": {"display_name": {}}},
                    "file_ids": {"fields": {"name": {}, "create_uid": {}}},
                    "message_ids": {"fields": {"body": {}, "author_id": {}}},
                    "create_uid": {"fields": {"display_name": {}}},
                }
            )
        )
        self.assertIn("Nước mặt", told)
        for secret in (author.full_name, self.staff.login, "Ha Thi Tac Gia"):
            self.assertNotIn(secret, told)
        self.chair.group_ids = [
            Command.link(self.env.ref("base.group_allow_export").id)
        ]
        self.assertEqual(own.export_data(["entry_code"])["datas"], [[self.water.code]])
        for path in ("entry_id/author_names", "entry_id/department_id/name"):
            with self.assertRaises(AccessError):
                own.export_data([path])
        with self.assertRaises(AccessError):
            own.web_read({"entry_id": {"fields": {"author_names": {}}}})

    def test_nobody_changes_entries_of_others(self):
        """Reading is not writing; and of what can't be read nothing can be changed."""
        for role in set(BLIND) - {"staff"}:
            user = getattr(self, role)
            for vals in ({"name": "Đổi"}, {"novelty": "Đổi"}, {"field_id": False}):
                with self.subTest(role=role, vals=vals), self.assertRaises(AccessError):
                    self.water.with_user(user).write(vals)
            with self.subTest(role=role), self.assertRaises(UserError):
                self.water.with_user(user).unlink()
            line = self.water.sudo().representative_id.with_user(user)
            with self.subTest(role=role), self.assertRaises(AccessError):
                line.write({"contribution_percent": 1})
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._add_file(self.water.with_user(user))
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.water.sudo().dossier_ids.with_user(user).unlink()
        self.assertEqual(self.water.sudo().name, "Nước mặt")

    def test_acts_of_other_roles_are_refused(self):
        """Each public action through RPC, by everybody who must not."""
        water, owner_acts = self.water.sudo(), ("action_submit", "action_withdraw")
        office_acts = (
            "action_mark_eligible",
            "action_mark_ineligible",
            "action_request_supplement",
            "action_undo_screening",
            "action_select",
            "action_not_select",
        )
        arguments = {
            "action_mark_ineligible": {"reason": "x"},
            "action_request_supplement": {"reason": "x"},
            "action_undo_screening": {"reason": "x"},
            "action_not_select": {"reason": "x"},
            "action_withdraw": {"reason": "x"},
        }
        states = {
            "action_submit": "draft",
            "action_mark_eligible": "submitted",
            "action_mark_ineligible": "submitted",
            "action_request_supplement": "submitted",
            "action_select": "reviewed",
            "action_not_select": "reviewed",
        }
        self._set_phase("screening")
        for act in owner_acts + office_acts:
            water.with_context(hoithi_door=Load()).state = states.get(act, "eligible")
            self.env.flush_all()
            before = water.state
            for role in BLIND:
                if act in owner_acts and role == "staff":
                    continue
                if act in office_acts and role in ("secretary", "office"):
                    continue
                model = self.env["hoithi.entry"].with_user(getattr(self, role))
                with self.subTest(role=role, act=act), self.assertRaises(AccessError):
                    call_kw(model, act, [water.ids], arguments.get(act, {}))
                self.assertEqual(water.state, before)

    def test_role_actions_have_their_positive_control(self):
        self._set_phase("screening")
        self.water.sudo().with_context(hoithi_door=Load()).state = "eligible"
        water = self.water.with_user(self.office)
        call_kw(
            water.browse(), "action_undo_screening", [water.ids], {"reason": "Nhầm"}
        )
        self.assertEqual(water.state, "submitted")
        call_kw(water.browse(), "action_mark_eligible", [water.ids], {})
        self.assertEqual(water.state, "eligible")
        call_kw(
            self.env["hoithi.entry"].with_user(self.staff),
            "action_withdraw",
            [water.ids],
            {"reason": "Cần làm thêm"},
        )
        self.assertEqual(water.state, "withdrawn")

    def test_private_methods_are_closed_to_rpc(self):
        model = self.env["hoithi.entry"].with_user(self.staff)
        for method in (
            "_move",
            "_begin_review",
            "_write_ranks",
            "_is_data_load",
            "_announce",
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                call_kw(model, method, [self.water.ids], {})

    def test_change_of_head_counts_at_once(self):
        """Rules are cached for each user and must not keep a former head."""
        entry = self.water.with_user(self.head)
        self.assertTrue(entry.has_access("read"))
        self.unit.manager_id = self.employees[self.other_head]
        self.env.invalidate_all()
        self.assertFalse(entry.has_access("read"))
        self.assertTrue(self.water.with_user(self.other_head).has_access("read"))

    def test_score_fields_are_the_offices(self):
        for user in (self.staff, self.head):
            for name in ("average_score", "rank", "review_ids", "similar_ids"):
                with self.assertRaises(AccessError):
                    self.water.with_user(user).read([name])
        self.assertEqual(
            self.water.with_user(self.leader).read(["average_score"])[0][
                "average_score"
            ],
            70,
        )

    def test_whole_record_reads_for_every_reader(self):
        """A read without a list of fields gives what the reader may see."""
        for user in (self.head, self.secretary, self.office, self.leader):
            with self.subTest(user=user.login):
                values = self.water.with_user(user).read()[0]
                self.assertEqual(values["state"], "reviewing")

    # SHEETS

    def _check(self, sheets, lines):
        domain = [("entry_id", "in", [entry.id for entry in self.entries.values()])]
        for role, cell in sheets.items():
            user, visible = getattr(self, role), set(filter(None, cell.split(",")))
            reviews = self.env["hoithi.review"].with_user(user)
            with self.subTest(role=role):
                found = reviews.search(domain)
                self.assertEqual(self._names(found, self.reviews), visible)
                self.assertEqual(reviews.search_count(domain), len(visible))
                self.assertEqual(
                    sum(
                        group["__count"]
                        for group in reviews.formatted_read_group(
                            domain, ["state"], ["__count"]
                        )
                    ),
                    len(visible),
                )
                names = {key for key, _name in reviews.name_search("", domain)}
                self.assertEqual(names, set(found.ids))
                for name, review in self.reviews.items():
                    self.assertEqual(
                        review.with_user(user).has_access("read"), name in visible
                    )
                    self.assertEqual(
                        self._can_download(review.file_ids, user),
                        name in visible,
                        f"file of {name}",
                    )
        for role, cell in lines.items():
            user, visible = getattr(self, role), set(filter(None, cell.split(",")))
            with self.subTest(role=role, model="lines"):
                found = (
                    self.env["hoithi.review.line"]
                    .with_user(user)
                    .search([("review_id.entry_id", "in", list(self._ids()))])
                )
                self.assertEqual(
                    self._names(found.sudo().review_id, self.reviews), visible
                )
                if user.has_group("hoithi_contest.group_secretary"):
                    continue
                self.assertLessEqual(visible, set(sheets[role].split(",")))
        for role in NO_SHEETS.split():
            user = getattr(self, role)
            for model in ("hoithi.review", "hoithi.review.line", "hoithi.conflict"):
                with self.subTest(role=role), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def _ids(self):
        return (entry.id for entry in self.entries.values())

    def test_in_review_each_member_has_the_own_sheets(self):
        self.assertTrue(all(review.file_ids for review in self.reviews.values()))
        self._check(SHEETS, LINES)

    def test_in_council_members_see_what_was_submitted(self):
        self._set_phase("council")
        self._check(COUNCIL_SHEETS, COUNCIL_LINES)
        self._set_phase("closed")
        self._check(COUNCIL_SHEETS, COUNCIL_LINES)

    def test_members_of_another_council_see_nothing(self):
        other = new_test_user(
            self.env, login="t_other", groups="hoithi_contest.group_member"
        )
        self._set_phase("council")
        self.assertFalse(self.env["hoithi.review"].with_user(other).search([]))
        self.assertFalse(self.env["hoithi.entry"].with_user(other).search([]))

    def test_nobody_writes_the_sheet_of_another(self):
        """Neither secretary nor peer changes a sheet, whichever way it is asked."""
        sheet = self.reviews["Nước mặt chair"]
        line = sheet.line_ids[0]
        for user in (self.secretary, self.office, self.member1, self.boss):
            review = sheet.with_user(user)
            for vals in (
                {"comment": "x"},
                {"recommendation": "select"},
                {"line_ids": [Command.update(line.id, {"score": 40})]},
            ):
                with (
                    self.subTest(user=user.login, vals=vals),
                    self.assertRaises(AccessError),
                ):
                    review.write(vals)
            with self.assertRaises(AccessError):
                line.with_user(user).write({"score": 40})
            with self.assertRaises(AccessError):
                review.action_submit()
        self.assertEqual(line.score, 12)

    def test_server_values_of_a_sheet_stay(self):
        """A sheet can't be handed on, moved or summed up by hand."""
        sheet = self.reviews["Nước mặt chair"]
        submitted = self.reviews["Nước mặt member1"]
        for user, review in (
            (self.office, sheet),
            (self.chair, sheet),
            (self.office, submitted),
            (self.member1, submitted),
        ):
            before = review.read(
                [
                    "user_id",
                    "member_id",
                    "entry_id",
                    "contest_id",
                    "company_id",
                    "total",
                    "submitted_on",
                    "entry_name",
                    "recuse_reason",
                    "void_reason",
                    "reopen_reason",
                ]
            )
            for vals in (
                {"user_id": user.id},
                {"user_id": self.boss.id},
                {"member_id": self.seats[self.boss].id},
                {"entry_id": self.land.id},
                {"contest_id": False},
                {"company_id": self.foreign_company.id},
                {"total": 99},
                {"submitted_on": fields.Datetime.now() - timedelta(days=9)},
                {"entry_name": "x"},
                {"recuse_reason": "x"},
                {"void_reason": "x"},
                {"reopen_reason": "x"},
            ):
                with self.subTest(user=user.login, vals=vals):
                    # refused or ignored, as it may be
                    with suppress(UserError), self.env.cr.savepoint():
                        review.with_user(user).write(vals)
                    review.invalidate_recordset()
                    self.assertEqual(review.read(list(before[0])), before)

    def test_sheets_are_never_deleted(self):
        for user in (self.chair, self.office, self.admin):
            with self.assertRaises(AccessError):
                self.reviews["Nước mặt chair"].with_user(user).unlink()
        with self.assertRaises(UserError):
            self.reviews["Nước mặt chair"].unlink()

    # CONTEST

    def test_draft_contest_and_plan_are_the_offices(self):
        contest = self._create_contest(
            name="Kế hoạch dự thảo",
            task_ids=[
                Command.create(
                    {"name": "Phát động", "lead_department_id": self.unit.id}
                )
            ],
        )
        readers = {"secretary", "office", "leader", "boss", "admin"}
        for role in BLIND:
            user = getattr(self, role)
            with self.subTest(role=role):
                self.assertEqual(
                    contest.with_user(user).has_access("read"), role in readers
                )
                self.assertEqual(
                    contest.legal_basis_ids.with_user(user).has_access("read"),
                    role in readers - {"admin"},
                )
        self.assertTrue(contest.task_ids.with_user(self.head).has_access("read"))
        self.assertFalse(contest.task_ids.with_user(self.other_head).has_access("read"))
        self.assertFalse(contest.task_ids.with_user(self.internal).has_access("read"))

    def test_public_sees_published_contests_only(self):
        public = self.env.ref("base.public_user")
        contest = self.contest.with_user(public)
        self.assertFalse(contest.has_access("read"))
        self.contest.with_user(self.publisher).action_publish()
        self.assertTrue(contest.has_access("read"))
        self.assertEqual(contest.read(["name"])[0]["name"], self.contest.name)
        with self.assertRaises(AccessError):
            self.env["hoithi.entry"].with_user(public).search([])

    def test_sequences_are_the_servers(self):
        """How many codes and receipts there are, and the next, no colleague gets."""
        self._set_phase("open")
        first = self._submit_entry()
        receipts = self.contest.sudo().receipt_sequence_id
        codes = self.env.ref("hoithi_contest.ir_sequence_hoithi_entry")
        letters = self.env["ir.sequence"].create(
            {"name": "Công văn đến", "code": "t.letters"}
        )
        every = receipts + codes + letters
        load_script(
            "hoithi_contest/migrations/19.0.1.4.0/post-receipt_code.py", "receipts"
        ).migrate(self.env.cr, "19.0.1.3.0")
        for user in (
            self.internal,
            self.head,
            self.member1,
            self.secretary,
            self.leader,
            self.admin,
        ):
            self.env.invalidate_all()
            seen = self.env["ir.sequence"].with_user(user)
            with self.subTest(user=user.login):
                self.assertEqual(seen.search([("id", "in", every.ids)]), letters)
                self.assertTrue(seen.next_by_code("t.letters"))
                self.assertFalse(seen.next_by_code("hoithi.entry"))
                self.assertFalse(seen.next_by_code("hoithi.receipt"))
                for own in (receipts + codes).with_user(user):
                    with self.assertRaises(AccessError):
                        own.next_by_id()
                    with self.assertRaises(AccessError):
                        own.read(["number_next"])
        with self.assertRaises(AccessError):
            self.env["ir.sequence"].with_user(self.staff).search([])
        self.env.invalidate_all()
        administrator = self.env.ref("base.user_admin")
        self.assertEqual(every.with_user(administrator).exists(), every)
        self.assertTrue(receipts.with_user(administrator).number_next)
        second = self._submit_entry(self.coauthor)
        numbers = [int(entry.receipt_number.split("/")[1]) for entry in (first, second)]
        self.assertEqual(numbers[1] - numbers[0], 1, "no number is missing")

    def test_another_department_sees_nothing(self):
        """A person with every role elsewhere finds no record of this department."""
        foreign = self.foreign_secretary.company_id
        self._set_phase("council")
        for name, model in self.env.registry.items():
            if not name.startswith("hoithi.") or model._abstract or model._transient:
                continue
            records = self.env[name].with_user(self.foreign_secretary)
            if not records.has_access("read"):
                continue
            shared = (
                [("company_id", "not in", [False, foreign.id])]
                if "company_id" in model._fields
                else [("id", "!=", False)]
            )
            if name.startswith("hoithi.criterion"):
                continue
            with self.subTest(model=name):
                self.assertFalse(records.search(shared))
        with self.assertRaises(AccessError):
            self.contest.with_user(self.foreign_secretary).action_close()
        with self.assertRaises(AccessError):
            self._create_entry(self.foreign_secretary)

    def test_outreach_is_recorded_for_the_own_unit(self):
        outreach = self.env["hoithi.outreach"]
        values = {"contest_id": self.contest.id, "reach": 20}
        own = outreach.with_user(self.head).create(
            {**values, "department_id": self.sub_unit.id}
        )
        self.assertEqual(own.user_id, self.head)
        with self.assertRaises(AccessError):
            outreach.with_user(self.head).create(
                {**values, "department_id": self.other_unit.id}
            )
        self.assertFalse(own.with_user(self.other_head).has_access("read"))
        self.assertTrue(own.with_user(self.leader).has_access("read"))
        self.assertTrue(own.with_user(self.office).has_access("write"))

    def test_awards_of_others_are_read_once_published(self):
        award = self.env["hoithi.award"].create(
            {"entry_id": self.water.id, "level": "province", "rank": "first"}
        )
        self.assertTrue(award.with_user(self.coauthor).has_access("read"))
        self.assertFalse(award.with_user(self.internal).has_access("read"))
        self._set_phase("closed", is_published=True)
        self.assertFalse(award.with_user(self.internal).has_access("read"))
        self._set_phase("closed", results_published=True)
        self.assertFalse(award.with_user(self.internal).has_access("read"))
        self.water.sudo().consent_publish = True
        self.assertTrue(award.with_user(self.internal).has_access("read"))
        self.assertEqual(award.with_user(self.internal).entry_name, "Nước mặt")
