from ...guard.search import fold


def test_accents_case_and_spaces_do_not_count():
    assert fold("  Đề tài\n SÁNG kiến ") == "de tai sang kien"


def test_composed_and_decomposed_letters_are_equal():
    assert fold("tiê\u0301ng Vie\u0323\u0302t") == fold("tiếng Việt") == "tieng viet"


def test_empty():
    assert fold("") == ""
