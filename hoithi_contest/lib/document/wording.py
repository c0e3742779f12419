"""What official documents say beyond their templates: Vietnamese, by law."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from ..council import components, scoring, voting
from . import nd30

#: Roles in a council, as papers name them.
ROLES = {
    "chair": "Chủ tịch Hội đồng",
    "vice_chair": "Phó Chủ tịch Hội đồng",
    "secretary": "Ủy viên, Thư ký",
    "member": "Ủy viên",
}
BALLOT_MODES = {
    "open": "biểu quyết công khai",
    "secret": "bỏ phiếu kín",
    "paper": "bỏ phiếu kín bằng phiếu giấy",
}
BASES = {
    "all_voting": "thành viên có quyền biểu quyết",
    "all_members": "thành viên Hội đồng",
    "present": "thành viên có mặt",
}
#: How far a solution may be replicated.
SCOPES = {
    "department": "cơ quan",
    "sector": "ngành",
    "province": "tỉnh",
    "country": "toàn quốc",
}
OUTCOME_SCOPE = "{outcome}, nhân rộng trong {scope}"
SCOPE_VOTES = "; chọn phạm vi: {votes}"
SCOPE_BASIS = {
    True: (
        " “{question}”: mỗi thành viên chọn một phạm vi (cơ quan, ngành, tỉnh, toàn "
        "quốc); phạm vi rộng nhất có {majority} đồng ý được thông qua, người chọn phạm "
        "vi rộng hơn được tính là đồng ý với phạm vi hẹp hơn."
    ),
    False: (
        " “{question}”: mỗi thành viên chọn một phạm vi (cơ quan, ngành, tỉnh, toàn "
        "quốc); phạm vi rộng nhất có {majority} chọn được thông qua."
    ),
}
OUTCOMES = {"approved": "Đạt", "rejected": "Không đạt"}
RECOMMENDATIONS = {
    "select": "Đề nghị chọn",
    "consider": "Xem xét thêm",
    "reject": "Không đề nghị chọn",
}
NONE = "–"
#: What authors declare, until one has declared it.
COMMITMENT = (
    "Tôi (chúng tôi) cam đoan những thông tin nêu trên là trung thực, đúng sự thật; "
    "giải pháp do tôi (chúng tôi) tạo ra, không sao chép, không vi phạm quyền sở hữu "
    "trí tuệ của người khác; nếu sai tôi (chúng tôi) hoàn toàn chịu trách nhiệm trước "
    "pháp luật."
)


def day_words(day: date | None) -> str:
    """Return a date in words; an empty text for none."""
    return nd30.date_words(day) if day else ""


def moment_words(moment: datetime | None) -> str:
    """Return a local moment in words; an empty text for none."""
    return nd30.moment_words(moment) if moment else ""


def short_day(day: date | None) -> str:
    """Return a date as tables have it; an empty text for none."""
    return nd30.short_date(day) if day else ""


def period_words(start: date | None, end: date | None) -> str:
    """Return a period, also one that is open at an end."""
    if start and end:
        return nd30.period_words(start, end)
    if start:
        return f"Từ {day_words(start)}"
    return f"Đến hết {day_words(end)}" if end else ""


def short_period(start: date | None, end: date | None) -> str:
    """Return a period as a table has it, by months."""
    return " - ".join(f"{day.month}/{day.year}" for day in (start, end) if day)


def share(part: float, whole: float) -> str:
    """Return a part in per cent, “66,7%”; an empty text for a part of nothing."""
    return nd30.percent(round(part / whole, 3)) if whole else ""


def money(amount: float, unit: str = "đồng") -> str:
    """Return an amount of money; an empty text for none."""
    return nd30.money(amount, unit) if amount else ""


def size(number: int) -> str:
    """Return the size of a file."""
    if number < 1024 * 1024:
        return f"{max(1, round(number / 1024))} KB"
    return f"{nd30.decimal(number / 1024 / 1024, 1)} MB"


def joined(names: Sequence[str]) -> str:
    """Return names in a row: “a, b và c”."""
    names = [name for name in names if name]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} và {names[-1]}"


def sentence(text: str) -> str:
    """Return `text` with a capital first and a full stop at the end."""
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".:;…!?" else ".")


def units_sentence(lead: Sequence[str], cooperating: Sequence[str]) -> str:
    """Return who does a task with whom, as a plan says it."""
    if not any(lead):
        return joined(cooperating)
    if not any(cooperating):
        return joined(lead)
    return f"{joined(lead)} chủ trì, phối hợp với {joined(cooperating)}"


def quorum_basis(present: int, voting_members: int, ratio: float) -> str:
    """Return how the quorum was reached, or wasn't."""
    if not voting_members or not ratio:
        return ""
    reached = voting.reaches(present, voting_members, ratio)
    fraction = voting.to_fraction(ratio)
    return (
        f"Có mặt {present}/{voting_members} thành viên có quyền biểu quyết, "
        f"{'đạt' if reached else 'chưa đạt'} tỷ lệ tối thiểu {fraction}; phiên họp "
        f"{'hợp lệ' if reached else 'chưa đủ điều kiện tiến hành'}."
    )


def majority_words(majority: voting.Majority) -> str:
    """Return a majority as a rule says it: “ít nhất 2/3 số thành viên có mặt”."""
    least = "trên" if majority.more_than else "ít nhất"
    return f"{least} {voting.to_fraction(majority.ratio)} số {BASES[majority.base]}"


