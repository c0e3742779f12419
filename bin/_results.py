"""Sum up pytest's reports: _results.py FULL REPORT.xml...

A full run fails when one of its parts ran no test, or skipped one: a test that is
skipped because the browser or a font is missing would be green for ever.
"""

import sys
import xml.etree.ElementTree as ET
from pathlib import Path


def main(full, *paths):
    passed = failed = skipped = 0
    problems = []
    for path in map(Path, paths):
        cases = list(ET.parse(path).getroot().iter("testcase")) if path.exists() else []
        if not cases:
            problems.append(f"{path.stem}: no test ran")
        for case in cases:
            skip = case.find("skipped")
            if skip is not None:
                skipped += 1
                name = f"{case.get('classname')}.{case.get('name')}"
                problems.append(f"skipped: {name}: {skip.get('message')}")
            elif case.find("failure") is not None or case.find("error") is not None:
                failed += 1
            else:
                passed += 1
    print(*problems, sep="\n", end="\n" if problems else "")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return int(not passed or bool(failed) or (full == "yes" and bool(problems)))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
