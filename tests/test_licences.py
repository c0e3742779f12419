"""What an addon under the LGPL-3 may depend on: not on the GPL, nor on the unknown."""

import ast
import email
import re
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
FREE = re.compile(
    r"\b(0BSD|Apache|BSD|CC0|HPND|Historical Permission Notice|ISC|MIT(-0)?|MPL|Mozilla"
    r"|PSF|Python Software Foundation|Unlicense|Zlib|ZPL|Zope|Public Domain)\b"
    r"|\bLGPL|\bLesser General Public|\bLibrary or Lesser General Public",
    re.IGNORECASE,
)
STRONG = re.compile(
    r"(?<!L)GPL|(?<!Lesser )General Public|Affero|Proprietary", re.IGNORECASE
)
# Those whose metadata don't say it, or say more than what is used.
KNOWN = {
    "docutils": "the GPL is that of an Emacs mode, which isn't part of the wheel",
    "setuptools": "MIT, by the licence file that it carries: only builds packages",
}
if sys.version_info >= (3, 12):
    # the release that the lock has for these
    KNOWN["qrcode"] = "BSD, by the licence file; its tool added a classifier"


def is_free(told):
    """Whether the metadata of a package name only licences that an LGPL-3 addon may
    depend on. Of an SPDX expression one alternative is enough."""
    if expression := told.get("License-Expression"):

        def judge(match):
            word = match[0]
            if word in ("AND", "OR"):
                return word.lower()
            return str(bool(FREE.search(word) and not STRONG.search(word)))

        # True, False, and, or, parentheses
        return eval(re.sub(r"[\w.+-]+(?: WITH [\w.+-]+)?", judge, expression))
    names = [
        classifier
        for classifier in told.get_all("Classifier") or []
        if classifier.startswith("License ::")
    ]
    licence = (told.get("License") or "").strip()
    if "\n" not in licence or not names:
        names.append(licence.partition("\n")[0])
    return any(map(FREE.search, names)) and not any(map(STRONG.search, names))


def locked():
    """The requirements of requirements.lock that this Python needs."""
    for line in (ROOT / "requirements.lock").read_text().splitlines():
        if re.match(r"\w", line):
            requirement = Requirement(line.rstrip(" \\"))
            if not requirement.marker or requirement.marker.evaluate():
                yield requirement.name


def needed_by(names):
    """Those packages and, at any remove, what they need."""
    waiting, found = list(names), set()
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found:
            continue
        found.add(name)
        for text in metadata.requires(name) or []:
            requirement = Requirement(text)
            if not requirement.marker or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)
    return found


@pytest.mark.parametrize(
    ("told", "free"),
    [
        ("License-Expression: MIT", True),
        ("License-Expression: LGPL-3.0-or-later", True),
        ("License-Expression: GPL-3.0-or-later", False),
        ("License-Expression: AGPL-3.0-only", False),
        ("License-Expression: MIT OR GPL-2.0-only", True),
        ("License-Expression: MIT AND (GPL-2.0-only OR AGPL-3.0-only)", False),
        ("License-Expression: GPL-2.0-only WITH Classpath-exception-2.0", False),
        ("License-Expression: LicenseRef-Proprietary", False),
        ("License: GPL-3.0-or-later", False),
        ("License: GNU General Public License v3", False),
        ("License: GNU Lesser General Public License v3", True),
        ("License: LGPL with exceptions", True),
        ("License: UNKNOWN", False),
        ("Name: without", False),
        (
            "Classifier: License :: OSI Approved :: GNU General Public License (GPL)",
            False,
        ),
        (
            "Classifier: License :: GNU Lesser General Public License v2 or later",
            True,
        ),
        ("Classifier: License :: OSI Approved :: MIT License", True),
        ("Classifier: License :: OSI Approved :: BSD License\nLicense: UNKNOWN", True),
        ("Classifier: License :: Other/Proprietary License", False),
    ],
)
def test_a_licence_is_told_from_the_metadata(told, free):
    assert is_free(email.message_from_string(told)) is free


def test_locked_packages():
    names = set(locked())
    refused = {name for name in names if not is_free(metadata.metadata(name))}
    assert refused - KNOWN.keys() == set(), "not for an LGPL-3 addon, or not known"
    assert KNOWN.keys() <= refused, "no longer needs to be named"


def test_the_addons_own_packages():
    manifest = ast.literal_eval(
        (ROOT / "hoithi_contest" / "__manifest__.py").read_text()
    )
    packages = manifest["external_dependencies"]["python"]
    assert "numpy" in packages
    needed = needed_by(packages)
    assert needed <= set(locked())
    refused = {name for name in needed if not is_free(metadata.metadata(name))}
    assert refused == set(), "not for an LGPL-3 addon, or not known"
