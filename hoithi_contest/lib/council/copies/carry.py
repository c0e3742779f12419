"""Carries a page of a PDF into another by a list of what a page may hold.

That is its content, the fonts, pictures and colours that it names. What isn't on the
list is refused, so that what nobody thought of isn't carried either.
"""

import re
from collections.abc import Iterable
from contextlib import contextmanager
from decimal import Decimal

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from . import images, names
from .limits import MAX_PIXELS

_DEPTH = 12
_INVISIBLE = (3, 7)

_NUMBERS = (int, float, Decimal)
#: The operators of a page and what stands before them: n a number, s a text, a an
#: array, N a name. Marked content, which hangs other things on a page, is left out.
_OPERATORS = {
    **dict.fromkeys(
        ("q", "Q", "h", "S", "s", "f", "F", "f*", "B", "B*", "b", "b*"), ""
    ),
    **dict.fromkeys(("b", "b*", "n", "W", "W*", "BT", "ET", "T*"), ""),
    **dict.fromkeys(("w", "J", "j", "M", "i", "G", "g", "Tr", "Ts"), "n"),
    **dict.fromkeys(("Tc", "Tw", "Tz", "TL"), "n"),
    **dict.fromkeys(["m", "l", "Td", "TD", "d0"], "nn"),
    **dict.fromkeys(["RG", "rg"], "nnn"),
    **dict.fromkeys(["v", "y", "re", "K", "k"], "nnnn"),
    **dict.fromkeys(["cm", "c", "Tm", "d1"], "nnnnnn"),
    **dict.fromkeys(["gs", "sh", "Do", "CS", "cs", "ri"], "N"),
    **dict.fromkeys(("Tj", "'"), "s"),
    "d": "an",
    "Tf": "Nn",
    "TJ": "a",
    '"': "nns",
}
_COLOURS = {"SC", "sc", "SCN", "scn"}
_LEFT_OUT = {"BMC", "EMC", "MP", "BX", "EX", "DP", "BDC"}
_SHOWS_TEXT = {"Tj", "TJ", "'", '"'}
_CATEGORIES = {
    "Tf": "/Font",
    "gs": "/ExtGState",
    "sh": "/Shading",
    "Do": "/XObject",
    "CS": "/ColorSpace",
    "cs": "/ColorSpace",
}
_DEVICE = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4}
_ICC = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}
_BLENDS = re.compile(r"/[A-Z][A-Za-z]{3,14}")
_GLYPH = re.compile(r"/[A-Za-z0-9._]{1,32}")
_PLAIN_FILTERS = {
    "/FlateDecode",
    "/LZWDecode",
    "/RunLengthDecode",
    "/ASCII85Decode",
    "/ASCIIHexDecode",
}
_SFNT_TABLES = set(
    b"glyf head hhea hmtx loca maxp fpgm prep cmap post OS/2 vhea vmtx".split()
) | {b"cvt ", b"CFF "}
_CMAP = re.compile(rb"begin(codespacerange|bfchar|bfrange)(.*?)end\1", re.DOTALL)
_CMAP_TOKENS = re.compile(rb"<[0-9A-Fa-f\s]*>|\[|\]")
_STANDARD_FONT = re.compile(
    r"/(Helvetica|Times|Courier|Symbol|ZapfDingbats|Arial|TimesNewRoman|CourierNew|"
    r"Calibri|Cambria|Tahoma|Verdana)(PS)?(MT)?([-,](Roman|Bold|Italic|Oblique|"
    r"BoldItalic|BoldOblique)(MT)?)?"
)


class Unplain(Exception):
    """Something on a page that isn't carried; the page is drawn instead."""


