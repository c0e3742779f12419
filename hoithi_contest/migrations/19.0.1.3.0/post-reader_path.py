"""Letters to reviewers lead to the sheet by the login that the seat has."""

OLD = (
    r"t-attf-href=\"{{ object.get_base_url() }}"
    r"/odoo/hoithi-my-reviews/{{ object.id }}\""
)
NEW = r"t-att-href=\"object.get_base_url() + object._get_reader_path()\""


def migrate(cr, _version):
    cr.execute(
        """UPDATE mail_template SET body_html = replace(body_html::text, %s, %s)::jsonb
           WHERE model = 'hoithi.review' AND strpos(body_html::text, %s) > 0""",
        [OLD, NEW, OLD],
    )
