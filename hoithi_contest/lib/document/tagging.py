"""What LibreOffice leaves undone of PDF/UA-1 in the papers that it makes.

Lines that are drawn are figures to it, which nobody describes, and borders of pages and
paragraphs stand outside of everything; to those who listen both are nothing. A field
that is added later has to be in the structure as well.
"""

import io
import re
from collections.abc import Iterator

#: Paragraph styles of a signer's name, as LibreOffice names them in the structure.
SIGNER_NAMES = ("/HT SignName", "/HT CertificateName")
#: The field that is read before all else: it stands at the top.
FIRST = "Copy"
_FIGURE = re.compile(rb"/Figure\s*<<\s*/MCID\s+(\d+)\s*>>\s*BDC")
#: Where something that is marked begins and ends. LibreOffice writes an operator a
#: line, and texts in hexadecimal figures.
_MARK = re.compile(rb"^(?:.*(BDC|BMC)|EMC)[ \t]*$", re.MULTILINE)
#: A path and the operator that draws it, or something drawn as a whole.
_PATH = re.compile(
    rb"^/\w+ Do$|(?:^[-\d. ]+ (?:m|l|c|v|y|re)\n|^h\n)*"
    rb"^(?:[-\d. ]+ (?:l|c|v|y|re) |h )?(?:S|s|f\*?|B\*?|b\*?)$",
    re.MULTILINE,
)


def mend(content: bytes) -> bytes:
    """Return a paper in which lines and borders are what isn't read.

    What isn't tagged, or can't be read, is returned as it is.
    """
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            if not is_tagged(document):
                return content
            _drop_lines(document)
            buffer = io.BytesIO()
            document.save(buffer)
    except pikepdf.PdfError:
        return content
    return buffer.getvalue()


def get_standard(content: bytes) -> str:
    """Return the standard of archiving that a file claims, as ``PDF/A-2b``, or nothing.

    What it claims is read, not whether it keeps to it.
    """
    import pikepdf

    if not content.startswith(b"%PDF-"):
        return ""
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            claim = document.open_metadata()
            part = claim.get("pdfaid:part")
            conformance = claim.get("pdfaid:conformance", "")
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError):
        # what tells of files from elsewhere may be of any shape
        return ""
    if not isinstance(part, str) or not isinstance(conformance, str):
        return ""
    # those of parts 1 to 3 conform to something, of part 4 they needn't
    return f"PDF/A-{part}{conformance.lower()}" if conformance or part == "4" else ""


def is_tagged(document) -> bool:
    """Tell whether a file (`pikepdf.Pdf`) has a structure as LibreOffice makes it.

    That of others, as of a form that was scanned or filled elsewhere, may be of any
    shape: such a file is taken for one without.
    """
    root = document.Root
    producer = str(document.docinfo.get("/Producer", ""))
    return (
        "LibreOffice" in producer
        and "/StructTreeRoot" in root
        and "/ParentTree" in root.StructTreeRoot
    )


def _drop_lines(document) -> None:
    """Make what isn't read of lines and borders."""
    lines: dict[tuple, list] = {}
    for figure in list(_walk(document.Root.StructTreeRoot)):
        if figure.get("/S") == "/Figure" and not {"/Alt", "/ActualText"} & set(figure):
            page = figure.get("/Pg")
            # one with something in it isn't a line
            if page and all(isinstance(mark, int) for mark in _get_kids(figure)):
                lines.setdefault(page.objgen, []).append(figure)
    for page in document.pages:
        figures = lines.get(page.objgen, [])
        numbers = {int(mark) for figure in figures for mark in _get_kids(figure)}
        content = _read_content(page)
        if numbers:
            parents = _find_parents(document, int(page.StructParents))
            for number in numbers:
                parents[number] = None
        told = _FIGURE.sub(_as_artifact(numbers), content)
        told = _mark_borders(told)
        if told != content:
            page.Contents.write(told)
        for figure in figures:
            _take_out(figure)


def _read_content(page) -> bytes:
    """Return what draws a page; an empty one, as of a scan, may have nothing."""
    if "/Contents" not in page:
        return b""
    page.contents_coalesce()
    return page.Contents.read_bytes()


def _mark_borders(content: bytes) -> bytes:
    """Return a page's content with what is drawn outside of all marks left unread."""
    parts, depth, end = [], 0, 0
    for mark in _MARK.finditer(content):
        between = content[end : mark.start()]
        parts += [between if depth else _wrap(between), mark[0]]
        depth += 1 if mark[1] else -1
        end = mark.end()
    return b"".join([*parts, _wrap(content[end:])])


def _wrap(content: bytes) -> bytes:
    return _PATH.sub(rb"/Artifact BMC\n\g<0>\nEMC", content)


