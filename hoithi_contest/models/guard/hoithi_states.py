"""Names for sets of states: what a rule means by "running" or "over", said once.

Code and its domains use the sets, `("contest_id.state", "in", RUNNING)`. Views and
their domains use the flags that models make of them, `invisible="not is_running"`.
Record rules spell the states out, as a flag would cost each of their queries; a test
compares.
"""

from odoo import api, fields
from odoo.fields import Domain

#: A contest between its launch and its end, in the order of the phases.
RUNNING = ("open", "screening", "review", "council")
#: A contest before its council convenes.
BEFORE_COUNCIL = ("open", "screening", "review")
#: A contest that was launched and not called off.
HELD = (*RUNNING, "closed")
#: A contest in which nothing is done any more.
OVER = ("closed", "cancelled")
#: A contest that was launched, whatever became of it.
LAUNCHED = (*RUNNING, *OVER)
#: A contest whose entries may still be screened: late ones while others come in.
SCREENABLE = ("open", "screening")
#: A contest whose registration is over, and that isn't over itself.
GATHERED = ("screening", "review", "council")
#: A contest in which reviewers are chosen.
ASSIGNING = ("screening", "review")
#: A contest in which sheets and votes are given by its rules.
DECIDING = ("review", "council")
#: A contest whose entries are scored, or were.
JUDGED = (*DECIDING, "closed")
#: A contest whose rules of judgement stand.
SETTLED = (*DECIDING, *OVER)
#: A contest whose council has convened: it knows the authors, and results may stand.
CONVENED = ("council", "closed")

#: An entry that its authors may change.
EDITABLE = ("draft", "supplement")
#: An entry that takes no part: not handed in yet, or taken back.
NOT_ENTERED = ("draft", "withdrawn")
#: An entry that isn't in the contest, and that may still come in, or back.
WAITING = (*NOT_ENTERED, "ineligible")
#: An entry that left before anybody judged it.
LEFT = ("ineligible", "withdrawn")
#: An entry that the Office or the council turned away.
TURNED_AWAY = ("ineligible", "disqualified")
#: An entry that is out of its contest, taken back or turned away.
OUT = (*TURNED_AWAY, "withdrawn")
#: An entry on which the screening hasn't decided.
UNSCREENED = ("submitted", "supplement")
#: An entry that the council doesn't get to see.
UNADMITTED = (*NOT_ENTERED, *UNSCREENED)
#: An entry that its author may take back; a draft is deleted instead, unless it came on
#: paper.
WITHDRAWABLE = ("supplement", "submitted", "eligible")
#: An entry of which not all sheets are in.
UNSCORED = ("eligible", "reviewing")
#: An entry that a reviewer may be given.
REVIEWABLE = (*UNSCORED, "reviewed")
#: An entry that a session may vote on, where none is scored.
VOTABLE = ("eligible", "reviewed")
#: An entry that waits for the council, or for its nomination.
UNDECIDED = (*REVIEWABLE, "selected")
#: An entry that the council chose.
SELECTED = ("selected", "nominated")
#: An entry that a body has decided on, and may decide on again.
REDECIDABLE = ("selected", "not_selected")
#: An entry that has a place once it has a sheet.
RANKABLE = ("reviewed", "not_selected", *SELECTED)
#: An entry that a prize or a nomination is still open to.
CONTENDING = ("reviewing", "reviewed", *SELECTED)
#: An entry that passed the screening, and that nothing has thrown out since.
ELIGIBLE = ("eligible", "reviewing", *RANKABLE)
#: An entry that limits count: handed in, and neither taken back nor thrown out.
TAKING_PART = (*UNSCREENED, *ELIGIBLE)
#: An entry whose authors are told how it ended.
DECIDED = ("ineligible", "disqualified", "not_selected", *SELECTED)
#: An entry that may still turn out not to belong there.
DISQUALIFIABLE = ("eligible", "reviewing", "reviewed", "not_selected", "selected")
#: An entry of the screening's own columns.
ADMITTING = (*UNSCREENED, "eligible")
#: An entry that is being scored, or was by all.
BEING_SCORED = ("reviewing", "reviewed")
#: An entry on which an act waits.
IN_WORK = (*ADMITTING, *BEING_SCORED, "selected")
#: An entry with which nothing is to be done now.
ASIDE = (*NOT_ENTERED, "ineligible", "not_selected", "disqualified")
#: An entry that competes: handed in and not taken back, whatever became of it.
COMPETING = (*UNSCREENED, "ineligible", "disqualified", *ELIGIBLE)

#: A score sheet that is awaited from its reviewer.
PENDING = ("assigned", "in_progress")
#: A score sheet that counts nowhere.
DROPPED = ("recused", "void")
#: A score sheet that counts, or may still.
UNDROPPED = (*PENDING, "submitted")
#: A score sheet that isn't awaited any more.
ENDED = ("submitted", *DROPPED)

#: A document whose number and date are still open.
UNISSUED = ("draft", "approved")
#: A document that bears its number for good.
ISSUED = ("issued", "cancelled")
#: A document whose content stands.
APPROVED = ("approved", *ISSUED)
#: A paper that another one ended: it is neither sent nor cured again.
REPEALED = ("recalled", "replaced")
#: A recipient's copy that is on its way, or came.
DISPATCHED = ("pending", "sent")
#: One that somebody has: what is on the list of paper copies lies in the Office still.
DELIVERED = ("sent", "handed")
#: One that somebody has, or is given on paper.
REACHED = (*DELIVERED, "paper")

#: A session that has begun.
OPENED = ("open", "closed")
#: A session that is open or to come, the open one first.
UNCLOSED = ("open", "planned")
#: An item of a session whose vote has begun.
VOTED = ("voting", "counted")

#: A nomination that the province doesn't have.
UNSENT = ("draft", "returned")
#: A nomination on which the province is to decide.
AWAITED = ("sent", "received")
#: A nomination that the province has.
SENT = (*AWAITED, "decided")

#: An objection that waits for its answer.
UNANSWERED = ("filed", "proposed")
#: An objection with an answer, if one to be decided only.
PROPOSED = ("proposed", "answered")

#: A reopened decision that isn't closed again, if one to be confirmed only.
UNFINISHED = ("asked", "open")

#: A question that has its answer, or gets none.
SETTLED_QUESTION = ("answered", "published", "closed")

#: A background run that was started.
STARTED = ("queued", "running", "done", "failed", "cancelled")
#: A background run that the scheduled action works.
UNDER_WAY = ("queued", "running")
#: One that ended before all was done, and may go on.
BROKEN_OFF = ("failed", "cancelled")
#: An invitation of staff that isn't through its list.
INVITING = ("running", "paused")
#: A person of the list whom an invitation passed over.
PASSED_OVER = ("skipped", "cancelled")

#: A letter that waits to leave.
OUTBOX = ("pending", "held")
#: A letter that didn't reach its person.
UNDELIVERED = (*OUTBOX, "failed")


def state_flag(string, states):
    """Return a field that tells whether a record's state is in a named set.

    It is worked out whenever it is asked for, and stands for the set in domains.
    """

    @api.depends("state")
    def compute(records):
        for record in records:
            record[flag.name] = record.state in states

    def search(records, operator, values):
        if operator != "in":
            return NotImplemented
        holds = Domain("state", "in", states)
        return Domain.OR(holds if value else ~holds for value in values)

    flag = fields.Boolean(string, compute=compute, search=search, exportable=False)
    return flag
