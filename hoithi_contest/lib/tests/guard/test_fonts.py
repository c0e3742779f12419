from ...guard import fonts


def answer(monkeypatch, tmp_path, text):
    """Let a program of our own stand for fontconfig's."""
    program = tmp_path / "fc-match"
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")


def test_the_first_that_is_there(monkeypatch, tmp_path):
    answer(monkeypatch, tmp_path, "printf 'Liberation Serif'")
    assert fonts.find("Times New Roman", "Liberation Serif") == "Liberation Serif"


def test_another_in_its_place_does_not_count(monkeypatch, tmp_path):
    answer(monkeypatch, tmp_path, "printf 'DejaVu Sans'")
    assert fonts.find("Times New Roman", "Liberation Serif") == ""


def test_a_machine_without_fontconfig(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert fonts.find("Times New Roman") == ""


def test_what_goes_wrong_is_no_font(monkeypatch, tmp_path):
    answer(monkeypatch, tmp_path, "exit 1")
    assert fonts.find("Times New Roman") == ""
