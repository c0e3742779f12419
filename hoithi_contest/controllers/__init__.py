from . import calendar, portal, portal_document, portal_question, public, unit_portal
