import unicodedata
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import OUTSIDER, HoithiCommon


@tagged("post_install", "-at_install")
class TestHoithiEntryAuthor(HoithiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        for name in ("Ba", "Bốn"):
            cls.env["hr.employee"].create(
                {
                    "name": name,
                    "department_id": cls.unit.id,
                    "work_email": f"{name.encode().hex()}@sotnmt.example.vn",
                }
            )

    def _group(self, *shares, user=None):
        """A group's draft: the caller with the first share, outsiders with the rest."""
        return self._create_entry(
            user,
            participant_type="group",
            author_ids=[
                Command.create(
                    {
                        "partner_id": (user or self.staff).partner_id.id,
                        "contribution_percent": shares[0],
                    }
                ),
                *(
                    Command.create(
                        {
                            **OUTSIDER,
                            "full_name": f"Tác giả {index}",
                            "contribution_percent": share,
                        }
                    )
                    for index, share in enumerate(shares[1:], start=2)
                ),
            ],
        )

    # SHARES

    def test_shares_sum_to_exactly_a_hundred(self):
        """As decimals: three times 33.33 are 99.99, whatever floats make of it."""
        for shares, total in (
            ((33.33, 33.33, 33.33), "99.99"),
            ((33.34, 33.33, 33.33), None),
            ((50, 49.99), "99.99"),
            ((50, 50.01), "100.01"),
            ((60.1, 39.9), None),
            ((14.3, 14.3, 14.3, 14.3, 14.3, 14.3, 14.2), None),
            ((100, 100), "200"),
        ):
            entry = self._group(*shares)
            with self.subTest(shares=shares):
                if total:
                    with self.assertRaises(UserError) as refusal:
                        entry.action_submit()
                    self.assertIn(f"sum to {total} %", str(refusal.exception))
                else:
                    entry.action_submit()
                    self.assertEqual(entry.state, "submitted")

    def test_smallest_share_of_a_co_author(self):
        self.contest.coauthor_min_percent = 30
        for shares, refused in (
            ((70, 30), False),
            ((70.01, 29.99), True),
            # the minimum is the co-authors'
            ((10, 45, 45), False),
            ((100, 0), True),
        ):
            entry = self._group(*shares)
            with self.subTest(shares=shares):
                if refused:
                    with self.assertRaises(UserError):
                        entry.action_submit()
                else:
                    entry.action_submit()
        entry = self._group(100, 0)
        self.assertEqual(entry.missing_items, "Every author needs a share above 0 %.")
        entry = self._group(80, 20)
        self.assertIn("too small: Tác giả 2", entry.missing_items)

    def test_shares_outside_the_scale_are_refused(self):
        entry = self._group(60, 40)
        for share in (-1, 100.01):
            with (
                self.subTest(share=share),
                self.assertRaises(ValidationError),
            ):
                entry.author_ids[1].contribution_percent = share
                entry.flush_recordset()

    def test_individual_has_one_author(self):
        entry = self._group(60, 40)
        entry.participant_type = "individual"
        with self.assertRaisesRegex(UserError, "enter as a group"):
            entry.action_submit()

    # WHO

    def test_person_is_found_in_hr(self):
        """As offered, or by work e-mail, in whatever way it is typed."""
        employee = self.employees[self.coauthor]
        name, address = self.coauthor.name, self.coauthor.email
        for given in (
            {"offer": self._offer("đồng ly")},
            {"email": "CoAuthor@SoTNMT.example.vn"},
            {"email": address.replace("@", "\N{NO-BREAK SPACE}@")},
            {"email": f"\N{ZERO WIDTH SPACE}{address}\N{ZERO WIDTH NO-BREAK SPACE}"},
            {"email": f"Lý <{address}>", "full_name": "ĐỒNG lý Văn"},
            {"email": address, "full_name": unicodedata.normalize("NFD", name)},
        ):
            entry = self._create_entry(
                participant_type="group",
                author_ids=[Command.create({**given, "contribution_percent": 50})],
            )
            line = entry.author_ids - entry.representative_id
            with self.subTest(given=given):
                self.assertEqual(line.sudo().employee_id, employee)
                self.assertEqual(line.partner_id, self.coauthor.partner_id)
                self.assertEqual(line.full_name, self.coauthor.name)
                self.assertEqual(line.department_id.sudo(), self.sub_unit)
                self.assertTrue(entry.with_user(self.coauthor).has_access("read"))

    def _offer(self, text, user=None):
        """The offer of the one colleague whom `text` means."""
        [found] = self._find(text, user)
        return found["offer"]

    def _find(self, text, user=None, contest=None, taken=()):
        finder = self.env["hoithi.person"].with_user(user or self.staff)
        contest = (contest or self.contest).with_user(user or self.staff)
        return finder._find_colleagues(contest, text, taken)

    def _add(self, entry, **vals):
        """The line that is added to `entry` for `vals`."""
        before = entry.author_ids
        entry.write({"author_ids": [Command.create(vals)]})
        return (entry.author_ids - before).sudo()

    def _hire(self, name, email=False, **values):
        return self.env["hr.employee"].create(
            {"name": name, "work_email": email, "department_id": self.unit.id, **values}
        )

    def test_address_is_no_pattern(self):
        self._hire("Lê Xan", "lexan@sotnmt.example.vn")
        entry = self._create_entry(participant_type="group")
        for address in (
            "le_an@sotnmt.example.vn",
            "%@sotnmt.example.vn",
            "lexan@sotnmt_example.vn",
            "\\%@sotnmt.example.vn",
        ):
            with self.subTest(address=address):
                try:
                    line = self._add(entry, email=address, full_name="Ai Đó")
                except ValidationError:
                    continue
                self.assertFalse(line.employee_id)
                self.assertEqual(line.identification, "unknown")
        with self.assertRaises(ValidationError):
            self._add(entry, email="%@sotnmt.example.vn")
        line = self._add(entry, email=self.stranger.email, full_name="Người Ngoài")
        self.assertFalse(line.partner_id, "a login without a record of HR is nobody's")

    def test_a_colleague_is_found_by_name_and_unit(self):
        place = self.env["hr.department"].create({"name": "Tổ Đa dạng sinh học"})
        names = ["Bàn Thị Sen", "Sùng A Học", "Nùng Văn Đa"]
        for name in names:
            self._hire(name, department_id=place.id)
        self._hire("Học Văn Đa")

        def find(text):
            return [found["name"] for found in self._find(text)]

        # who is meant by the name alone comes first
        self.assertEqual(
            find("hoc da"),
            ["Học Văn Đa", "Bàn Thị Sen", "Nùng Văn Đa", "Sùng A Học"],
        )
        self.assertEqual(find("sen sinh học"), ["Bàn Thị Sen"])
        self.assertEqual(find("sen phong dat dai"), [])
        [found] = self._find("nùng da dang")
        self.assertEqual({*found}, {"name", "unit", "offer"})
        self.assertEqual(found["unit"], place.name)
        # five at most, as by name
        for number in range(6):
            self._hire(f"Triệu Văn {number}", department_id=place.id)
        self.assertEqual(len(find("da dang sinh hoc")), 5)
        # an address is asked for as a whole, and no part of one finds anybody
        self._hire("Lê Xan", "lexan@sotnmt.example.vn")
        self.assertEqual(find("lexan@sotnmt.example.vn"), ["Lê Xan"])
        self.assertEqual(find("lexan@sotnmt"), [])
        self.assertEqual(find("sotnmt"), [])

    def test_nobody_is_offered_twice(self):
        names = ["Chu Thị Một", "Chu Thị Hai", "Chu Thị Ba"]
        one, two, three = (self._hire(name, department_id=False) for name in names)
        one.work_email = "mot@sotnmt.example.vn"
        offer = self._offer(two.name)
        entry = self._create_entry(participant_type="group")
        line = self._add(entry, offer=self._offer(one.name))
        strange = self._create_entry(self.internal, participant_type="group")
        strange_line = self._add(
            strange.with_user(self.internal),
            offer=self._offer(three.name, self.internal),
        )

        def find(text, *taken):
            return {found["name"] for found in self._find(text, taken=[*taken])}

        self.assertEqual(find("chu thi"), {*names})
        # lines that are read, choices that were offered
        self.assertEqual(find("chu thi", str(line.id)), {two.name, three.name})
        self.assertEqual(find("chu thi", str(line.id), offer), {three.name})
        self.assertEqual(find(one.work_email, str(line.id)), set())
        self.assertEqual(find(one.work_email, offer), {one.name})
        # what one doesn't read or wasn't offered leaves nobody out
        theirs = self._offer(two.name, self.internal)
        for odd in (str(strange_line.id), theirs, "-1", "9" * 30, "², 1", "outsider"):
            with self.subTest(taken=odd):
                self.assertEqual(find("chu thi", odd), {*names})
        # oneself, in a new entry
        self.assertEqual(find(self.staff.name), {self.staff.name})
        self.assertEqual(find(self.staff.name, "0"), set())

    def test_a_list_of_the_staff_is_not_paged_through(self):
        """Who leaves out those offered before soon gets no further by the same text."""
        for number in range(14):
            self._hire(f"Mai Văn {number:02}", department_id=False)
        offers, names = [], []
        finder = self.env["hoithi.person"].with_user(self.staff)
        contest = self.contest.with_user(self.staff)
        for _page in range(4):
            found, is_whole = finder._look_for(contest, "mai van", offers)
            self.assertFalse(is_whole, "there are more than are told")
            offers += [one["offer"] for one in found]
            names += [one["name"] for one in found]
        self.assertEqual(names, [f"Mai Văn {number:02}" for number in range(10)])
        [found] = self._find("mai van 12")
        self.assertEqual(found["name"], "Mai Văn 12", "who says more is answered")

    def test_shared_address_identifies_nobody(self):
        address = "vanphong@sotnmt.example.vn"
        people = [
            self._hire("Bế Văn Chung", address),
            self._hire("Lộc Thị Chung", address),
        ]
        entry = self._create_entry(participant_type="group")
        with self.assertRaisesRegex(ValidationError, "Name each author"):
            self._add(entry, email=address)
        line = self._add(entry, email=address, full_name=people[1].name)
        self.assertFalse(line.employee_id)
        self.assertFalse(self._find(address))
        people[0].active = False
        line = self._add(entry, email=address.upper())
        self.assertEqual(line.employee_id, people[1], "who left doesn't share it")

    def test_name_and_address_that_disagree(self):
        """Nothing is replaced without a word; whoever says so names an outsider."""
        entry = self._create_entry(participant_type="group")
        typed = {"email": self.coauthor.email, "full_name": "Ngọc Thị Khác"}
        with self.assertRaisesRegex(ValidationError, "somebody else than Ngọc Thị"):
            self._add(entry, **typed)
        line = self._add(entry, **typed, is_outsider=True, workplace="Trường Cao đẳng")
        self.assertEqual(line.full_name, "Ngọc Thị Khác")
        self.assertFalse(line.employee_id or line.partner_id)
        line = self._add(entry, full_name="Vi Văn Một")
        with self.assertRaises(ValidationError):
            line.with_user(self.staff).write({"email": self.coauthor.email})
        self.assertEqual(line.full_name, "Vi Văn Một")

    def test_outsider_has_a_workplace(self):
        entry = self._create_entry(participant_type="group")
        with self.assertRaisesRegex(ValidationError, "where Vi Văn Một works"):
            self._add(entry, full_name="Vi Văn Một", is_outsider=True)
        line = self._add(
            entry, full_name="Vi Văn Một", is_outsider=True, workplace=" Xã\xa0A "
        )
        self.assertEqual((line.identification, line.workplace), ("outsider", "Xã A"))

    def test_nobody_unidentified_is_submitted(self):
        """Not by any door: a name alone takes nobody for an outsider."""
        line = {"full_name": "Vi Văn Một", "contribution_percent": 20}
        group = {"participant_type": "group"}
        own = {"contribution_percent": 80}

        def create(line):
            entry = self._create_entry(
                self.internal, author_ids=[Command.create(line)], **group
            )
            return entry

        def write(line):
            entry = self._create_entry(self.internal, **group)
            entry.representative_id.write(own)
            entry.web_save({"author_ids": [Command.create(line)]}, {"id": {}})
            return entry

        def add(line):
            entry = self._create_entry(self.internal, **group)
            entry.representative_id.write(own)
            entry.author_ids.create({**line, "entry_id": entry.id})
            return entry

        def load(line):
            entry = self._create_entry(self.internal, **group)
            entry.representative_id.write(own)
            result = entry.load(
                [".id", *(f"author_ids/{name}" for name in line)],
                [[str(entry.id), *map(str, line.values())]],
            )
            self.assertTrue(result["ids"], result["messages"])
            return entry

        for door in (create, write, add, load):
            entry = door(line)
            with self.subTest(door=door.__name__):
                self.assertIn("Vi Văn Một isn't identified yet", entry.missing_items)
                for submit in (entry.action_submit, entry.action_open_submission):
                    with self.assertRaisesRegex(UserError, "say that the person is fr"):
                        submit()
            entry = door({**line, **OUTSIDER})
            with self.subTest(told_by=door.__name__):
                entry.action_submit()
                self.assertEqual(entry.state, "submitted")
        entry = create(line)
        entry.author_ids[1].write(OUTSIDER)
        self.assertFalse(entry.missing_items)

    def test_what_no_field_holds_is_refused_with_a_sentence(self):
        entry = self._create_entry(participant_type="group")
        line = self._add(entry, full_name="Vi Văn Một").with_user(self.staff)
        for name, values in {
            "offer": (5, ["x"], {"a": 1}),
            "email": (5, ["a@so.vn"]),
            "full_name": (5, {"a": 1}),
            "workplace": (5,),
            "employee_id": ("5", [5], 2**40, -1),
            "partner_id": ("x", {"id": 1}, 2**40),
            "entry_id": ("x", [1], 2**40),
            "contribution_percent": ("20", [20]),
        }.items():
            for value in values:
                vals = {"full_name": "Vi Văn Hai", name: value}
                for act in (
                    lambda vals=vals: line.create({"entry_id": entry.id, **vals}),
                    lambda vals=vals: line.write(vals),
                    lambda vals=vals: self._create_entry(
                        author_ids=[Command.create(vals)]
                    ),
                ):
                    with (
                        self.subTest(name=name, value=value),
                        self.assertRaisesRegex(ValidationError, "can't be “"),
                    ):
                        act()
        for command in (Command.link(line.id), Command.set(line.ids)):
            with self.assertRaisesRegex(UserError, "stays with its entry"):
                self._create_entry(author_ids=[command])

    # THE STAFF DIRECTORY

    def test_ids_that_were_not_offered_are_refused(self):
        """At every door of portal staff, and whether or not the id is somebody's."""
        employee, partner = self.employees[self.coauthor], self.coauthor.partner_id
        entry = self._create_entry(participant_type="group")
        line = self._add(entry, full_name="Vi Văn Một").with_user(self.staff)
        lines = self.env["hoithi.entry.author"].with_user(self.staff)
        for vals in (
            {"employee_id": employee.id},
            {"employee_id": 2**31 - 1},
            {"partner_id": partner.id},
            {"employee_id": employee.id, "full_name": employee.name},
        ):
            for act in (
                lambda vals=vals: lines.create({**vals, "entry_id": entry.id}),
                lambda vals=vals: line.write(vals),
                lambda vals=vals: self._add(entry, **vals),
                lambda vals=vals: entry.write(
                    {"author_ids": [Command.update(line.id, vals)]}
                ),
                lambda vals=vals: self._create_entry(
                    participant_type="group", author_ids=[Command.create(vals)]
                ),
            ):
                with self.subTest(vals=vals), self.assertRaises(AccessError) as refusal:
                    act()
                self.assertIn("wasn't offered", str(refusal.exception))
        for default in (
            {"default_employee_id": employee.id},
            {"default_partner_id": partner.id},
        ):
            with self.subTest(default=default), self.assertRaises(AccessError):
                lines.with_context(**default).create(
                    {"entry_id": entry.id, "full_name": "Vi Văn Hai"}
                )
        self.assertEqual(
            entry.sudo().author_ids.mapped("full_name")[1:], ["Vi Văn Một"]
        )
        office = entry.sudo().author_ids.with_user(self.secretary)
        self.assertTrue(office.env["hoithi.person"]._may_name(employee))

    def test_an_offer_is_its_readers_alone(self):
        entry = self._create_entry(participant_type="group")
        offer = self._offer("đồng")
        other = self._create_contest(name="Hội thi khác")
        self._launch(other)
        refused = (
            offer[:-2] + "xx",
            "x",
            "đ",
            self._offer("đồng", self.internal),
            self._find("đồng", contest=other)[0]["offer"],
        )
        for text in refused:
            with (
                self.subTest(offer=text),
                self.assertRaisesRegex(UserError, "look agai"),
            ):
                self._add(entry, offer=text)
        with (
            freeze_time(datetime.now() + timedelta(hours=49)),
            self.assertRaises(UserError),
        ):
            self._add(entry, offer=offer)
        line = self._add(entry, offer=offer, full_name="Tên khác")
        self.assertEqual(line.employee_id, self.employees[self.coauthor])

    def test_of_a_colleague_only_name_and_unit_are_read(self):
        self.employees[self.coauthor].sudo().job_title = "Chuyên viên mật"
        _entry, line = self._with_coauthor()
        self.assertFalse(line.email or line.job_title or line.phone)
        own = self.env["hoithi.entry.author"].with_user(self.staff)
        for domain in (
            [("email", "=like", "co%")],
            [("partner_id.email", "=like", "co%")],
            [("entry_id.author_ids.partner_id.email", "=like", "co%")],
            [("employee_id.work_email", "=like", "co%")],
            [("employee_id.job_title", "!=", False)],
            [("partner_id", "ilike", self.coauthor.email)],
            [("employee_id", "ilike", self.coauthor.email)],
        ):
            with self.subTest(domain=domain):
                try:
                    self.assertFalse(own.search(domain))
                except AccessError:
                    continue
        with self.assertRaises(UserError):
            line.export_data(["employee_id/work_email"])
        spec = {"fields": {"display_name": {}}, "context": {"show_email": True}}
        entry = _entry.with_user(self.staff)
        for told in (
            line.read(),
            line.with_context(show_email=True).read(),
            line.web_read({"partner_id": spec, "employee_id": spec}),
            entry.web_read({"author_ids": {"fields": {"partner_id": spec}}}),
        ):
            self.assertIn(self.coauthor.name, f"{told}")
            self.assertNotIn("Chuyên viên mật", f"{told}")
            self.assertNotIn(self.coauthor.email, f"{told}")
        stranger = self.stranger.partner_id
        for name, person in (
            ("employee_id", self.employees[self.member1]),
            ("partner_id", stranger),
        ):
            values = {name: person.id}
            with self.subTest(name), self.assertRaises(AccessError):
                own.onchange(dict(values), [], {name: spec})
            with self.subTest(f"line with {name}"):
                told = entry.onchange(
                    {"author_ids": [Command.create(dict(values))]},
                    ["author_ids"],
                    {"author_ids": {"fields": {name: spec}}},
                )
                self.assertNotIn(person.sudo().name, f"{told}")
        line.with_user(self.coauthor).action_confirm()
        self.assertEqual(line.job_title, "Chuyên viên mật", "told with the consent")
        self.assertFalse(line.email)

    # FINDER

    def test_colleagues_are_found_however_they_are_typed(self):
        expected = [(self.coauthor.name, self.sub_unit.name)]
        for text in (
            "Lý Văn Đồng",
            "ly van dong",
            "ĐỒNG LÝ",
            "đồn  vă",
            unicodedata.normalize("NFD", "Lý Đồng"),
            "Lý\N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}Đồng",
            self.coauthor.email.upper(),
        ):
            with self.subTest(text=text):
                found = self._find(text)
                self.assertEqual([(c["name"], c["unit"]) for c in found], expected)
                self.assertEqual({*found[0]}, {"name", "unit", "offer"})
        for text in (
            "",
            "l",
            "%",
            "%%",
            "__",
            "y van",
            "Ly Vac",
            "%@sotnmt.example.vn",
        ):
            with self.subTest(text=text):
                self.assertFalse(self._find(text))

    def test_the_finder_answers_with_few_names(self):
        for number in range(7):
            self._hire(f"Triệu Văn {number}")
        self._hire("Triệu Đã Nghỉ", active=False)
        company = self.env["res.company"].create({"name": "Sở Khác"})
        self._hire("Ẩn Triệu Khác", company_id=company.id, department_id=False)
        names = [colleague["name"] for colleague in self._find("triệu")]
        self.assertEqual(names, [f"Triệu Văn {number}" for number in range(5)])
        self.assertFalse(self._find("nghỉ triệu") or self._find("ẩn triệu"))

    def test_queries_are_limited(self):
        limits = ((timedelta(minutes=1), 3), (timedelta(hours=1), 5))
        finder = self.env.registry["hoithi.person"]
        now = datetime.now().replace(microsecond=0)
        with patch.object(finder, "_query_limits", limits):
            with freeze_time(now):
                for _query in range(3):
                    self._find("lý")
                with self.assertRaisesRegex(UserError, "Wait up to 1 minute"):
                    self._find("lý")
                self._find("lý", self.coauthor)
            with freeze_time(now + timedelta(minutes=2)):
                for _query in range(2):
                    self._find("lý")
                with self.assertRaisesRegex(UserError, "Wait up to 1 hour"):
                    self._find("lý")
            with freeze_time(now + timedelta(hours=2)):
                self._find("lý")

    def test_addresses_are_limited_as_queries(self):
        """Whoever isn't in the directory guesses addresses no faster than names."""
        entry = self._create_entry(participant_type="group")
        own = self._create_entry(self.internal, participant_type="group")
        finder = self.env.registry["hoithi.person"]
        with patch.object(finder, "_query_limits", ((timedelta(minutes=1), 2),)):
            for number in range(2):
                self._add(entry, email=f"a{number}@so.example.vn", full_name="Vi Một")
            unasked = self._add(entry, email=self.coauthor.email)
            self.assertEqual(unasked.identification, "unknown")
            self.assertEqual(unasked.full_name, unasked.email)
            self.assertEqual(unasked.email, self.coauthor.email)
            self.assertIn("isn't identified yet", entry.missing_items)
            for number in range(3):
                self._add(own, email=f"a{number}@so.example.vn", full_name="Vi Một")
        unasked.with_env(entry.env).email = f" {self.coauthor.email.upper()}"
        self.assertEqual(unasked.employee_id, self.employees[self.coauthor])

    def test_an_address_counts_once_in_a_request(self):
        """Sought by the form, then by the line that it writes."""
        entry = self._create_entry(participant_type="group")
        queries = self.env["hoithi.person.query"]
        before = queries.search_count([])
        for _time in range(2):
            self._find("vi.mot@so.example.vn")
        self._add(entry, email="Vi.Mot@so.example.vn", full_name="Vi Một")
        self.assertEqual(queries.search_count([]), before + 1)

    def test_the_finder_is_for_those_who_register(self):
        for user in (self.stranger, self.publisher):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._find("lý", user)
        self.contest.with_user(self.secretary).action_close_registration()
        with self.assertRaises(AccessError):
            self._find("lý")
        self.assertTrue(self._find("lý", self.secretary))

    def test_the_directory_is_not_read_by_queries(self):
        """Not in a day, whatever is asked; dossiers are keyed in by the dozen."""
        finder = self.env["hoithi.person"]
        (_minute, a_minute), (_hour, an_hour), (_day, a_day) = finder._query_limits
        self.assertLess(a_day * finder._most_offers, 500)
        self.assertGreaterEqual(a_minute, 10)
        self.assertGreaterEqual(an_hour, 40)
        for _query in range(a_minute + 1):
            self._find("lý", self.secretary)
        for _query in range(a_minute):
            self._find("lý")
        with self.assertRaisesRegex(UserError, "Wait up to 1 minute"):
            self._find("lý")
        kept = self.env["hoithi.person.query"]._transient_max_hours
        self.assertGreater(timedelta(hours=kept), finder._query_limits[-1][0])

    # DECLINING

    def test_declining_frees_the_seat(self):
        entry, line = self._with_coauthor()
        with self.assertRaises(AccessError):
            line.action_decline(reason="Không phải tôi")
        own = entry.with_user(self.coauthor)
        with self.assertRaisesRegex(UserError, "reason"):
            own.action_decline(reason=" ")
        own.action_decline(reason="Tôi không làm giải pháp này")
        self.env.invalidate_all()
        self.assertEqual(entry.author_ids, entry.representative_id)
        self.assertFalse(own.has_access("read"))
        self.assertIn("Tôi không làm", entry.sudo().message_ids[0].body)
        notice = self.env["hoithi.notice"].search([("kind", "=", "declined")])
        self.assertEqual(notice.partner_id, self.staff.partner_id)
        with self.assertRaisesRegex(UserError, "sum to 60 %"):
            entry.action_submit()

    def test_declining_after_the_submission(self):
        entry, line = self._with_coauthor()
        entry.action_submit()
        entry.with_user(self.coauthor).action_decline(reason="Không tham gia")
        self.env.invalidate_all()
        self.assertFalse(entry.with_user(self.coauthor).has_access("read"))
        self.assertTrue(line.declined_on)
        self.assertFalse(line.sudo().partner_id or line.sudo().employee_id)
        self.assertEqual(entry.author_names, self.staff.name)
        office = entry.with_user(self.secretary)
        with self.assertRaisesRegex(UserError, "declined to be an author"):
            office.action_mark_eligible()
        office.action_request_supplement(reason="Xác định lại tỷ lệ")
        with self.assertRaisesRegex(UserError, "declined") as refusal:
            entry.action_submit()
        self.assertNotIn("identified", str(refusal.exception))
        line.unlink()
        entry.representative_id.contribution_percent = 100
        entry.participant_type = "individual"
        entry.action_submit()
        office.action_mark_eligible()

    def _reminders(self, entry):
        activity_type = self.env.ref("hoithi_contest.mail_activity_type_declined")
        return entry.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == activity_type
        )

    def test_the_reminder_ends_with_what_it_reminds_of(self):
        """However the representative settles it: taken out, replaced, withdrawn."""
        outsider = {**OUTSIDER, "full_name": "Vi Văn Một"}
        for settle in (
            lambda line: line.unlink(),
            lambda line: line.write({**outsider, "email": False}),
            lambda line: line.entry_id.action_withdraw(reason="x"),
        ):
            entry, line = self._with_coauthor()
            entry.action_submit()
            entry.with_user(self.coauthor).action_decline(reason="Không tham gia")
            office = entry.with_user(self.secretary)
            office.action_request_supplement(reason="Xác định lại tỷ lệ")
            self.env.invalidate_all()
            self.assertTrue(self._reminders(entry))
            line.contribution_percent = 30
            self.assertTrue(self._reminders(entry), "it isn't settled yet")
            settle(line)
            self.env.invalidate_all()
            self.assertFalse(self._reminders(entry))

    def test_declining_a_withdrawn_entry_reminds_nobody(self):
        entry, line = self._with_coauthor()
        entry.action_submit()
        entry.action_withdraw(reason="x")
        own = entry.with_user(self.coauthor)
        self.assertTrue(own.can_decline)
        own.action_decline(reason="Không tham gia")
        self.env.invalidate_all()
        self.assertTrue(line.declined_on)
        self.assertFalse(own.has_access("read"))
        self.assertFalse(self._reminders(entry))
        with self.assertRaisesRegex(UserError, "is withdrawn"):
            line.with_user(self.secretary).action_take_out(reason="x")

    def test_who_stands_by_an_entry_does_not_decline(self):
        entry, line = self._with_coauthor()
        with self.assertRaisesRegex(UserError, "withdraw it instead"):
            entry.action_decline(reason="x")
        with self.assertRaisesRegex(UserError, "aren't named"):
            entry.with_user(self.secretary).action_decline(reason="x")
        own = line.with_user(self.coauthor)
        own.action_confirm()
        with self.assertRaisesRegex(UserError, "confirmed your share"):
            own.action_decline(reason="x")
        own.write({"confirmed_on": False})
        own.action_confirm()
        entry.action_submit()
        with self.assertRaisesRegex(UserError, "ask the secretary"):
            own.write({"confirmed_on": False})

    def test_whoever_was_named_declines_by_a_button(self):
        entry = self._create_entry(
            participant_type="group",
            author_ids=[Command.create({"email": self.internal.email})],
        )
        own = entry.with_user(self.internal)
        self.assertTrue(own.can_decline)
        self.assertFalse(entry.can_decline, "who registers withdraws")
        view = own.get_view(view_type="form")["arch"]
        # its dialog asks, and nothing before it
        self.assertIn('name="action_ask_decline"', view)
        self.assertNotRegex(view, r'name="action_ask_decline"[^>]*confirm=')
        dialog = self.env["hoithi.reason"].with_user(self.internal)
        dialog = dialog.browse(own.action_ask_decline()["res_id"])
        dialog.reason = "Không tham gia"
        self.assertEqual(dialog.action_apply()["url"], "/my/hoithi")
        self.env.invalidate_all()
        self.assertFalse(own.has_access("read"))
        entry, _line = self._with_coauthor()
        entry.with_user(self.coauthor).action_confirm()
        self.assertFalse(entry.with_user(self.coauthor).can_decline)

    def _in_review(self, *people):
        """An entry in the review whose co-authors are `people`, with 20 % each."""
        entry = self._create_entry(
            participant_type="group",
            author_ids=[
                Command.create({"contribution_percent": 20, **person})
                for person in people
            ],
        )
        entry.action_submit()
        entry.with_user(self.secretary).action_mark_eligible()
        self._start_review()
        return entry, entry.author_ids[1:].sudo()

    def test_a_way_out_after_the_screening(self):
        entry, lines = self._in_review(
            {"email": self.coauthor.email},
            {"full_name": "Vi Văn Một", **OUTSIDER},
        )
        entry.with_user(self.coauthor).action_decline(reason="Không tham gia")
        office = entry.with_user(self.secretary)
        reminders = office.activity_ids.filtered(
            lambda activity: activity.user_id == self.secretary
        )
        self.assertIn("declined to be an author", reminders.summary)
        self.assertIn(
            f"{self.coauthor.name} declined to be an author: take",
            "; ".join(office._get_selection_problems()),
        )
        line = lines[0].with_user(self.secretary)
        self.assertEqual(line.action_ask_take_out()["res_model"], "hoithi.reason")
        with self.assertRaisesRegex(UserError, "reason"):
            line.action_take_out(reason=" ")
        for user in (self.staff, self.leader):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                line.with_user(user).action_take_out(reason="x")
        with self.assertRaisesRegex(UserError, "represents it"):
            office.representative_id.action_take_out(reason="x")
        line.action_take_out(reason="Đã từ chối")
        self.env.invalidate_all()
        self.assertEqual(
            [(a.full_name, a.contribution_percent) for a in entry.author_ids],
            [(self.staff.name, 75), ("Vi Văn Một", 25)],
        )
        self.assertIn("Đã từ chối", entry.sudo().message_ids[0].body)
        self.assertFalse(reminders.exists())
        notice = self.env["hoithi.notice"].search([("kind", "=", "taken_out")])
        self.assertEqual(notice.partner_id, self.staff.partner_id)
        self.assertIn("75", notice.preview_body)
        self.assertFalse(self.env["hoithi.entry"]._get_broken_invariants())

    def test_who_confirmed_is_taken_out_by_the_secretary(self):
        """With what rested on the person left to decide, and the others asked anew."""
        _draft, line = self._with_coauthor()
        with self.assertRaisesRegex(UserError, "isn't submitted"):
            line.with_user(self.secretary).action_take_out(reason="x")
        entry, lines = self._in_review(
            {"email": self.member1.email}, {"email": self.coauthor.email}
        )
        for user in (self.member1, self.coauthor):
            entry.with_user(user).action_confirm()
        conflict = self.env["hoithi.conflict"].search(
            [
                ("entry_id", "=", entry.id),
                ("member_id", "=", self.seats[self.member1].id),
                ("kind", "=", "coauthor"),
            ]
        )
        self.assertEqual(conflict.state, "standing")
        with self.assertRaisesRegex(UserError, "the secretary to take you out"):
            lines[0].with_user(self.member1).action_decline(reason="x")
        lines[0].with_user(self.secretary).action_take_out(reason="Nhầm người")
        self.assertEqual(conflict.state, "possible")
        entry._detect_conflicts()
        self.assertEqual(conflict.state, "possible")
        self.assertFalse(lines[1].confirmed_on)
        self.assertTrue(entry.representative_id.confirmed_on)
        notices = self.env["hoithi.notice"].search([("res_id", "=", entry.id)])
        told = notices.filtered(lambda n: n.kind == "taken_out").partner_id
        self.assertEqual(told, (self.staff | self.member1).partner_id)
        self.assertIn(
            self.coauthor.partner_id,
            notices.filtered(lambda n: n.kind == "share").partner_id,
        )
        lines[1].with_user(self.secretary).action_take_out(reason="Rút")
        self.assertEqual(entry.author_ids.contribution_percent, 100)
        self.assertEqual(entry.participant_type, "individual")

    def test_outsider_needs_only_a_name(self):
        entry = self._create_entry(
            participant_type="group",
            author_ids=[
                Command.create(
                    {
                        "full_name": " Vũ  Văn   Ngoài ",
                        "email": "ngoai@example.com",
                        "contribution_percent": 20,
                    }
                )
            ],
        )
        line = entry.author_ids - entry.representative_id
        self.assertEqual(line.full_name, "Vũ Văn Ngoài")
        self.assertFalse(line.sudo().employee_id or line.partner_id)
        for bad in ({"full_name": " "}, {"full_name": "A", "email": "không phải"}):
            with self.subTest(bad=bad), self.assertRaises(ValidationError):
                entry.write({"author_ids": [Command.create(bad)]})

    def test_person_of_another_department_is_no_employee(self):
        company = self.env["res.company"].create({"name": "Sở Khác"})
        stranger = self.env["hr.employee"].create(
            {"name": "Xa", "company_id": company.id, "work_email": "xa@khac.example"}
        )
        entry = self._create_entry(self.internal, participant_type="group")
        with self.assertRaisesRegex(ValidationError, "doesn't work in the department"):
            entry.write({"author_ids": [Command.create({"employee_id": stranger.id})]})
        entry.write(
            {
                "author_ids": [
                    Command.create({"email": "xa@khac.example", "full_name": "Xa"})
                ]
            }
        )
        self.assertFalse(entry.author_ids.sudo()[-1].employee_id)

    def test_contacts_of_others_are_not_disclosed(self):
        """An id of a contact gives staff no name that they may not read."""
        secret = self.env["res.partner"].create({"name": "Bí Mật"})
        entry = self._create_entry(participant_type="group")
        with self.assertRaises(AccessError):
            entry.write({"author_ids": [Command.create({"partner_id": secret.id})]})

    def test_a_person_is_an_author_once(self):
        entry = self._create_entry(participant_type="group")
        with self.assertRaises(ValidationError):
            entry.write({"author_ids": [Command.create({"email": self.staff.email})]})
            entry.flush_recordset()

    # REPRESENTATIVE

    def test_one_representative(self):
        entry = self._group(60, 40)
        with self.assertRaises(ValidationError):
            entry.author_ids[1].is_representative = True

    def test_staff_stay_the_representative(self):
        entry = self._group(60, 40)
        own = entry.representative_id
        for vals in (
            {"is_representative": False},
            {"partner_id": self.coauthor.partner_id.id},
            {"employee_id": self.employees[self.coauthor].id},
            {"email": self.coauthor.email},
            {"full_name": "Người khác"},
        ):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "you stay"):
                own.write(vals)
        with self.assertRaisesRegex(UserError, "you stay"):
            own.unlink()
        own.write({"is_representative": True, "phone": "0209 3870 000"})
        entry.author_ids[1].unlink()
        self.assertEqual(entry.author_ids, own)

    def test_own_unit_is_not_written(self):
        """Another unit would bring another head to confirm the application."""
        entry = self._create_entry()
        with self.assertRaisesRegex(AccessError, "“Unit”"):
            entry.author_ids.write({"department_id": self.other_unit.id, "phone": "1"})
        # what comes back as it is does no harm
        entry.author_ids.write({"department_id": self.sub_unit.id, "phone": "1"})
        self.assertEqual(entry.author_ids.department_id.sudo(), self.sub_unit)
        self.assertEqual(entry.department_id.sudo(), self.sub_unit)
        self.assertEqual(entry.author_ids.phone, "1")

    def test_unit_of_one_is_not_anothers(self):
        entry = self._create_entry(participant_type="group")
        with self.assertRaisesRegex(AccessError, "“Unit”"):
            self._add(entry, full_name="Vi Văn Một", department_id=self.other_unit.id)
        line = self._add(entry, full_name="Vi Văn Một")
        self.assertFalse(line.department_id, "units are HR's")
        line = self._add(entry, email=self.coauthor.email, phone="0912")
        self.assertTrue(line.department_id)
        line.with_user(self.staff).write({"full_name": "Vi Văn Hai"})
        self.assertFalse(line.employee_id or line.department_id or line.phone)

    def test_company_is_the_contests(self):
        """A line of another company would be hidden from the secretary."""
        other = self.env["res.company"].create({"name": "Sở Khác"})
        line = {"email": self.coauthor.email}
        with self.assertRaises(AccessError):
            self._create_entry(
                participant_type="group",
                author_ids=[Command.create({**line, "company_id": other.id})],
            )
        entry = self._create_entry(
            participant_type="group", author_ids=[Command.create(line)]
        )
        for record in (entry.author_ids, entry):
            with self.assertRaises(AccessError):
                record.write({"company_id": other.id})
            record.write({"company_id": self.company.id})
        self.env.invalidate_all()
        self.assertEqual(entry.sudo().company_id, self.company)
        self.assertEqual(entry.author_ids.sudo().company_id, self.company)

    # CONFIRMATION

    def _with_coauthor(self):
        entry = self._create_entry(
            participant_type="group",
            author_ids=[
                Command.create(
                    {"email": self.coauthor.email, "contribution_percent": 40}
                )
            ],
        )
        return entry, entry.author_ids - entry.representative_id

    def test_everyone_confirms_the_own_share(self):
        entry, line = self._with_coauthor()
        as_coauthor = entry.with_user(self.coauthor)
        self.assertTrue(as_coauthor.can_confirm)
        self.assertEqual(entry.unconfirmed_count, 2)
        with self.assertRaises(AccessError):
            line.action_confirm()
        with self.assertRaises(AccessError):
            line.write({"confirmed_on": "2020-01-01 00:00:00"})
        with self.assertRaises(AccessError):
            entry.representative_id.with_user(self.coauthor).action_confirm()
        with self.assertRaises(AccessError):
            entry.with_user(self.stranger).action_confirm()
        line.with_user(self.coauthor).write({"confirmed_on": "2020-01-01 00:00:00"})
        self.assertGreater(line.confirmed_on.year, 2020, "the server's clock")
        self.assertFalse(as_coauthor.can_confirm)
        entry.action_submit()
        self.assertEqual(entry.unconfirmed_count, 0)

    def test_secretary_is_no_author_to_confirm(self):
        entry, _line = self._with_coauthor()
        entry.action_submit()
        with self.assertRaisesRegex(UserError, "aren't an author"):
            entry.with_user(self.secretary).action_confirm()

    def test_another_share_is_to_be_confirmed_anew(self):
        entry, line = self._with_coauthor()
        entry.with_user(self.coauthor).action_confirm()
        line.write({"phone": "0912"})
        self.assertTrue(line.confirmed_on)
        line.contribution_percent = 40
        self.assertTrue(line.confirmed_on, "the same share")
        with self.assertRaises(AccessError):
            line.write(
                {"contribution_percent": 39, "confirmed_on": "2026-01-01 00:00:00"}
            )
        line.contribution_percent = 39
        self.assertFalse(line.confirmed_on)

    def test_confirmation_does_not_come_with_the_line(self):
        values = {"email": self.coauthor.email, "contribution_percent": 40}
        forged = {**values, "confirmed_on": "2026-01-01 00:00:00"}
        with self.assertRaises(AccessError):
            self._create_entry(
                participant_type="group", author_ids=[Command.create(forged)]
            )
        entry = self._create_entry(
            participant_type="group", author_ids=[Command.create(values)]
        )
        self.assertFalse(any(entry.author_ids.mapped("confirmed_on")))

    def test_co_author_writes_nothing_but_the_confirmation(self):
        entry, line = self._with_coauthor()
        own = line.with_user(self.coauthor)
        for vals in (
            {"contribution_percent": 90},
            {"contribution_percent": 90, "confirmed_on": "2026-01-01 00:00:00"},
            {"full_name": "x"},
            {"is_representative": True},
            {"phone": "1"},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                own.write(vals)
        with self.assertRaises(AccessError):
            own.unlink()
        with self.assertRaises(AccessError):
            self.env["hoithi.entry.author"].with_user(self.coauthor).create(
                {"entry_id": entry.id, "full_name": "x"}
            )
        with self.assertRaises(AccessError):
            entry.with_user(self.coauthor).write({"color": 1, "novelty": "x"})
        own.action_confirm()
        self.assertTrue(own.confirmed_on)

    def test_shares_are_closed_after_submission(self):
        entry, line = self._with_coauthor()
        entry.action_submit()
        for act in (
            lambda: line.write({"contribution_percent": 39}),
            line.unlink,
            lambda: entry.author_ids.create({"entry_id": entry.id, "full_name": "x"}),
        ):
            with self.assertRaisesRegex(UserError, "can't be changed"):
                act()
        with self.assertRaises(AccessError):
            line.with_user(self.secretary).write({"contribution_percent": 39})

    def test_line_stays_with_its_entry(self):
        _entry, line = self._with_coauthor()
        other = self._create_entry()
        with self.assertRaisesRegex(UserError, "stays with its entry"):
            line.entry_id = other
