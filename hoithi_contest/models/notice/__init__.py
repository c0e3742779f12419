from . import hoithi_notice_audience
from . import hoithi_notice_rule
from . import hoithi_notice
from . import hoithi_notice_delivery
from . import hoithi_calendar
from . import mail_mail
from . import mail_thread
