from . import test_access
from . import test_campaign
from . import test_i18n
from . import test_hoithi_portal
from . import test_hoithi_demo
from . import test_hoithi_views
from . import test_workflow
from . import test_hoithi_contest
