"""Take every letter that the contest sends, in both languages, to look through.

Of the demo as `bin/serve` makes it, which keeps nothing of it; what is taken lies in
`build/letters`: `<kind>-<language>.html`, and `<kind>-<language>-<width>.png` of each.
A letter that scrolls sideways is told. Odoo writes them, a process of its own takes the
pictures:

    bin/odoo shell -d hoithi_demo --no-http --log-level=warn < docs/images/letters.py
    .hoithi/venv/bin/python docs/images/letters.py
"""

import os
from pathlib import Path
from unittest.mock import patch

from playwright.sync_api import sync_playwright

TARGET = Path("build/letters")
WIDTHS = (360, 768)
LANGUAGES = {"vi": "vi_VN", "en": "en_US"}
#: What a letter is about, where any record of its model would make no sense.
ABOUT = {
    "supplement": [("state", "=", "supplement")],
    "supplement_deadline": [("state", "=", "supplement")],
    "ineligible": [("state", "=", "ineligible")],
    "nominated": [("state", "=", "nominated")],
    "award": [("award_ids", "!=", False)],
    "share": [("state", "=", "submitted"), ("participant_type", "=", "group")],
    "receipt": [("state", "=", "submitted")],
    "deadline": [("state", "=", "draft")],
}


def get_record(kind, model):
    """Return what a letter of that kind is about; what the demo lacks is made."""
    records = env[model].sudo()
    if model == "hoithi.notice":
        return env["hoithi.contest"].search([("state", "=", "open")], limit=1)
    if model == "res.company":
        return env.company
    if model == "hoithi.contest":
        return records.search([("state", "=", "open")], limit=1)
    # of Odoo's process alone
    from odoo.addons.hoithi_contest.models.guard.hoithi_guard_mixin import Load

    found = records.search(ABOUT.get(kind, []), limit=1)
    if found:
        return found
    contest = env["hoithi.contest"].search([("state", "=", "open")], limit=1)
    entry = env["hoithi.entry"].search([("state", "=", "reviewing")], limit=1)
    decided = env["hoithi.entry"].search([("state", "=", "nominated")], limit=1)
    values = {
        "hoithi.adjudication": {"entry_id": entry.id, "opened_on": "2026-11-20"},
        "hoithi.question": {"contest_id": contest.id, "subject": "Nộp ở đâu?"},
        "hoithi.round": {"contest_id": contest.id, "name": "Chung khảo"},
        "hoithi.role.change": {
            "user_id": reader.id,
            "company_id": env.company.id,
            "changed_by_id": env.ref("base.user_admin").id,
        },
        "hoithi.plan.task": {"contest_id": contest.id, "name": "Phát động Hội thi"},
        "hoithi.reopening": {
            "entry_id": decided.id,
            "kind": "outcome",
            "decision_number": "12/QĐ-SNNMT",
            "decision_date": "2026-11-20",
            "decided_by": "Giám đốc Sở",
            "reason": "Biên bản ghi thiếu một phiếu.",
        },
    }
    anything = {
        "entry_id": decided.id,
        "contest_id": decided.contest_id.id,
        "partner_id": reader.partner_id.id,
        "reason": "Điểm của phiếu thứ hai cộng sai.",
        "filed_as": "author",
        "decision_number": "12/QĐ-SNNMT",
        "decision_date": "2026-11-20",
        "decided_by": "Giám đốc Sở",
        "employee_id": env["hr.employee"].search([], limit=1).id,
        "portal_user_id": env["res.users"].search([("share", "=", True)], limit=1).id,
        "filed_on": "2026-11-20 08:00:00",
    }
    asked = {
        name: value
        for name, value in anything.items()
        if name in records._fields and records._fields[name].required
    }
    # as data that is loaded: what leads to it is no matter of the letter
    loaded = records.with_context(hoithi_door=Load())
    return loaded.create({**asked, **values.get(model, {})})


