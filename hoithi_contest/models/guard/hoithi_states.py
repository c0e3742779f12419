"""Names for sets of states: what a rule means by "running" or "over", said once.

Domains and code alike use them: `("contest_id.state", "in", RUNNING)`.
"""

#: A contest between its launch and its end, in the order of the phases.
RUNNING = ("open", "screening", "review", "council")
#: A contest in which sheets and votes are given by its rules.
DECIDING = ("review", "council")
#: A contest in which nothing is done any more.
OVER = ("closed", "cancelled")
#: A contest whose entries may still be screened: late ones while others come in.
SCREENABLE = ("open", "screening")

#: An entry that its authors may change.
EDITABLE = ("draft", "supplement")
#: An entry that takes no part: not handed in yet, or taken back.
NOT_ENTERED = ("draft", "withdrawn")
#: An entry on which the screening hasn't decided.
UNSCREENED = ("submitted", "supplement")

#: A score sheet that is awaited from its reviewer.
PENDING = ("assigned", "in_progress")
