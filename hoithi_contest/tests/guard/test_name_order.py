from odoo.fields import Command
from odoo.tests import tagged

from ..common import HoithiCommon

NAMES = ("Trần Văn Ân", "Lê Thị Bình", "Ăn Văn Đạt", "Cao Duy", "Ma Văn Áo")
SORTED = ["Ma Văn Áo", "Trần Văn Ân", "Lê Thị Bình", "Cao Duy", "Ăn Văn Đạt"]


@tagged("post_install", "-at_install")
class TestNameOrder(HoithiCommon):
    """Persons are sorted by the last word of the name, in the Vietnamese alphabet."""

    def test_by_a_link_and_by_a_name(self):
        self._launch()
        partners = self.env["res.partner"].create([{"name": name} for name in NAMES])
        notices = self.env["hoithi.notice"]._announce(
            "overdue", {self.contest: partners}, "names"
        )
        found = notices.search([("id", "in", notices.ids)], order="partner_id")
        self.assertEqual(found.partner_id.mapped("name"), SORTED)
        found = notices.search([("id", "in", notices.ids)], order="partner_id desc")
        self.assertEqual(found.partner_id.mapped("name"), SORTED[::-1])
        run = self.env["hoithi.staff.invite.run"].create(
            {
                "company_id": self.company.id,
                "line_ids": [
                    Command.create(
                        {
                            "name": name,
                            "email": f"{number}@so.example.vn",
                            "action": "invite",
                        }
                    )
                    for number, name in enumerate(NAMES)
                ],
            }
        )
        lines = run.line_ids.search([("run_id", "=", run.id)], order="name, id")
        self.assertEqual(lines.mapped("name"), SORTED)

    def test_groups_of_a_list(self):
        """A list that is sorted and grouped asks the database in another way."""
        groups = self.env["hoithi.notice"].formatted_read_group(
            [("partner_id", "!=", False)],
            ["partner_id"],
            ["__count"],
            order="partner_id desc",
        )
        self.assertEqual(len(groups), len({group["partner_id"] for group in groups}))
