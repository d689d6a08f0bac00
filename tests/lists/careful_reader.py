"""Reads a row slowly, as a careful person would, word by word: whom does it name?

It shares nothing with ``lists``, on purpose: it is what that is held against. It knows no patterns, only
words, brackets and commas.
"""

from collections.abc import Iterator
from dataclasses import dataclass

MARKS = ("aka", "akas", "fka", "nka", "dba")
SPELLED = (("also", "known", "as"), ("formerly", "known", "as"), ("doing", "business", "as"))
KINDS = ("entity", "individual", "national", "citizen", "person")
REACH = ("successor", "subunit", "subsidiary", "subsidiaries", "units", "affiliate", "branches")
BELONGS = ("subsidiary", "subordinate", "branch", "division", "affiliate", "parent")
OFFICES = ("president", "director", "chairman", "ceo", "manager", "owner", "head")
LEGAL = (
    "inc",
    "ltd",
    "limited",
    "llc",
    "sa",
    "sl",
    "bv",
    "gmbh",
    "corp",
    "co",
    "pte",
    "company",
    "dmcc",
    "jsc",
)
GENERATIONS = ("jr", "sr", "ii", "iii", "iv")
CLOSING = {"(": ")", "[": "]"}


@dataclass(frozen=True)
class Found:
    """A name in a row: of whom the row lists, or of somebody else that it names, such as a parent."""

    name: str
    listed: bool = True


def names_in(name: str, alt_names: str, *, typed: bool) -> list[Found]:
    """Every name that the row has, once."""
    found = [*_of_field(name, typed=typed, main=True)]
    for part in alt_names.replace("\xa0", " ").split(";"):
        found += _of_field(part, typed=typed, main=False)
    return list(dict.fromkeys(each for each in found if any(map(str.isalnum, each.name))))


def in_reading_order(name: str) -> str:
    """``ASHBEY, Quintus`` as it is said."""
    family, comma, given = name.partition(", ")
    return f"{given} {family}" if comma else name


def _of_field(text: str, *, typed: bool, main: bool) -> Iterator[Found]:
    words = text.split()
    words = _without_reach(_without_sentences(words))
    if words and (words[0] == "and" or (not main and (words[0] == "DBA" or _is_mark(words[0])))):
        words = words[1:]
    if not words:
        return
    if not typed and main:
        last_first = _surname_last(words)
        if last_first:
            yield from map(Found, last_first)
            return
    for part, mark in _marked(words):
        for piece in _parts(part, typed=typed, main=main and not mark):
            yield from _whole_or_split(piece.name, listed=piece.listed, typed=typed)


def _clean(words: list[str]) -> str:
    return " ".join(words).strip(" ,;")


def _plain(word: str) -> str:
    return "".join(filter(str.isalnum, word.lower()))


def _is_mark(word: str) -> bool:
    bare = word.strip("-,:;()[]")
    plain = _plain(word)
    dotted = "." in bare or "/" in bare
    loose = word != bare or bare.islower()
    return plain in MARKS and (dotted or loose) and len(bare) <= len(plain) + 3


def _without_sentences(words: list[str]) -> list[str]:
    """Up to the sentence that says who is meant: "This includes …", "All address located in …"."""
    if words and _plain(words[0]) == "all" and any(_plain(word) == "located" for word in words):
        return []
    for place in range(1, len(words) - 1):
        ended = words[place - 1].endswith(".")
        if ended and (words[place] == "This" or (words[place] == "All" and "address" in words[place + 1])):
            return words[:place]
    return words


def _without_reach(words: list[str]) -> list[str]:
    """Up to what says how far it reaches: "and any successor …", "and its sub-units …"."""
    for place in range(len(words) - 1):
        # A field of its own may say nothing else.
        says = words[place] == "and" and words[place + 1] in ("any", "all", "its", "their")
        if says and any(_plain(word).rstrip("s") in REACH or _plain(word) in REACH for word in words[place:]):
            return words[:place]
    return words


def _surname_last(words: list[str]) -> list[str]:
    """``Ottmar; a.k.a. Quill Lark; a.k.a. Quilla Vexler``: the surname of all is the last word."""
    text = " ".join(words)
    if ")" in text.partition("(")[0]:
        other, _, behind = text.partition(")")
        given, _, inside = behind.partition("(")
        *first, surname = inside.split()[1:]
        return [f"{given.strip()} {surname}", f"{' '.join(first)} {other} {surname}"]
    places = [at for at, word in enumerate(words) if _is_mark(word) and ("." in word or "/" in word)]
    if not places or "(" in text:
        return []
    at, surname = places[0], words[-1]
    given = words[:at]
    separated = given[-1].endswith(";") or words[at].lower() == "a/k/a"
    half = len(given) // 2
    if given[:half] == given[half:]:
        given = given[:half]
    bare = [word.rstrip(";,") for word in given]
    if not separated or bare[-1] == surname or len(bare) > 3 or any(_plain(word) in LEGAL for word in bare):
        return []
    found = [" ".join([*bare, surname])]
    for start, end in zip(places, [*places[1:], len(words)], strict=True):
        named = [word.rstrip(";,") for word in words[start + 1 : end]]
        if len(named) > 1:
            found.append(" ".join(named))
    return found