def approval_basis(majority: voting.Majority, is_confirming: bool = False) -> str:
    """Return which majority a proposal needs, or the council's choice of it."""
    if not majority.ratio:
        return ""
    counted = "vẫn" if majority.base == "all_members" else "không"
    lead = "Kết quả được công nhận" if is_confirming else "Giải pháp được chọn"
    return (
        f"{lead} khi có {majority_words(majority)} đồng ý; thành viên có xung đột lợi "
        f"ích không tham gia và {counted} tính vào mẫu số."
    )


def aggregate_rule(method: str, drops: scoring.Drops) -> str:
    """Return the sentence that tells how sheets make one score."""
    numbers = (nd30.padded(number) for number in drops)
    high, low, least = numbers
    return AGGREGATES[method].format(high=high, low=low, least=least)


def limit_sentences(limits: Mapping[str, Any]) -> list[str]:
    """Return who may take part with how much, a sentence each; none without limits.

    :param limits: as the fields of a contest are called
    """
    sentences = [LIMIT_PARTICIPANTS.get(limits["participants"], "")]
    sentences += [
        text.format(number=nd30.padded(limits[name]))
        for name, text in LIMIT_NUMBERS.items()
        if limits[name]
    ]
    low, high = limits["age_from"], limits["age_to"]
    if low or high:
        sentences.append(
            LIMIT_AGES[bool(low), bool(high)].format(
                low=low, high=high, day=f"{limits['age_on']:%d/%m/%Y}"
            )
        )
    if limits["won_before"] == "bar":
        years = limits["won_before_years"]
        sentences.append(
            LIMIT_WON[limits["won_before_level"]].format(
                years=LIMIT_YEARS.format(years=nd30.padded(years)) if years else ""
            )
        )
    return [sentence for sentence in sentences if sentence]


def with_coefficient(score: str, weight: float) -> str:
    """Return the most of a criterion, with its coefficient where it has one."""
    return score if weight == 1 else f"{score} × {nd30.decimal(weight)}"


def score_formula(parts: Sequence[components.Part], total: float | Decimal) -> str:
    """Return a total with what it is made of, nothing where it is that of the sheets.

    :param parts: of the total, as `components.write_total` takes them
    """
    if not parts:
        return ""
    return components.write_total(parts, total, "điểm phiếu", nd30.decimal)


def question_basis(question: str, majority: voting.Majority) -> str:
    """Return which majority a further question needs, to follow that of the first."""
    return f" “{question}”: thông qua khi có {majority_words(majority)} đồng ý."


def scope_basis(question: str, majority: voting.Majority, nested: bool) -> str:
    """Return how a scope is decided, to follow the majority of the first question."""
    return SCOPE_BASIS[nested].format(
        question=question, majority=majority_words(majority)
    )


def vote_basis(agree: int, base_count: int, majority: voting.Majority) -> str:
    """Return how the outcome of a vote follows from its numbers."""
    if not base_count or not majority.ratio:
        return ""
    verdict = "đạt" if majority.is_reached(agree, base_count) else "chưa đạt"
    least = "trên" if majority.more_than else "tối thiểu"
    return (
        f"{agree}/{base_count} {BASES[majority.base]} đồng ý "
        f"({share(agree, base_count)}), {verdict} tỷ lệ {least} "
        f"{voting.to_fraction(majority.ratio)}."
    )


def tie_basis(agree: int, disagree: int, member: str, agrees: bool) -> str:
    """Return how a casting vote decided a tie."""
    return (
        f"{agree} đồng ý, {disagree} không đồng ý, số phiếu ngang nhau; quyết định "
        f"theo ý kiến của người chủ trì ({member}): "
        f"{'đồng ý' if agrees else 'không đồng ý'}."
    )


def quorum_rule(quorum: float, majority: voting.Majority) -> str:
    """Return quorum and majority of a council as a rule."""
    if not quorum or not majority.ratio:
        return ""
    return (
        f"Phiên họp hợp lệ khi có mặt ít nhất {voting.to_fraction(quorum)} số thành "
        f"viên; giải pháp được chọn khi có {majority_words(majority)} đồng ý."
    )


def session_name(name: str | None, number: int) -> str:
    """Return how a running text names a session."""
    return name or (f"phiên họp thứ {number}" if number else "phiên họp")


def withdrawn_note(number: int) -> str:
    """Return how many of the entries received were withdrawn; nothing for none."""
    return f" (trong đó {nd30.padded(number)} hồ sơ đã rút)" if number else ""


def decision_line(number: str | None, day: date | None) -> str:
    """Return “Quyết định số … ngày …”; an empty text without a number."""
    if not number:
        return ""
    return " ".join(filter(None, [f"Quyết định số {number}", day_words(day)]))


def currency(code: str | None) -> str:
    """Return how papers name a currency."""
    return "đồng" if code in (None, "", "VND") else code


def prize_money(amount: float, code: str | None) -> str:
    """Return prize money in a column of đồng; other money says what it is."""
    return money(amount, "" if currency(code) == "đồng" else currency(code))


def prize_total(sums: Mapping[str, float]) -> str:
    """Return what prizes add up to, by their currencies."""
    return "; ".join(filter(None, (prize_money(*row[::-1]) for row in sums.items())))


