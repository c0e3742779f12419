from . import hoithi_document_issue
