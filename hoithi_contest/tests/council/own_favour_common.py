"""What the walk of `test_own_favour_walk` gives, passes over and lets be done.

A name in these lists favours nobody when a secretary who competes does it, for the
reason beside it. What isn't on them is refused to whoever competes.
"""

#: What every model has of Odoo; the addon only adds to it.
ORM = {"create", "write", "copy", "copy_data", "default_get", "unlink", "fields_get"}
ORM |= {"web_read", "web_save", "web_search_read", "message_route", "message_update"}
ORM |= {"onchange", "init", "get_move", "get_moves", "get_checks"}

#: Beginnings of names of methods that only show a record or a dialog: what is entered
#: there goes through the act itself.
DIALOGS = ("action_ask_", "action_view_")

#: What acts are given.
ARGUMENTS = {
    "reason": "Lý do",
    "decided_by": "Giám đốc",
    "points": -1,
    "rows": "HS00001 0",
    "choice": "agree",
    "place": 1,
    "passphrase": "sông cầu nước chảy lơ thơ",
    "kind": "plan",
    "audience": "authors",
    "progress": 50,
    "changes": {},
    "contest": None,
    "values": {},
    "key": "signatures",
    "item": 1,
    "scores": [],
}

_PAPER = "a paper says what was decided; a leader approves it before it is issued"
_RULE = (
    "a rule holds for all alike, and is fixed from the review on (test_hoithi_rules)"
)
_OFFICE = "the Office's own: no entry, place or prize goes by it"
_SERVER = "written by the server, by acts of the models that are walked"
_OWN = "each person's own"

#: Models that aren't walked.
HARMLESS_MODELS = {
    **dict.fromkeys(
        (
            "hoithi.document",
            "hoithi.document.recipient",
            "hoithi.document.run",
            "hoithi.document.run.line",
            "hoithi.document.template",
            "hoithi.document.template.version",
            "hoithi.document.text",
            "hoithi.recipient.template",
            "hoithi.outside.number",
            "hoithi.legal.basis",
            "hoithi.legal.text",
        ),
        _PAPER,
    ),
    **dict.fromkeys(
        (
            "hoithi.council",
            "hoithi.criteria.set",
            "hoithi.criterion",
            "hoithi.criterion.level",
            "hoithi.dossier.type",
            "hoithi.field",
            "hoithi.jury",
            "hoithi.prize",
            "hoithi.prize.floor",
            "hoithi.prize.kind",
            "hoithi.prize.limit",
            "hoithi.tie.break",
            "hoithi.vote.question",
        ),
        _RULE,
    ),
    **dict.fromkeys(
        (
            "hoithi.acknowledgement",
            "hoithi.agency",
            "hoithi.agency.signer",
            "hoithi.contest.unit",
            "hoithi.health",
            "hoithi.notice",
            "hoithi.notice.rule",
            "hoithi.organisation",
            "hoithi.outreach",
            "hoithi.plan.section",
            "hoithi.plan.task",
            "hoithi.purpose",
            "hoithi.purpose.text",
            "hoithi.question",
            "hoithi.role.change",
            "hoithi.staff.invite.run",
            "hoithi.staff.invite.run.line",
            "hoithi.trust.anchor",
        ),
        _OFFICE,
    ),
    **dict.fromkeys(
        (
            "hoithi.closing.waiver",
            "hoithi.component.score",
            "hoithi.component.voter",
            "hoithi.ledger",
            "hoithi.novelty.text",
            "hoithi.review.assign.run",
            "hoithi.review.assign.run.line",
            "hoithi.review.paper",
            "hoithi.review.start.run",
            "hoithi.review.start.run.line",
            "hoithi.session.voter",
        ),
        _SERVER,
    ),
    **dict.fromkeys(("hoithi.consent", "hoithi.statement", "hoithi.login.union"), _OWN),
    "hoithi.unit.change": "HR's; entries follow their unit, places don't go by it",
    "hoithi.past.solution": "refused where winners are barred: test_own_favour_office",
    "hoithi.past.author": "goes with its solution",
    "hoithi.review.line": "the member's alone: a secretary reads none",
}

_ALIKE = "done to the whole contest, all entries alike, logged and told"
_GIVES = "gives a rival what its authors ask for, and takes from nobody"
_SHOWN = "what pages and lists show; no place goes by it"
_CARRIED = "carries out what others decided, for all entries alike"
_TEXT = "a number, date or note beside what was decided"
_ELSEWHERE = "refused to whoever competes, in a state that the walk doesn't bring: "
_ELSEWHERE += "test_own_favour, test_own_favour_office"

