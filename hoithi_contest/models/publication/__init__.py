from . import hoithi_contest
from . import hoithi_question
from . import hoithi_home
