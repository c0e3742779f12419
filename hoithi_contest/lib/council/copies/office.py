"""Word, Excel and PowerPoint files without what their pages don't show.

What isn't named here isn't carried, as with the pages of a PDF: a package keeps the
parts that are drawn. The rest (macros, templates, embedded and linked files, remarks,
what was deleted, signatures, properties) doesn't come near LibreOffice.
"""

import io
import posixpath
import re
import zipfile

from lxml import etree

from . import images
from .limits import MAX_PARTS, MAX_UNPACKED, MAX_XML, CopyFailed

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_ASVG = "{http://schemas.microsoft.com/office/drawing/2016/SVG/main}"
_OFFICE = "urn:schemas-microsoft-com:office:office"
_CONTENT_TYPES = "[Content_Types].xml"

#: Parts that are drawn. Pictures are made anew; one that Pillow can't read is a drawing
#: (EMF, WMF), of which LibreOffice paints the lines.
_DRAWN = re.compile(
    r"word/(document|styles|numbering|fontTable|header\d*|footer\d*|footnotes|endnotes)"
    r"\.xml"
    r"|(word|xl|ppt)/theme/theme\d+\.xml"
    r"|(word|xl|ppt)/(charts|drawings|diagrams)/[\w-]+\.xml"
    r"|xl/(workbook|styles|sharedStrings|worksheets/sheet\d+|tables/table\d+)\.xml"
    r"|ppt/(presentation|tableStyles|slides/slide\d+|slideLayouts/slideLayout\d+"
    r"|slideMasters/slideMaster\d+)\.xml"
)
_PICTURES = re.compile(
    r"(word|xl|ppt)/media/[^/]+\.(png|jpe?g|gif|bmp|tiff?|emf|wmf)", re.IGNORECASE
)
_ACTIVE_TYPES = re.compile(r"macroEnabled|template\.main|addin", re.IGNORECASE)
_PLAIN_TYPES = {
    "word": "wordprocessingml.document.main",
    "xl": "spreadsheetml.sheet.main",
    "ppt": "presentationml.presentation.main",
}
#: Fields that are worked out anew; of all others what was last shown stays.
_FIELDS = {"PAGE", "NUMPAGES", "SECTIONPAGES"}
_REMOVED = {
    *(f"{_W}{name}" for name in ("del", "moveFrom", "delText", "delInstrText")),
    *(f"{_W}{name}" for name in ("altChunk", "subDoc", "sdtPr", "sdtEndPr")),
    *(f"{_W}{name}" for name in ("commentRangeStart", "commentRangeEnd")),
    *(f"{_W}{name}" for name in ("commentReference", "bookmarkStart", "bookmarkEnd")),
    *(f"{_W}{name}" for name in ("permStart", "permEnd", "proofErr", "control")),
    *(f"{_W}{name}" for name in ("attachedTemplate", "docVars", "mailMerge")),
    f"{_ASVG}svgBlip",
    f"{{{_OFFICE}}}OLEObject",
}
_UNWRAPPED = {
    *(f"{_W}{name}" for name in ("ins", "moveTo", "hyperlink", "smartTag")),
    *(f"{_W}{name}" for name in ("customXml", "sdt", "sdtContent", "fldSimple")),
}
_CHANGES = re.compile(r"(Change|Range(Start|End))$")
_LINKS = {
    f"{_A}hlinkClick",
    f"{_A}hlinkHover",
    f"{_A}hlinkMouseOver",
}
_SPREADSHEET_LINKS = re.compile(
    r"\}(hyperlinks|legacyDrawing|legacyDrawingHF|oleObjects|controls|externalReferences"
    r"|definedNames|customWorkbookViews|fileSharing|fileVersion|webPublishItems|picture"
    r"|dataConsolidate)$"
)


