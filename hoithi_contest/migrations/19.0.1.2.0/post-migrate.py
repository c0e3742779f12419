# The shipped criteria as they are named in English and in Vietnamese, and the text of
# an entry that each looks at.
CRITERIA = {
    "hoithi_criterion_novelty": (
        "Novelty and creativity",
        "Tính mới và tính sáng tạo",
        "novelty",
    ),
    "hoithi_criterion_applicability": (
        "Applicability",
        "Khả năng áp dụng",
        "applicability",
    ),
    "hoithi_criterion_benefit": (
        "Technical, economic and social benefit",
        "Hiệu quả kỹ thuật, kinh tế và xã hội",
        "effects",
    ),
}


def migrate(cr, version):
    set_looks_at(cr)


def set_looks_at(cr):
    """Tell which text the shipped criteria look at, unless they were renamed.

    In SQL, as a set that sheets were submitted with is frozen: no score depends on it.
    """
    for xmlid, (english, vietnamese, looks_at) in CRITERIA.items():
        cr.execute(
            """UPDATE hoithi_criterion c SET looks_at = %s
               FROM ir_model_data d
               WHERE d.module = 'hoithi_contest' AND d.name = %s
                 AND d.model = 'hoithi.criterion' AND d.res_id = c.id
                 AND c.looks_at IS NULL AND c.name->>'en_US' = %s
                 AND COALESCE(c.name->>'vi_VN', %s) = %s""",
            [looks_at, xmlid, english, vietnamese, vietnamese],
        )
