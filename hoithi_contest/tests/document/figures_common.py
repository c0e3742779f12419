from unittest.mock import patch

from ...lib.document import charts, nd30

ELIGIBLE = (
    "state IN ('eligible', 'reviewing', 'reviewed', 'selected', 'not_selected',"
    " 'nominated')"
)
#: Figures of entries as an independent count has them.
SQL_ENTRIES = {
    "registered": "TRUE",
    "withdrawn": "state = 'withdrawn'",
    "individual": "participant_type = 'individual'",
    "group": "participant_type = 'group'",
    "eligible": ELIGIBLE,
    "scored": "state != 'withdrawn' AND EXISTS (SELECT FROM hoithi_review r"
    " WHERE r.entry_id = e.id AND r.state = 'submitted')",
    "selected": "state IN ('selected', 'nominated')",
    "nominated": "state = 'nominated'",
    "awarded": "state != 'withdrawn' AND EXISTS (SELECT FROM hoithi_award a"
    " WHERE a.entry_id = e.id AND a.level IN ('province', 'national')"
    " AND a.author_id IS NULL AND a.is_held IS NOT TRUE)",
}
COLUMNS = ("registered", "eligible", "scored", "selected", "nominated", "awarded")


def to_number(text):
    """Return a number as papers print it."""
    return int(text.replace(".", ""))


