from odoo.tests import TransactionCase, tagged

#: What is deleted now and then, or is there by the thousand.
REFERRED = (
    "hoithi_council",
    "hoithi_dossier_item",
    "hoithi_entry",
    "hoithi_entry_author",
    "hoithi_field",
    "hoithi_review",
    "hoithi_review_line",
    "hr_department",
    "ir_attachment",
    "res_partner",
)


@tagged("post_install", "-at_install")
class TestIndexes(TransactionCase):
    def test_deleting_scans_no_table_of_the_addon(self):
        """Without an index, each deletion of what a column refers to reads its table.

        That of an attachment or a contact can come from anywhere in Odoo.
        """
        self.env.cr.execute(
            """SELECT c.conrelid::regclass::text, a.attname
               FROM pg_constraint c
               JOIN pg_attribute a
                 ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
               WHERE c.contype = 'f' AND c.confrelid::regclass::text = ANY(%s)
                 AND c.conrelid::regclass::text LIKE 'hoithi%%'
                 AND NOT EXISTS (
                     SELECT 1 FROM pg_index i
                     WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1]
                 )
               ORDER BY 1, 2""",
            [list(REFERRED)],
        )
        self.assertEqual(self.env.cr.fetchall(), [])

    def test_a_seal_is_found_by_an_index(self):
        """Each row that is added to a chain asks for it."""
        self.env.cr.execute(
            "SELECT indexdef FROM pg_indexes WHERE indexname = %s",
            ["hoithi_ledger_seal_idx"],
        )
        [(definition,)] = self.env.cr.fetchall()
        self.assertIn("contest.sealed", definition)
