from decimal import Decimal

import pytest

from ...contest.shares import settle, to_share


@pytest.mark.parametrize(
    ("shares", "whole", "settled"),
    [
        (["60", "40"], "100", ["60", "40"]),
        (["60"], "100", ["100"]),
        (["40", "20"], "100", ["66.67", "33.33"]),
        (["20", "20", "20"], "100", ["33.34", "33.33", "33.33"]),
        (["50", "10", "10"], "90", ["64.28", "12.86", "12.86"]),
        # the cent goes to who lost more of it, not to whose share is the smaller
        (["950.09", "49.91"], "100", ["95.01", "4.99"]),
        (["20", "20", "20"], "0.01", ["0.01", "0", "0"]),
        (["0", "0"], "100", ["100", "0"]),
        ([], "100", []),
    ],
)
def test_shares_make_the_whole(shares, whole, settled):
    given = dict(enumerate(to_share(float(share)) for share in shares))
    result = settle(given, Decimal(whole))
    assert list(result.values()) == [Decimal(share) for share in settled]
    assert not given or sum(result.values()) == Decimal(whole)
