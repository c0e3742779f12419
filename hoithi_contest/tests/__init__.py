from . import test_campaign
from . import test_hoithi_demo
