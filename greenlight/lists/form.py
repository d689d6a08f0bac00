"""A form in which a row says more than a name: how it reads, and what becomes of what it meets.

The names of the groups of a pattern say that:

- ``name`` is what the field names once the form is taken off, and ``rest`` what goes on behind it;
- ``also`` is a further name, or several, each behind a mark; ``list`` are several, between commas;
- ``party`` is an entry of its own, or several;
- ``parent`` is whom the entry belongs to: a name of the entry only if no row has it as its own;
- ``scope`` says how far the listing reaches, ``remark`` says what the entry is: neither is a name.

What is a name, or several, is read again, so that forms may stand within each other. ``again`` are names put
together from the groups, which are not read again. The examples are invented.
"""

import re
from typing import Final, NamedTuple

MARK: Final = (
    r"(?:[afn]\.\s?k\.\s?a\.?s?|[afn]/k/a|d/b/a|d\.b\.a\.?|t/a|trading\ as|(?:also|formerly|now)\ known\ as"
    r"|doing\ business\ as)(?!\w)(?:[:,]?\s*the\ following\ (?:\w+\ )?(?:alias(?:es)?|names?):)?"
)
"""Before another name, however it stands; "aka" without dots only where it cannot be a word of the name."""
BARE_MARK: Final = r"(?:[afn]kas?|dba|alias)(?!\w)"
LOOSE_MARK: Final = r"(?:[afn]kas?:|(?:dba|nka|(?-i:alias|ALIAS|[af]ka))(?=\ ))"
"""A bare mark between two words: with a colon, or where no name has such a word within it."""
MARKS: Final = ("k.a", "k. a", "k/a", "known as", "d/b/a", "d.b.a", "business as", "t/a", "trading as")
_BARE: Final = ("aka", "fka", "nka", "dba", "alias")
BARE_MARKS: Final = (
    *(f"{before}{mark}" for mark in _BARE for before in ("(", "[", "-", ",")),
    *(f" {mark}{behind}" for mark in _BARE for behind in (" ", "-", ":", "s ", "s,", "s-")),
)
LEADING_AND: Final = "and "
"""A sign where it stands before all else; anywhere else it is none."""
LEGAL: Final = (
    r"(?:Inc|Ltd|Limited|L\.?L\.?C|Corp|Corporation|Co|Company|GmbH|S\.A|S\.?A\.?R\.?L|S\.L|B\.V|N\.V|A\.G|P\.?L\.?C"
    r"|DMCC|F\.?Z\.?E|F\.?Z\.?C\.?O?|Pte|Pvt|O\.?O\.?O|J\.?S\.?C)"
)
PLACE: Final = r"[A-Z][\w'’-]+(?:\ [A-Z][\w'’-]+)?"
WORD: Final = r"[^\W\d_][\w'’.-]*"
PERSON: Final = rf"{WORD}(?:\ {WORD}){{0,2}}"


class Form(NamedTuple):
    """One of the forms. ``signs`` are letters of which one is in every text that has it, in lower case.

    ``untyped``: only in rows that print no type, as the Treasury's rows keep to a form of their own.
    ``within`` is the field that has it: either, the entry's name, or its other names.
    ``of_person`` are groups whose words may be a person's, none of them a firm's or a place's.
    ``source`` says of further names where they come from.
    """

    title: str
    example: str
    pattern: re.Pattern[str]
    signs: tuple[str, ...]
    untyped: bool = False
    within: str = "either"
    again: tuple[str, ...] = ()
    source: str | None = None
    of_person: tuple[str, ...] = ()


def form(
    title: str,
    example: str,
    pattern: str,
    *signs: str,
    untyped: bool = False,
    within: str = "either",
    again: tuple[str, ...] = (),
    source: str | None = None,
    of_person: tuple[str, ...] = (),
    cased: bool = False,
) -> Form:
    flags = re.VERBOSE if cased else re.VERBOSE | re.IGNORECASE
    return Form(title, example, re.compile(pattern, flags), signs, untyped, within, again, source, of_person)
