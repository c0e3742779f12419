from . import calendar
from . import home
from . import identity
from . import portal
from . import portal_autosave
from . import portal_data
from . import portal_files
from . import portal_status
