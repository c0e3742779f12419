"""Who is meant by a name or an address, as far as letters can tell.

People type names and addresses in many ways that look alike: without accents, in the
Unicode form of another system, with the family name last, with a space that can't be
seen. Here all of them become keys that are compared as equal, never as patterns.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping

from ..guard.texts import fold, visible

#: Any typing error counts in names of at least so many letters. Of shorter ones too
#: many are a letter apart: there it counts where it makes a word that is no syllable.
LONG_NAME = 8
#: Two typing errors count in names of at least so many letters.
VERY_LONG_NAME = 11

_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]+@([\w-]+(?:\.[\w-]+)+)")
# What names are shortened to: a letter, or the two that stand for one sound.
_INITIAL = re.compile(r"[a-z]|ch|gh|gi|kh|ng|nh|ph|qu|th|tr")
# Vietnamese words, folded: consonants at the beginning, vowels, consonants at the end.
_SYLLABLE = re.compile(
    "(?:qu|(?=y))ye(?:m|n|ng|t|u)"
    "|(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?(?:"
    "ai|ao|au|ay|eo|eu|ia|ieu|iu|oai|oao|oay|oeo|oi|uao|uay|ui|uoi|uou|uu|uya|uyu"
    "|(?:a|e|i|o|oa|oe|oo|u|ua|ue|uo)(?:ch|nh|ng|[cmnpt])?"
    "|ie(?:ng|[cmnpt])|uye(?:n|t)|(?:uy|y)(?:ch|nh|p|t)?)"
)

#: Words of address, titles and posts that stand in front of names, folded.
_ADDRESSES = frozenset(
    fold(words)
    for words in re.split(
        ",",
        "bà, ông, anh, chị, em, cô, chú, bác, thầy, đồng chí, đc, đ/c, mr, mrs, ms, dr,"
        "ts, tiến sĩ, tiến sỹ, ths, th.s, thạc sĩ, thạc sỹ, pgs, phó giáo sư, gs,"
        "giáo sư, ks, kỹ sư, kĩ sư, cn, cử nhân, bs, bác sĩ, bác sỹ, gđ, giám đốc, pgđ,"
        "phó giám đốc, tp, trưởng phòng, phó phòng, phó trưởng phòng, trưởng ban,"
        "phó ban, phó trưởng ban, ct, chủ tịch, pct, phó chủ tịch, chánh văn phòng,"
        "phó chánh văn phòng, chi cục trưởng, phó chi cục trưởng, hiệu trưởng,"
        "phó hiệu trưởng",
    )
)
#: Those that are family names too, and go where a given name alone is left.
_FAMILY_NAMES = frozenset({"chu"})
_LONGEST_ADDRESS = max(len(words.split()) for words in _ADDRESSES)
_BRACKETED = re.compile(r"<([^<>]*)>\s*$")


def address_key(text: str | None) -> str:
    """Return an e-mail address as it is compared, or an empty text where it is none.

    :param text: an address, also as ``Name <address>``
    """
    text = visible(text)
    bracketed = _BRACKETED.search(text)
    text = bracketed[1] if bracketed else text
    text = re.sub(r"\s*([@.])\s*", r"\1", text).casefold().strip()
    match = _ADDRESS.fullmatch(text)
    if not match:
        return ""
    try:
        domain = match[1].encode("idna").decode()
    except UnicodeError:
        return ""
    return f"{text[: match.start(1)]}{domain}"


def mailbox_key(text: str | None) -> str:
    """Return an e-mail address as `address_key`, without a tag of the local part.

    What is sent to ``name+tag@…`` comes to ``name@…``: who is close isn't the same.
    """
    return re.sub(r"(?<=.)\+[^@]*(?=@)", "", address_key(text))


def same_words(one: str, other: str) -> bool:
    """Tell whether two names are of the same words, whatever their order."""
    words = sorted(fold(one).split())
    return bool(words) and words == sorted(fold(other).split())


def are_close(one: str, other: str) -> bool:
    """Tell whether two names, folded, may mean one person.

    They do where they have the same words in any order, where one leaves words of the
    other out (as a middle name, or all but the given name) or shortens some to
    initials, where they differ by a space, or by typing errors: one in a long name, or
    two, and in a short one, where they make a word that is none. Initials may stand for
    all of a name, and words of address, titles and posts in front count for nothing.
    Who is close isn't the same: a human being decides.
    """
    return _are_any_close(_read(one), _read(other))


def _read(name: str) -> list[list[str]]:
    """Return the ways to read a folded name: as it is, without address, as initials."""
    ways = [name.split()]
    bare = _drop_addresses(ways[0])
    if bare != ways[0]:
        ways.append(bare)
    spelled = [
        letter
        for word in bare
        for letter in (word if _are_joined_initials(word) else [word])
    ]
    if spelled != bare:
        ways.append(spelled)
    return ways if ways[0] else []


def _drop_addresses(words: list[str]) -> list[str]:
    """Return the words of a name without those of address and titles before it."""
    for size in range(min(_LONGEST_ADDRESS, len(words) - 1), 0, -1):
        address = " ".join(words[:size])
        if address in _ADDRESSES and (
            address not in _FAMILY_NAMES or len(words) == size + 1
        ):
            return _drop_addresses(words[size:])
    return words


def _are_joined_initials(word: str) -> bool:
    return 2 < len(word) < 6 and word.isalpha() and not _SYLLABLE.fullmatch(word)


def _are_any_close(ones: list[list[str]], others: list[list[str]]) -> bool:
    return any(_are_words_close(one, other) for one in ones for other in others)


def _are_words_close(first: list[str], second: list[str]) -> bool:
    if sorted(first) == sorted(second):
        return True
    if _are_initials(first, second) or _are_initials(second, first):
        return True
    if _is_short_for(first, second) or _is_short_for(second, first):
        return True
    if 1 in (len(first), len(second)) and first[-1] == second[-1]:
        # people are called by the given name, which comes last
        return not _INITIAL.fullmatch(first[-1])
    if _are_mistyped(first, second):
        return True
    return any(
        _are_near("".join(arrange(first)), "".join(arrange(second)))
        for arrange in (list, sorted)
    )


def _are_mistyped(one: list[str], other: list[str]) -> bool:
    """Tell whether names differ by one or two words that were mistyped.

    A slip of the finger seldom makes another syllable: of two that are both words,
    neither was mistyped.
    """
    left = list((Counter(one) - Counter(other)).elements())
    right = list((Counter(other) - Counter(one)).elements())
    if not len(left) == len(right) in (1, 2) or len(left) == len(one):
        return False
    most = 2 if min(len("".join(one)), len("".join(other))) >= VERY_LONG_NAME else 1
    return any(
        sum(_count_slips(*pair) for pair in zip(left, arranged, strict=True)) <= most
        for arranged in (right, right[::-1])
    )


def _count_slips(one: str, other: str) -> int:
    """Return how many typing errors lie between words, 3 where it can't be those."""
    if _SYLLABLE.fullmatch(one) and _SYLLABLE.fullmatch(other):
        return 3
    if min(len(one), len(other)) < 2 or not (one + other).isalpha():
        return 3
    # of a short word, two errors leave nothing to know it by
    most = 2 if min(len(one), len(other)) > 4 else 1
    slips = _edit_distance(one, other)
    return slips if slips <= most else 3


