"""Numbers as they are printed."""

_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)


def roman(number: int) -> str:
    """Return `number` in roman capitals; an empty text below 1.

    Editions are printed either way ("lần thứ VI", "lần thứ 6"), so both forms come
    from the one number.
    """
    result = ""
    for value, numeral in _ROMAN:
        while number >= value:
            result += numeral
            number -= value
    return result
