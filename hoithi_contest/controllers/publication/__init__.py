from . import portal_question
from . import public
