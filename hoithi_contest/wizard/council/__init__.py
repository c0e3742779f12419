from . import hoithi_review_assign
from . import hoithi_review_assign_line
from . import hoithi_score_analysis
from . import hoithi_score_analysis_figure
from . import hoithi_score_analysis_line
from . import hoithi_statement_sign
from . import hoithi_statement_sign_line
from . import hoithi_score_sheet
