"""What of PDF/UA-1 (ISO 14289-1) a program can tell, read off a file.

No validator of it is among the packages. The names in brackets are those of the
Matterhorn Protocol 1.1, which lists the conditions of failure.
"""

import re
from collections.abc import Iterator

import pikepdf

#: Types of structure elements (ISO 32000-1, 14.8.4) that papers have.
_STANDARD = {
    *("Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "P", "H"),
    *("H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "TR"),
    *("TH", "TD", "THead", "TBody", "TFoot", "Span", "Link", "Figure", "Form", "Note"),
}
#: Operators that draw something.
_DRAWS = {
    *("S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "EI", "INLINE IMAGE"),
    *("Tj", "TJ", "'", '"'),
}


def find_faults(document: pikepdf.Pdf) -> list[str]:
    """Return what contradicts the claim to be PDF/UA-1, a sentence each."""
    root = document.Root
    if "/StructTreeRoot" not in root:
        return ["it has no structure [01-005]"]
    return [
        *_find_claims(document),
        *_find_in_structure(root),
        *_find_in_pages(document),
        *_find_in_fonts(document),
    ]


def _find_claims(document) -> Iterator[str]:
    root = document.Root
    with document.open_metadata() as metadata:
        if metadata.get("pdfuaid:part") != "1":
            yield "it doesn't claim PDF/UA [06-002]"
        if not metadata.get("dc:title"):
            yield "it has no title [06-003]"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "its title isn't shown [07-001]"
    if not root.get("/MarkInfo", {}).get("/Marked") or root.MarkInfo.get("/Suspects"):
        yield "it isn't marked [09-004]"
    if str(root.get("/Lang", "")) != "vi-VN":
        yield "it doesn't tell its language [11-006]"


def walk(element) -> Iterator[pikepdf.Dictionary]:
    """Yield the structure elements below one, in the order of reading."""
    for kid in _get_kids(element):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from walk(kid)


def _get_kids(element) -> list:
    kids = element.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _find_in_structure(root) -> Iterator[str]:
    roles = {
        str(name): str(role)
        for name, role in root.StructTreeRoot.get("/RoleMap", {}).items()
    }
    level = 0
    for element in walk(root.StructTreeRoot):
        role = str(element.S)
        role = roles.get(role, role)[1:]
        if role not in _STANDARD:
            yield f"“{role}” stands for nothing [02-001]"
        elif role in ("Figure", "Formula") and not _is_described(element):
            yield "a figure has no text [13-004]"
        elif role == "TH" and not _has_scope(element):
            yield "a heading of a table doesn't say of what [15-003]"
        elif role == "Form" and not any(
            isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR"
            for kid in _get_kids(element)
        ):
            yield "a form element has no field [28-010]"
        elif heading := re.fullmatch(r"H(\d)", role):
            if int(heading[1]) > level + 1:
                yield f"a heading of level {heading[1]} follows one of {level} [14-003]"
            level = int(heading[1])


def _is_described(element) -> bool:
    return bool(str(element.get("/Alt", "")) or str(element.get("/ActualText", "")))


def _has_scope(element) -> bool:
    attributes = element.get("/A", pikepdf.Array())
    if isinstance(attributes, pikepdf.Dictionary):
        attributes = [attributes]
    return any(
        isinstance(item, pikepdf.Dictionary) and "/Scope" in item for item in attributes
    )


def _find_in_pages(document) -> Iterator[str]:
    parents = pikepdf.NumberTree(document.Root.StructTreeRoot.ParentTree)
    inside = {element.objgen for element in walk(document.Root.StructTreeRoot)}
    for number, page in enumerate(document.pages, 1):
        rows = parents[int(page.StructParents)] if "/StructParents" in page else []
        for mark, is_drawn in _read_marks(page):
            if mark is None and is_drawn:
                yield f"page {number} draws what is neither told nor left out [01-003]"
            elif isinstance(mark, int) and not (
                mark < len(rows)
                and isinstance(rows[mark], pikepdf.Dictionary)
                and rows[mark].objgen in inside
                and mark in _get_kids(rows[mark])
            ):
                yield f"page {number}: mark {mark} is in no element [01-006]"
        notes = list(page.get("/Annots", []))
        if notes and page.get("/Tabs") != "/S":
            yield f"page {number}: its fields aren't in the order of reading [28-009]"
        for note in notes:
            element = parents.get(int(note.get("/StructParent", -1)))
            if element is None or element.objgen not in inside:
                yield f"page {number}: a field isn't in the structure [28-002]"
            elif note.get("/Subtype") == "/Widget" and (
                element.S != "/Form" or not str(note.get("/TU", ""))
            ):
                yield f"page {number}: a field has no name to be read [28-005]"


def _read_marks(page) -> set[tuple]:
    """Return what a page marks: number, "Artifact" or nothing, and if it draws there.

    What is within an artifact or an element belongs to it.
    """
    found, stack = set(), []
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in ("BDC", "BMC"):
            mark = None
            if operands[0] == "/Artifact":
                mark = "Artifact"
            elif name == "BDC" and isinstance(operands[1], pikepdf.Dictionary):
                number = operands[1].get("/MCID")
                mark = number if number is None else int(number)
            stack.append(mark)
            if isinstance(mark, int):
                found.add((mark, False))
        elif name == "EMC":
            stack.pop()
        elif name in _DRAWS:
            marks = [mark for mark in stack if mark is not None]
            found.add((marks[-1] if marks else None, True))
    return found


def _find_in_fonts(document) -> Iterator[str]:
    for item in document.objects:
        if not isinstance(item, pikepdf.Dictionary) or item.get("/Type") != "/Font":
            continue
        if "/DescendantFonts" not in item and not (
            {"/FontFile", "/FontFile2", "/FontFile3"}
            & set(item.get("/FontDescriptor", {}).keys())
        ):
            yield f"{item.BaseFont} isn't embedded [31-009]"
        if item.get("/Subtype") != "/CIDFontType2" and "/ToUnicode" not in item:
            yield f"the letters of {item.BaseFont} say nothing [31-027]"
