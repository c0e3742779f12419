from . import portal_objection
from . import portal_review
from . import vote
