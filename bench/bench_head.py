"""What a figure is of: the program, its versions and the machine."""

import os
import platform
import subprocess
from datetime import date


def describe(env=None):
    """Return the line that stands above a benchmark's figures.

    :param env: of the database that is measured, where there is one
    """
    version = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    parts = [f"{date.today()}", f"commit {version or 'unknown'}"]
    if env is not None:
        from odoo.release import version as odoo_version

        env.cr.execute("SHOW server_version")
        parts += [f"Odoo {odoo_version}", f"PostgreSQL {env.cr.fetchone()[0]}"]
    parts += [f"Python {platform.python_version()}", f"{os.cpu_count()} cores"]
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    return f"{', '.join(parts)}, load {load}"
