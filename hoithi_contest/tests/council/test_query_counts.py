from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from .query_counts_common import FEW, SIZES, QueryCountCommon


@tagged("post_install", "-at_install")
class TestQueryCounts(QueryCountCommon):
    """What people wait for takes as many queries in a large contest as in a small one.

    An act on one record takes the same number at each size. One on many takes a few
    more for each hundred of them, as Odoo writes rows by the hundred.
    """

    # ONE

    def test_a_member_submits_a_sheet(self):
        def prepare(size):
            _contest, entries = self._fill(size, "review", "reviewing", 1, 1)
            review = entries[0].review_ids.filtered(lambda r: r.state != "submitted")
            return review.with_user(review.user_id).action_submit

        self._assert_constant(prepare, 60)

    def test_an_author_submits_an_entry(self):
        def prepare(size):
            contest, _entries = self._fill(size, "open", "submitted")
            return self._create_entry(contest=contest).action_submit

        self._assert_constant(prepare, 46)

    # FORMS

    def _open_form(self, record):
        """Return an act that reads what the form of a record shows."""
        models = record.get_view(view_type="form")["models"]

        def describe(model, deep):
            shown = {}
            for name in models.get(model._name, ()):
                field = model._fields[name]
                if not model._has_field_access(field, "read"):
                    continue
                shown[name] = {}
                if field.type == "many2one":
                    shown[name] = {"fields": {"display_name": {}}}
                elif field.type in ("one2many", "many2many") and deep:
                    comodel = record.env[field.comodel_name]
                    shown[name] = {"fields": describe(comodel, False), "limit": 40}
            return shown

        specification = describe(record, True)
        return lambda: record.web_read(specification)

    def test_an_entry_is_opened(self):
        def prepare(size):
            _contest, entries = self._fill(size, "council", "reviewed", 2)
            entries.mapped("rank")
            return self._open_form(entries[0].with_user(self.secretary))

        self._assert_constant(prepare, 110, FEW)

    def test_a_sheet_is_opened(self):
        def prepare(size):
            _contest, entries = self._fill(size, "review", "reviewing", 1, 1)
            review = entries[0].review_ids.filtered(lambda r: r.state != "submitted")
            return self._open_form(review.with_user(review.user_id))

        self._assert_constant(prepare, 60, FEW)

    def test_a_contest_is_opened(self):
        """Its authors are asked for those few who lead, not read one and all."""
        for phase, state in (
            ("screening", "eligible"),
            ("review", "reviewed"),
            ("council", "selected"),
        ):
            with self.subTest(phase=phase):

                def prepare(size, phase=phase, state=state):
                    contest, _entries = self._fill(size, phase, state)
                    return self._open_form(contest.with_user(self.secretary))

                # as where there are more than Odoo reads at a time
                with patch("odoo.orm.models.PREFETCH_MAX", SIZES[0]):
                    self._assert_constant(prepare, 120, FEW)

    def test_a_nomination_is_opened(self):
        """What is hidden of its lines is asked once for all of them."""

        def prepare(size):
            contest, entries = self._fill(size, "council", "selected", 2)
            nominations = self.env["hoithi.nomination"].with_env(self.loading)
            nomination = nominations.create(
                {
                    "contest_id": contest.id,
                    "line_ids": [
                        fields.Command.create({"entry_id": entry.id})
                        for entry in entries
                    ],
                }
            )
            nomination = nomination.with_env(self.env).with_user(self.secretary)
            return self._open_form(nomination)

        self._assert_constant(prepare, 80, FEW)

    def test_a_session_is_opened(self):
        """With its agenda, opinions in writing included."""

        def prepare(size):
            contest, entries = self._fill(size, "council", "reviewed", 2)
            sessions = self.env["hoithi.session"].with_env(self.loading)
            session = sessions.create(
                {
                    "contest_id": contest.id,
                    "start": fields.Datetime.now(),
                    "item_ids": [
                        fields.Command.create({"entry_id": entry.id})
                        for entry in entries
                    ],
                }
            )
            self.env["hoithi.session.opinion"].with_env(self.loading).create(
                [
                    {"item_id": item.id, "member_id": self.seats[self.member1].id}
                    for item in session.item_ids
                ]
            )
            session = session.with_env(self.env).with_user(self.secretary)
            return self._open_form(session)

        self._assert_constant(prepare, 120, FEW)

    def test_objections_are_listed(self):
        def prepare(size):
            _contest, entries = self._fill(size, "council", "not_selected", 2)
            objections = self.env["hoithi.objection"].with_env(self.loading)
            objections = objections.create(
                [
                    {
                        "entry_id": entry.id,
                        "partner_id": self.staff.partner_id.id,
                        "filed_as": "author",
                        "filed_on": fields.Datetime.now(),
                        "reason": "Cộng sai điểm",
                        "state": "answered",
                        "answer": "Điểm đúng",
                    }
                    for entry in entries
                ]
            )
            objections = objections.with_env(self.env).with_user(self.secretary)
            names = [
                name
                for name in objections.get_view(view_type="list")["models"][
                    "hoithi.objection"
                ]
                if objections._has_field_access(objections._fields[name], "read")
            ]
            return lambda: (
                objections.read(names),
                objections.export_data(["reason", "answer"]),
            )

        self._assert_constant(prepare, 60, FEW)

    # MANY

    def test_entries_are_marked_eligible(self):
        def prepare(size):
            _contest, entries = self._fill(size, "screening", "submitted")
            return entries.with_user(self.secretary).action_mark_eligible

        self._assert_by_hundreds(prepare, 100, 25)

    def test_the_review_starts(self):
        def prepare(size):
            contest, _entries = self._fill(size, "screening", "eligible", 0, 1)
            return contest.with_user(self.secretary).action_start_review

        self._assert_by_hundreds(prepare, 60, 10)

    def test_entries_are_selected(self):
        def prepare(size):
            _contest, entries = self._fill(size, "council", "reviewed", 2)
            return entries.with_user(self.secretary).action_select

        self._assert_by_hundreds(prepare, 80, 15)

    def test_a_unit_goes_into_another(self):
        """Its entries and authors follow; staff do by Odoo's own way, one by one."""

        def prepare(size):
            _contest, entries = self._fill(size, "screening", "eligible")
            unit = self.unit.copy({"name": f"Phòng {size}", "manager_id": False})
            loaded = entries.with_env(self.loading)
            loaded.department_id = loaded.author_ids.department_id = unit
            change = self.env["hoithi.unit.change"].create(
                {
                    "kind": "merge",
                    "unit_ids": [fields.Command.set(unit.ids)],
                    "into_id": self.other_unit.id,
                    "decision_number": "31/QĐ-UBND",
                    "reason": "Sắp xếp tổ chức bộ máy",
                }
            )
            return change.action_apply

        self._assert_by_hundreds(prepare, 200, 30)

    # PAGES

    def test_the_ranking(self):
        fields_read = ("rank", "code", "average_score", "name", "field_id", "state")

        def prepare(size):
            contest, entries = self._fill(size, "council", "reviewed", 2)
            entries.mapped("rank")
            return lambda: (
                self.env["hoithi.entry"]
                .with_user(self.secretary)
                .web_search_read(
                    [("rank", ">", 0), ("contest_id", "=", contest.id)],
                    {
                        **{name: {} for name in fields_read},
                        "field_id": {"fields": {"display_name": {}}},
                        "is_first_below_cutoff": {},
                        "score_spread": {},
                    },
                    # as many on a page at each size; Odoo counts what lies beyond
                    limit=SIZES[0],
                    order="rank, id",
                )
            )

        self._assert_constant(prepare, 30)

    def test_the_boards(self):
        def read(model, user, domain):
            return (
                self.env[model]
                .with_user(user)
                .web_read_group(
                    domain,
                    ["state"],
                    ["__count"],
                    auto_unfold=True,
                    unfold_read_specification={"display_name": {}, "state": {}},
                    unfold_read_default_limit=80,
                )
            )

        for model, user in (
            ("hoithi.entry", self.secretary),
            ("hoithi.review", self.secretary),
            ("hoithi.review", self.member1),
        ):
            with self.subTest(model=model, user=user.login):

                def prepare(size, model=model, user=user):
                    contest, _entries = self._fill(size, "review", "reviewing", 1, 1)
                    return lambda: read(model, user, [("contest_id", "=", contest.id)])

                self._assert_constant(prepare, 40)
