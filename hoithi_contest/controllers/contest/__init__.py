from . import calendar
from . import home
from . import identity
from . import portal
from . import portal_status