COUNCIL = "Hội đồng xét duyệt đề tài, sáng kiến, giải pháp công tác cấp cơ sở"
OF_AGENCY = "{body} của {name}"
#: Authority and position of who signs for the council, by the role of who presides
#: (Decree 30/2020, annex I, part II, 7: a deputy signs in place of the head).
COUNCIL_SIGNERS = {
    "chair": ("TM. HỘI ĐỒNG", "CHỦ TỊCH"),
    "vice_chair": ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
}
#: Likewise of who signs for the organising committee, and how its members are called.
COMMITTEE_SIGNERS = {
    "chair": ("TM. BAN TỔ CHỨC", "TRƯỞNG BAN"),
    "vice_chair": ("KT. TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"),
}
COMMITTEE_ROLES = {
    "chair": "Trưởng ban",
    "vice_chair": "Phó Trưởng ban",
    "secretary": "Ủy viên, Thư ký",
    "member": "Ủy viên",
}
COMMITTEE_PRESIDING = ("TM. BAN TỔ CHỨC", "CHỦ TRÌ")
PRESIDING_SIGNER = ("TM. HỘI ĐỒNG", "CHỦ TRÌ")
PRESIDING_CHOSEN = "Thành viên do cuộc họp cử"
PRESIDING_SINCE = "từ {moment}: {name}"
RECEIVER = "NGƯỜI NHẬN HỒ SƠ"
SCORER = "THÀNH VIÊN CHẤM ĐIỂM"
HEAD_OF_UNIT = "THỦ TRƯỞNG ĐƠN VỊ"
AUTHOR, AUTHORS, UNIT = "Tác giả", "Nhóm tác giả", "Đơn vị"
TALLY_HEAD, TALLY_MEMBER = "Trưởng ban", "Thành viên"
CONTACT = "Mọi vướng mắc liên hệ {office} ({name}{phone})."
CARRYING_OUT = "Thực hiện"
#: The council, in the symbol of its papers.
COUNCIL_SYMBOL = "HĐ"
OFFICE_PROPOSES = "Theo đề nghị của {office_head}"
PROPOSES = "Theo đề nghị của {body}"

#: Name and role of recipients that follow from what a paper is.
TO_ADDRESSEES = (("Như trên", "inform"),)
TO_EXECUTORS = (("Như Điều 3", "inform"), ("Lãnh đạo {own}", "report"))
TO_LEADERS = (
    ("Lãnh đạo {own}", "report"),
    ("Các thành viên Hội đồng", "inform"),
)
TO_UNITS = (("Các phòng, đơn vị", "implement"), ("Lãnh đạo {own}", "report"))

PLAN_SUBJECT = "Phát động {contest} tại {agency}"
PLAN_OPENING = (
    "{full_name} xây dựng kế hoạch phát động {contest} tại đơn vị với những nội dung "
    "cụ thể như sau:"
)
PLAN_CONTENT_HEADING = "NỘI DUNG KẾ HOẠCH PHÁT ĐỘNG HỘI THI"
PLAN_TASKS_HEADING = "Các nhiệm vụ"
PLAN_PURPOSES = (
    (
        "Hưởng ứng {contest}, đẩy mạnh phong trào lao động sáng tạo, phát huy sáng "
        "kiến, cải tiến kỹ thuật của công chức, viên chức và người lao động."
    ),
    "Việc phát động, triển khai Hội thi bảo đảm kịp thời, đầy đủ theo quy định.",
)
PLAN_ORGANISATION = (
    (
        "{unit_heads}, công chức, viên chức và người lao động căn cứ Kế hoạch này tổ "
        "chức triển khai thực hiện."
    ),
    "{office} theo dõi, đôn đốc, tổng hợp kết quả, báo cáo {head}.",
)
PLAN_LIMITS_HEADING = "Điều kiện dự thi"
LIMIT_PARTICIPANTS = {
    "staff": "Tác giả, đồng tác giả là người của cơ quan.",
    "outsiders": (
        "Tác giả, đồng tác giả là người ngoài cơ quan; hồ sơ nộp trực tiếp tại Văn "
        "phòng."
    ),
}
LIMIT_NUMBERS = {
    "entries_per_author": (
        "Mỗi người là tác giả, đồng tác giả của không quá {number} hồ sơ."
    ),
    "entries_per_unit": (
        "Mỗi đơn vị, tính cả các bộ phận trực thuộc, gửi không quá {number} hồ sơ."
    ),
    "authors_per_entry": "Mỗi hồ sơ có không quá {number} tác giả, đồng tác giả.",
}
LIMIT_AGES = {
    (True, True): "Tác giả từ {low} đến {high} tuổi, tính đến ngày {day}.",
    (True, False): "Tác giả từ {low} tuổi trở lên, tính đến ngày {day}.",
    (False, True): "Tác giả không quá {high} tuổi, tính đến ngày {day}.",
}
LIMIT_WON = {
    "unit": "Không nhận giải pháp đã đạt giải hoặc đã được công nhận{years}.",
    "province": "Không nhận giải pháp đã đạt giải từ cấp tỉnh trở lên{years}.",
    "national": "Không nhận giải pháp đã đạt giải cấp toàn quốc{years}.",
}
LIMIT_YEARS = " trong {years} năm trước"
PLAN_PERIOD_HEADING = "Thời gian phát động Hội thi"
PLAN_CLOSING = (
    "Trên đây là Kế hoạch phát động {contest} tại {name}, yêu cầu {units} triển khai "
    "thực hiện nghiêm túc Kế hoạch này"
)

