import json
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from ...lib.document.kinds import KINDS

PREFIX = "hoithi.document.kind."
ADDON = Path(__file__).parents[2]


@tagged("post_install", "-at_install")
class TestDocumentKindComplete(TransactionCase):
    """Whoever adds a kind of document reads here what is still to be written."""

    def _get_gaps(self):
        """Return what each kind lacks: the kind, and the file to write."""
        models = {
            name.removeprefix(PREFIX)
            for name in self.env.registry
            if name.startswith(PREFIX)
        }
        samples = json.loads((ADDON / "lib/document/kind_samples.json").read_bytes())
        gaps = [
            f"{key}: lib/document/kinds_….py" for key in sorted(models - set(KINDS))
        ]
        for key, kind in KINDS.items():
            files = {
                f"models/document/hoithi_document_kind_{key}.py": key in models,
                "lib/document/kind_samples.json": key in samples,
            }
            if kind.layout != "workbook":
                for path in (
                    f"lib/document/templates/{key}.py",
                    f"data/templates/{key}.docx",
                ):
                    files[path] = (ADDON / path).exists()
            gaps += [
                f"{key}: {path}" for path, is_there in files.items() if not is_there
            ]
        return gaps

    def test_every_kind_is_complete(self):
        self.assertEqual(self._get_gaps(), [])

    def test_what_was_forgotten_is_told(self):
        begun = replace(KINDS["plan"], key="begun")
        taken = KINDS["register"]
        with patch.dict(KINDS, {"begun": begun}):
            del KINDS[taken.key]
            self.assertEqual(
                self._get_gaps(),
                [
                    "register: lib/document/kinds_….py",
                    "begun: models/document/hoithi_document_kind_begun.py",
                    "begun: lib/document/kind_samples.json",
                    "begun: lib/document/templates/begun.py",
                    "begun: data/templates/begun.docx",
                ],
            )

    def test_the_selection_is_made_of_the_kinds(self):
        documents = self.env["hoithi.document"]
        self.assertEqual([key for key, _label in documents._get_kinds()], list(KINDS))
