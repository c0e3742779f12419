from odoo.modules import Manifest
from odoo.tests import TransactionCase
from odoo.tools import mute_logger
from odoo.tools.convert import convert_file

from ...models.guard.hoithi_guard_mixin import DOOR, Load

MODULE = "hoithi_contest"


class DemoCommon(TransactionCase):
    """The demo data, loaded where the database has none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        if not cls.env.ref(f"{MODULE}.hoithi_contest_vi", raise_if_not_found=False):
            cls._load_demo()
        cls.plan_contest = cls._ref("hoithi_contest_vi")
        cls.open_contest = cls._ref("hoithi_contest_now")
        cls.house_contest = cls._ref("hoithi_contest_house")
        cls.users = cls._demo_records("res.users") | cls.env.ref("base.user_admin")

    @classmethod
    def _load_demo(cls):
        """Load the demo files as Odoo does, so that any database can be tested."""
        idref = {}
        # by its token, as where Odoo itself loads them
        env = cls.env(su=True, context={**cls.env.context, DOOR: Load()})
        with mute_logger("odoo.addons.base.models.ir_module"):
            for filename in Manifest.for_addon(MODULE)["demo"]:
                convert_file(env, MODULE, filename, idref, "init", noupdate=True)

    @classmethod
    def _ref(cls, name):
        return cls.env.ref(f"{MODULE}.{name}")

    @classmethod
    def _demo_records(cls, model):
        """Return the records of `model` that the demo files made."""
        data = cls.env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", model), ("noupdate", "=", True)]
        )
        return (
            cls.env[model].with_context(active_test=False).browse(data.mapped("res_id"))
        )