class FiguresMixin:
    """Compares what papers say with a count of its own."""

    def _query(self, query, *params):
        self.env.flush_all()
        self.env.cr.execute(query, params)
        return self.env.cr.fetchone()[0]

    def _count_by_sql(self, contest):
        received = (
            "FROM hoithi_entry e WHERE contest_id = %s AND state != 'draft'"
            " AND submitted_on IS NOT NULL AND "
        )
        counts = {
            name: self._query(f"SELECT count(*) {received}{condition}", contest.id)
            for name, condition in SQL_ENTRIES.items()
        }
        counts["authors"] = self._query(
            "SELECT count(DISTINCT COALESCE(a.partner_id::text, a.full_name))"
            " FROM hoithi_entry_author a JOIN hoithi_entry e ON e.id = a.entry_id"
            " WHERE e.contest_id = %s AND e.state != 'draft'"
            " AND e.submitted_on IS NOT NULL",
            contest.id,
        )
        counts["benefit"] = self._query(
            "SELECT COALESCE(sum(benefit_amount), 0) "
            f"{received}{SQL_ENTRIES['scored']}",
            contest.id,
        )
        for name, column in (("outreach", "count(*)"), ("reach", "sum(reach)")):
            counts[name] = self._query(
                f"SELECT COALESCE({column}, 0) FROM hoithi_outreach"
                " WHERE contest_id = %s",
                contest.id,
            )
        return counts

    def _make_report(self, contest):
        """Return the report of a contest, and what its charts were drawn from."""
        drawn = {}

        def keep(draw):
            def wrapper(title, rows, *args):
                drawn[title] = list(rows)
                return draw(title, rows, *args)

            return wrapper

        with (
            patch.object(charts, "draw_bars", keep(charts.draw_bars)),
            patch.object(charts, "draw_timeline", keep(charts.draw_timeline)),
            patch.object(charts, "draw_distribution", keep(charts.draw_distribution)),
        ):
            report = self._make("report", contest)
        return report, drawn

    def _check_figures(self, contest):
        """Compare text, tables and charts of the report, and the other papers."""
        counts = self._count_by_sql(contest)
        report, drawn = self._make_report(contest)
        context, text = report.context_json, self._read_flat(report)
        padded = {name: nd30.padded(int(number)) for name, number in counts.items()}
        self._check_report_figures(contest, context, counts)
        # text
        is_scored = contest.mode == "internal_contest"
        scored = f", {padded['scored']} hồ sơ được chấm điểm" if is_scored else ""
        note = (
            f" (trong đó {padded['withdrawn']} hồ sơ đã rút)"
            if counts["withdrawn"]
            else ""
        )
        self.assertIn(
            f"Tiếp nhận {padded['registered']} hồ sơ của {padded['authors']} tác giả"
            f"{note}; {padded['eligible']} hồ sơ đủ điều kiện{scored}.",
            text,
        )
        self.assertIn(
            f"Hội đồng chọn {padded['selected']} giải pháp, đề cử "
            f"{padded['nominated']} giải pháp dự thi cấp tỉnh.",
            text,
        )
        if counts["outreach"]:
            self.assertIn(
                f"đã tổ chức {padded['outreach']} hoạt động tuyên truyền tại "
                f"{nd30.padded(len(context['outreach']))} phòng, đơn vị, tổ chức với "
                f"{nd30.decimal(counts['reach'])} lượt người",
                text,
            )
        # tables
        for table in ("by_unit", "by_field", "by_type"):
            for name in COLUMNS:
                total = sum(int(row[name] or 0) for row in context[table])
                self.assertEqual(total, counts[name], (table, name))
        for name, key in (("outreach", "activities"), ("reach", "reach")):
            total = sum(to_number(row[key]) for row in context["outreach"])
            self.assertEqual(total, counts[name], key)
        self.assertEqual(len(context["selected"]), counts["selected"])
        self.assertEqual(
            len(context["rejected"]), counts["registered"] - counts["selected"]
        )
        # charts
        for title, name in (
            ("Số hồ sơ đăng ký theo đơn vị", "registered"),
            ("Số hồ sơ đăng ký theo lĩnh vực", "registered"),
            ("Số hồ sơ đăng ký theo loại giải pháp", "registered"),
            ("Tiến độ nộp hồ sơ theo tháng", "registered"),
            ("Lượt người được phổ biến theo đơn vị, tổ chức", "reach"),
            ("Số hoạt động tuyên truyền theo hình thức", "outreach"),
        ):
            rows = drawn.get(title, [])
            self.assertEqual(sum(number for _name, number in rows), counts[name], title)
        scores = drawn.get("Phân bố điểm của các giải pháp", [])
        self.assertEqual(len(scores), counts["scored"])
        self._check_other_papers(contest, counts, note)

    def _check_report_figures(self, contest, context, counts):
        printed = {row["name"]: row["value"] for row in context["figures"]}
        is_scored = contest.mode == "internal_contest"
        for label, name in (
            ("Hồ sơ đăng ký", "registered"),
            ("Hồ sơ dự thi cá nhân", "individual"),
            ("Hồ sơ dự thi tập thể", "group"),
            ("Tác giả, đồng tác giả", "authors"),
            ("Hồ sơ đủ điều kiện", "eligible"),
            *is_scored * (("Hồ sơ được chấm điểm", "scored"),),
            ("Giải pháp được Hội đồng chọn", "selected"),
            ("Giải pháp đề cử dự thi cấp tỉnh", "nominated"),
            ("Giải pháp đoạt giải cấp tỉnh, toàn quốc", "awarded"),
            ("Hoạt động tuyên truyền", "outreach"),
            ("Lượt người được phổ biến", "reach"),
        ):
            self.assertEqual(to_number(printed[label]), counts[name], label)
        self.assertEqual(
            to_number(printed.get("Hồ sơ đã rút", "0")), counts["withdrawn"]
        )
        benefit = printed.get("Tổng giá trị làm lợi tính được thành tiền", "0 đồng")
        self.assertEqual(to_number(benefit.split()[0]), int(counts["benefit"]))

    def _check_other_papers(self, contest, counts, note):
        """Compare reminder, list, register, minutes, letter, form and board."""
        received = nd30.padded(counts["registered"])
        notice = self._make("notice", contest, planned_on=contest._get_today())
        self.assertIn(
            f"đã nhận được {received} hồ sơ đăng ký{note}.", self._read_flat(notice)
        )
        rows = notice.context_json["units"]
        self.assertEqual(
            sum(int(row["registered"]) for row in rows), counts["registered"]
        )
        totals = self._make("eligible_list", contest).context_json["totals"]
        self.assertEqual(
            {name: int(totals[name]) for name in ("received", "eligible", "withdrawn")},
            {
                "received": counts["registered"],
                "eligible": counts["eligible"],
                "withdrawn": counts["withdrawn"],
            },
        )
        register = self._make("register", contest).context_json["rows"]
        self.assertEqual(len(register), counts["registered"])
        for session in contest.session_ids.filtered(lambda s: s.state != "planned"):
            (said,) = self._make("minutes", session).context_json["report"]
            self.assertIn(f"Đã tiếp nhận {received} hồ sơ{note};", said)
            self.assertIn(f"có {nd30.padded(counts['eligible'])} hồ sơ đủ", said)
        for nomination in contest.nomination_ids:
            letter = self._make("nomination", nomination).context_json
            self.assertIn(f"tiếp nhận {received} hồ sơ", " ".join(letter["opening"]))
        # the contest's form, as superuser who reads all
        self.assertEqual(
            (contest.submitted_count, contest.withdrawn_count, contest.eligible_count),
            (counts["registered"], counts["withdrawn"], counts["eligible"]),
        )
        contest.unit_ids._refresh()
        units = contest.unit_ids
        if units:
            self.assertEqual(
                (
                    sum(units.mapped("submitted_count")),
                    sum(units.mapped("competing_count")),
                    sum(units.mapped("outreach_count")),
                    sum(units.mapped("contact_count")),
                ),
                (
                    counts["registered"],
                    counts["registered"] - counts["withdrawn"],
                    counts["outreach"],
                    counts["reach"],
                ),
            )