class Carrier:
    """Carries pages into `target`.

    :param layered: whether layers of the source may hide something
    """

    def __init__(self, target, layered: bool):
        self.pdf, self.layered = target, layered
        # copies by (what it is copied as, object of the source)
        self.copies: dict = {}
        self.depth = 0
        self.hidden: set[bytes] = set()
        self.is_read = True

    def carry(self, page, hidden: Iterable[bytes] = ()) -> None:
        """Append a page to the target.

        :param hidden: `names.letters` that its texts must not hold
        :raises Unplain: for what isn't carried
        """
        node = page.obj
        self.hidden = set(hidden)
        if self.layered and _uses_layers(node):
            raise Unplain("a layer")
        resources = inherited(node, "/Resources", Dictionary())
        content, carried = self._content(page, resources)
        new = Dictionary(
            Type=Name.Page,
            MediaBox=_box(inherited(node, "/MediaBox")),
            Resources=carried,
            Contents=self.pdf.make_stream(content),
        )
        if (crop := inherited(node, "/CropBox")) is not None:
            new.CropBox = _box(crop)
        if (turn := inherited(node, "/Rotate")) is not None:
            new.Rotate = int(turn)
        if "/UserUnit" in node:
            new.UserUnit = _number(node["/UserUnit"])
        if "/Group" in node:
            new.Group = self._group(node["/Group"])
        self.pdf.pages.append(pikepdf.Page(self.pdf.make_indirect(new)))

    def _content(self, owner, resources):
        """Return the content of a page, form or glyph, and the resources it names."""
        carried: dict = {}
        result, mode, modes, texts = [], 0, [], []
        for instruction in pikepdf.parse_content_stream(owner):
            if isinstance(instruction, pikepdf.ContentStreamInlineImage):
                raise Unplain("an inline picture")
            operands, operator = list(instruction.operands), str(instruction.operator)
            if operator in _LEFT_OUT:
                if operator == "BDC" and self.layered and operands[:1] == [Name.OC]:
                    raise Unplain("a layer")
                continue
            if operator in _COLOURS:
                operands = self._colour(operands, resources, carried)
            else:
                _check(operands, operator)
            if operator == "q":
                modes.append(mode)
            elif operator == "Q" and modes:
                mode = modes.pop()
            elif operator == "Tr":
                mode = int(operands[0])
            elif operator in _SHOWS_TEXT and mode in _INVISIBLE:
                # the layer of a text recognition, or a text for nobody's eyes
                continue
            elif operator in _SHOWS_TEXT:
                texts += _texts(operands)
            elif operator == "ri":
                continue
            elif operator in _CATEGORIES:
                category, name = _CATEGORIES[operator], str(operands[0])
                if category == "/ColorSpace" and (
                    name in _DEVICE or name == "/Pattern"
                ):
                    pass
                else:
                    operands[0] = self._name(category, name, resources, carried)
                    if category == "/XObject" and mode in _INVISIBLE:
                        raise Unplain("invisible text")
            result.append((operands, pikepdf.Operator(operator)))
        self._check_texts(texts)
        new = Dictionary()
        for category, known in carried.items():
            new[category] = Dictionary(dict(known.values()))
        return pikepdf.unparse_content_stream(result), new

    def _check_texts(self, texts):
        if texts and not self.is_read:
            raise Unplain("a text that isn't read")
        told = names.letters(b"".join(texts))
        if any(needle in told for needle in self.hidden):
            raise Unplain("a name")

    def _name(self, category, name, resources, carried):
        """Return the new name of a resource, which is carried along."""
        known = carried.setdefault(category, {})
        if name not in known:
            group = resources.get(category) if resources else None
            if not isinstance(group, Dictionary) or name not in group:
                raise Unplain(f"no {category} {name}")
            made = self._copy(_MAKERS[category], group[name])
            known[name] = (f"{category[:2]}{len(known)}", made)
        return Name(known[name][0])

    def _colour(self, operands, resources, carried):
        numbers = operands
        if operands and isinstance(operands[-1], Name):
            numbers = operands[:-1]
            pattern = str(operands[-1])
            operands = [*numbers, self._name("/Pattern", pattern, resources, carried)]
        if len(numbers) > 32 or not all(map(_is_number, numbers)):
            raise Unplain("a colour")
        return operands

    def _copy(self, maker, item):
        """Return what `maker` makes of an object, once for each object."""
        key = (maker, item.objgen) if _is_indirect(item) else None
        if key in self.copies:
            return self.copies[key]
        self.depth += 1
        try:
            if self.depth > _DEPTH:
                raise Unplain("too deep")
            made = maker(self, item)
        finally:
            self.depth -= 1
        if isinstance(made, Dictionary | Stream) and not _is_indirect(made):
            made = self.pdf.make_indirect(made)
        if key:
            self.copies[key] = made
        return made

    @contextmanager
    def _beside_the_text(self):
        """For what is drawn with, whose texts no reader of a page comes upon."""
        before, self.is_read = self.is_read, False
        try:
            yield
        finally:
            self.is_read = before

    def _pick(self, item, plan):
        """Return a dictionary with the entries that `plan` names, each made by it."""
        new = Dictionary()
        for key, maker in plan.items():
            if key in item:
                new[key] = maker(item[key])
        return new

    # FONTS

    def _font(self, font):
        kind = _one_of(
            font.get("/Subtype"), "/Type1", "/TrueType", "/Type0", "/Type3", "/MMType1"
        )
        new = self._pick(
            font,
            {
                "/FirstChar": _number,
                "/LastChar": _number,
                "/Widths": _numbers,
                "/ToUnicode": self._to_unicode,
            },
        )
        new.Type, new.Subtype = Name.Font, Name(kind)
        if kind == "/Type3":
            return self._type3(font, new)
        if kind == "/Type0":
            new.Encoding = Name(
                _one_of(font.get("/Encoding"), "/Identity-H", "/Identity-V")
            )
            descendant = font["/DescendantFonts"][0]
            new.DescendantFonts = Array([self._copy(Carrier._cid_font, descendant)])
            new.BaseFont = new.DescendantFonts[0].BaseFont
            return new
        self._describe(font, new)
        if "/Encoding" in font:
            new.Encoding = _encoding(font["/Encoding"])
        return new

    def _cid_font(self, font):
        kind = _one_of(font.get("/Subtype"), "/CIDFontType0", "/CIDFontType2")
        new = self._pick(
            font,
            {
                "/DW": _number,
                "/W": _numbers,
                "/DW2": _numbers,
                "/W2": _numbers,
                "/CIDToGIDMap": lambda m: (
                    Name.Identity if isinstance(m, Name) else self._bytes(m)
                ),
            },
        )
        new.Type, new.Subtype = Name.Font, Name(kind)
        new.CIDSystemInfo = Dictionary(
            Registry=pikepdf.String("Adobe"),
            Ordering=pikepdf.String("Identity"),
            Supplement=0,
        )
        self._describe(font, new)
        if not _is_embedded(new):
            raise Unplain("a font that isn't there")
        return new

    def _describe(self, font, new):
        descriptor = font.get("/FontDescriptor")
        if isinstance(descriptor, Dictionary):
            new.FontDescriptor = self._copy(Carrier._descriptor, descriptor)
        if _is_embedded(new):
            new.BaseFont = new.FontDescriptor.FontName
            return
        name = str(font.get("/BaseFont", ""))
        if not _STANDARD_FONT.fullmatch(name):
            raise Unplain("a font that isn't there")
        new.BaseFont = Name(name)
        if "/FontDescriptor" in new:
            new.FontDescriptor.FontName = Name(name)

    def _descriptor(self, descriptor):
        sizes = (
            "/Flags /ItalicAngle /Ascent /Descent /CapHeight /StemV /StemH /XHeight "
            "/AvgWidth /MaxWidth /MissingWidth /Leading"
        )
        new = self._pick(
            descriptor,
            {
                **dict.fromkeys(sizes.split(), _number),
                "/FontBBox": _numbers,
                "/FontFile": self._type1,
                "/FontFile2": self._sfnt,
                "/FontFile3": self._font_file,
            },
        )
        new.Type = Name.FontDescriptor
        new.FontName = Name(f"/AAAAAA+F{len(self.copies)}")
        return new

    def _type1(self, file):
        lengths = {f"/Length{n}": _number for n in (1, 2, 3)}
        new = self.pdf.make_stream(read(file))
        for key, value in self._pick(file, lengths).items():
            new[key] = value
        return new

    def _sfnt(self, file):
        content = _strip_sfnt(read(file))
        new = self.pdf.make_stream(content)
        new.Length1 = len(content)
        return new

    def _font_file(self, file):
        kind = _one_of(file.get("/Subtype"), "/Type1C", "/CIDFontType0C", "/OpenType")
        content = read(file)
        new = self.pdf.make_stream(
            _strip_sfnt(content) if kind == "/OpenType" else content
        )
        new.Subtype = Name(kind)
        return new

    def _to_unicode(self, stream):
        if isinstance(stream, Name):
            return Name(_one_of(stream, "/Identity-H", "/Identity-V"))
        parts = [
            b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n",
            b"/CMapName /Copy def /CMapType 2 def\n",
        ]
        for kind, body in _CMAP.findall(read(stream)):
            tokens = _CMAP_TOKENS.findall(body)
            columns = 3 if kind == b"bfrange" else 2
            lines = _cmap_lines(tokens, columns)
            # a hundred at most stand in one section
            for start in range(0, len(lines), 100):
                some = lines[start : start + 100]
                parts.append(
                    b"%d begin%b\n%b\nend%b\n"
                    % (len(some), kind, b"\n".join(some), kind)
                )
        parts.append(b"endcmap end end\n")
        return self.pdf.make_stream(b"".join(parts))

    def _type3(self, font, new):
        resources = font.get("/Resources", Dictionary())
        new.FontBBox = _numbers(font["/FontBBox"])
        new.FontMatrix = _numbers(font["/FontMatrix"])
        new.Encoding = _encoding(font["/Encoding"])
        new.CharProcs = Dictionary()
        new.Resources = Dictionary()
        for glyph, stream in font["/CharProcs"].items():
            if not _GLYPH.fullmatch(glyph):
                raise Unplain("a glyph's name")
            content, carried = self._content(stream, resources)
            if len(carried):
                raise Unplain("a glyph with pictures")
            new.CharProcs[glyph] = self.pdf.make_stream(content)
        return new

    # PICTURES AND FORMS

    def _xobject(self, item):
        if not isinstance(item, Stream):
            raise Unplain("no stream")
        if self.layered and "/OC" in item:
            raise Unplain("a layer")
        kind = _one_of(item.get("/Subtype"), "/Image", "/Form")
        return self._image(item) if kind == "/Image" else self._form(item)

    def _form(self, form):
        resources = form.get("/Resources", Dictionary())
        if self.layered and _uses_layers(form):
            raise Unplain("a layer")
        content, carried = self._content(form, resources)
        new = self.pdf.make_stream(content)
        new.Type, new.Subtype = Name.XObject, Name.Form
        new.BBox, new.Resources = _box(form["/BBox"]), carried
        if "/Matrix" in form:
            new.Matrix = _numbers(form["/Matrix"])
        if "/Group" in form:
            new.Group = self._group(form["/Group"])
        return new

    def _group(self, group):
        new = self._pick(group, {"/CS": self._space, "/I": bool, "/K": bool})
        new.Type, new.S = Name.Group, Name.Transparency
        return new

    def _image(self, image):
        width, height = int(image["/Width"]), int(image["/Height"])
        if width * height > MAX_PIXELS or width < 1 or height < 1:
            raise Unplain("too large")
        is_mask = image.get("/ImageMask") is True
        bits = 1 if is_mask else int(image.get("/BitsPerComponent", 8))
        filters = image.get("/Filter", Array())
        filters = [filters] if isinstance(filters, Name) else list(filters)
        plan = {
            "/ColorSpace": self._space,
            "/Decode": _numbers,
            "/Matte": _numbers,
            "/Interpolate": bool,
            "/SMask": lambda mask: self._copy(Carrier._image, mask),
            "/Mask": lambda mask: (
                _numbers(mask)
                if isinstance(mask, Array)
                else self._copy(Carrier._image, mask)
            ),
        }
        new = self._pick(image, plan)
        if [str(f) for f in filters] == ["/DCTDecode"]:
            if "/DecodeParms" in image:
                raise Unplain("a JPEG with parameters")
            content = images.strip_jpeg(image.read_raw_bytes())
            made = Stream(self.pdf, content)
            made.Filter = Name.DCTDecode
        elif {str(f) for f in filters} <= _PLAIN_FILTERS:
            channels = 1 if is_mask else _channels(image.get("/ColorSpace"))
            size = (width * channels * bits + 7) // 8 * height
            # what stands behind the pixels isn't the picture
            made = Stream(self.pdf, read(image)[:size])
        else:
            raise Unplain("a picture of another kind")
        for key, value in new.items():
            made[key] = value
        made.Type, made.Subtype = Name.XObject, Name.Image
        made.Width, made.Height, made.BitsPerComponent = width, height, bits
        if is_mask:
            made.ImageMask = True
        return self.pdf.make_indirect(made)

    # COLOURS

    def _space(self, space):
        if isinstance(space, Name):
            return Name(_one_of(space, *_DEVICE, "/Pattern"))
        kind = _one_of(
            space[0],
            *("/ICCBased", "/CalRGB", "/CalGray", "/Lab", "/Indexed"),
            *("/Separation", "/DeviceN", "/Pattern"),
        )
        if kind == "/ICCBased":
            return _ICC[int(space[1]["/N"])]
        if kind in ("/CalRGB", "/CalGray"):
            return Name.DeviceRGB if kind == "/CalRGB" else Name.DeviceGray
        if kind == "/Lab":
            return Array([Name.Lab, _number_entries(space[1])])
        if kind == "/Indexed":
            base, table = self._space(space[1]), space[3]
            table = bytes(table) if isinstance(table, pikepdf.String) else read(table)
            size = (int(space[2]) + 1) * _channels(base)
            return Array(
                [Name.Indexed, base, int(space[2]), pikepdf.String(table[:size])]
            )
        if kind == "/Pattern":
            return Array([Name.Pattern, *map(self._space, list(space)[1:2])])
        tint = self._copy(Carrier._function, space[3])
        if kind == "/Separation":
            colour = str(space[1])
            colour = colour if colour in ("/All", "/None", "/Black") else "/Spot"
            inks = Name(colour)
        else:
            inks = Array([Name(f"/Spot{n}") for n in range(len(space[1]))])
        return Array([Name(kind), inks, self._space(space[2]), tint])

    def _function(self, function):
        if isinstance(function, Array):
            return Array([self._copy(Carrier._function, f) for f in function])
        kind = int(function["/FunctionType"])
        numbers = ("/Domain", "/Range", "/Size", "/Encode", "/Decode", "/C0", "/C1")
        plan = {
            **dict.fromkeys((*numbers, "/Bounds"), _numbers),
            **dict.fromkeys(("/BitsPerSample", "/Order", "/N"), _number),
            "/Functions": lambda them: self._function(them),
        }
        new = self._pick(function, plan)
        new.FunctionType = kind
        if kind in (2, 3):
            return new
        content = read(function)
        if kind == 4:
            content = re.sub(rb"%[^\r\n]*", b"", content)
        return self._with_entries(content, new)

    def _shading(self, shading):
        plan = {
            "/ColorSpace": self._space,
            "/Function": lambda f: self._copy(Carrier._function, f),
            "/AntiAlias": bool,
            "/Extend": lambda pair: Array([bool(value) for value in pair]),
            **dict.fromkeys(
                ("/Background", "/BBox", "/Coords", "/Domain", "/Matrix", "/Decode"),
                _numbers,
            ),
            **dict.fromkeys(
                (
                    *("/ShadingType", "/BitsPerCoordinate", "/BitsPerComponent"),
                    *("/BitsPerFlag", "/VerticesPerRow"),
                ),
                _number,
            ),
        }
        new = self._pick(shading, plan)
        if isinstance(shading, Stream):
            return self._with_entries(read(shading), new)
        return new

    def _pattern(self, pattern):
        kind = int(pattern["/PatternType"])
        if kind == 2:
            new = self._pick(
                pattern,
                {
                    "/Matrix": _numbers,
                    "/Shading": lambda s: self._copy(Carrier._shading, s),
                    "/ExtGState": self._state,
                },
            )
            new.PatternType = 2
            return new
        resources = pattern.get("/Resources", Dictionary())
        with self._beside_the_text():
            content, carried = self._content(pattern, resources)
        plan = {
            **dict.fromkeys(("/BBox", "/Matrix"), _numbers),
            **dict.fromkeys(("/PaintType", "/TilingType", "/XStep", "/YStep"), _number),
        }
        new = self._with_entries(content, self._pick(pattern, plan))
        new.PatternType, new.Resources = 1, carried
        return new

    def _state(self, state):
        return self._pick(
            state,
            {
                **dict.fromkeys(("/LW", "/LC", "/LJ", "/ML", "/OPM", "/FL"), _number),
                **dict.fromkeys(("/SM", "/CA", "/ca"), _number),
                **dict.fromkeys(("/OP", "/op", "/SA", "/AIS", "/TK"), bool),
                "/D": _numbers,
                "/BM": _blend,
                "/Font": lambda pair: Array(
                    [self._copy(Carrier._font, pair[0]), _number(pair[1])]
                ),
                "/SMask": self._soft_mask,
            },
        )

    def _soft_mask(self, mask):
        if isinstance(mask, Name):
            return Name(_one_of(mask, "/None"))
        plan = {
            "/S": lambda kind: Name(_one_of(kind, "/Alpha", "/Luminosity")),
            "/G": lambda form: self._copy(Carrier._form, form),
            "/BC": _numbers,
        }
        with self._beside_the_text():
            new = self._pick(mask, plan)
        new.Type = Name.Mask
        return new

    def _bytes(self, stream):
        return self.pdf.make_stream(read(stream))

    def _with_entries(self, content, entries):
        new = self.pdf.make_stream(content)
        for key, value in entries.items():
            new[key] = value
        return new


