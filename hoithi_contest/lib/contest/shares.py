"""Shares of a whole in percent, with two decimals."""

from collections.abc import Hashable, Mapping
from decimal import ROUND_FLOOR, Decimal

CENT = Decimal("0.01")


def to_share(number: float) -> Decimal:
    """Return a stored share as it is shown."""
    return Decimal(str(number)).quantize(CENT)


def settle(shares: Mapping[Hashable, Decimal], whole: Decimal) -> dict:
    """Return shares that make `whole`, as they were to one another.

    What rounding leaves over goes to those who lost the most by it, the first first.
    Where nobody has a share, the first gets the whole.
    """
    total = sum(shares.values())
    if not total:
        return {
            key: whole if place == 0 else Decimal(0) for place, key in enumerate(shares)
        }
    exact = {key: share * whole / total for key, share in shares.items()}
    settled = {
        key: share.quantize(CENT, rounding=ROUND_FLOOR) for key, share in exact.items()
    }
    rest = int((whole - sum(settled.values())) / CENT)
    by_loss = sorted(exact, key=lambda key: settled[key] - exact[key])
    for key in by_loss[:rest]:
        settled[key] += CENT
    return settled
