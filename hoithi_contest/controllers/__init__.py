from . import contest
from . import notice
from . import outreach
from . import document
from . import publication
