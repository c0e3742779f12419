"""Numbers as they are printed, and as they come from outside."""

#: The largest number that the database holds as an id.
MOST_ID = 2**31 - 1

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


def read_whole(text: str, most: int = MOST_ID) -> int | None:
    """Return the whole number from 0 to `most` that digits stand for, or nothing.

    Python refuses to read rows of thousands of digits, which anybody may send.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most))):
        return None
    number = int(text)
    return number if number <= most else None
