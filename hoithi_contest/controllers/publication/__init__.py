from . import portal_question
from . import public
from . import paper_check
