import re
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...lib.document.kind import READERS, Reach
from ...lib.document.kinds import KINDS
from .document_life_common import DocumentLifeCommon

RULES = Path(__file__).parents[2] / "security" / "document"
#: What a paper may tell that is for everybody named.
TELLS_NOTHING = {
    "lists_entries": False,
    "names_authors": False,
    "holds_scores": False,
    "tells_standing": False,
}


@tagged("post_install", "-at_install")
class TestDocumentKindReaders(DocumentLifeCommon):
    """A kind says whom its papers are for; who isn't named reads none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contest.blind = False
        cls._launch()
        cls.entry = cls._submit_entry()
        cls.document = cls._issued(
            "receipt", source=cls.entry, day=cls.contest._get_today()
        )
        cls.people = {
            "secretary": cls.secretary,
            "leader": cls.leader,
            "publisher": cls.publisher,
            "member": cls.member1,
            "author": cls.staff,
            "staff": cls.internal,
            "head": cls.head,
            "administrator": cls.admin,
            "visitor": cls.env.ref("base.public_user"),
        }

    def _get_readers(self, reach, document=None):
        """Return who reads a paper, once the addon says `reach` of its kind."""
        document = document or self.document
        kind = replace(KINDS[document.kind], reach=reach)
        with patch.dict(KINDS, {document.kind: kind}):
            # as an update of the addon does
            self.env["hoithi.document"].init()
            self.env.invalidate_all()
            return {
                name
                for name, user in self.people.items()
                if document.with_user(user).has_access("read")
            }

    def test_a_kind_that_says_nothing_is_for_the_secretary_alone(self):
        self.assertEqual(self._get_readers(Reach()), {"secretary"})
        named = {"author", "leader", "member", "publisher", "secretary"}
        everybody = Reach(readers=READERS, **TELLS_NOTHING)
        self.assertEqual(self._get_readers(everybody), named)

    def test_each_reader_is_named_for_itself(self):
        for reader in READERS:
            with self.subTest(reader=reader):
                self.assertEqual(
                    self._get_readers(Reach(readers=(reader,), **TELLS_NOTHING)),
                    {reader, "secretary"},
                )

    def test_a_new_paper_keeps_what_its_kind_says(self):
        kind = replace(KINDS["plan"], reach=Reach())
        with patch.dict(KINDS, {"plan": kind}):
            document = self._draft("plan")
        self.assertFalse(document.is_for_leaders)
        self.assertFalse(document.is_free_of_scores)
        self.assertFalse(document.with_user(self.leader).has_access("read"))
        self.assertTrue(self._draft("plan").with_user(self.leader).has_access("read"))

    def test_what_was_published_goes_with_its_kind(self):
        plan = self._issued("plan")
        plan.action_publish()
        reach = KINDS["plan"].reach
        self.assertIn("visitor", self._get_readers(reach, plan))
        self.assertNotIn(
            "visitor", self._get_readers(replace(reach, readers=("leader",)), plan)
        )

    def test_a_conflict_with_one_entry_closes_what_lists_them(self):
        """Also to the secretary, unless the kind says that it lists none."""
        self.env["hoithi.conflict"].create(
            {
                "entry_id": self.entry.id,
                "member_id": self.seats[self.secretary].id,
                "kind": "kinship",
            }
        )
        report = self._draft("decision")
        self.assertEqual(
            self._get_readers(Reach(readers=("leader",)), report), {"leader"}
        )
        self.assertEqual(
            self._get_readers(Reach(lists_entries=False), report), {"secretary"}
        )

    def test_nobody_sets_what_a_paper_is_for(self):
        draft = self._draft("plan")
        for user in (self.secretary, self.leader):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                draft.with_user(user).write({"is_for_members": True})

    def test_no_rule_names_kinds(self):
        """A list in a rule is what the next kind is forgotten in."""
        named = {
            path.name
            for path in RULES.glob("*.xml")
            if re.search(r"\bkind\b'", path.read_text(encoding="utf-8"))
        }
        self.assertEqual(named, set())