#: Acts and fields (`write:` before the name) that are let be done.
HARMLESS = {
    # contest
    "hoithi.contest.write:*": _RULE,
    "hoithi.contest.action_acknowledge": _PAPER,
    "hoithi.contest.action_make_archive": _PAPER,
    "hoithi.contest.action_make_document": _PAPER,
    "hoithi.contest.action_make_paper": _PAPER,
    "hoithi.contest.action_make_score_sheets": _PAPER,
    "hoithi.contest.action_cancel": _ALIKE,
    "hoithi.contest.action_close": _ALIKE,
    "hoithi.contest.action_close_registration": _ALIKE,
    "hoithi.contest.action_extend_objections": _ALIKE,
    "hoithi.contest.action_go_on_review_start": _ALIKE,
    "hoithi.contest.action_launch": _ALIKE,
    "hoithi.contest.action_open_objections": _ALIKE,
    "hoithi.contest.action_prepare_next_edition": _ALIKE,
    "hoithi.contest.action_publish": _ALIKE,
    "hoithi.contest.action_publish_results": _ALIKE,
    "hoithi.contest.action_put_away": _ALIKE,
    "hoithi.contest.action_remind": _ALIKE,
    "hoithi.contest.action_reopen_registration": _ALIKE,
    "hoithi.contest.action_start_council": _ALIKE,
    "hoithi.contest.action_start_review": _ALIKE,
    "hoithi.contest.action_stop_review_start": _ALIKE,
    "hoithi.contest.action_take_out": _ALIKE,
    "hoithi.contest.action_undo_cancel": _ALIKE,
    "hoithi.contest.action_waive_closing": _ALIKE,
    "hoithi.contest.action_award_prizes": _CARRIED,
    "hoithi.contest.action_export_evidence": _CARRIED,
    "hoithi.contest.action_export_rules": _CARRIED,
    "hoithi.contest.action_create_nomination": _ELSEWHERE,
    # entry
    "hoithi.entry.action_mark_eligible": _GIVES,
    "hoithi.entry.action_mark_eligible_selected": _GIVES,
    "hoithi.entry.action_select": _GIVES,
    "hoithi.entry.action_readmit": _GIVES,
    "hoithi.entry.action_reinstate": _GIVES,
    "hoithi.entry.action_unlink_won": _GIVES,
    "hoithi.entry.action_undo_supplement": _GIVES,
    "hoithi.entry.action_waive_limits": _GIVES,
    "hoithi.entry.action_register_paper": _GIVES,
    "hoithi.entry.action_undo_screening": "of a refusal; to take an admission back is "
    "refused",
    "hoithi.entry.action_compare_again": "a comparison by the server",
    "hoithi.entry.action_mark_ineligible": _ELSEWHERE,
    "hoithi.entry.action_request_supplement": _ELSEWHERE,
    "hoithi.entry.action_change_field": _ELSEWHERE,
    "hoithi.entry.action_change_representative": _ELSEWHERE,
    "hoithi.entry.action_name_reviewer": _ELSEWHERE,
    "hoithi.entry.action_link_won": _ELSEWHERE,
    "hoithi.entry.action_confirm": _OWN,
    "hoithi.entry.action_decline": _OWN,
    "hoithi.entry.action_submit": _OWN,
    "hoithi.entry.action_delete_draft": _OWN,
    "hoithi.entry.action_make_document": _PAPER,
    "hoithi.entry.write:color": _SHOWN,
    "hoithi.entry.write:priority": _SHOWN,
    "hoithi.entry.write:public_*": _SHOWN,
    "hoithi.entry.write:similar_ids": _SHOWN,
    "hoithi.entry.author.action_withdraw_*": "what may be told of a person, on the "
    "person's word; no place goes by it",
    "hoithi.entry.author.action_confirm_on_paper": _GIVES,
    "hoithi.entry.author.action_make_representative": _ELSEWHERE,
    # sheets and conflicts
    "hoithi.review.action_make_document": _PAPER,
    "hoithi.review.action_recuse": _OWN,
    "hoithi.review.action_submit": _OWN,
    "hoithi.review.save_sheet": _OWN,
    "hoithi.conflict.write:note": _TEXT,
    "hoithi.review.copy.action_retry": _GIVES,
    "hoithi.review.copy.action_retry_selected": _GIVES,
    # session
    "hoithi.session.action_all_present": _CARRIED,
    "hoithi.session.action_build_agenda": _CARRIED,
    "hoithi.session.action_close": _CARRIED,
    "hoithi.session.action_open": _CARRIED,
    "hoithi.session.action_request_opinions": _CARRIED,
    "hoithi.session.action_cast": _OWN,
    "hoithi.session.action_make_teller_key": _OWN,
    "hoithi.session.action_open_paper_count": _OWN,
    "hoithi.session.action_make_document": _PAPER,
    "hoithi.session.write:*": "how a planned session is called and run, the same for "
    "each of its votes; tellers and who presides are refused",
    "hoithi.session.unlink": "a session that wasn't opened; another is called",
    "hoithi.session.attendance.unlink": "before the opening; the roll is fixed then",
    "hoithi.session.attendance.write:*": "before the opening; sending somebody out "
    "afterwards is refused",
    "hoithi.session.item.action_present": _SHOWN,
    "hoithi.session.item.action_start_vote": _CARRIED,
    "hoithi.session.item.action_remind_voters": _ALIKE,
    "hoithi.session.item.action_count": "a vote that is complete; early it is refused",
    "hoithi.session.item.action_*paper_count": "two tellers, of whom none competes",
    "hoithi.session.item.action_break_tie*": "who presides, and doesn't compete",
    "hoithi.session.item.action_vote_*": _OWN,
    "hoithi.session.item.write:sequence": "the order of votes; each is held",
    "hoithi.session.item.unlink": "an agenda as a whole, before the opening",
    # nomination and awards
    "hoithi.nomination.action_make_document": _PAPER,
    "hoithi.nomination.action_make_package": _PAPER,
    "hoithi.nomination.action_receive": _CARRIED,
    "hoithi.nomination.action_send": _CARRIED,
    "hoithi.nomination.action_decide": _ELSEWHERE,
    "hoithi.nomination.write:*": _TEXT,
    "hoithi.nomination.unlink": _ELSEWHERE,
    "hoithi.nomination.line.action_make_package": _PAPER,
    "hoithi.nomination.line.action_resend": _GIVES,
    "hoithi.nomination.line.action_*return": _ELSEWHERE,
    "hoithi.nomination.line.write:reason": _TEXT,
    "hoithi.nomination.line.write:sequence": "refused where the own is on the list",
    "hoithi.award.action_release": _GIVES,
    "hoithi.award.action_make_document": _PAPER,
    "hoithi.award.write:decision_*": _TEXT,
    "hoithi.award.write:note": _TEXT,
    "hoithi.award.write:register_number": _TEXT,
    # seats, rounds, points
    "hoithi.council.member.action_end": "refused where a sheet on a rival would fall",
    "hoithi.council.member.action_resume": _RULE,
    "hoithi.council.member.action_take_chair": _RULE,
    "hoithi.council.member.write:*": _RULE,
    "hoithi.council.member.unlink": _RULE,
    "hoithi.round.write:*": _RULE,
    "hoithi.round.unlink": _RULE,
    "hoithi.round.action_open": _CARRIED,
    "hoithi.round.action_plan_presentations": _CARRIED,
    "hoithi.round.action_record_vote": _ELSEWHERE,
    "hoithi.round.entry.write:sequence": "the turn in the list, which the points don't "
    "go by",
    "hoithi.round.entry.write:votes_*": _ELSEWHERE,
    "hoithi.component.write:*": _RULE,
    "hoithi.component.unlink": _RULE,
    "hoithi.component.action_count_votes": _CARRIED,
    "hoithi.component.action_vote": _OWN,
    "hoithi.component.action_give": _ELSEWHERE,
    "hoithi.component.action_take_points": _ELSEWHERE,
    # afterwards
    "hoithi.objection.action_decide": (
        "the chair's, or who filed it; proposing is refused"
    ),
    "hoithi.objection.action_send_back": (
        "the chair's, or who filed it; proposing is refused"
    ),
    "hoithi.objection.action_withdraw": (
        "the chair's, or who filed it; proposing is refused"
    ),
    "hoithi.reopening.action_confirm": (
        "the chair's or a leader's who neither recorded it nor competes"
    ),
    "hoithi.reopening.action_deny": (
        "the chair's or a leader's who neither recorded it nor competes"
    ),
    "hoithi.reopening.action_finish": _ELSEWHERE,
}
