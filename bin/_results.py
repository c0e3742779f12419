"""Sum up pytest's reports: _results.py FULL REPORT.xml...

A full run fails when one of its parts ran no test, or skipped one: a test that is
skipped because the browser or a font is missing would be green for ever.

Of many files it says which took longest: what runs side by side is shared out by that.
"""

import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

SLOWEST = 25


def find_file(case):
    """Return the module of a test, whose class may stand behind it."""
    parts = case.get("classname").split(".")
    names = [place for place, part in enumerate(parts) if part.startswith("test_")]
    return "/".join(parts[: names[0] + 1] if names else parts)


def show_times(parts, files):
    """Print the seconds of each part, and of the files that took longest."""
    print(*(f"{name} {spent:.0f} s" for name, spent in parts.items()), sep=", ")
    for name, spent in files.most_common(SLOWEST):
        print(f"{spent:7.1f} s  {name}")


def main(full, *paths):
    passed = failed = skipped = 0
    problems, parts, files = [], Counter(), Counter()
    for path in map(Path, paths):
        suites = list(ET.parse(path).iter("testsuite")) if path.exists() else []
        cases = [case for suite in suites for case in suite.iter("testcase")]
        parts[path.stem] = sum(float(suite.get("time")) for suite in suites)
        if not cases:
            problems.append(f"{path.stem}: no test ran")
        for case in cases:
            files[find_file(case)] += float(case.get("time"))
            skip = case.find("skipped")
            if skip is not None:
                skipped += 1
                name = f"{case.get('classname')}.{case.get('name')}"
                problems.append(f"skipped: {name}: {skip.get('message')}")
            elif case.find("failure") is not None or case.find("error") is not None:
                failed += 1
            else:
                passed += 1
    if len(files) > 1:
        show_times(parts, files)
    print(*problems, sep="\n", end="\n" if problems else "")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return int(not passed or bool(failed) or (full == "yes" and bool(problems)))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
