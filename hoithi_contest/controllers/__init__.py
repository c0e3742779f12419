from . import calendar, portal, portal_question, public, unit_portal
