from ...council.ballot_box import new_key, seal, unseal
from ...council.voting import CHOICES


def test_the_key_opens_what_it_sealed():
    key = new_key()
    for choice in CHOICES:
        assert unseal(seal(choice, key, "box 1"), key, "box 1") == choice


def test_sealed_ballots_tell_nothing():
    key = new_key()
    sealed = [seal(choice, key, "box 1") for choice in CHOICES for _ in range(50)]
    assert len(set(sealed)) == len(sealed), "the same choice never looks the same"
    assert len({len(one) for one in sealed}) == 1, "all have one length"


def test_what_was_not_sealed_for_this_box_does_not_open():
    key = new_key()
    sealed = seal("agree", key, "box 1")
    assert unseal(sealed, key, "box 2") is None
    assert unseal(sealed, new_key(), "box 1") is None
    assert unseal("agree", key, "box 1") is None
    assert unseal("", key, "box 1") is None
    flipped = ("B" if sealed[-5] == "A" else "A").join([sealed[:-5], sealed[-4:]])
    assert unseal(flipped, key, "box 1") is None


def test_a_ballot_with_anything_added_does_not_open():
    key = new_key()
    sealed = seal("agree", key, "box 1")
    assert unseal(f"{sealed[:8]}*{sealed[8:]}", key, "box 1") is None
    assert unseal(sealed, key, "box 1") == "agree"


def test_ballots_of_before_still_open():
    """What stands in a database was sealed with twelve bytes that differ each time."""
    sealed = "AAECAwQFBgcICQoLRvt49QAZ+xKNMCTnvyY8lK4="
    assert unseal(sealed, bytes(range(32)), "box 1") == "disagree"
