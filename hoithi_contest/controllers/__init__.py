from . import calendar, portal, public
