from . import calendar
from . import home
from . import portal
