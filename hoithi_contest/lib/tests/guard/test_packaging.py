import hashlib
import io
import subprocess
import zipfile

import pytest

from ...guard import packaging
from ...guard.packaging import MAX_PART, Package, safe_name, slug, to_ascii


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Đề cử", "De cu"),
        ("Quyết định số ½", "Quyet dinh so 12"),
        ("ﬁle \N{SNOWMAN}", "file "),
    ],
)
def test_letters_that_every_system_has(text, bare):
    assert to_ascii(text) == bare


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Phiếu đăng ký: số 05/KH", "phieu-dang-ky-so-05-kh"),
        ("  --Bìa_1--  ", "bia_1"),
        ("…", "khong-ten"),
        ("", "khong-ten"),
        ("__", "khong-ten"),
    ],
)
def test_a_part_of_a_path(text, part):
    assert slug(text) == part


def test_a_part_is_cut_and_ends_with_a_letter():
    assert slug("a" * 200) == "a" * MAX_PART
    assert MAX_PART == 80
    assert slug("ab cd", 3) == "ab"
    assert slug("ab cd", 2) == "ab"


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        ("Bản mô tả.DOCX", "ban-mo-ta.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\An\\Tệp 1.pdf", "tep-1.pdf"),
        ("báo cáo v1.2.xlsx", "bao-cao-v1-2.xlsx"),
        ("tệp", "tep"),
        ("tệp.", "tep"),
        (".htaccess", "htaccess"),
        ("a.…", "a"),
        ("a.đ!x", "a.dx"),
        ("thư mục/", "khong-ten"),
        ("CON.pdf", "_con.pdf"),
        ("con", "_con"),
        ("nul.txt.pdf", "nul-txt.pdf"),
        ("LPT1.docx", "_lpt1.docx"),
        ("com.pdf", "com.pdf"),
        ("concord.pdf", "concord.pdf"),
    ],
)
def test_a_file_s_own_name(filename, name):
    assert safe_name(filename) == name


def test_a_long_name_keeps_its_extension():
    assert safe_name("x" * 200 + ".pdf") == "x" * 76 + ".pdf"
    assert safe_name("x" * 200) == "x" * 80
    assert safe_name("abc.longestextension", 30) == "abc.longestext"
    assert safe_name("abcdef.pdf", 7) == "abc.pdf"


@pytest.fixture
def package(tmp_path):
    """A package with three small files and a large one, closed."""
    path, large = tmp_path / "goi.zip", tmp_path / "lon.bin"
    large.write_bytes(bytes(range(256)) * 6000)
    with Package(path) as made:
        names = [
            made.add_bytes(["Hồ sơ 1"], "Đơn.pdf", b"mot"),
            made.add_bytes(["Hồ sơ 1"], "đơn.PDF", b"hai"),
            made.add_bytes(["ho-so 1"], "don.pdf", b"ba"),
            made.add_file([], "Tệp lớn.bin", large),
        ]
        made.finish("Danh mục\nHội thi")
    return path, names


def test_no_file_takes_the_place_of_another(package):
    path, names = package
    assert names == [
        "ho-so-1/don.pdf",
        "ho-so-1/don_2.pdf",
        "ho-so-1/don_3.pdf",
        "tep-lon.bin",
    ]
    with zipfile.ZipFile(path) as file:
        assert file.namelist() == [*names, "SHA256SUMS", "danh-muc.txt"]
        assert [file.read(name) for name in names[:3]] == [b"mot", b"hai", b"ba"]
        assert len(file.read("tep-lon.bin")) == 256 * 6000
        assert {info.compress_type for info in file.infolist()} == {
            zipfile.ZIP_DEFLATED
        }
        assert file.testzip() is None


def test_the_lists_keep_their_names(tmp_path):
    with Package(tmp_path / "a.zip", "List.txt") as made:
        assert made.add_bytes([], "sha256sums", b"x") == "sha256sums_2"
        assert made.add_bytes([], "list.txt", b"x") == "list_2.txt"
        assert made.add_bytes(["a"], "list.txt", b"x") == "a/list.txt"
        made.finish()
    with zipfile.ZipFile(tmp_path / "a.zip") as file:
        assert len(set(map(str.lower, file.namelist()))) == 5


def test_checksums_are_those_of_the_files(package, tmp_path):
    path, names = package
    with zipfile.ZipFile(path) as file:
        file.extractall(tmp_path / "out")
    checked = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"],
        cwd=tmp_path / "out",
        capture_output=True,
        text=True,
        check=True,
    )
    assert checked.stdout.splitlines() == [f"{name}: OK" for name in names]


def test_the_list_is_read_by_people(package):
    path, names = package
    with zipfile.ZipFile(path) as file:
        raw = file.read("danh-muc.txt")
    assert raw.startswith(b"\xef\xbb\xbfDanh m"), "told to Notepad of old"
    assert raw.count(b"\n") == raw.count(b"\r\n")
    lines = raw.decode("utf-8-sig").splitlines()
    assert lines[:4] == [
        "Danh mục",
        "Hội thi",
        "   1. ho-so-1/don.pdf (3 byte)",
        f"      SHA-256: {hashlib.sha256(b'mot').hexdigest()}",
    ]
    assert lines[-2] == f"   4. {names[3]} ({256 * 6000} byte)"
    assert len(lines) == 2 + 2 * len(names)


def test_a_list_without_a_heading_begins_with_the_first_file(tmp_path):
    with Package(tmp_path / "a.zip") as made:
        made.add_bytes([], "a.txt", b"")
        made.finish()
    with zipfile.ZipFile(tmp_path / "a.zip") as file:
        text = file.read("danh-muc.txt").decode("utf-8-sig")
    assert text.startswith("   1. a.txt (0 byte)\r\n")


def test_a_large_file_is_read_piece_by_piece(tmp_path):
    class Source(io.BytesIO):
        pieces = []

        def read(self, size=-1):
            self.pieces.append(size)
            return super().read(size)

    class Place(type(tmp_path)):
        def open(self, *args, **options):
            return Source(b"x" * (2 * packaging._CHUNK + 1))

    (tmp_path / "lon.bin").write_bytes(b"x")
    with Package(tmp_path / "a.zip") as made:
        made.add_file([], "lon.bin", Place(tmp_path / "lon.bin"))
        made.finish()
    assert len(Source.pieces) == 4
    assert 0 < max(Source.pieces) <= 1 << 20
    with zipfile.ZipFile(tmp_path / "a.zip") as file:
        assert (
            f"({2 * packaging._CHUNK + 1} byte)" in file.read("danh-muc.txt").decode()
        )


def test_an_error_leaves_no_open_file(tmp_path):
    with pytest.raises(RuntimeError), Package(tmp_path / "a.zip") as made:
        made.add_bytes([], "a.txt", b"x")
        raise RuntimeError
    with pytest.raises(ValueError, match="closed"):
        made.add_bytes([], "b.txt", b"x")