#: What stands for a kind of legal text where it is cited; one that is cited as it is
#: worded has nothing.
TEXT_KINDS = {
    "constitution": "Hiến pháp",
    "code": "Bộ luật",
    "law": "Luật",
    "ordinance": "Pháp lệnh",
    "resolution": "Nghị quyết",
    "decree": "Nghị định",
    "decision": "Quyết định",
    "directive": "Chỉ thị",
    "circular": "Thông tư",
    "joint_circular": "Thông tư liên tịch",
    "plan": "Kế hoạch",
    "guidance": "Hướng dẫn",
    "notice": "Thông báo",
    "rules": "Thể lệ",
    "letter": "Văn bản",
    "other": nd30.AS_WORDED,
}

#: What a basis of competence is about.
COMPETENCE = r"chức năng,? nhiệm vụ|tổ chức chính quyền|cơ cấu tổ chức"
ESTABLISH, RENEW = "thành lập", "kiện toàn"
DECISION_SUBJECT = "Về việc {act} {council}"
COUNCIL_DUTIES = (
    (
        "Xét duyệt, chấm điểm và lựa chọn các đề tài, sáng kiến, giải pháp dự thi theo "
        "thể lệ Hội thi, bảo đảm khách quan, công khai và giữ bí mật thông tin của tác "
        "giả."
    ),
    "Lập biên bản các phiên họp và trình {head} kết quả xét duyệt.",
)
#: The same of a contest in which nobody scores.
UNSCORED_DUTIES = (
    COUNCIL_DUTIES[0].replace("Xét duyệt, chấm điểm và", "Xét duyệt và"),
    *COUNCIL_DUTIES[1:],
)
COUNCIL_EXECUTORS = "{office_head}, {unit_heads} và các thành viên Hội đồng"

NOTICE_SUBJECT = "Về việc đôn đốc đăng ký tham gia {contest}"
NOTICE_OPENING = (
    "Thực hiện Kế hoạch phát động {contest}, tính đến {day}, {agency} đã nhận được "
    "{count} hồ sơ đăng ký{withdrawn}."
)
NOTICE_REQUESTS = (
    (
        "{unit_heads} phổ biến lại thể lệ và hạn đăng ký đến toàn thể công chức, viên "
        "chức, người lao động."
    ),
    "Các tác giả đã bắt đầu hồ sơ hoàn thiện và nộp trước thời hạn.",
)
NOTICE_CLOSING = "{name} thông báo để các phòng, đơn vị biết và thực hiện"
NO_ENTRY = "Chưa có hồ sơ đăng ký"
WITHDRAWN_OF_UNIT = "Đã rút {count} hồ sơ"
DEADLINES = {
    "registration_deadline": "Hạn đăng ký, nộp hồ sơ",
    "screening_deadline": "Hạn sơ duyệt hồ sơ",
    "review_deadline": "Hạn chấm điểm",
    "province_deadline": "Hạn gửi hồ sơ dự thi cấp tỉnh",
}

DESCRIPTION = {
    "known_solution": "Giải pháp kỹ thuật đã biết",
    "solution_content": "Nội dung của giải pháp",
    "novelty": "Tính mới và tính sáng tạo",
    "applicability": "Khả năng áp dụng",
    "technical_benefit": "Hiệu quả kỹ thuật",
    "economic_benefit": "Hiệu quả kinh tế",
    "social_benefit": "Hiệu quả xã hội, môi trường",
}
CONFIRMED = "Giải pháp đã được áp dụng tại đơn vị (xác nhận {day}).{note}"
RECEIPT_SUBJECT = "Hồ sơ dự thi {contest}"
SUPPLEMENT_SUBJECT = "bổ sung, hoàn thiện hồ sơ dự thi mã số {code}"

ELIGIBLE_SUBJECT = "Danh sách hồ sơ đủ điều kiện dự thi {contest}"
ELIGIBLE_NEXT = "Hội đồng chấm điểm các hồ sơ nêu trên trước {day}."

INVITATION_SUBJECT = "Họp {council}"
AGENDA = (
    "Thư ký Hội đồng báo cáo kết quả tiếp nhận, sơ duyệt và chấm điểm.",
    "Thảo luận từng giải pháp.",
    "Xét chọn bằng hình thức {mode} và kết luận.",
)
UNSCORED_AGENDA = (
    "Thư ký Hội đồng báo cáo kết quả tiếp nhận và sơ duyệt.",
    *AGENDA[1:],
)
PREPARE = "Đề nghị các thành viên Hội đồng nghiên cứu hồ sơ trước phiên họp."

