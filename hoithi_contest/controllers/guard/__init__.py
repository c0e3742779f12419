from . import attachments
from . import export