def strip(content: bytes) -> bytes:
    """Return an OOXML package with the parts that are drawn, and those made plain.

    :raises CopyFailed: where it is broken or unpacks to more than is taken
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as source:
            _check_size(source)
            parts = {
                info.filename: source.read(info)
                for info in source.infolist()
                if not info.is_dir() and _is_carried(info.filename)
            }
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise CopyFailed("broken", str(error)) from error
    if _CONTENT_TYPES not in parts:
        raise CopyFailed("broken")
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in parts.items():
            if (plain := _plain_part(name, part, parts)) is not None:
                target.writestr(name, plain)
    return output.getvalue()


def _check_size(package: zipfile.ZipFile) -> None:
    infos = package.infolist()
    if len(infos) > MAX_PARTS or sum(i.file_size for i in infos) > MAX_UNPACKED:
        raise CopyFailed("size")
    if any(i.file_size > MAX_XML and _is_xml(i.filename) for i in infos):
        raise CopyFailed("size")


def _is_xml(name: str) -> bool:
    return name.endswith((".xml", ".rels"))


def _is_carried(name: str) -> bool:
    if name in (_CONTENT_TYPES, "_rels/.rels") or _DRAWN.fullmatch(name):
        return True
    if name.endswith(".rels"):
        folder, _slash, file = name.rpartition("_rels/")
        return bool(_DRAWN.fullmatch(folder + file.removesuffix(".rels")))
    return bool(_PICTURES.fullmatch(name))


def _plain_part(name: str, part: bytes, parts: dict[str, bytes]) -> bytes | None:
    if not _is_xml(name):
        return _plain_picture(part)
    root = _parse(part)
    if name == _CONTENT_TYPES:
        _keep_types(root, parts)
    elif name.endswith(".rels"):
        _keep_relations(root, name, parts)
    else:
        _make_plain(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _plain_picture(content: bytes) -> bytes | None:
    if content[:4] in (b"\x01\x00\x00\x00", b"\xd7\xcd\xc6\x9a") or content[:2] in (
        b"\x01\x00",
        b"\x02\x00",
    ):
        # EMF and WMF: lines to draw, of which a picture comes about with the page
        return content
    try:
        return images.reencode(content)
    except CopyFailed:
        return None


def _parse(part: bytes):
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    try:
        root = etree.fromstring(part, parser)
    except etree.XMLSyntaxError as error:
        raise CopyFailed("broken", str(error)) from error
    if root.getroottree().docinfo.doctype:
        raise CopyFailed("broken", "DOCTYPE")
    etree.strip_tags(root, etree.ProcessingInstruction, etree.Entity)
    return root


def _keep_types(root, parts) -> None:
    for node in list(root):
        part = (node.get("PartName") or "").lstrip("/")
        if part and part not in parts:
            root.remove(node)
            continue
        kind = node.get("ContentType") or ""
        if _ACTIVE_TYPES.search(kind):
            plain = _PLAIN_TYPES.get(part.split("/")[0])
            if not plain:
                root.remove(node)
            else:
                node.set(
                    "ContentType",
                    f"application/vnd.openxmlformats-officedocument.{plain}+xml",
                )


def _keep_relations(root, name, parts) -> None:
    folder = posixpath.dirname(posixpath.dirname(name))
    for node in list(root):
        target = node.get("Target") or ""
        path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        if node.get("TargetMode") == "External" or path not in parts:
            root.remove(node)


def _make_plain(root) -> None:
    _drop_fields(root)
    for node in list(root.iter()):
        if not isinstance(node.tag, str) or (node is not root and _is_gone(node, root)):
            continue
        local = etree.QName(node).localname
        if (
            node.tag in _REMOVED
            or node.tag in _LINKS
            or _SPREADSHEET_LINKS.search(node.tag)
            or (node.tag.startswith(_W) and _CHANGES.search(local))
            or (node.tag == f"{_W}r" and _is_hidden(node))
        ):
            _remove(node)
            continue
        for key in (f"{_R}link", f"{_R}href"):
            node.attrib.pop(key, None)
        if local in ("docPr", "cNvPr"):
            for key in ("descr", "title", "name"):
                if key in node.attrib:
                    node.set(key, "")
        for key in ("alt", "title", "href"):
            node.attrib.pop(key, None)
    for node in list(root.iter(*_UNWRAPPED)):
        if node is not root and node.getparent() is not None:
            _unwrap(node)


def _is_gone(node, root) -> bool:
    while node is not None:
        if node is root:
            return False
        node = node.getparent()
    return True


def _is_hidden(run) -> bool:
    hidden = run.find(f"{_W}rPr/{_W}vanish")
    return hidden is not None and hidden.get(f"{_W}val", "1") not in (
        "0",
        "false",
        "off",
    )


def _remove(node) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)


def _unwrap(node) -> None:
    parent, place = node.getparent(), node.getparent().index(node)
    for child in list(node):
        parent.insert(place, child)
        place += 1
    parent.remove(node)


def _drop_fields(root) -> None:
    """Leave of fields what they show, so that none is worked out here."""
    open_fields: list[tuple[list, list[str]]] = []
    dropped = []
    for node in root.iter(f"{_W}fldChar", f"{_W}instrText", f"{_W}fldSimple"):
        if node.tag == f"{_W}fldSimple":
            continue
        kind = node.get(f"{_W}fldCharType")
        if kind == "begin":
            open_fields.append(([], []))
        if not open_fields:
            dropped.append(node)
            continue
        nodes, words = open_fields[-1]
        nodes.append(node)
        if node.tag == f"{_W}instrText":
            words.append(node.text or "")
        if kind == "end":
            open_fields.pop()
            if "".join(words).split()[:1] not in [[name] for name in _FIELDS]:
                dropped += nodes
    for nodes, _words in open_fields:
        dropped += nodes
    for node in dropped:
        _remove(node)
