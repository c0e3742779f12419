"""The addon as `pip install` brings it: a wheel in an environment of its own."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import psycopg2
import psycopg2.sql
import pytest

ROOT = Path(__file__).parent.parent
PYTHONS = ("3.11", "3.12", "3.13")
DATABASE = f"hoithi_wheel_{os.getpid()}"


def run(*command, **options):
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **options,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    return done.stdout


def runs(python):
    return not subprocess.run(
        [python, "-c", ""], capture_output=True, check=False
    ).returncode


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run(
        *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"),
        *("--no-build-isolation", "--no-index", "-w", folder, ROOT / "hoithi_contest"),
    )
    [path] = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """A clean environment with the wheel, and beside it Odoo and what Odoo imports."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True, symlinks=True)
    python = folder / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel)
    [site] = folder.glob("lib/python*/site-packages")
    (site / "odoo.pth").write_text(
        f"{sysconfig.get_path('purelib')}\n{os.environ['HOITHI_ODOO_HOME']}\n"
    )
    return python


@pytest.fixture
def database():
    """A copy of the database with the modules that the addon depends on."""
    connection = psycopg2.connect(dbname="postgres")
    connection.autocommit = True
    name = psycopg2.sql.Identifier(DATABASE)
    template = psycopg2.sql.Identifier(os.environ["HOITHI_TEMPLATE"])
    with connection.cursor() as cursor:
        cursor.execute(
            psycopg2.sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, template)
        )
    plain = psycopg2.connect(dbname=DATABASE)
    with plain, plain.cursor() as cursor:
        # as on an Odoo to which nobody has added a language
        cursor.execute("UPDATE res_partner SET lang = 'en_US'")
        cursor.execute("UPDATE res_lang SET active = code = 'en_US'")
    plain.close()
    with connection.cursor() as cursor:
        yield DATABASE
        cursor.execute(psycopg2.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
    connection.close()


def test_wheel_holds_the_addon_and_its_metadata(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        [metadata] = [name for name in names if name.endswith(".dist-info/METADATA")]
        text = archive.read(metadata).decode()
    for name in ("__manifest__.py", "__init__.py"):
        assert f"odoo/addons/hoithi_contest/{name}" in names
    assert "odoo/__init__.py" not in names
    assert "Requires-Dist: odoo==19.0.*" in text
    assert "License: LGPL-3" in text
    assert "Requires-Python: >=3.11" in text
    for version in PYTHONS:
        assert f"Classifier: Programming Language :: Python :: {version}\n" in text


def test_wheel_compiles_on_each_python_at_hand(wheel, tmp_path):
    running = ".".join(map(str, sys.version_info[:2]))
    assert running in PYTHONS
    others = [f"python{version}" for version in PYTHONS if version != running]
    # a version manager's shim is there, and runs nothing
    found = [python for python in others if shutil.which(python) and runs(python)]
    for number, python in enumerate([sys.executable, *found]):
        target = tmp_path / str(number)
        run(
            *(sys.executable, "-m", "pip", "--python", python, "install", "--quiet"),
            *("--no-deps", "--no-index", "--no-compile", "--target", target, wheel),
        )
        run(
            *(python, "-W", "error", "-X", f"pycache_prefix={target / 'cache'}"),
            *("-m", "compileall", "-q", target),
        )


def test_wheel_installs_into_a_database(python, database, tmp_path):
    configuration = tmp_path / "odoo.conf"
    # Without the checkout on its addons path, Odoo can only find the wheel's addon.
    configuration.write_text(
        f"[options]\ndata_dir = {tmp_path / 'data'}\nhttp_interface = 127.0.0.1\n"
        + (
            f"addons_path = {addons}\n"
            if (addons := os.environ["HOITHI_ODOO_ADDONS"])
            else ""
        )
    )
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in ("PYTHONPATH", "ODOO_RC")
    }
    odoo = [python, os.environ["HOITHI_ODOO_SCRIPT"]]
    log = run(
        *(*odoo, "-c", configuration, "-d", database, "-i", "hoithi_contest"),
        *("--stop-after-init", "--no-http"),
        cwd=tmp_path,
        env=environment,
    )
    assert "Module hoithi_contest loaded" in log
    assert "Vietnamese was activated" in log
    assert " ERROR " not in log
    where = run(
        python,
        "-c",
        "import odoo.addons.hoithi_contest as addon; print(addon.__file__)",
        cwd=tmp_path,
        env=environment,
    )
    assert Path(where.strip()).is_relative_to(python.parent.parent)
