"""A document of somebody else asks nobody, and ends within its limits."""

import contextlib
import socket
import subprocess
import threading
import zipfile

import pytest
from lxml import etree

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


# WHAT IT IS STARTED WITH


@pytest.fixture
def started(tmp_path, monkeypatch):
    """Let a program of our own stand for LibreOffice; return what it did."""
    program = tmp_path / "soffice"

    def stand(body, network=()):
        program.write_text(f"#!/bin/sh\n{body}\n")
        program.chmod(0o755)
        monkeypatch.setattr(foreign, "engine", lambda: str(program))
        monkeypatch.setattr(foreign, "_without_network", lambda: list(network))

    return stand


COPY = """
for last; do :; done
while [ "$1" != --convert-to ]; do echo "$1" >>asked; shift; done
mkdir -p "$4"; name=${last##*/}
{ cat "$last"; env; ulimit -v; ulimit -t; } >"$4/${name%.*}.$2"
"""


def test_it_is_started_with_care(tmp_path, started):
    started(COPY, ["env", "NETWORK=none"])
    source, place = tmp_path / "a.b.odt", tmp_path / "made"
    source.write_text("content\n")
    place.mkdir()
    result = foreign.convert(source, place, "docx", 60, 512 * 1024**2)
    assert result == place / "out" / "a.b.docx"
    made = result.read_text().splitlines()
    assert made[0] == "content"
    # KiB of memory, seconds of the processor: five more than of the clock
    assert made[-2:] == [str(512 * 1024), "65"]
    assert {
        "http_proxy=http://127.0.0.1:9",
        "https_proxy=http://127.0.0.1:9",
        "ftp_proxy=http://127.0.0.1:9",
        "NETWORK=none",
        f"HOME={place}",
    } <= set(made)
    profile = place / "profile"
    asked = (place / "asked").read_text().splitlines()
    assert asked[0] == f"-env:UserInstallation={profile.as_uri()}"
    assert "--headless" in asked
    settings = (profile / "user" / "registrymodifications.xcu").read_bytes()
    root = etree.fromstring(settings)
    name = "{http://openoffice.org/2001/registry}"
    told = {
        (item.get(f"{name}path"), prop.get(f"{name}name")): prop[0].text
        for item in root
        for prop in item
    }
    office = "/org.openoffice.Office"
    assert told[f"{office}.Common/Security/Scripting", "MacroSecurityLevel"] == "3"
    assert told[f"{office}.Common/Load", "UpdateDocMode"] == "0"
    assert told[f"{office}.Writer/Content/Update", "Link"] == "0"
    assert told["/org.openoffice.Inet/Settings", "ooInetHTTPProxyPort"] == "9"
    assert len(told) == sum(map(len, foreign._CAREFUL.values()))


@pytest.mark.parametrize(
    ("body", "error", "told"),
    [
        ("echo so; echo such; exit 1", foreign.ConversionError, "^so\nsuch"),
        ("exit 0", foreign.ConversionError, r"^\(nothing\)"),
        ("exec sleep 600", foreign.Overrun, "more than 1 seconds"),
    ],
)
def test_what_it_makes_nothing_of(tmp_path, started, body, error, told):
    started(body)
    source, place = tmp_path / "a.odt", tmp_path / "made"
    source.touch()
    place.mkdir()
    with pytest.raises(foreign.ConversionError, match=told) as failure:
        foreign.convert(source, place, "pdf", 1, 4 * 1024**3)
    assert type(failure.value) is error


def test_without_libreoffice(tmp_path, monkeypatch):
    monkeypatch.setattr(foreign, "engine", lambda: None)
    with pytest.raises(foreign.EngineMissing):
        foreign.convert(tmp_path / "a.odt", tmp_path, "pdf", 1, 4 * 1024**3)
    assert not list(tmp_path.iterdir())


def test_the_network_is_taken_as_far_as_the_system_lets(monkeypatch):
    """By who may, by who is nobody, or not at all."""
    asked = []

    def allow(*allowed):
        def run(command, **_values):
            asked.append(command)
            if command[1:-2] not in map(list, allowed):
                raise subprocess.CalledProcessError(1, command)

        monkeypatch.setattr(foreign.subprocess, "run", run)

    allow(["--net"])
    assert foreign._without_network() == ["unshare", "--net", "--"]
    allow(["--map-root-user", "--net"])
    assert foreign._without_network() == ["unshare", "--map-root-user", "--net", "--"]
    allow()
    assert foreign._without_network() == []
    assert all(command[-1] == "true" for command in asked)