_MAKERS = {
    "/Font": Carrier._font,
    "/XObject": Carrier._xobject,
    "/ExtGState": Carrier._state,
    "/ColorSpace": Carrier._space,
    "/Shading": Carrier._shading,
    "/Pattern": Carrier._pattern,
}


# PIECES OF A PDF


def inherited(node, key, default=None):
    """Return an entry that a node of a tree has by itself or from above."""
    for _level in range(64):
        if not isinstance(node, Dictionary):
            break
        if key in node:
            return node[key]
        node = node.get("/Parent")
    return default


def _is_indirect(item) -> bool:
    return isinstance(item, pikepdf.Object) and item.is_indirect


def _is_number(value) -> bool:
    return isinstance(value, _NUMBERS) and not isinstance(value, bool)


def _number(value):
    if not _is_number(value):
        raise Unplain("no number")
    return value


def _numbers(values) -> Array:
    """Return an array of numbers, which may hold such arrays."""
    return Array([_numbers(v) if isinstance(v, Array) else _number(v) for v in values])


def _number_entries(entries) -> Dictionary:
    keys = ("/WhitePoint", "/BlackPoint", "/Range")
    return Dictionary({key: _numbers(entries[key]) for key in keys if key in entries})


def _box(values) -> Array:
    if values is None or len(values) != 4:
        raise Unplain("no box")
    return _numbers(values)


