from . import hoithi_staff_invite
from . import hoithi_staff_invite_line
from . import portal_wizard
