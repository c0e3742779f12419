"""Documents of somebody else, opened by LibreOffice with care."""

import contextlib
import subprocess
from pathlib import Path

from . import watch
from .pdf import ConversionError, EngineMissing, Overrun, engine, run

#: What a foreign document must not do: run a macro, follow a link, load what it names.
#: The proxy to nowhere holds where the system gives no network of its own.
_CAREFUL = {
    "Common/Security/Scripting": {
        "DisableMacrosExecution": "true",
        "DisableActiveContent": "true",
        "DisableOLEAutomation": "true",
        "DisablePythonRuntime": "true",
        "BlockUntrustedRefererLinks": "true",
        "MacroSecurityLevel": "3",
    },
    "Common/Load": {"UpdateDocMode": "0"},
    "Writer/Content/Update": {"Link": "0", "Field": "false", "Chart": "false"},
    "Calc/Content/Update": {"Link": "2"},
    "Inet/Settings": {
        "ooInetProxyType": "2",
        "ooInetHTTPProxyName": "127.0.0.1",
        "ooInetHTTPProxyPort": "9",
        "ooInetHTTPSProxyName": "127.0.0.1",
        "ooInetHTTPSProxyPort": "9",
        "ooInetFTPProxyName": "127.0.0.1",
        "ooInetFTPProxyPort": "9",
    },
}
#: What LibreOffice makes of older kinds before their parts are read.
OLDER = {
    **dict.fromkeys(("doc", "odt", "rtf", "docm", "dot", "dotx"), "docx"),
    **dict.fromkeys(("xls", "ods"), "xlsx"),
    **dict.fromkeys(("ppt", "odp"), "pptx"),
}
_NOWHERE = "http://127.0.0.1:9"


def convert(
    source: Path, folder: Path, target: str, timeout: float, memory: int
) -> Path:
    """Return a document of somebody else in another format, made with care.

    Without macros, links or network, and within limits.

    :param folder: an empty folder of this conversion
    :param target: extension of the format to convert to
    :param timeout: seconds
    :param memory: bytes of address space
    :raises EngineMissing: LibreOffice isn't installed
    :raises ConversionError: it made nothing; an `Overrun` where it took too long
    """
    program = engine()
    if program is None:
        raise EngineMissing()

    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_careful_settings())
    said, code = run(
        [
            *("prlimit", f"--as={memory}", f"--cpu={int(timeout) + 5}"),
            *_without_network(),
            program,
            f"-env:UserInstallation={profile.as_uri()}",
            *("--headless", "--norestore", "--nologo", "--nodefault"),
            *("--nolockcheck", "--convert-to", target),
            *("--outdir", str(folder / "out")),
            str(source),
        ],
        folder,
        timeout,
        dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy"), _NOWHERE),
    )
    result = folder / "out" / f"{source.stem}.{target}"
    if not result.exists():
        if code == watch.OVERRUN:
            raise Overrun(f"LibreOffice took more than {timeout:.0f} seconds.", {})
        raise ConversionError(said or "(nothing)", {})
    return result


def _careful_settings() -> str:
    items = "".join(
        f'<item oor:path="/org.openoffice.{_path(path)}">'
        f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, values in _CAREFUL.items()
        for name, value in values.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><oor:items '
        'xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{items}</oor:items>"
    )


def _path(path: str) -> str:
    return path if path.startswith("Inet") else f"Office.{path}"


def _without_network() -> list[str]:
    """Return the command before a command that takes the network from it.

    A container may forbid that; then the proxy to nowhere is all there is.
    """
    for options in (["--net"], ["--map-root-user", "--net"]):
        command = ["unshare", *options, "--"]
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            subprocess.run(
                [*command, "true"], check=True, capture_output=True, timeout=10
            )
            return command
    return []
