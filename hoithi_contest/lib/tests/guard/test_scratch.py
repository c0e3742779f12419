import os
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
