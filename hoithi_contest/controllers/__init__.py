from . import portal, public, unit_portal
