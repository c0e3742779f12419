import csv
import io

from odoo import api, models

from ...lib.document import nd30, wording

#: Records that a table is written from at a time.
SLICE = 500


class HoithiDocumentRun(models.Model):
    """The figures of a contest as tables beside its papers, in the archive's file.

    They are read with the rights of who has the file made. Of an entry that is kept
    from that person no table has a row, also where its record alone could be read.
    """

    _inherit = "hoithi.document.run"

    @api.model
    def _add_table(self, package, name, columns, rows):
        """Add a table as spreadsheets read it: UTF-8 with its mark.

        :param columns: {key: what the column is called}
        :param rows: {key: value} each; what a row doesn't have stays empty
        """
        from ...lib.guard import workbook

        target = io.StringIO()
        writer = csv.writer(target, lineterminator="\r\n")
        writer.writerow(columns.values())
        for row in rows:
            values = [row.get(key) or "" for key in columns]
            # titles and names are anybody's words
            writer.writerow(
                workbook.quote(value) if isinstance(value, str) else value
                for value in values
            )
        package.add_bytes([], name, f"\N{BYTE ORDER MARK}{target.getvalue()}".encode())

    def _add_tables(self, package, papers, rows):
        """Add all tables.

        :param rows: of the list of papers
        """
        entries = self.env["hoithi.entry"].search(
            [("contest_id", "=", self.contest_id.id), ("submitted_on", "!=", False)],
            order="code, id",
        )
        tables = {
            "papers": [*rows, *self._get_cancelled_rows()],
            "recipients": self._get_recipient_rows(papers),
            "entries": self._get_entry_rows(entries),
            "authors": self._get_author_rows(entries),
            "sheets": self._get_sheet_rows(entries),
            "votes": self._get_vote_rows(entries),
            "awards": self._get_award_rows(entries),
            "nominations": self._get_nomination_rows(entries),
        }
        for key, table in wording.ARCHIVE_TABLES.items():
            self._add_table(package, table.file, table.columns, tables[key])

    # ROWS

    def _get_cancelled_rows(self):
        """Return rows of cancelled papers that have a number."""
        cancelled = self.env["hoithi.document"].search(
            [
                ("contest_id", "=", self.contest_id.id),
                ("state", "=", "cancelled"),
                ("number", "!=", False),
            ],
            order="date, id",
        )
        return [paper._get_exchange_data() for paper in cancelled]

    def _get_recipient_rows(self, papers):
        """Return to whom each paper went, and whether it came."""
        kind = self.env["hoithi.document.kind"]
        for line in papers.recipient_ids:
            yield {
                "number": line.document_id.number,
                "symbol": line.document_id.symbol,
                "paper": line.document_id.name,
                "recipient": line.name,
                "role": kind._get_label(line, "role"),
                "delivery": kind._get_label(line, "state"),
                "sent_on": kind._get_moment(self.contest_id, line.sent_on),
                "sent_to": line.sent_to,
                "handed_on": wording.short_day(line.handed_on),
                "error": line.error,
            }

    def _get_entry_rows(self, entries):
        kind = self.env["hoithi.document.kind"]
        for entry in self._slice(entries):
            yield {
                **kind._get_entry_texts(entry),
                "submitted_on": self._get_day(entry.submitted_on),
                "state": kind._get_label(entry, "state"),
                "score": kind._get_score(entry),
                "prize": kind._get_prize(entry),
            }

    def _get_author_rows(self, entries):
        for entry in self._slice(entries):
            for author in entry._get_authors():
                yield {
                    "code": entry.code,
                    "title": entry.name,
                    "author": author.full_name,
                    "position": author.job_title,
                    "unit": author._get_unit_name(),
                    "share": nd30.decimal(author.contribution_percent),
                    "is_representative": (
                        wording.YES if author.is_representative else ""
                    ),
                    "confirmed_on": self._get_day(author.confirmed_on),
                }

    def _get_sheet_rows(self, entries):
        """Return the scores that count, criterion by criterion."""
        kind = self.env["hoithi.document.kind"]
        reviews = self.env["hoithi.review"].search(
            [("entry_id", "in", entries.ids), ("state", "=", "submitted")],
            order="entry_id, id",
        )
        for review in self._slice(reviews):
            for line in review.line_ids:
                yield {
                    "code": review.entry_code,
                    "title": review.entry_name,
                    "round": review.round_id.display_name,
                    "member": kind._get_member_name(review.member_id),
                    "criterion": line.criterion_id.name,
                    "max_score": nd30.decimal(line.max_score),
                    "score": nd30.decimal(line.score),
                    "total": nd30.decimal(review.total),
                    "submitted_on": self._get_day(review.submitted_on),
                }

    def _get_vote_rows(self, entries):
        """Return what was counted; how anybody voted is in the minutes, if anywhere."""
        kind = self.env["hoithi.document.kind"]
        items = self.env["hoithi.session.item"].search(
            [("entry_id", "in", entries.ids), ("state", "=", "counted")]
        )
        for item in self._slice(items):
            session = item.session_id
            yield {
                **kind._get_votes(item),
                "session": wording.session_name(session.name, session.number),
                "day": self._get_day(session.closed_on or session.start),
                "code": item.entry_code,
                "title": item.entry_name,
                "mode": kind._get_item_mode(item),
                "written": item.written and str(item.written),
            }

    def _get_award_rows(self, entries):
        """Return what was won at every level; what is held is told nowhere."""
        kind = self.env["hoithi.document.kind"]
        awards = self.env["hoithi.award"].search(
            [
                ("contest_id", "=", self.contest_id.id),
                ("is_held", "=", False),
                # of a unit, or of an entry that the maker may read
                ("entry_id", "in", [False, *entries.ids]),
            ],
            order="level, rank_order, id",
        )
        for award in self._slice(awards):
            yield {
                "level": kind._get_label(award, "level"),
                "prize": kind._get_kind_name(award),
                "code": award.entry_id.code,
                "title": award.entry_id.name,
                "person": award.author_id.full_name,
                "unit": award._get_unit_name(),
                **self._get_money(award),
                "decision": award.decision_number,
                "decided_on": wording.short_day(award.decision_date),
                "register_number": award.register_number,
            }

    def _get_nomination_rows(self, entries):
        kind = self.env["hoithi.document.kind"]
        lines = self.env["hoithi.nomination.line"].search(
            [
                ("nomination_id.contest_id", "=", self.contest_id.id),
                ("entry_id", "in", entries.ids),
            ],
            order="nomination_id, sequence, id",
        )
        for line in self._slice(lines):
            # by its name, as whoever mustn't know how an entry stands is told nothing
            score = line["average_score"]
            yield {
                "dispatch": line.nomination_id.dispatch_number,
                "sent_on": wording.short_day(line.nomination_id.sent_on),
                "code": line.entry_code or line.entry_id.code,
                "title": line.entry_name or line.entry_id.name,
                "authors": line.author_names or line.entry_id.author_names,
                "unit": line.department_name or line.entry_id._get_unit_name(),
                "field": line.field_name or line.entry_id.field_id.display_name,
                "score": score and nd30.decimal(score, 2),
                "state": kind._get_label(line.nomination_id, "state"),
                "result": kind._get_kind_name(line),
                **self._get_money(line),
            }

    # VALUES

    @api.model
    def _slice(self, records):
        """Return records one by one, of which few are in memory at a time."""
        for start in range(0, len(records), SLICE):
            yield from records[start : start + SLICE]

    def _get_day(self, moment):
        kind = self.env["hoithi.document.kind"]
        return wording.short_day(kind._get_date(self.contest_id, moment))

    @api.model
    def _get_money(self, record):
        """Return amount and currency of what was won, empty without money."""
        currency = record.currency_id
        if not record.amount:
            return {}
        return {
            "amount": f"{record.amount:.{currency.decimal_places}f}",
            "currency": currency.name,
        }