SHEET_SUBJECT = "Giải pháp dự thi {contest}"
BALLOT_TITLE = "PHIẾU BIỂU QUYẾT"
BALLOT_SUBJECT = "Xét chọn giải pháp dự thi {contest}"
AGGREGATES = {
    "mean": "Điểm của giải pháp là trung bình cộng điểm của các thành viên chấm.",
    "trimmed_mean": (
        "Điểm của giải pháp là trung bình cộng điểm của các thành viên chấm; khi có từ "
        "{least} phiếu trở lên thì bỏ {high} phiếu cao nhất và {low} phiếu thấp nhất."
    ),
    "median": (
        "Điểm của giải pháp là trung vị điểm của các thành viên chấm (phiếu ở giữa khi "
        "xếp theo điểm; số phiếu chẵn thì lấy trung bình hai phiếu ở giữa)."
    ),
    "sum": "Điểm của giải pháp là tổng điểm của các thành viên chấm.",
}
#: What counts besides the sheets, told with them.
ADDED = "Điểm chung gồm điểm phiếu chấm và {parts}."
ADDED_VOTE = "{name} (tối đa {most} điểm)"
ADDED_BONUS = "{name} (từ {least} đến {most} điểm)"
ROUNDS = {
    "weighted": (
        "Phiếu trong bảng là của vòng cuối mà giải pháp đã vào; điểm là trung bình "
        "theo trọng số các vòng."
    ),
    "sum": (
        "Phiếu trong bảng là của vòng cuối mà giải pháp đã vào; điểm là tổng điểm các "
        "vòng."
    ),
    "percent": (
        "Phiếu trong bảng là của vòng cuối mà giải pháp đã vào; điểm là trung bình "
        "theo trọng số các vòng, mỗi vòng tính theo phần trăm điểm tối đa của vòng."
    ),
}

TALLY_SUBJECT = "Kiểm phiếu xét chọn giải pháp dự thi {contest}"
RULES_CHANGED = "Quy tắc xét chọn được thay đổi {moment}, lý do: {reason}. {changes}"
RESTARTED = "Giải pháp {code} được biểu quyết lại: {reason}"
FORMER_COUNT = (
    "kết quả kiểm phiếu trước đó: phát ra {issued}, thu về {collected}, "
    "đồng ý {agree}, không đồng ý {disagree}, không hợp lệ {invalid}"
)
FORMER_OPEN_COUNT = (
    "kết quả biểu quyết trước đó: {collected}/{issued} thành viên biểu quyết, "
    "đồng ý {agree}, không đồng ý {disagree}, không có ý kiến {abstain}"
)
COUNTED_EARLY = "còn {out}/{issued} phiếu chưa nộp, lý do: {reason}"
OPEN_COUNTED_EARLY = "còn {out}/{issued} thành viên chưa biểu quyết, lý do: {reason}"
#: How a vote went; nobody gets a ballot where hands are raised.
VOTES = {
    "open": (
        "{mode}: {collected}/{issued} thành viên biểu quyết; đồng ý {agree}, không "
        "đồng ý {disagree}, không có ý kiến {abstain}"
    ),
    "secret": (
        "{mode}: phát ra {issued} phiếu, thu về {collected} phiếu, hợp lệ {valid}, "
        "không hợp lệ {invalid}; đồng ý {agree}, không đồng ý {disagree}"
    ),
}
CHOICES = {
    "agree": "đồng ý",
    "disagree": "không đồng ý",
    "blank": "không có ý kiến",
    **{scope: f"nhân rộng trong {words}" for scope, words in SCOPES.items()},
}
#: What absent members wrote, behind how the vote went.
WRITTEN_COUNTED = (
    "; ý kiến bằng văn bản của thành viên vắng mặt: {written}, trong đó đồng ý "
    "{agree}, không đồng ý {disagree}, không có ý kiến {abstain}"
)
WRITTEN_RECORDED = WRITTEN_COUNTED + " (ghi nhận, không tính vào tỷ lệ)"
WRITTEN_OPINION = "Ý kiến bằng văn bản của {name} (vắng mặt): {choice}{note}"
WRITTEN_ON = "Giải pháp {code}: {words}."
WRITTEN_BASIS = {
    "all_voting": (
        " Thành viên vắng mặt gửi ý kiến bằng văn bản được tính vào số đồng ý hoặc "
        "không đồng ý."
    ),
    "all_members": (
        " Thành viên vắng mặt gửi ý kiến bằng văn bản được tính vào số đồng ý hoặc "
        "không đồng ý."
    ),
    "present": (
        " Ý kiến bằng văn bản của thành viên vắng mặt được ghi vào biên bản, không "
        "tính vào tỷ lệ."
    ),
}
CASTING_VOTE = (
    " Khi số đồng ý và không đồng ý ngang nhau, quyết định theo ý kiến của người chủ "
    "trì."
)
#: Why a further question wasn't put to the vote.
MOOT = "Không biểu quyết nội dung này vì giải pháp không được thông qua."
MOOT_PRELIMINARY = "Không biểu quyết vì giải pháp không đạt ở biểu quyết sơ bộ."
QUESTION_ANSWER = "{question}: {outcome}."
OTHER_MODE = "riêng {codes}: {other}"
PAPER_COUNTED = (
    "Giải pháp {code}: phiếu giấy do {tellers} kiểm, số liệu được nhập hai lần độc lập "
    "và khớp nhau; bản chụp biên bản kiểm phiếu giấy có mã SHA-256 {sha256}."
)
COUNTED_EARLY_ON = "Giải pháp {code} được kiểm phiếu khi {early}."
MINUTES_SUBJECT = "Họp xét duyệt các giải pháp dự thi {contest}"
CONFIRMING_SUBJECT = "Họp xét, công nhận kết quả {contest}"
MINUTES_REPORT = (
    "Đã tiếp nhận {received} hồ sơ{withdrawn}; có {eligible} hồ sơ đủ điều kiện"
)
MINUTES_SHEETS = "; Hội đồng đã nộp {count} phiếu chấm"

