"""The examples for nginx and systemd are read by nginx and systemd, where they are."""

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

SERVER = Path(__file__).parent.parent / "docs" / "dev" / "server"
#: Where nginx keeps what it is sent; as built it is for root alone.
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def make_certificate(folder):
    subprocess.run(
        [
            *(shutil.which("openssl"), "req", "-x509", "-newkey", "rsa:2048"),
            *("-nodes", "-days", "2", "-subj", "/CN=hoithi.example.vn"),
            *("-keyout", folder / "key.pem", "-out", folder / "cert.pem"),
        ],
        check=True,
        capture_output=True,
    )


def test_the_unit_starts_odoo_again():
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(SERVER / "odoo.service")
    assert unit["Service"]["Restart"] == "always"
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"


def test_the_unit_is_verified(tmp_path):
    verify = shutil.which("systemd-analyze")
    if not verify:
        return
    unit = tmp_path / "odoo.service"
    text = (SERVER / "odoo.service").read_text(encoding="utf-8")
    unit.write_text(text.replace("/usr/bin/odoo", "/bin/true"), encoding="utf-8")
    result = subprocess.run(
        [verify, "verify", unit], check=False, capture_output=True, text=True
    )
    assert (result.returncode, result.stderr) == (0, "")


def test_the_proxy_tells_who_asks_at_each_place():
    text = (SERVER / "nginx.conf").read_text(encoding="utf-8")
    assert set(re.findall(r"127\.0\.0\.1:(\d+)", text)) == {"8069", "8072"}
    # the first for all of the server, the second where a header of its own is set
    for header in ("Host", "X-Forwarded-For", "X-Forwarded-Proto"):
        assert len(re.findall(rf"proxy_set_header {header} ", text)) == 2


def test_the_proxy_is_read_by_nginx(tmp_path):
    nginx = shutil.which("nginx")
    if not nginx:
        return
    make_certificate(tmp_path)
    text = (SERVER / "nginx.conf").read_text(encoding="utf-8")
    for there, here in (
        ("/etc/ssl/certs/hoithi.pem", str(tmp_path / "cert.pem")),
        ("/etc/ssl/private/hoithi.key", str(tmp_path / "key.pem")),
        # which aren't taken, and are anybody's to open
        ("listen 80;", "listen 127.0.0.1:18980;"),
        ("listen 443 ssl;", "listen 127.0.0.1:18943 ssl;"),
    ):
        assert there in text
        text = text.replace(there, here)
    (tmp_path / "site.conf").write_text(text, encoding="utf-8")
    folders = "".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in TEMPORARY)
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}"
        f" http {{ access_log off; {folders} include {tmp_path}/site.conf; }}",
        encoding="utf-8",
    )
    result = subprocess.run(
        [nginx, "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    assert "warn" not in result.stderr
