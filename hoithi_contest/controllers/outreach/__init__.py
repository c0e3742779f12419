from . import unit_portal
