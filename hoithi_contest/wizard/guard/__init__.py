from . import hoithi_rate_note
from . import hoithi_reason
