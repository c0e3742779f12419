from . import portal, portal_question, public, unit_portal
