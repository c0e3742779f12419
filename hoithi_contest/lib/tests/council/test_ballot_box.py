import base64
import itertools
import unicodedata

import pytest

from ...council import ballot_box
from ...council.ballot_box import (
    BoxStaysShut,
    WrongPassphrase,
    combine,
    new_box,
    new_teller_key,
    open_share,
    seal,
    unlock,
    unseal,
)
from ...council.voting import CHOICES

WORDS = {1: "bến tre đồng khởi", 2: "sông cầu nước chảy", 3: "núi cốc mây bay"}


@pytest.fixture(scope="module")
def keys():
    """Each teller's public key and locked key.

    What is tested doesn't hang on how long a guess takes, but in one test.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ballot_box, "_COST", 2**10)
        return {teller: new_teller_key(words) for teller, words in WORDS.items()}


def test_a_guess_takes_half_a_second_and_128_megabytes():
    """As the security model says: scrypt with 2^17 rounds of blocks of 8."""
    assert ballot_box._COST == 2**17
    locked = new_teller_key(WORDS[1])[1]
    assert unlock(locked, WORDS[1])
    kept = "".join(locked.splitlines()[1:-1])
    # as a number in the file's own form
    assert b"\x02\x03\x02\x00\x00\x02\x01\x08" in base64.b64decode(kept)


@pytest.fixture(scope="module")
def opened(keys):
    """Each teller's own key, unlocked."""
    return {teller: unlock(keys[teller][1], words) for teller, words in WORDS.items()}


@pytest.fixture(scope="module")
def box(keys):
    return new_box({teller: public for teller, (public, _) in keys.items()}, "box 1")


def get_share(box, opened, teller):
    return open_share(box[1][teller], opened[teller], "box 1")


def test_any_two_tellers_open_the_box(box, opened):
    public = box[0]
    sealed = {choice: seal(choice, public, "box 1") for choice in CHOICES}
    for pair in itertools.permutations(WORDS, 2):
        key = combine([get_share(box, opened, one) for one in pair], public, "box 1")
        for choice, paper in sealed.items():
            assert unseal(paper, key, "box 1") == choice
    everybody = [get_share(box, opened, one) for one in WORDS]
    assert combine(everybody, public, "box 1")


def test_no_teller_opens_it_alone(box, opened):
    for teller in WORDS:
        share = get_share(box, opened, teller)
        for shares in ([], [share], [share, share]):
            with pytest.raises(BoxStaysShut):
                combine(shares, box[0], "box 1")


def test_shares_of_another_box_do_not_open_it(keys, box, opened):
    tellers = {teller: public for teller, (public, _) in keys.items()}
    _public, shares = new_box(tellers, "box 1")
    strange = open_share(shares[2], opened[2], "box 1")
    with pytest.raises(BoxStaysShut):
        combine([get_share(box, opened, 1), strange], box[0], "box 1")
    with pytest.raises(BoxStaysShut):
        combine(["", "not base64"], box[0], "box 1")


def test_a_share_opens_for_its_teller_and_box_alone(box, opened):
    with pytest.raises(BoxStaysShut):
        open_share(box[1][1], opened[2], "box 1")
    with pytest.raises(BoxStaysShut):
        open_share(box[1][1], opened[1], "box 2")


def test_a_key_opens_with_its_passphrase_alone(keys):
    for words in ("", "bến tre", "bến tre đồng khởi ", WORDS[2]):
        with pytest.raises(WrongPassphrase):
            unlock(keys[1][1], words)
    with pytest.raises(WrongPassphrase):
        unlock("no key at all", WORDS[1])


def test_what_is_kept_holds_neither_passphrase_nor_key(keys, box, opened):
    kept = "".join([*itertools.chain(*keys.values()), box[0], *box[1].values()])
    for teller, words in WORDS.items():
        assert words not in kept
        clear = opened[teller].export_key(format="PEM").splitlines()[1]
        assert clear not in kept
        assert get_share(box, opened, teller) not in kept


def test_sealed_ballots_tell_nothing(box):
    sealed = [seal(choice, box[0], "box 1") for choice in CHOICES for _ in range(50)]
    assert len(set(sealed)) == len(sealed), "the same choice never looks the same"
    assert len({len(one) for one in sealed}) == 1, "all have one length"


def test_what_was_not_sealed_for_this_box_does_not_open(keys, box, opened):
    public = box[0]
    shares = [get_share(box, opened, teller) for teller in (1, 3)]
    key = combine(shares, public, "box 1")
    other, _shares = new_box({t: pair[0] for t, pair in keys.items()}, "box 1")
    sealed = seal("agree", public, "box 1")
    assert unseal(seal("agree", public, "box 2"), key, "box 1") is None
    assert unseal(seal("agree", other, "box 1"), key, "box 1") is None
    for spoilt in ("agree", "", sealed[:-8], "A" * len(sealed)):
        assert unseal(spoilt, key, "box 1") is None
    assert unseal(seal("country", public, "box 1"), key, "box 1") == "country"
    # sealed rightly, but no choice
    for content in (b"", b"\x07", b"\x00\x00"):
        assert unseal(ballot_box._seal(content, public, "box 1"), key, "box 1") is None


def test_the_same_words_from_another_keyboard(keys):
    """Windows' own Vietnamese keyboard writes accents as letters of their own."""
    for form in ("NFC", "NFD"):
        words = unicodedata.normalize(form, WORDS[1])
        assert unlock(keys[1][1], words)
    with pytest.raises(WrongPassphrase):
        unlock(keys[1][1], "ben tre dong khoi")
