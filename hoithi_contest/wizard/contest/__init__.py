from . import hoithi_reason
from . import hoithi_reason_part
from . import hoithi_person_query
from . import hoithi_submission
from . import hoithi_settings
from . import hoithi_step
from . import ir_demo