def _as_artifact(numbers):
    def replace(found) -> bytes:
        return b"/Artifact BMC" if int(found[1]) in numbers else found[0]

    return replace


def _take_out(element) -> None:
    parent = element.P
    for place, kid in enumerate(parent.K):
        if not isinstance(kid, int) and kid.objgen == element.objgen:
            del parent.K[place]
            return


def _walk(element) -> Iterator:
    """Yield the elements below one, in the order of reading."""
    for kid in _get_kids(element):
        if not isinstance(kid, int) and "/S" in kid:
            yield kid
            yield from _walk(kid)


def _get_kids(element) -> list:
    import pikepdf

    kids = element.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _find_parents(document, key: int):
    """Return what the tree of parents holds for a page or a note."""
    import pikepdf

    return pikepdf.NumberTree(document.Root.StructTreeRoot.ParentTree)[key]


def add_to_structure(document, fields, page) -> None:
    """Put fields of one page into the structure, where they are read with the name.

    That of a copy comes first, the others stand above the name of the page's last
    signer; at the end where there is none, or the form of a copy stands below.

    :param document: an open file (`pikepdf.Pdf`), tagged
    :param fields: widgets that are on the page already, which have a name to be read
    :param page: the page that they are on
    """
    import pikepdf

    tree = document.Root.StructTreeRoot
    names = [
        element
        for element in _walk(tree)
        if element.S in SIGNER_NAMES and _is_same(element.get("/Pg"), page)
    ]
    whole = _get_kids(tree)[0]
    last = _get_kids(whole)[-1]
    if "/ActualText" in last and _is_same(last.get("/Pg"), page):
        names = []
    numbers = pikepdf.NumberTree(tree.ParentTree)
    free = max((int(key) for key in numbers), default=-1) + 1
    for index, field in enumerate(fields):
        is_first = str(field.T) == FIRST
        parent = whole if is_first or not names else names[-1].P
        element = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.StructElem,
                S=pikepdf.Name.Form,
                P=parent,
                Pg=page.obj,
                Alt=field.TU,
                K=pikepdf.Dictionary(Type=pikepdf.Name.OBJR, Obj=field, Pg=page.obj),
            )
        )
        kids = _get_kids(parent)
        if is_first:
            place = 0
        elif names:
            place = [_is_same(kid, names[-1]) for kid in kids].index(True)
        else:
            place = len(kids)
        parent.K = pikepdf.Array([*kids[:place], element, *kids[place:]])
        field.StructParent = free + index
        numbers[free + index] = element
    tree.ParentTreeNextKey = free + len(fields)
    page.Tabs = pikepdf.Name.S


def _is_same(one, other) -> bool:
    return (
        one is not None
        and not isinstance(one, int)
        and one.objgen == getattr(other, "obj", other).objgen
    )


def strip(page) -> None:
    """Take the marks out of a page that goes into another file."""
    if content := _read_content(page):
        page.Contents.write(_MARK.sub(b"", content))
    if "/StructParents" in page:
        del page["/StructParents"]


def forget_fields(document) -> None:
    """Take fields out of the structure that aren't on the pages any more.

    What was drawn of them stays, and isn't read: their words are their owner's name.
    """
    for element in list(_walk(document.Root.StructTreeRoot)):
        if element.S == "/Form":
            _take_out(element)
    for page in document.pages:
        content = _read_content(page)
        told = _mark_borders(content)
        if told != content:
            page.Contents.write(told)


def add_text(document, page, drawn: bytes, words: str) -> bytes:
    """Put something that is drawn at the end of a page into the structure.

    :param document: an open file (`pikepdf.Pdf`), tagged
    :param page: of it, its last
    :param drawn: the operators that draw it
    :param words: what it says
    :return: the operators, marked
    """
    import pikepdf

    tree = document.Root.StructTreeRoot
    numbers = pikepdf.NumberTree(tree.ParentTree)
    if "/StructParents" not in page:
        key = max((int(number) for number in numbers), default=-1) + 1
        page.obj.StructParents = key
        numbers[key] = document.make_indirect(pikepdf.Array())
        tree.ParentTreeNextKey = key + 1
    marks = numbers[int(page.StructParents)]
    whole = _get_kids(tree)[0]
    number = len(marks)
    element = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.StructElem,
            S=pikepdf.Name.P,
            P=whole,
            Pg=page.obj,
            ActualText=words,
            K=pikepdf.Array([number]),
        )
    )
    marks.append(element)
    whole.K = pikepdf.Array([*_get_kids(whole), element])
    return b"/P <</MCID %d>> BDC\n%b\nEMC\n" % (number, drawn)