def get_letters():
    """Yield (name, mail) of each kind, to the reader in the reader's language."""
    notices = env["hoithi.notice"].sudo()
    for kind, _label in notices._get_kinds():
        model = env.ref(f"hoithi_contest.mail_template_{kind}").model
        record = get_record(kind, model)
        rule = env["hoithi.notice.rule"].search([("kind", "=", kind)], limit=1)
        fact = {
            "kind": kind,
            "res_model": record._name,
            "res_id": record.id,
            "partner_id": reader.partner_id.id,
            "company_id": env.company.id,
            "occasion": f"letter-{reader.lang}",
            "rule_id": rule.id,
        }
        if "deadline" in kind or kind in ("no_entry", "silent_unit", "milestone"):
            fact["deadline"] = "2027-01-12 10:00:00"
        if kind == "escalation":
            fact["about_partner_id"] = author.partner_id.id
            rules = env["hoithi.notice.rule"]
            reminder = rules.search([("kind", "=", "supplement_deadline")], limit=1)
            fact["rule_id"] = reminder.id
        notice = notices._open_door().create(fact)
        # what it reminds of may be done, or over
        with (
            patch.object(type(notice), "_get_moot_reason", lambda self: ""),
            patch.object(type(notice), "_is_too_late", lambda self: False),
        ):
            notice.with_context(lang=reader.lang)._send()
        yield kind, notice.mail_id
    mails = env["mail.mail"].sudo()
    spoken = {"lang": reader.lang, "template_preview_lang": reader.lang}
    envelope = env.company._hoithi_get_envelope()
    reader.partner_id.signup_prepare()
    for name in ("invitation", "login", "password"):
        template = env.ref(f"hoithi_contest.mail_template_{name}")
        mail_id = template.with_context(**spoken).send_mail(
            reader.id,
            email_values=envelope,
            email_layout_xmlid="hoithi_contest.mail_layout",
        )
        yield name, mails.browse(mail_id)
    template = env.ref("hoithi_contest.mail_template_test")
    mail_id = template.with_context(**spoken).send_mail(
        env.company.id,
        email_values={**envelope, "email_to": reader.email_formatted},
        email_layout_xmlid="hoithi_contest.mail_layout",
    )
    yield "test", mails.browse(mail_id)
    line = env["hoithi.document.recipient"].sudo().search([], limit=1)
    template = env.ref("hoithi_contest.mail_template_document")
    mail_id = template.with_context(lang=reader.lang).send_mail(
        line.id,
        email_values={**envelope, "recipient_ids": reader.partner_id.ids},
        email_layout_xmlid="hoithi_contest.mail_layout",
    )
    yield "document", mails.browse(mail_id)
    # what is written by hand about an entry, and a change that is followed
    entry = env["hoithi.entry"].search([("state", "=", "submitted")], limit=1)
    before = mails.search([])
    entry.with_user(env["res.users"].search([("login", "=", "thuky")])).with_context(
        mail_notify_force_send=False
    ).message_post(
        body="Mời tác giả mang bản mẫu đến buổi họp.",
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
        partner_ids=reader.partner_id.ids,
    )
    yield "message", (mails.search([]) - before)[:1]


def write_letters(reader):
    TARGET.mkdir(parents=True, exist_ok=True)
    for short, lang in LANGUAGES.items():
        reader.lang = reader.partner_id.lang = lang
        env.flush_all()
        for name, mail in get_letters():
            if not mail:
                print(f"{name}-{short}: no letter")
                continue
            head = f"<title>{mail.subject}</title></head>"
            body = str(mail.body_html).replace("</head>", head)
            (TARGET / f"{name}-{short}.html").write_text(body, encoding="utf-8")
    env.cr.rollback()


def take_letters():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("HOITHI_CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox"],
        )
        page = browser.new_page()
        for path in sorted(TARGET.glob("*.html")):
            page.goto(path.absolute().as_uri())
            print(f"{path.stem}: {page.title()}")
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 400})
                picture = path.with_name(f"{path.stem}-{width}.png")
                page.screenshot(path=picture, full_page=True)
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    print(f"{path.stem}: scrolls sideways at {width} px")
        browser.close()


env = globals().get("env")
if env:
    author = env["res.users"].search([("login", "=", "canbo1")])
    reader = env["res.users"].search([("login", "=", "nhanvien1")])
    write_letters(reader)
else:
    take_letters()
