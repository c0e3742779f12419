from unittest.mock import patch

from odoo.tests import tagged

from ..common import HoithiCommon

BASE = "hoithi.notice.audience"
OWN = ("_get_label", "_get_kinds", "_get_anchors", "_find")


@tagged("post_install", "-at_install")
class TestHoithiNoticeAudience(HoithiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.audiences = cls.env[BASE]._get_audiences()

    def _get_gaps(self):
        """Return what each audience lacks, as whoever added it should read it."""
        gaps = []
        rules = self.env["hoithi.notice.rule"].with_context(active_test=False)
        shipped = {rule.audience for rule in rules.search([("trigger", "=", "date")])}
        for key, audience in self.audiences.items():
            missing = [
                name
                for name in OWN
                if getattr(type(audience), name)
                is getattr(self.env.registry[BASE], name)
            ]
            gaps += [f"{key}: write {name}" for name in missing]
            if missing:
                continue
            gaps += [
                f"{key}: a letter, data/…: mail_template_{kind}"
                for kind in audience._get_kinds()
                if not self.env.ref(
                    f"hoithi_contest.mail_template_{kind}", raise_if_not_found=False
                )
            ]
            if not audience._get_anchors():
                gaps.append(f"{key}: a date in _get_anchors")
            if key not in shipped:
                gaps.append(f"{key}: a rule in data/hoithi_notice_rule_data.xml")
        return gaps

    def test_every_audience_is_complete(self):
        self.assertTrue(self.audiences)
        self.assertEqual(self._get_gaps(), [])

    def test_what_was_forgotten_is_told(self):
        """One that was only begun, one without a letter, one without a rule."""
        self.audiences["begun"] = self.env[BASE]
        self.addCleanup(self.audiences.pop, "begun")
        leaders = self.env.registry["hoithi.notice.audience.leaders"]
        kinds = patch.object(leaders, "_get_kinds", lambda self: {"new": "New"})
        self.env["hoithi.notice.rule"].with_context(active_test=False).search(
            [("audience", "=", "task_leads")]
        ).unlink()
        with kinds:
            self.assertEqual(
                self._get_gaps(),
                [
                    "leaders: a letter, data/…: mail_template_new",
                    "task_leads: a rule in data/hoithi_notice_rule_data.xml",
                    *(f"begun: write {name}" for name in OWN),
                ],
            )

    def test_each_can_be_followed(self):
        """Every date of every audience finds its targets, as the schedule wants."""
        for key, audience in self.audiences.items():
            for anchor in audience._get_anchors():
                rule = self.env["hoithi.notice.rule"].create(
                    {"name": "x", "audience": key, "anchor": anchor}
                )
                with self.subTest(audience=key, anchor=anchor):
                    self.assertIn(rule.kind, audience._get_kinds())
                    self.assertEqual(rule.can_escalate, audience._is_personal)
                    if anchor == "week":
                        continue
                    for contest, record, _deadline, partner in audience._find(rule):
                        self.assertEqual(contest._name, "hoithi.contest")
                        self.assertTrue(record.exists())
                        self.assertEqual(partner._name, "res.partner")

    def test_where_the_reader_goes_on(self):
        entry = self._create_entry()
        contest = self.contest
        board = f"/odoo/hoithi-contests/{contest.id}"
        for key, kind, record, path in (
            ("draft_authors", "deadline", entry, f"/my/hoithi/entries/{entry.id}"),
            ("draft_authors", "escalation", contest, board),
            ("no_entry", "no_entry", contest, "/my/hoithi"),
            ("silent_heads", "silent_unit", contest, board),
            ("secretaries", "milestone", contest, board),
            ("secretaries", "digest", self.company, "/odoo/hoithi-contests"),
            ("leaders", "milestone", contest, board),
            (False, "milestone", contest, board),
        ):
            rule = self.env["hoithi.notice.rule"].search(
                [("audience", "=", key)], limit=1
            ) or self.env["hoithi.notice.rule"].new({"audience": key})
            notice = self.env["hoithi.notice"].new(
                {
                    "kind": kind,
                    "res_model": record._name,
                    "res_id": record.id,
                    "rule_id": rule,
                }
            )
            with self.subTest(audience=key, kind=kind):
                self.assertEqual(notice._get_path(), path)
