from . import hoithi_notice_edit
