from . import hoithi_document_issue
from . import hoithi_document_sign
from . import hoithi_document_template_trial
