from . import hoithi_reason
from . import hoithi_review_assign
