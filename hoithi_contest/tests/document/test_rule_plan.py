from odoo.tests import tagged

from ...lib.contest import rules
from ...models.contest.hoithi_contest_rules import PACKS
from ..council.rule_campaign import RuleCampaign
from .document_common import read_docx
from .document_life_common import DocumentLifeCommon


@tagged("post_install", "-at_install")
class TestRulePlan(DocumentLifeCommon, RuleCampaign):
    """A contest under each sample begins with its plan, by the acting roles alone."""

    def test_the_plan_of_each_sample_is_issued_before_its_launch(self):
        for number, (sample, name) in enumerate(rules.list_packs(PACKS), start=1):
            with self.subTest(sample=sample):
                contest = self._prepare(
                    source="sample", sample=sample, new_name=f"{name} năm 2026"
                )
                plan = self.env["hoithi.document"].with_user(self.secretary)
                plan = plan.create({"kind": "plan", "contest_id": contest.id})
                plan.action_generate()
                plan.with_user(self.leader).action_approve()
                plan.action_issue(str(number), contest._get_today())
                self.assertEqual(plan.state, "issued")
                text = "\n".join(read_docx(plan.docx_id.raw))
                self.assertIn(name, text)
                self._launch(contest)
                self.assertEqual(contest.state, "open")
