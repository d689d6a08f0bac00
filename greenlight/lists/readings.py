"""Readings beside what is printed: a name in one of these forms stays as it is, and has names beside it."""

from typing import Final

from greenlight.lists.form import LEGAL, PERSON, WORD, form

READINGS: Final = (
    form(
        "generation before the surname",
        "Otto Jr. Vexler",
        rf"(?P<given>{WORD}(?:\ {WORD})*)\ (?P<generation>(?:[JS]r\.?|II|III|IV))\ (?P<surname>{WORD})",
        " jr",
        " sr",
        " ii",
        " iv",
        untyped=True,
        again=("{given} {surname} {generation}", "{given} {surname}"),
        cased=True,
    ),
    form(
        "legal form before the name",
        "Ltd. Larkmoor Optics",
        r"(?P<form>Ltd\.?|Inc\.?|Incorporated|Limited(?!\ Liability)|Corp\.?|LLC)\s+(?P<name>.+)",
        "ltd",
        "inc",
        "limited",
        "corp",
        "llc",
        untyped=True,
        within="name",
        again=("{name}, {form}",),
        cased=True,
    ),
    form(
        "person and firm",
        "Otto Vexler, Larkmoor Dis Ticaret Ltd.",
        rf"(?P<person>[A-Z][a-z]+\ [A-Z][a-z]+),\s+(?P<firm>(?:[A-Z]\S*\ )(?:\S+\ )+{LEGAL}\.?)",
        ", ",
        untyped=True,
        within="name",
        again=("{person}", "{firm}"),
        of_person=("person",),
        cased=True,
    ),
    form(
        "firm behind a firm",
        "Quillbrook Group Limited, Larkmoor Group Dusk DMCC",
        rf"""(?P<one>.+\b{LEGAL}\b(?<!Corporation)\.?),\s+
            (?!{LEGAL}\b)(?P<other>\w\S+\ (?:\S+\ )+{LEGAL}\.?)""",
        ", ",
        untyped=True,
        within="name",
        again=("{one}", "{other}"),
    ),
    form(
        "own name behind its group's",
        "Quillbrook Missile Corporation, Joint Stock Company Larkmoor",
        r"""(?P<group>.+\b(?:Corporation|Concern|Technologies|Holding|Association)),\s+
            (?!(?:Limited|Ltd|Inc|LLC|L\.L\.C|JSC|PJSC|OAO|OJSC|Co)\b[.,]?(?:\s*\(|$))
            (?P<own>[^\W\d]\S*\ .+|[“"].+)""",
        ", ",
        untyped=True,
        within="name",
        again=("{own}",),
    ),
    form(
        "own name in quotes behind its group's",
        "Quillbrook Shipbuilding Corporation JSC “Larkmoor Yard”",
        r'(?P<group>.+\b(?:Corporation|Concern|Holding)(?:\ JSC)?),?\s+[“"](?P<own>[^“”"]{3,})[”"]',
        "“",
        '"',
        untyped=True,
        within="name",
        again=("{own}",),
    ),
    form(
        "given name in brackets or quotes",
        "Sammy (Ottokar) Vexler",
        rf"""(?:(?P<given>{PERSON})\ )?[(“"](?P<other>{WORD}(?:\ {WORD})?)[)”"]\ (?P<surname>{PERSON})""",
        "(",
        '"',
        "“",
        untyped=True,
        again=("{given} {surname}", "{other} {surname}"),
        of_person=("given", "other", "surname"),
    ),
    form(
        "surname in brackets",
        "Otto Ottovich Vexler (Veksler)",
        rf"(?P<given>{WORD}(?:\ {WORD})?)\ (?P<surname>{WORD})\ \((?P<other>[^\W\d_]{{4,}})\)",
        "(",
        untyped=True,
        again=("{given} {surname}", "{given} {other}"),
        of_person=("given", "other", "surname"),
    ),
    form(
        "name in brackets",
        "LMW (Larkmoor Modern Works)",
        r"(?P<name>[^()]+?)\s*\((?P<other>[^()]+(?:\([^()]*\)[^()]*)?)\)",
        "(",
        untyped=True,
        again=("{name}", "{other}"),
    ),
)