def _edit_distance(one: str, other: str) -> int:
    """Return the letters to add, drop, replace or swap between two short texts."""
    before, last = [], list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(last[j] + 1, row[-1] + 1, last[j - 1] + (letter != wanted))
            if i > 1 < j and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]


def _is_short_for(short: list[str], words: list[str]) -> bool:
    """Tell whether a name has some of `words`, and for others their initials."""
    rest = Counter(words)
    rest.subtract(word for word in short if word in rest)
    left = list((+rest).elements())
    initials = [word for word in short if word not in words]
    if len(initials) == len(short) or not all(map(_INITIAL.fullmatch, initials)):
        return False
    for initial in initials:
        word = next((word for word in left if word.startswith(initial)), None)
        if word is None:
            return False
        left.remove(word)
    return len(short) > 1


def _are_initials(short: list[str], words: list[str]) -> bool:
    """Tell whether a name has the initials of all `words`, and nothing else."""
    return (
        len(short) == len(words) > 2
        and all(map(_INITIAL.fullmatch, short))
        and all(map(str.startswith, words, short))
    )


def _are_near(one: str, other: str) -> bool:
    """Tell whether texts are equal, or long and one typing error apart."""
    if one == other:
        return True
    if min(len(one), len(other)) < LONG_NAME or abs(len(one) - len(other)) > 1:
        return False
    start = next(
        (i for i, pair in enumerate(zip(one, other, strict=False)) if len({*pair}) > 1),
        min(len(one), len(other)),
    )
    one, other = one[start:], other[start:]
    return (
        one[1:] == other[1:]
        or one[1:] == other
        or one == other[1:]
        or (one[:2] == other[1::-1] and one[2:] == other[2:])
    )


def _count_full(words: list[str]) -> int:
    return sum(not _INITIAL.fullmatch(word) for word in {*words})


def _get_initials(words: list[str]) -> str:
    return "".join(word[0] for word in words)


class NameIndex:
    """Finds the close ones among many names, without a look at each pair."""

    def __init__(self, names: Mapping[Hashable, str]):
        """Index `names`, folded, by key."""
        self._names = {key: _read(name) for key, name in names.items()}
        self._sizes = {}
        self._words = defaultdict(set)
        self._joined = defaultdict(set)
        self._initials = defaultdict(set)
        for key, ways in self._names.items():
            self._sizes[key] = min(map(_count_full, ways), default=0)
            for words in ways:
                for word in words:
                    self._words[word].add(key)
                self._joined["".join(words)].add(key)
                self._initials[_get_initials(words)].add(key)

    def find(self, name: str) -> list[Hashable]:
        """Return the keys of the names close to `name`, folded, in their order."""
        ways = _read(name)
        near = set()
        for words in ways:
            shared = Counter(key for word in {*words} for key in self._words[word])
            # all words but initials and two that are mistyped, or all of the shorter
            size = _count_full(words)
            near |= {
                key
                for key, count in shared.items()
                if count >= min(size, self._sizes[key]) - 2
            }
            near |= self._joined["".join(words)] | self._initials[_get_initials(words)]
        return [
            key
            for key, others in self._names.items()
            if key in near and _are_any_close(ways, others)
        ]
