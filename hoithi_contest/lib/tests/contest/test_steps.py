from ...contest.steps import BLOCK, DONE, WAIVED, WARN, Check, is_free


def test_nothing_but_what_blocks_holds_a_step_up():
    others = [Check(severity, "") for severity in (WARN, DONE, WAIVED)]
    assert is_free([])
    assert is_free(others)
    assert not is_free([*others, Check(BLOCK, "")])
