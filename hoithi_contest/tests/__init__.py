from . import test_campaign
from . import test_hoithi_portal
from . import test_hoithi_demo
from . import test_hoithi_ledger
from . import test_hoithi_prize
from . import test_hoithi_statement
from . import test_score_sheet
from . import test_blindness