RESULT_SUBJECT = "Kết quả xét duyệt giải pháp dự thi mã số {code}"
INELIGIBLE_SUBJECT = "Kết quả kiểm tra hồ sơ dự thi mã số {code}"
NEXT_PROVINCE = (
    "Giải pháp được đề cử dự thi cấp tỉnh; đề nghị tác giả phối hợp với {office} hoàn "
    "thiện hồ sơ."
)
OBJECTION_WITHIN = "khi hết {days} ngày kể từ ngày công bố kết quả"
RECOGNITION_SUBJECT = "Về việc công nhận kết quả xét chọn giải pháp dự thi {contest}"
RECOGNITION_EXECUTORS = (
    "{office_head}, {unit_heads} và các tác giả, nhóm tác giả có tên trong danh sách"
)
REWARD = (
    "Tặng Giấy chứng nhận và tiền thưởng theo quy định cho các tác giả, nhóm tác giả "
    "đoạt giải có tên trong danh sách."
)

ORGANISERS = "Ban Tổ chức {contest}"
PLACE = "Xếp thứ {rank}"
NOMINATION_SUBJECT = "Về việc đề cử giải pháp dự thi {contest}"
NOMINATION_OPENING = (
    "Thực hiện {basis}, {agency} đã phát động Hội thi, tiếp nhận {count} hồ sơ và tổ "
    "chức xét duyệt tại Hội đồng cấp cơ sở."
)
ENCLOSURES = (
    "Danh sách trích ngang các giải pháp đề cử",
    "Hồ sơ dự thi của từng giải pháp (01 bộ)",
)

REPORT_SUBJECT = "Tổng kết, đánh giá kết quả phát động {contest} tại {agency}"
REPORT_OPENING = (
    "Thực hiện Kế hoạch phát động {contest}, {full_name} báo cáo kết quả tổ chức Hội "
    "thi tại đơn vị như sau:"
)
REPORT_LAUNCH = (
    "Từ {start} đến {end}, {agency} đã tổ chức {count} hoạt động tuyên truyền tại "
    "{units} phòng, đơn vị, tổ chức với {reach} lượt người được phổ biến."
)
REPORT_TASKS = "Đã hoàn thành {done}/{total} nhiệm vụ của Kế hoạch."
REPORT_RESULTS = (
    (
        "Tiếp nhận {registered} hồ sơ của {authors} tác giả{withdrawn}; {eligible} hồ "
        "sơ đủ điều kiện, {scored} hồ sơ được chấm điểm."
    ),
    "Hội đồng chọn {selected} giải pháp, đề cử {nominated} giải pháp dự thi cấp tỉnh.",
    "Kết quả cấp tỉnh: {prizes}.",
)
UNSCORED_RESULTS = (
    (
        "Tiếp nhận {registered} hồ sơ của {authors} tác giả{withdrawn}; {eligible} hồ "
        "sơ đủ điều kiện."
    ),
    *REPORT_RESULTS[1:],
)
REPORT_CLOSING = (
    "Trên đây là báo cáo tổng kết, đánh giá kết quả phát động {contest} của {name}"
)
NO_PRIZE = "chưa có giải thưởng"
FIGURES = {
    "registered": "Hồ sơ đăng ký",
    "withdrawn": "Hồ sơ đã rút",
    "individual": "Hồ sơ dự thi cá nhân",
    "group": "Hồ sơ dự thi tập thể",
    "authors": "Tác giả, đồng tác giả",
    "eligible": "Hồ sơ đủ điều kiện",
    "scored": "Hồ sơ được chấm điểm",
    "average": "Điểm trung bình của các hồ sơ được chấm",
    "selected": "Giải pháp được Hội đồng chọn",
    "nominated": "Giải pháp đề cử dự thi cấp tỉnh",
    "awarded": "Giải pháp đoạt giải cấp tỉnh, toàn quốc",
    "units": "Phòng, đơn vị có hồ sơ dự thi",
    "unit_rate": "Tỷ lệ phòng, đơn vị tham gia",
    "benefit": "Tổng giá trị làm lợi tính được thành tiền",
    "outreach": "Hoạt động tuyên truyền",
    "reach": "Lượt người được phổ biến",
}
CHARTS = {
    "units": "Số hồ sơ đăng ký theo đơn vị",
    "fields": "Số hồ sơ đăng ký theo lĩnh vực",
    "types": "Số hồ sơ đăng ký theo loại giải pháp",
    "participation": "Tỷ lệ người của đơn vị tham gia dự thi (%)",
    "timeline": "Tiến độ nộp hồ sơ theo tháng",
    "scores": "Phân bố điểm của các giải pháp",
    "outreach_units": "Lượt người được phổ biến theo đơn vị, tổ chức",
    "outreach_kinds": "Số hoạt động tuyên truyền theo hình thức",
}
IN_MONTH, UP_TO_MONTH = "Trong tháng", "Lũy kế"
POINTS, ENTRIES, PASS_MARK = "Điểm", "Số hồ sơ", "Điểm sàn"
NO_LETTER = (
    "Chưa có tờ trình đề cử đã ban hành: gói này chỉ có hồ sơ. Ban hành tờ trình rồi "
    "đóng gói lại."
)
LETTER_GONE = "Tờ trình đề cử đã bị thay thế hoặc thu hồi: ban hành tờ trình mới."
LETTER_NO_PDF = "Tờ trình đề cử chưa có bản PDF: tạo bản PDF rồi đóng gói lại."
LETTER_UNSIGNED = (
    "Tờ trình đề cử chưa có bản ký (ký số hoặc bản quét): tải bản đã ký lên rồi đóng "
    "gói lại."
)
LETTER_GAPS = "Chữ ký trên tờ trình đề cử cần xem lại: {gaps}"
YES = "Có"


