from odoo.addons.web.controllers.export import (
    ExcelExport,
    ExportXlsxWriter,
    GroupExportXlsxWriter,
)


class TextMixin:
    """What people typed stays text: a title that begins with "=" is no formula."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.worksheet.strings_to_formulas = False


class TextWriter(TextMixin, ExportXlsxWriter):
    pass


class GroupTextWriter(TextMixin, GroupExportXlsxWriter):
    pass


class TextExport(ExcelExport):
    def from_data(self, fields, columns_headers, rows):
        with TextWriter(fields, columns_headers, len(rows)) as writer:
            for number, row in enumerate(rows, start=1):
                for column, value in enumerate(row):
                    writer.write_cell(number, column, value)
        return writer.value

    def from_group_data(self, fields, columns_headers, groups):
        with GroupTextWriter(fields, columns_headers, groups.count) as writer:
            row, column = 1, 0
            for name, group in groups.children.items():
                row, column = writer.write_group(row, column, name, group)
        return writer.value
