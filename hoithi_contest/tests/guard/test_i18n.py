import re
from io import BytesIO
from unittest import SkipTest

import polib
from lxml import etree

from odoo.exceptions import UserError
from odoo.modules import get_module_path
from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

from ...controllers.contest.entry_form import EntryForm
from ..common import HoithiCommon

MODULE = "hoithi_contest"
LANG = "vi_VN"

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]\b|%%|\{\{.*?\}\}")
TAG = re.compile(r"<[^<>]+>")
#: Attributes that are translated together with the term they stand in.
TRANSLATED_ATTRIBUTE = re.compile(
    r' (?:alt|aria-label|placeholder|title)="[^"]*"', re.DOTALL
)
#: Terms that are the same in both languages.
INTERNATIONAL = {
    "%s đồng",
    "4 × 6 cm",
    "Email",
    "HĐ",
    "ID",
    "MB",
    "Outlook",
    "PDF",
    "Qweb",
    "SHA-256",
    "Word",
    "iPhone, iPad, Mac",
}


def get_path(name):
    return f"{get_module_path(MODULE)}/i18n/{name}"


def get_markup(term):
    """Return the tags of a term, in any order, without what is translated in them."""
    return sorted(TRANSLATED_ATTRIBUTE.sub("", tag) for tag in TAG.findall(term))


def get_messages(po):
    """Return where each term of a file is used."""
    return {entry.msgid: sorted(entry.occurrences) for entry in po}


