import importlib
import pkgutil

from . import hoithi_document_source
from . import hoithi_contest
from . import hoithi_contest_step
from . import hoithi_entry
from . import hoithi_entry_retention
from . import hoithi_entry_author
from . import hoithi_login_union
from . import hoithi_reopening
from . import hoithi_review
from . import hoithi_session
from . import hoithi_ledger_anchor
from . import hoithi_nomination
from . import hoithi_nomination_line
from . import hoithi_award
from . import hoithi_document
from . import hoithi_document_reach
from . import hoithi_document_approval
from . import hoithi_document_issuance
from . import hoithi_document_dispatch
from . import hoithi_document_file
from . import hoithi_council
from . import hoithi_document_check
from . import hoithi_document_cure
from . import hoithi_document_copy
from . import hoithi_document_signature
from . import hoithi_document_ledger
from . import hoithi_document_recipient
from . import hoithi_document_run
from . import hoithi_document_run_archive
from . import hoithi_document_run_tables
from . import hoithi_contest_archive
from . import hoithi_document_exchange
from . import hoithi_document_run_line
from . import hoithi_document_template
from . import hoithi_document_template_version
from . import hoithi_document_text
from . import hoithi_outside_number
from . import hoithi_recipient_template
from . import hoithi_trust_anchor
from . import hoithi_document_kind
from . import hoithi_document_kind_rows
from . import hoithi_document_kind_recall
from . import ir_attachment
from . import mail_mail
from . import mail_thread
from . import res_company
from . import res_config_settings
from . import hoithi_health
from . import hoithi_home
from . import hoithi_my_data

# A kind of document is a file that nothing else names; what others inherit comes first.
for _module in pkgutil.iter_modules(__path__):
    if _module.name.startswith("hoithi_document_kind_"):
        importlib.import_module(f"{__name__}.{_module.name}")
