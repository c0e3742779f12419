from . import hoithi_document_kind
