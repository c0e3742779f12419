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
    answer(monkeypatch, tmp_path, "printf 'Times New Roman'; exit 1")
    assert fonts.find("Times New Roman") == ""


def test_one_of_several_names_of_a_family(monkeypatch, tmp_path):
    answer(monkeypatch, tmp_path, "printf 'Noto Sans,Noto Sans Light'")
    assert fonts.find("Noto Sans Light") == "Noto Sans Light"
    assert fonts.find("Noto") == "", "a part of a name is none"
    assert fonts.find() == ""


def test_the_order_is_that_of_who_asks(monkeypatch, tmp_path):
    answer(monkeypatch, tmp_path, "printf '%s' \"$3\"")
    assert fonts.find("B", "A") == "B"


def test_a_program_that_hangs_or_cannot_run(monkeypatch, tmp_path):
    monkeypatch.setattr(fonts, "_SECONDS", 0.1)
    answer(monkeypatch, tmp_path, "exec sleep 5")
    assert fonts.find("Noto Sans") == ""
    (tmp_path / "fc-match").write_bytes(b"\0")
    assert fonts.find("Noto Sans") == ""
