from . import guard
from . import contest
from . import council
from . import outreach
from . import document
from . import publication