def _one_of(name, *allowed: str) -> str:
    if not isinstance(name, Name) or str(name) not in allowed:
        raise Unplain("a name")
    return str(name)


def _blend(mode) -> Name:
    mode = mode[0] if isinstance(mode, Array) else mode
    if not _BLENDS.fullmatch(str(mode)):
        raise Unplain("a blend mode")
    return Name(str(mode))


def _texts(operands):
    """Yield the bytes that an operator of a text shows."""
    for operand in operands:
        for part in operand if isinstance(operand, Array) else [operand]:
            if isinstance(part, pikepdf.String):
                yield bytes(part)


def _check(operands, operator):
    plan = _OPERATORS.get(operator)
    if plan is None or len(operands) != len(plan):
        raise Unplain(operator)
    for operand, kind in zip(operands, plan, strict=True):
        if kind == "n":
            fits = _is_number(operand)
        elif kind == "N":
            fits = isinstance(operand, Name)
        elif kind == "s":
            fits = isinstance(operand, pikepdf.String)
        else:
            texts = operator == "TJ"
            fits = isinstance(operand, Array) and all(
                _is_number(part) or (texts and isinstance(part, pikepdf.String))
                for part in operand
            )
        if not fits:
            raise Unplain(operator)


def _encoding(encoding):
    bases = ("/WinAnsiEncoding", "/MacRomanEncoding", "/MacExpertEncoding")
    bases += ("/StandardEncoding",)
    if isinstance(encoding, Name):
        return Name(_one_of(encoding, *bases))
    new = Dictionary(Type=Name.Encoding)
    if "/BaseEncoding" in encoding:
        new.BaseEncoding = Name(_one_of(encoding["/BaseEncoding"], *bases))
    if "/Differences" in encoding:
        new.Differences = Array()
        for item in encoding["/Differences"]:
            if isinstance(item, Name) and not _GLYPH.fullmatch(str(item)):
                raise Unplain("a glyph's name")
            new.Differences.append(
                Name(str(item)) if isinstance(item, Name) else _number(item)
            )
    return new


