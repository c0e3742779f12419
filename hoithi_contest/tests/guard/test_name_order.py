from odoo.fields import Command
from odoo.models import MAGIC_COLUMNS
from odoo.tests import tagged

from ...models.guard.hoithi_name_order_mixin import NAMES as NAMES_OF
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

    def test_every_link_to_a_person(self):
        """Whatever list it is in; seats stay in their order where papers name them."""
        persons = {*NAMES_OF, "hoithi.council.member", "hoithi.entry.author"}
        in_seat_order = set()
        for name, model in self.env.items():
            if not name.startswith("hoithi.") or model._abstract or model._transient:
                continue
            for field in model._fields.values():
                if (
                    field.type != "many2one"
                    or not field.store
                    or field.comodel_name not in persons
                    or field.name in MAGIC_COLUMNS
                ):
                    continue
                with self.subTest(field=str(field)):
                    if field.name in model._person_fields_unsorted:
                        in_seat_order.add(name)
                    else:
                        self.assertTrue(model._get_person_path(field.name))
                    model.search([], order=f"{field.name} desc, id", limit=1)
        self.assertEqual(
            in_seat_order, {"hoithi.session.voter", "hoithi.session.opinion"}
        )

    def test_seats_by_their_members(self):
        seats = self.council.member_ids
        for seat, name in zip(seats, NAMES, strict=False):
            seat.user_id.partner_id.name = name
        named = [name for name in SORTED if name in seats.user_id.mapped("name")]
        found = seats.search([("id", "in", seats.ids)], order="user_id")
        self.assertEqual(found.user_id.mapped("name"), named)
        self._launch()
        entry = self._create_entry()
        conflicts = self.env["hoithi.conflict"].create(
            [
                {"entry_id": entry.id, "member_id": seat.id, "kind": "other"}
                for seat in seats
            ]
        )
        found = conflicts.search([("id", "in", conflicts.ids)], order="member_id desc")
        self.assertEqual(found.member_id.user_id.mapped("name"), named[::-1])

    def test_groups_of_a_list(self):
        """A list that is sorted and grouped asks the database in another way."""
        groups = self.env["hoithi.notice"].formatted_read_group(
            [("partner_id", "!=", False)],
            ["partner_id"],
            ["__count"],
            order="partner_id desc",
        )
        self.assertEqual(len(groups), len({group["partner_id"] for group in groups}))
