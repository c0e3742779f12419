from . import hoithi_reason
