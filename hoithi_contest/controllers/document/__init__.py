from . import portal_document
from . import signing