class ArchiveTable(NamedTuple):
    """A table of the file for the archive: its file, what is in it, its columns."""

    file: str
    what: str
    columns: Mapping[str, str]


#: Tables of the file for the archive, by what is told in them.
ARCHIVE_TABLES = {
    "papers": ArchiveTable(
        "danh-muc-van-ban.csv",
        "danh mục văn bản kèm thời hạn bảo quản; cuối danh mục là các số đã cấp cho "
        "văn bản bị hủy",
        {
            "position": "STT",
            "number": "Số",
            "symbol": "Ký hiệu",
            "date": "Ngày",
            "kind": "Loại văn bản",
            "subject": "Trích yếu",
            "issuer": "Cơ quan ban hành",
            "signer": "Người ký",
            "keeping": "Thời hạn bảo quản",
            "standing": "Hiệu lực",
            "signed": "Chữ ký",
            "standards": "PDF/A",
            "files": "Tệp",
        },
    ),
    "recipients": ArchiveTable(
        "noi-nhan.csv",
        "nơi nhận của từng văn bản và tình trạng gửi",
        {
            "number": "Số",
            "symbol": "Ký hiệu",
            "paper": "Văn bản",
            "recipient": "Nơi nhận",
            "role": "Vai trò",
            "delivery": "Tình trạng gửi",
            "sent_on": "Gửi lúc",
            "sent_to": "Địa chỉ nhận",
            "handed_on": "Ngày giao bản giấy",
            "error": "Lý do không gửi được",
        },
    ),
    "entries": ArchiveTable(
        "ho-so-du-thi.csv",
        "hồ sơ dự thi đã nộp",
        {
            "code": "Mã hồ sơ",
            "title": "Tên giải pháp",
            "authors": "Tác giả",
            "unit": "Phòng, đơn vị",
            "field": "Lĩnh vực",
            "submitted_on": "Ngày nộp",
            "state": "Tình trạng",
            "score": "Điểm",
            "prize": "Giải",
        },
    ),
    "authors": ArchiveTable(
        "tac-gia.csv",
        "tác giả, đồng tác giả và tỷ lệ đóng góp",
        {
            "code": "Mã hồ sơ",
            "title": "Tên giải pháp",
            "author": "Họ và tên",
            "position": "Chức vụ",
            "unit": "Phòng, đơn vị",
            "share": "Tỷ lệ đóng góp (%)",
            "is_representative": "Đại diện",
            "confirmed_on": "Ngày xác nhận tỷ lệ",
        },
    ),
    "sheets": ArchiveTable(
        "phieu-cham.csv",
        "điểm từng tiêu chí của các phiếu chấm đã nộp",
        {
            "code": "Mã hồ sơ",
            "title": "Tên giải pháp",
            "round": "Vòng",
            "member": "Người chấm",
            "criterion": "Tiêu chí",
            "max_score": "Điểm tối đa",
            "score": "Điểm",
            "total": "Tổng điểm của phiếu",
            "submitted_on": "Ngày nộp phiếu",
        },
    ),
    "votes": ArchiveTable(
        "bieu-quyet.csv",
        "số liệu kiểm phiếu, biểu quyết",
        {
            "session": "Phiên họp",
            "day": "Ngày họp",
            "code": "Mã hồ sơ",
            "title": "Nội dung biểu quyết",
            "mode": "Hình thức",
            "issued": "Phiếu phát ra",
            "collected": "Phiếu thu về",
            "valid": "Phiếu hợp lệ",
            "invalid": "Phiếu không hợp lệ",
            "agree": "Đồng ý",
            "disagree": "Không đồng ý",
            "abstain": "Không có ý kiến",
            "written": "Ý kiến bằng văn bản",
            "base": "Số thành viên làm căn cứ",
            "ratio": "Tỷ lệ đồng ý",
            "outcome": "Kết quả",
        },
    ),
    "awards": ArchiveTable(
        "giai-thuong.csv",
        "giải thưởng của giải pháp, cá nhân và đơn vị",
        {
            "level": "Cấp",
            "prize": "Giải",
            "code": "Mã hồ sơ",
            "title": "Tên giải pháp",
            "person": "Cá nhân",
            "unit": "Đơn vị",
            "amount": "Tiền thưởng",
            "currency": "Loại tiền",
            "decision": "Số quyết định",
            "decided_on": "Ngày quyết định",
            "register_number": "Số vào sổ giấy chứng nhận",
        },
    ),
    "nominations": ArchiveTable(
        "de-cu.csv",
        "giải pháp đề cử cấp tỉnh và kết quả",
        {
            "dispatch": "Số văn bản đề cử",
            "sent_on": "Ngày gửi",
            "state": "Tình trạng",
            "code": "Mã hồ sơ",
            "title": "Tên giải pháp",
            "authors": "Tác giả",
            "unit": "Phòng, đơn vị",
            "field": "Lĩnh vực",
            "score": "Điểm",
            "result": "Kết quả cấp tỉnh",
            "amount": "Tiền thưởng",
            "currency": "Loại tiền",
        },
    ),
}
CANCELLED = "Đã hủy: {reason}"
STANDING = "Còn hiệu lực"
KEEPING_UNKNOWN = "Chưa xác định"
SIGNED, NOT_SIGNED = "Đã ký", "Chưa có bản ký"
SIGNED_IN_DOUBT = "Đã ký số, chưa xác thực được người ký"
ARCHIVE_NOTE = """HỒ SƠ LƯU TRỮ CỦA HỘI THI
{contest}
Cơ quan: {agency}
Lập {day}; tình trạng Hội thi: {state}; số văn bản: {count}.

Mỗi văn bản đã ban hành nằm trong một thư mục, gồm tệp đã gửi đi (bản đã ký nếu có, nếu
không là PDF/A-2b) và sieu-du-lieu.json mô tả văn bản. Bên cạnh bản quét có bản gốc
PDF/A-2b, tên tệp kết thúc bằng “ban-goc”.
Các bảng số liệu, tệp CSV dùng bảng mã UTF-8:
{tables}
SHA256SUMS dùng để kiểm tra tính toàn vẹn: sha256sum -c SHA256SUMS
"""
ARCHIVE_OPEN = "Chưa ban hành, không có trong hồ sơ: {name}."
ARCHIVE_UNSIGNED = "Chưa có bản ký: {name}."
ARCHIVE_PARTLY_SIGNED = "Chưa ký đủ: {name}. {gaps}"
ARCHIVE_DOUBTFUL = "Chữ ký cần xem lại: {name}. {gaps}"
EXCHANGE_CURED = "Đã đính chính, thay thế hoặc thu hồi: {name}. {note}"
EXCHANGE_LARGE = (
    "Tệp lớn hơn {limit} MB, hệ thống quản lý văn bản có thể không nhận: {name} "
    "({size} MB)."
)
ARCHIVE_NO_PDF = "Chưa có bản PDF, trong hồ sơ là tệp Word: {name}."
ARCHIVE_NO_STANDARD = "Không có tệp theo chuẩn PDF/A: {name}."
ARCHIVE_NO_KEEPING = (
    "Chưa quy định thời hạn bảo quản cho loại văn bản: {kinds}; thư ký nhập ở danh mục "
    "mẫu văn bản rồi lập lại hồ sơ."
)
ARCHIVE_HIDDEN_ENTRIES = (
    "Người lập hồ sơ không được đọc {count} hồ sơ dự thi: các bảng không có số liệu "
    "của những hồ sơ đó; nhờ thư ký khác lập bổ sung."
)
ARCHIVE_HELD = "{count} giải thưởng đang tạm giữ, không có trong bảng giải thưởng."
ARCHIVE_HIDDEN = (
    "Người lập hồ sơ không được đọc {count} văn bản đã ban hành; nhờ thư ký khác lập "
    "bổ sung."
)
LACKS_FILE = "thiếu thành phần hồ sơ “{name}”."
LACKS_FORM = "phiếu đăng ký mới là bản dự thảo, chưa có bản ký."
LACKS_FORM_SIGNATURE = "phiếu đăng ký chưa có bản ký (ký số hoặc bản quét)."
LACKS_FORM_FILE = "không có bản PDF của phiếu đăng ký."
#: What a file's name says of a form that nobody signed.
UNSIGNED_FORM = "bản chưa ký"
LACKS_UNIT = "đơn vị chưa xác nhận giải pháp đã được áp dụng."
LACKS_SHARE = "{name} chưa xác nhận tỷ lệ đóng góp."
NO_SCORE = "chưa có phiếu chấm"
NO_SCORE_CONFLICT = "không ghi do có thành viên xung đột lợi ích"
OTHER_UNITS = "Chưa xác định đơn vị"
NOT_REVIEWED = "Chưa xét chọn"
WITHDRAWN = "Tác giả rút hồ sơ"
#: What tables of the report count, in the order of their columns.
COUNTS = ("registered", "eligible", "scored", "selected", "nominated", "awarded")

