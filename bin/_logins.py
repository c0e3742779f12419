"""Print the demo's address and one table of its logins: _logins.py URL LOGINS.csv"""

import csv
import shutil
import sys
import textwrap
from pathlib import Path

HEADINGS = {
    "role_vi": "Vai trò",
    "login": "Đăng nhập",
    "password": "Mật khẩu",
    "try_vi": "Việc nên thử",
}
ADMIN = {"login": "admin", "password": "admin", "role_vi": "Quản trị", "try_vi": ""}


def read_logins(path):
    if not path.exists():
        return [ADMIN]
    with path.open(encoding="utf-8", newline="") as file:
        dialect = csv.Sniffer().sniff(file.readline(), delimiters=";,")
        file.seek(0)
        return list(csv.DictReader(file, delimiter=dialect.delimiter))


def table(rows, width):
    """The rows under their headings, the last column wrapped to the width."""
    columns = {
        key: [heading] + [(row.get(key) or "").strip() for row in rows]
        for key, heading in HEADINGS.items()
    }
    *fixed, last = columns.values()
    widths = [max(map(len, cells)) for cells in fixed]
    indent = sum(widths) + 3 * len(widths)
    room = max(width - indent, 24)
    lines = []
    for *cells, text in zip(*fixed, last, strict=True):
        start = "   ".join(
            cell.ljust(size) for cell, size in zip(cells, widths, strict=True)
        )
        first, *rest = textwrap.wrap(text, room) or [""]
        lines.append(f"{start}   {first}".rstrip())
        lines += [" " * indent + line for line in rest]
    rule = "─" * min(max(map(len, lines)), width)
    return [rule, lines[0], rule, *lines[1:], rule]


def main(url, path):
    width = shutil.get_terminal_size((110, 24)).columns
    print(f"\nHội thi đang chạy tại {url}\n")
    print("\n".join(table(read_logins(Path(path)), width)))


if __name__ == "__main__":
    main(*sys.argv[1:])
