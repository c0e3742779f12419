from datetime import date

from odoo.fields import Command
from odoo.tests import new_test_user

from .test_hoithi_contest_unit import UnitCase

#: HR knew everybody long before the campaign.
EMPLOYED_SINCE = date(2020, 1, 1)


class CampaignCase(UnitCase):
    """A house of any size, made in bulk: units, their heads and staff.

    Nobody has a password, as hashing two thousand of them would take minutes.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the house is that of the campaign alone
        cls.env["hr.employee"].search([]).action_archive()
        cls.env["hr.department"].search([]).action_archive()
        cls.union.action_archive()
        # HR keeps the records; with a right on views Odoo would draw an avatar for each
        cls.hr = new_test_user(
            cls.env, "t_campaign_hr", groups="hr.group_hr_manager,base.group_user"
        )
        cls.quick = cls.env(
            context={
                **cls.env.context,
                "mail_create_nolog": True,
                "mail_create_nosubscribe": True,
                "mail_notrack": True,
                "no_reset_password": True,
                "tracking_disable": True,
            }
        )

    @classmethod
    def _grow(cls, first, last, staff, logins=True):
        """Add the units `first` to `last` with a head and staff each; return units.

        A fifth of a unit's staff sits in a sub-unit, which has no row of its own.

        :param staff: persons of a unit, its head included
        :param logins: staff have portal logins already; heads always do, each second
            one an internal login
        """
        departments = cls.quick["hr.department"]
        units = departments.create(
            [{"name": f"Đơn vị {number:02}"} for number in range(first, last)]
        )
        sub_units = departments.create(
            [{"name": f"Tổ của {unit.name}", "parent_id": unit.id} for unit in units]
        )
        places = [
            (number, index, (sub if index and index % 5 == 0 else unit))
            for number, (unit, sub) in enumerate(
                zip(units, sub_units, strict=True), start=first
            )
            for index in range(staff)
        ]
        partners = cls.quick["res.partner"].create(
            [
                {
                    "name": f"Cán bộ {number:02}-{index:02}",
                    "email": f"cb{number:02}{index:02}@campaign.example.vn",
                    "company_id": cls.company.id,
                }
                for number, index, _unit in places
            ]
        )
        internal = cls.env.ref("base.group_user")
        portal = cls.env.ref("base.group_portal")
        users = {
            user.partner_id: user
            for user in cls.quick["res.users"].create(
                [
                    {
                        "login": partner.email,
                        "partner_id": partner.id,
                        "company_id": cls.company.id,
                        "company_ids": [Command.set(cls.company.ids)],
                        "group_ids": [
                            Command.set(
                                (internal if not index and number % 2 else portal).ids
                            )
                        ],
                        "tz": "Asia/Ho_Chi_Minh",
                    }
                    for partner, (number, index, _unit) in zip(
                        partners, places, strict=True
                    )
                    if logins or not index
                ]
            )
        }
        employees = (
            cls.quick["hr.employee"]
            .with_user(cls.hr)
            .create(
                [
                    {
                        "name": partner.name,
                        "work_email": partner.email,
                        "work_contact_id": partner.id,
                        "department_id": unit.id,
                        "company_id": cls.company.id,
                        "date_version": EMPLOYED_SINCE,
                    }
                    for partner, (_number, _index, unit) in zip(
                        partners, places, strict=True
                    )
                ]
            )
            .with_env(cls.env)
        )
        heads = employees[::staff]
        for unit, head in zip(units, heads, strict=True):
            user = users[head.work_contact_id]
            if user._is_internal():
                head.user_id = user
            unit.manager_id = head
        cls.env.flush_all()
        cls._analyze()
        return units.with_env(cls.env)

    @classmethod
    def _analyze(cls):
        """Tell PostgreSQL how large its tables have grown, as autovacuum does.

        Else it plans for the nearly empty tables of before, and reads all HR for each
        employee that Odoo creates.
        """
        cls.env.cr.execute("ANALYZE hr_employee, hr_version, res_partner, res_users")
