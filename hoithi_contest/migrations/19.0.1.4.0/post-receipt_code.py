def migrate(cr, _version):
    """Sequences of receipts get the code by which they are kept from other users."""
    cr.execute(
        """UPDATE ir_sequence SET code = 'hoithi.receipt'
            WHERE code IS NULL
              AND id IN (SELECT receipt_sequence_id FROM hoithi_contest)"""
    )
