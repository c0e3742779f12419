"""Let the records keep the files that they have named so far."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    _free_foreign_texts(env)
    for name in (
        "hoithi.document",
        "hoithi.document.run",
        "hoithi.document.template.version",
        "hoithi.legal.basis",
        "hoithi.outreach",
        "hoithi.plan.task",
    ):
        for record in env[name].with_context(active_test=False).search([]):
            record._get_files()._keep(record)
    keep_dossiers(cr)
    _keep_copies(env)


def keep_dossiers(cr):
    """Keep the files of dossiers by the checksums that receipts tell.

    Their authors could change them beside the dossier, which the nightly check then
    finds.
    """
    cr.execute(
        """UPDATE ir_attachment a
              SET kept_sha256 = i.sha256, public = false, access_token = NULL,
                  res_model = 'hoithi.dossier.item', res_id = i.id
             FROM hoithi_dossier_item i WHERE i.attachment_id = a.id"""
    )


def _free_foreign_texts(env):
    """Give each basis a text of its own; one that is another record's isn't shown."""
    taken = set()
    for basis in env["hoithi.legal.basis"].search([("attachment_id", "!=", False)]):
        file = basis.attachment_id
        owner = (file.res_model, file.res_id)
        own = owner in (
            (basis._name, basis.id),
            ("hoithi.contest", basis.contest_id.id),
        )
        loose = not file.res_id and file.type == "binary"
        if (own or loose) and file not in taken:
            taken.add(file)
        else:
            basis.write({"attachment_id": False, "publish_text": False})
            basis.contest_id.message_post(
                body=env._(
                    "The text of “%s” was a file of another record: upload it anew.",
                    basis.number,
                )
            )


def _keep_copies(env):
    """Keep the reviewers' copies, which the server made."""
    files = env["ir.attachment"].search(
        [("res_model", "=", "hoithi.review"), ("res_field", "=", False)]
    )
    posted = env["mail.message"].search([("model", "=", "hoithi.review")])
    for file in files - posted.attachment_ids:
        file._keep(env["hoithi.review"].browse(file.res_id))