def _is_embedded(font) -> bool:
    descriptor = font.get("/FontDescriptor")
    keys = ("/FontFile", "/FontFile2", "/FontFile3")
    return descriptor is not None and any(key in descriptor for key in keys)


def _channels(space) -> int:
    if isinstance(space, Name):
        return _DEVICE[_one_of(space, *_DEVICE)]
    kind = str(space[0])
    if kind == "/ICCBased":
        return int(space[1]["/N"])
    if kind == "/DeviceN":
        return len(space[1])
    return 3 if kind in ("/CalRGB", "/Lab") else 1


def read(stream) -> bytes:
    return stream.read_bytes(pikepdf.StreamDecodeLevel.specialized)


def _strip_sfnt(content: bytes) -> bytes:
    """Return a TrueType font with the tables that draw it alone."""
    count = int.from_bytes(content[4:6], "big")
    tables = []
    for number in range(count):
        entry = content[12 + 16 * number : 28 + 16 * number]
        if len(entry) < 16:
            raise Unplain("a broken font")
        start = int.from_bytes(entry[8:12], "big")
        length = int.from_bytes(entry[12:16], "big")
        if entry[:4] in _SFNT_TABLES:
            tables.append((entry[:8], content[start : start + length]))
    power = max(len(tables).bit_length() - 1, 0)
    numbers = (len(tables), 16 << power, power, 16 * len(tables) - (16 << power))
    head = content[:4] + b"".join(max(n, 0).to_bytes(2, "big") for n in numbers)
    position = 12 + 16 * len(tables)
    body = b""
    for start, table in tables:
        head += start + position.to_bytes(4, "big") + len(table).to_bytes(4, "big")
        table += bytes(-len(table) % 4)
        body += table
        position += len(table)
    return head + body


def _cmap_lines(tokens: list[bytes], columns: int) -> list[bytes]:
    lines, line, depth = [], [], 0
    for token in tokens:
        line.append(token)
        depth += {b"[": 1, b"]": -1}.get(token, 0)
        if not depth and (token == b"]" or len(line) == columns):
            lines.append(b" ".join(line))
            line = []
    return lines


def _uses_layers(node) -> bool:
    resources = inherited(node, "/Resources")
    return "/OC" in node or (
        isinstance(resources, Dictionary) and "/Properties" in resources
    )
