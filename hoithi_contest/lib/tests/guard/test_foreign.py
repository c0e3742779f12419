"""A document of somebody else asks nobody, and ends within its limits."""

import contextlib
import socket
import threading
import zipfile

import pytest

from ...guard import foreign

CONTENT = """<?xml version="1.0"?><office:document-content office:version="1.2"
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 xmlns:xlink="http://www.w3.org/1999/xlink"><office:body><office:text>
<text:p>Noi dung<draw:frame text:anchor-type="as-char" svg:width="2cm" svg:height="2cm">
<draw:image xlink:href="{address}" xlink:type="simple" xlink:show="embed"
 xlink:actuate="onLoad"/></draw:frame></text:p>
</office:text></office:body></office:document-content>"""
MANIFEST = """<?xml version="1.0"?><manifest:manifest manifest:version="1.2"
 xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="/"
 manifest:media-type="application/vnd.oasis.opendocument.text"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""


@pytest.fixture
def listener():
    """A server that notes who calls."""
    calls = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept():
            # until the server is closed
            with contextlib.suppress(OSError):
                while True:
                    connection, address = server.accept()
                    calls.append(address)
                    connection.close()

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/a.png", calls


def make_odt(path, address):
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", CONTENT.format(address=address))
        package.writestr("META-INF/manifest.xml", MANIFEST)
    return path


@pytest.mark.conversion
def test_a_linked_picture_calls_nobody(tmp_path, listener):
    address, calls = listener
    source = make_odt(tmp_path / "a.odt", address)
    place = tmp_path / "made"
    place.mkdir()
    result = foreign.convert(source, place, "pdf", 60, 4 * 1024**3)
    assert result.read_bytes().startswith(b"%PDF-")
    assert calls == []


@pytest.mark.conversion
def test_the_proxy_holds_where_the_network_cannot_be_taken(
    tmp_path, listener, monkeypatch
):
    monkeypatch.setattr(foreign, "_without_network", list)
    address, calls = listener
    source = make_odt(tmp_path / "a.odt", address)
    place = tmp_path / "made"
    place.mkdir()
    assert foreign.convert(source, place, "pdf", 60, 4 * 1024**3).exists()
    assert calls == []


@pytest.mark.conversion
def test_too_little_memory_makes_nothing(tmp_path):
    source = make_odt(tmp_path / "a.odt", "http://127.0.0.1:9/a.png")
    place = tmp_path / "made"
    place.mkdir()
    with pytest.raises(foreign.ConversionError):
        foreign.convert(source, place, "pdf", 60, 50 * 1024**2)
