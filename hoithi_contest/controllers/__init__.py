from . import guard
from . import contest
from . import outreach
from . import document
from . import publication