def _marked(words: list[str]) -> Iterator[tuple[list[str], str]]:
    """What stands before, between and behind marks that are in no bracket; with the mark before it."""
    part: list[str] = []
    mark, depth = "", 0
    place = 0
    while place < len(words):
        word = words[place]
        spelled = tuple(each.lower() for each in words[place : place + 3]) in SPELLED
        inside = depth > 0 or word[0] in CLOSING
        depth += sum(map(word.count, CLOSING)) - sum(map(word.count, CLOSING.values()))
        if inside or not (spelled or (_is_mark(word) and place) or _glued(word)):
            part.append(word)
        else:
            yield from _listed_part(part, mark)
            mark = _plain(word)
            part = [word.rpartition("-")[2]] if _glued(word) else []
            if spelled:
                place += 2
            if place + 1 < len(words) and words[place + 1] == "-":
                place += 1
        place += 1
    yield from _listed_part(part, mark)


def _glued(word: str) -> bool:
    """``-AKA-IVY``: the mark and the next word in one."""
    pieces = word.split("-")
    return len(pieces) == 3 and pieces[0] == "" and pieces[1].lower() in MARKS and pieces[2] != ""


def _listed_part(part: list[str], mark: str) -> Iterator[tuple[list[str], str]]:
    part = [word for word in part if word != "-"]
    if part:
        part[-1] = part[-1].rstrip("-")
    if mark == "akas":
        for each in " ".join(part).split(", "):
            yield each.split(), mark
    elif part:
        yield part, mark


def _parts(words: list[str], *, typed: bool, main: bool) -> Iterator[Found]:
    """Of words without marks: the parties, the parent and what is subordinate."""
    text = _clean(words)
    if "so-called" in text.lower():
        at = text.lower().index("so-called")
        text = (text[:at].removesuffix("the ").removesuffix("The ") + text[at + len("so-called") :]).strip()
    for sign in (". Subordinate Institution - ", ". Affiliated Entity: ", " Branch: "):
        if sign in text:
            parent, _, own = text.partition(sign)
            yield Found(own)
            yield Found(parent, listed=False)
            return
    if " facilities: " in text:
        yield Found(text.partition(" facilities: ")[0])
        return
    if ", and subordinate entity " in text:
        head, _, own = text.partition(", and subordinate entity ")
        yield Found(head)
        if own.split()[1] not in ("reactors", "facilities", "plants"):
            yield Found(own)
        return
    if ", including " in text:
        head, _, own = text.partition(", including ")
        yield Found(head)
        yield Found(own.removeprefix("the "))
        return
    for sign, after in (("-Branch of ", False), (", branch of ", False), (" C/O ", True), (" CEO, ", True)):
        if sign in text and not typed:
            own, _, other = text.partition(sign)
            yield Found(own)
            yield Found(other, listed=after)
            return
    if " or " in text and not typed:
        one, _, other = text.partition(" or ")
        if _plain(one.split()[-1]) in LEGAL and _plain(other.split()[-1]) in LEGAL:
            yield from map(Found, (one, other))
            return
    if "+" in text and ":" in text and text.rpartition("+")[2][-1].isdigit():
        # Cells of the spreadsheet that it was typed in.
        text = text.rpartition("+")[0]
    if main and not typed and ", and " in text and _plain(text.split()[-1]) in LEGAL and "." in text:
        person, _, firm = text.rpartition(", and ")
        if person.count(",") == 1 and _plain(person.split(",")[1].split()[-1]) not in LEGAL:
            yield Found(person)
            yield Found(firm, listed=False)
            return
    if main and not typed:
        text = _without_place(text)
    if main and not typed and ";" in text:
        first, *others = text.split(";")
        yield Found(first)
        for other in others:
            yield from (Found(name, listed=False) for name in _firms(other))
        return
    yield Found(text)