@tagged("post_install", "-at_install")
class TestTranslationFiles(TransactionCase):
    """The files hold what the addon exports, no more and no less."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.env["ir.module.module"]._get(MODULE).demo:
            raise SkipTest("The demo data has terms of its own.")
        cls.exported = cls._export()
        cls.template = polib.pofile(get_path(f"{MODULE}.pot"))
        cls.vi = polib.pofile(get_path("vi.po"), check_for_duplicates=True)

    @classmethod
    def _export(cls):
        """Export the terms as `odoo i18n export` does."""
        buffer = BytesIO()
        trans_export(None, [MODULE], buffer, "po", cls.env)
        return polib.pofile(buffer.getvalue().decode())

    def _check_terms(self, po, name):
        exported = get_messages(self.exported)
        present = get_messages(po)
        fix = f"Export the terms anew into i18n/{name}."
        self.assertFalse(sorted(exported.keys() - present), f"Missing. {fix}")
        self.assertFalse(sorted(present.keys() - exported), f"Superfluous. {fix}")
        moved = [term for term in exported if exported[term] != present[term]]
        self.assertFalse(moved, f"Used elsewhere than it says. {fix}")

    def test_template_is_up_to_date(self):
        self._check_terms(self.template, f"{MODULE}.pot")
        self.assertFalse([entry.msgid for entry in self.template if entry.msgstr])

    def test_vietnamese_is_up_to_date(self):
        self._check_terms(self.vi, "vi.po")

    def test_vietnamese_is_complete(self):
        self.assertEqual(self.vi.metadata["Language"], "vi")
        self.assertFalse([entry.msgid for entry in self.vi if not entry.msgstr.strip()])
        self.assertFalse([entry.msgid for entry in self.vi if entry.fuzzy])
        self.assertFalse([entry.msgid for entry in self.vi.obsolete_entries()])

    def test_vietnamese_is_no_copy(self):
        copies = [
            entry.msgid
            for entry in self.vi
            if entry.msgstr == entry.msgid
            and re.search(r"[^\W\d_]{2}", PLACEHOLDER.sub("", TAG.sub("", entry.msgid)))
            and entry.msgid not in INTERNATIONAL
        ]
        self.assertFalse(copies)

    def test_placeholders_are_kept(self):
        def get_placeholders(term):
            return sorted(PLACEHOLDER.findall(term))

        self._check_same(get_placeholders)

    def test_markup_is_kept(self):
        self._check_same(get_markup)

    def test_line_breaks_are_kept(self):
        self._check_same(lambda term: term.count("\n"))
        self._check_same(lambda term: (term[:1].isspace(), term[-1:].isspace()))

    def _check_same(self, get):
        """Check that what `get` finds in a term is the same in its translation."""
        self.assertFalse(
            [
                (entry.msgid, entry.msgstr)
                for entry in self.vi
                if get(entry.msgid) != get(entry.msgstr)
            ]
        )


@tagged("post_install", "-at_install")
class TestVietnamese(HoithiCommon):
    """What people read is Vietnamese once the language is on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang(LANG)
        cls.env["ir.module.module"]._load_module_terms([MODULE], [LANG], overwrite=True)
        cls.env = cls.env(context={**cls.env.context, "lang": LANG})

    def test_states(self):
        for model, states in (
            (
                "hoithi.contest",
                {"draft": "Bản nháp", "screening": "Sơ duyệt", "council": "Hội đồng"},
            ),
            (
                "hoithi.entry",
                {
                    "submitted": "Đã nộp",
                    "supplement": "Cần bổ sung",
                    "eligible": "Đủ điều kiện",
                    "ineligible": "Không đủ điều kiện",
                    "selected": "Được chọn",
                    "not_selected": "Không được chọn",
                    "nominated": "Đã đề cử",
                    "withdrawn": "Đã rút",
                },
            ),
            ("hoithi.review", {"recused": "Đã từ chối chấm"}),
        ):
            description = self.env[model].fields_get(["state"])["state"]
            self.assertEqual(description["string"], "Trạng thái")
            labels = dict(description["selection"])
            for state, label in states.items():
                with self.subTest(model=model, state=state):
                    self.assertEqual(labels[state], label)

    def test_a_company_is_a_department_and_no_room_of_it(self):
        """An export of terms brings in what Odoo calls them, where it has that term."""
        for model, name, label in (
            ("hoithi.contest", "company_id", "Cơ quan"),
            ("hoithi.report.entry", "company_id", "Cơ quan"),
            ("hoithi.report.entry", "department_id", "Phòng, đơn vị"),
            ("hoithi.report.entry", "is_paper", "Bản giấy"),
            ("hoithi.entry", "criteria_set_id", "Chấm theo"),
        ):
            with self.subTest(model=model, name=name):
                description = self.env[model].fields_get([name])[name]
                self.assertEqual(description["string"], label)
        menu = self.env.ref("hoithi_contest.hoithi_house_menu")
        self.assertEqual(menu.name, "Cơ quan")

    def test_every_selection(self):
        """Also those that take their keys from another model's field."""
        english = {}
        for name, model in self.env.registry.items():
            for field in model._fields.values():
                if (
                    field.type != "selection"
                    or field._module != MODULE
                    or not name.startswith(("hoithi.", "res.config"))
                    # samples of rules are called in the words of their files
                    or field.name in ("tz", "lang", "sample")
                ):
                    continue
                labels = {
                    lang: field._description_selection(self.env(context={"lang": lang}))
                    for lang in ("en_US", LANG)
                }
                english |= {
                    (name, field.name, label): translated
                    for (_key, label), (_same, translated) in zip(
                        labels["en_US"], labels[LANG], strict=True
                    )
                    if label == translated and re.search(r"[^\W\d_]{2}", label)
                }
        self.assertFalse(
            [where for where in english if where[2] not in INTERNATIONAL], english
        )

    def test_view(self):
        contests = self.env["hoithi.contest"].with_user(self.secretary)
        arch = contests.get_view(view_type="form")["arch"]
        prizes = etree.fromstring(arch).find(
            ".//button[@name='action_ask_award_prizes']"
        )
        self.assertEqual(prizes.get("string"), "Xếp giải")

    def test_menus_and_data(self):
        for xmlid, name in (
            ("hoithi_menu_root", "Hội thi sáng tạo kỹ thuật"),
            ("hoithi_field_health", "Y dược"),
            ("hoithi_dossier_type_description", "Bản mô tả giải pháp"),
            ("hoithi_criterion_novelty", "Tính mới và tính sáng tạo"),
            ("group_secretary", "Hội thi: Thư ký"),
        ):
            with self.subTest(xmlid):
                record = self.env.ref(f"{MODULE}.{xmlid}")
                self.assertEqual(record.with_context(lang=LANG).name, name)

    def test_message(self):
        contest = self._create_contest(legal_basis_ids=False, field_ids=False)
        with self.assertRaises(UserError) as caught:
            contest.with_user(self.secretary).with_context(lang=LANG).action_launch()
        message = str(caught.exception)
        self.assertIn(f"Chưa thể phát động “{contest.name}”. Còn thiếu:", message)
        self.assertIn("ít nhất một căn cứ pháp lý", message)
        self.assertIn("ít nhất một lĩnh vực dự thi", message)

    def test_mail(self):
        template = self.env.ref(f"{MODULE}.mail_template_receipt")
        self._launch()
        entry = self._submit_entry()
        subject = template._render_field("subject", entry.ids, set_lang=LANG)[entry.id]
        self.assertEqual(subject, f"Biên nhận {entry.receipt_number}: {entry.name}")
        body = template._render_field("body_html", entry.ids, set_lang=LANG)[entry.id]
        self.assertIn("Kính gửi", body)
        self.assertIn(f"Số biên nhận là <strong>{entry.receipt_number}</strong>", body)

    def test_portal(self):
        self._launch()
        entry = self._create_entry(with_file=False).with_context(lang=LANG)
        form = EntryForm(entry.contest_id, entry)
        page = self.env["ir.qweb"]._render(
            f"{MODULE}.portal_form_missing",
            {"form": form, "progress": form.progress},
            lang=LANG,
        )
        self.assertIn("Còn thiếu:", page)
        self.assertIn("Hồ sơ còn thiếu: Bản mô tả giải pháp.", page)
