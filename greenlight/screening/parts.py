"""The field for a name as an applicant writes it, taken apart into the names that it holds.

A field is free text: "Quillbrook Ltd d/b/a Larkmoor", "Quillbrook Ltd, 12 Harbour Road", "Ottokar Vexler DOB
1 Jan 1970". Each of its names is somebody who may be listed. The tables say what stands between two names,
and what begins something that is no name; what comes of it need not be a name, and whoever asks looks whether
it says who somebody is.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from greenlight.screening.normalise import folded_words, is_legal_form
from greenlight.screening.vocabulary import GRAMMAR

MOST: Final = 50
"""So many parts are looked at, be they names or not."""

# Between two names, or between a name and what says nothing ("Lutz Branch of …"). Letters of shortened words
# may have full stops, strokes or nothing between them.
_SEPARATORS: Final = (
    r"[;|\n\r\v\f\t\x85\u2028\u2029；｜、•·\\()\[\]{}<>（）【】]",
    r"\s/+\s|(?<=[^\W\d_]{3})[/／](?=[^\W\d_]{3})|(?<=[.)])/",
    r"\s[-–—~+=>*_]+\s|[–—]|--+",
    r":(?=\s|$)",
)
_SHORTENED: Final = "dba aka fka nka obo".split()
_MARKERS: Final = (
    r"t[/.]a|c[/.]\s?o|m/s|attn|attention|messrs|née|nee",
    r"(?:doing business|trading|operating|acting|also known|(?:formerly |previously |now )?known) as",
    r"formerly|previously|ehemals|antes",
    r"in care of|care of|(?:for and )?on behalf of|for the account of|acting (?:for|through)",
    r"(?:owned|controlled|represented|managed|operated|chartered) by|agents? (?:of|for)",
    r"(?:successors?|part|member|employee|director|trustee) (?:of|to)",
    r"(?:branch|division|subsidiary|affiliate|representative(?: office)?) of",
    r"(?:owner|captain|master|crew|operator|pilot|estate|heirs?|widow|wife|husband|son|daughter) of",
    r"(?:boeing|airbus|antonov|ilyushin|tupolev|gulfstream|bombardier|embraer|cessna|aircraft)\s+\w*\d\w*(?:-\d+)?",
)
# From here on a text is no name any longer.
_NUMBERED: Final = (
    "phone telephone tel ph mobile mob cell fax whatsapp wechat telegram id no tin inn ogrn kpp unp eori "
    "duns cage iban swift bic account acct hull msn flag"
).split()
_NOISE: Final = (
    # An address begins behind the comma before its first number, or the first word for a street.
    r",(?=[^,]*(?:\d|\b(?:street|road|avenue|boulevard|lane|square|building|floor|suite|p\.?\s?o\.? box)\b))",
    r"\s(?=\d+[a-z]?\s+(?:[^\W\d]+\s+){0,3}(?:street|st|road|rd|avenue|ave|boulevard|blvd|lane)\b)",
    r"\bp\.?\s?o\.? box\b",
    r",(?=[^,]*\b(?:branch|office|division|department|dept|subsidiary)\b)",
    r"\S+@\S+|\b(?:https?:|www\.)",
    r"\b(?:e-?mail|d\.?o\.?b|date of birth|passport|nationality|imo|mmsi|call ?sign)\b",
    r"\b(?:vat|tax (?:id|no|number|code))\b",
    r"\bborn\b(?=.*\d)",
    rf"\b(?:{'|'.join(_NUMBERED)})\b[.:#\s]*(?:(?:no|nr|number)\b[.:#\s]*)?(?=[+(\w-]*\d)",
    r"\s\+?\(?\d[\d .()-]{6,}\d",
)
# What a person trades as: the person is who counts.
_TAILS: Final = (
    r"\s(?:trading|enterprises?|consulting|holdings?)\b(?=(?:[\s.,&]+\w+){0,2}[\s.]*$)",
    r"\s(?:&|and|und|et|y)\s(?=(?:sons?|brothers|partners|associates|family|co|company)\b)",
)
# Between two names where each has two words or more: "Science and Technology" is one name.
_JOINTS: Final = r",\s|\s?&\s?|\s(?:and|und|et|y|и)\s"


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_BETWEEN: Final = _any(
    *_SEPARATORS,
    *(rf"(?<!\w){'[./]?'.join(word)}(?!\w)[.:]?" for word in _SHORTENED),
    *(rf"(?<!\w)(?:{marker})(?!\w)[.:]?" for marker in _MARKERS),
)
_END: Final = _any(*_NOISE)
_TAIL: Final = _any(*_TAILS)
_JOINT: Final = _any(_JOINTS)
_HOLDS_MORE: Final = _any(_BETWEEN.pattern, *_NOISE, *_TAILS, _JOINTS)
_BRACKETS: Final = re.compile(r"[(\[{（【<][^()\[\]{}（）【】<>]*[)\]}）】>]")
_LETTER: Final = re.compile(r"[^\W\d_]")
_EDGES: Final = " \t,.:-–—/'\"“”‘’*#"


def parts(field: str) -> tuple[str, ...]:
    """The texts within a field that may be names by themselves, the field itself left out; `MOST` at most."""
    return _parts(field)[:MOST]


def holds_too_many(field: str) -> bool:
    """Tell whether a field holds more than `MOST` parts, of which some are not looked at."""
    return len(_parts(field)) > MOST


# Of one field they are asked for more than once.
@lru_cache(maxsize=1_024)
def _parts(field: str) -> tuple[str, ...]:
    if _HOLDS_MORE.search(field) is None:
        return ()
    whole = _bare(field)
    found = {whole: None}
    waiting = deque([whole])
    while waiting and len(found) <= MOST + 1:
        text = waiting.popleft()
        divided = [part for part in _lettered(_divided(text)) if part not in found]
        waiting.extend(divided)
        found |= dict.fromkeys(divided)
        if _BETWEEN.search(text) is None:
            # No more is to be divided of these.
            found |= dict.fromkeys(_lettered(_at_joints(text)))
    return tuple(part for part in found if part != whole)


def _lettered(texts: Iterable[str]) -> Iterator[str]:
    return (text for text in map(_bare, texts) if _LETTER.search(text) is not None)


def _bare(text: str) -> str:
    return text.strip(_EDGES)


def _divided(text: str) -> Iterator[str]:
    """Cut a text at all that is no name."""
    if (end := _END.search(text)) is not None:
        yield text[: end.start()]
    if (tail := _TAIL.search(text)) is not None and _has_words(text[: tail.start()]):
        yield text[: tail.start()]
    if _BRACKETS.search(text) is not None:
        yield _BRACKETS.sub(" ", text)
    if _BETWEEN.search(text) is not None:
        yield from _BETWEEN.split(text)


def _at_joints(text: str) -> Iterator[str]:
    """Cut a text between two joints, two joints further, and before and behind each of them."""
    joints = [joint for joint in _JOINT.finditer(text) if _joins(text, joint)]
    starts = [0, *(joint.end() for joint in joints)]
    ends = [*(joint.start() for joint in joints), len(text)]
    for more in (0, 1):
        between = (text[start:end] for start, end in zip(starts, ends[more:], strict=False))
        yield from filter(_has_words, between)
    for joint in joints:
        yield from (text[: joint.start()], text[joint.end() :])


def _joins(text: str, joint: re.Match[str]) -> bool:
    return _has_words(text[: joint.start()]) and _has_words(text[joint.end() :])


def _has_words(text: str) -> bool:
    words = [word for word in folded_words(text) if word not in GRAMMAR]
    return len(words) > 1 and not is_legal_form(text)
