from . import calendar
from . import portal
