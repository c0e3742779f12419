from . import hoithi_contest
from . import hoithi_entry
from . import hoithi_entry_author
from . import hoithi_entry_retention
from . import hoithi_home
from . import hoithi_my_data
from . import hoithi_question
from . import ir_http
