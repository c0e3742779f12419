from . import hoithi_reason
from . import hoithi_review_assign
from . import hoithi_review_assign_line
from . import hoithi_statement_sign
from . import hoithi_statement_sign_line
from . import hoithi_score_sheet