def _without_place(text: str) -> str:
    """Up to the address or the place that stands behind a name."""
    pieces = text.split(", ")
    for at in range(1, len(pieces)):
        said = [_plain(word) for piece in pieces[at:] for word in piece.split()]
        if said[-1].isdecimal() and ("district" in said or "province" in said):
            return ", ".join(pieces[:at])
        behind_form = _plain(pieces[at - 1].split()[-1]) in LEGAL and len(pieces) - at == 2
        if behind_form and not any(word in LEGAL for word in said) and len(said) <= 4:
            return ", ".join(pieces[:at])
    return text


def _firms(text: str) -> Iterator[str]:
    """``Elantra, S.A., Dusk, S.A., and SDV, S.A``: a comma before a legal form parts nothing."""
    firm: list[str] = []
    for piece in text.split(","):
        said = piece.strip().removeprefix("and ")
        if firm and _plain(said) not in LEGAL:
            yield ", ".join(firm)
            firm = []
        firm.append(said)
    yield ", ".join(firm)


def _whole_or_split(text: str, *, listed: bool, typed: bool) -> Iterator[Found]:
    """A name with what is in its brackets and quotes."""
    outside, inside, tail = _brackets(text)
    if typed or not inside:
        yield Found(text if typed or not inside else outside, listed)
        if not typed:
            yield from (Found(name, listed) for name in _of_words(text.split()))
        return
    kept = text
    for group in inside:
        words = group.split()
        first, last = _plain(words[0]), _plain(words[-1])
        if last in KINDS:
            kept = kept.replace(f"({group})", " ")
        elif _is_mark(words[0].strip(":,") + ","):
            kept = kept.replace(f"({group})", " ").replace(f"[{group}]", " ")
            for named in _between_marks(words):
                yield Found(named, listed)
        elif any(_plain(word) in BELONGS for word in words[:3]) and (" of " in group or ": " in group):
            kept = kept.replace(f"({group})", " ")
            behind = group.partition(" of ")[2] or group.partition(": ")[2]
            yield Found(behind, listed=False)
        elif first in OFFICES:
            kept = kept.replace(f"({group})", " ")
            yield Found(group.partition(" of ")[2], listed)
        elif (
            tail == ""
            and group == inside[-1]
            and (_is_acronym(group) or (len(words) > 1 and not _is_place_or_form(words)))
        ):
            yield Found(_clean(text[: text.rindex(f"({group})")].split()), listed)
            yield Found(group, listed)
    yield Found(_clean(kept.split()), listed)


def _between_marks(words: list[str]) -> Iterator[str]:
    named: list[str] = []
    for word in words:
        if _is_mark(word + ","):
            if named:
                yield _clean(named)
            named = []
        else:
            named.append(word)
    yield _clean(named)


def _is_acronym(group: str) -> bool:
    return group.isalpha() and group.isupper() and len(group) > 3 and not group.endswith("JSC")


def _is_place_or_form(words: list[str]) -> bool:
    if [_plain(word) for word in words] == ["limited", "partnership"]:
        return True
    places = ("hong", "kong", "new", "zealand", "united", "kingdom", "south", "north", "africa", "korea")
    return all(_plain(word) in (*LEGAL, *places) for word in words) or (
        _plain(words[-1]) in LEGAL and len(words) <= 3 and _plain(words[0]) not in ("saen", "rwds")
    )


def _of_words(words: list[str]) -> Iterator[str]:
    """Of a name without brackets: nicknames in quotes, a generation in the middle, the form first."""
    quoted = len(words) == 3 and words[1][0] in '"“' and words[1][-1] in '"”'
    if quoted and not any(_plain(word) in LEGAL for word in words):
        yield f"{words[0]} {words[2]}"
        yield f"{words[1][1:-1]} {words[2]}"
    if 3 <= len(words) <= 4 and _plain(words[-2]) in GENERATIONS:
        yield " ".join([*words[:-2], words[-1]])
    if words and words[0] in ("Ltd.", "Incorporated") and len(words) > 1:
        yield " ".join(words[1:])
    text = " ".join(words)
    for sign in ("Corporation, ", "Technologies, "):
        head, at, own = text.partition(sign)
        if head and at and own.startswith(("Joint Stock Company ", "Public Joint Stock Company ")):
            yield own


def _brackets(text: str) -> tuple[str, list[str], str]:
    """What is outside of all brackets, the outermost groups, and what is behind the last of them."""
    groups: list[str] = []
    outside = group = stack = tail = ""
    for character in text:
        if character in CLOSING:
            if stack:
                group += character
            stack += CLOSING[character]
        elif stack and character == stack[-1]:
            stack = stack[:-1]
            if stack:
                group += character
            elif group.strip():
                groups.append(group)
                group, tail = "", ""
        elif stack:
            group += character
        else:
            outside += character
            tail += character
    return _clean(outside.split()), groups, tail.strip()
