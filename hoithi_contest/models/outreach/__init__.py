from . import hoithi_calendar
from . import hoithi_plan_task
from . import hoithi_organisation
from . import hoithi_outreach
from . import hoithi_contest_unit
from . import hoithi_acknowledgement
from . import hoithi_staff_invite_run
from . import hoithi_staff_invite_run_line
