import os
import shutil
import time

from ...guard import scratch


def test_gone_with_its_block(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with scratch.folder() as folder:
        (folder / "form.docx").write_text("an author")
        assert folder.parent == tmp_path
    assert not folder.exists()


def test_sweep_takes_what_nobody_is_at(tmp_path, monkeypatch):
    """And nothing else: neither fresh work, nor what others call alike."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    old = time.time() - 7200

    def make(name, inner_age):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "form.docx").write_text("an author")
        os.utime(folder / "form.docx", (inner_age, inner_age))
        os.utime(folder, (old, old))
        return folder

    left = make("hoithi-work-abc", old)
    used = make("hoithi-work-def", time.time())
    foreign = make("hoithi-cache", old)
    link = tmp_path / "hoithi-work-link"
    link.symlink_to(foreign)
    assert scratch.sweep() == 1
    assert not left.exists()
    assert used.exists() and foreign.exists() and link.is_symlink()


def test_sweep_leaves_what_is_as_old_as_an_act_may_take(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    now = 1_800_000_000
    monkeypatch.setattr(scratch, "get_time", lambda _folder: now)
    for name, age in (("hoithi-work-hour", 3600), ("hoithi-work-more", 3600.5)):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (now - age, now - age))
    assert scratch.sweep() == 1
    assert [path.name for path in tmp_path.iterdir()] == ["hoithi-work-hour"]


def test_a_clock_that_is_set_ends_no_work(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(time, "time", lambda: 4_000_000_000)
    with scratch.folder() as folder:
        assert scratch.sweep() == 0
        assert folder.exists()


def make_old(tmp_path, *names):
    old = time.time() - 7200
    for name in names:
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (old, old))


def test_sweep_leaves_what_is_somebody_elses(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    make_old(tmp_path, "hoithi-work-abc")
    own = os.geteuid()
    for uid in (own + 1, own - 1):
        monkeypatch.setattr(scratch.os, "geteuid", lambda uid=uid: uid)
        assert scratch.sweep() == 0
    assert (tmp_path / "hoithi-work-abc").exists()


def test_sweep_follows_no_link_and_goes_on_after_it(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left = [f"hoithi-work-{number}" for number in range(5)]
    make_old(tmp_path, "kept", *left)
    old = time.time() - 7200
    for number in range(5):
        link = tmp_path / f"hoithi-work-link{number}"
        link.symlink_to(tmp_path / "kept")
        os.utime(link, (old, old), follow_symlinks=False)
    assert scratch.sweep() == 5
    assert (tmp_path / "kept").exists()
    assert not any((tmp_path / name).exists() for name in left)


def test_sweep_goes_on_where_another_server_was_first(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    gone = [f"hoithi-work-gone{number}" for number in range(5)]
    left = [f"hoithi-work-left{number}" for number in range(5)]
    make_old(tmp_path, *gone, *left)
    look = scratch.Path.stat

    def stat(path, **options):
        found = look(path, **options)
        if path.name in gone:
            # cleared between one look and the next
            shutil.rmtree(path, ignore_errors=True)
        return found

    monkeypatch.setattr(scratch.Path, "stat", stat)
    assert scratch.sweep() == 5
    assert list(tmp_path.iterdir()) == []