#: How persons are addressed where their gender isn't known.
ANY_GENDER = "Ông/Bà"
HONORIFICS = {"male": "Ông", "female": "Bà"}
GENDERS = {"male": "Nam", "female": "Nữ"}
#: What is left free where somebody is to write.
FOR_THE_PEN = {"birth_date": "…………", "gender": "……", "qualification": "…………"}
#: Where the form has a photograph.
PHOTO = "Ảnh 4 x 6"
#: What it says to those who don't see it.
PORTRAIT = "Ảnh của {name}"
#: After the first mention of a text that goes on under a short name.
SHORT_FORM = " (sau đây gọi tắt là {name})"

#: Marks of urgency as printed (Decree 30/2020, annex I, part II, 9b).
URGENCIES = {"immediate": "HỎA TỐC", "very": "THƯỢNG KHẨN", "urgent": "KHẨN"}

CHECK_CODE = "Mã kiểm tra văn bản"

CORRECTION_SUBJECT = "đính chính {paper}"
#: What a copy is called, and what stands in its symbol (Decree 30/2020, annex III).
COPIES = {
    "whole": ("SAO Y", "SY"),
    "again": ("SAO LỤC", "SL"),
    "part": ("TRÍCH SAO", "TrS"),
}
COPY_SUBJECT = "{title} {paper}"
RECALL_SUBJECT = "Về việc thu hồi {paper}"
REPLACES = "(thay thế {paper})"
CORRECTION_CLOSING = (
    "Các nội dung khác của văn bản nêu trên không thay đổi. {name} thông báo để các cơ "
    "quan, đơn vị, cá nhân biết và thực hiện"
)
RECALL_CLOSING = "{name} thông báo để các cơ quan, đơn vị, cá nhân biết và thực hiện"
