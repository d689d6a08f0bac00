"""Small tables and short questions."""

from datetime import UTC, date, datetime

from greenlight.law.application.dossier import PartyRole
from greenlight.law.determination.determine import Determination, determine
from greenlight.law.determination.footnotes import reading_of
from greenlight.law.determination.question import (
    AskedParty,
    Circumstances,
    Classified,
    Listed,
    Owner,
    Question,
)
from greenlight.law.determination.tables import (
    Destination,
    Entry,
    Footnote,
    Sources,
    Tables,
    Worldwide,
    control_of,
)
from greenlight.reference.rules import load_rules

AT = datetime(2026, 8, 1, 16, tzinfo=UTC)
"""While the Affiliates Rule is suspended."""

RULE = datetime(2025, 10, 15, 17, tzinfo=UTC)
"""While it is in force."""

NOBODY_KNOWS = datetime(2026, 12, 1, 17, tzinfo=UTC)
"""After the suspension, as far as that was seen."""

COLUMNS = frozenset({"NS 1", "RS 1", "AT 1"})
CRIMEA = (
    "See § 746.6 of the EAR for the Crimea region of Ukraine and the so-called Donetsk People's Republic."
)
RUSSIA = (
    "See § 746.5 of the EAR. See § 746.8 of the EAR for Sanctions against Russia and Belarus, including"
    " additional license requirements for items listed in any ECCN on the CCL."
)


def entry(eccn: str, *controls: tuple[str, str], reasons: str = "") -> Entry:
    read = tuple(control_of(eccn, text, refers, COLUMNS) for text, refers in controls)
    return Entry(eccn, f"Entry {eccn}", frozenset(reasons.split()), read)


def footnote(number: str, text: str) -> Footnote:
    return Footnote(number, text, reading_of(text))


ENTRIES = (
    entry("5A991", ("AT applies to entire entry", "AT Column 1")),
    entry(
        "5A002", ("NS applies to entire entry", "NS Column 1."), ("AT applies to entire entry", "AT Column 1")
    ),
    entry("0A606", ("RS applies to entire entry, except 0A606.b and .y", "RS Column 1")),
    entry("1A004", ("RS applies to 1A004.d", "RS Column 1"), ("AT applies to entire entry", "AT Column 1")),
    entry(
        "0A502",
        ("NS applies to shotguns with a short barrel", "NS Column 1"),
        ("AT applies to entire entry", "AT Column 1"),
    ),
    entry("9A991", ("UN applies to entire entry", "See § 746.1(b) for UN controls.")),
    entry("3B001", ("NS applies to entire entry", "Worldwide control. See § 742.4(a)(5).")),
    entry("9A018"),
    entry("6A992", ("AT applies to entire entry", "AT Column 1"), reasons="AT RS"),
    entry("0A983", ("AT applies to entire entry", "AT Column 1")),
    entry("5A001", ("AT applies to entire entry", "AT Column 1")),
)

TABLES = Tables(
    issued=date(2026, 7, 23),
    sources=Sources("the list", "the chart", "the groups"),
    columns=COLUMNS,
    entries={each.eccn: each for each in ENTRIES},
    destinations={
        each.code: each
        for each in (
            Destination("CN", "China", frozenset({"NS 1", "RS 1"}), frozenset({"D:5"})),
            Destination("CA", "Canada", frozenset()),
            Destination("IR", "Iran", None, frozenset({"E:1"}), pointer="See part 746 of the EAR."),
            Destination("RU", "Russia", frozenset({"NS 1"}), footnotes=(footnote("6", RUSSIA),)),
            Destination("UA", "Ukraine", frozenset({"NS 1"}), footnotes=(footnote("9", CRIMEA),)),
            Destination("SD", "Sudan", frozenset(), footnotes=(footnote("1", "See something new."),)),
        )
    },
    worldwide={
        "0A983": (Worldwide((), government=False),),
        "5A001": (Worldwide(("f", "1"), government=True),),
    },
)

ALL_ITEMS = "For all items subject to the EAR. (See §744.11 of the EAR)"
HUAWEI = Listed(
    listing="huawei-technologies",
    source_list="entity-list",
    license_requirement=ALL_ITEMS,
    review_policy="Presumption of denial",
    citation="84 FR 22961",
)
NO = Circumstances.none_applies()


def item(text: str) -> Classified:
    return Classified(classification=text[:5], subparagraph=text[5:] or None)


def party(
    *listings: Listed,
    screened: bool = True,
    owners: tuple[Owner, ...] | None = None,
    country: str = "CN",
) -> AskedParty:
    return AskedParty(
        role=PartyRole.END_USER,
        name="A company",
        country=country,
        listings=listings if screened else None,
        owners=owners,
    )


def ask(
    items: str,
    destination: str,
    *parties: AskedParty,
    circumstances: Circumstances = NO,
    at: datetime = AT,
    known_at: datetime | None = None,
) -> Determination:
    """``items`` by their classifications, with spaces between."""
    asked = Question(
        items=tuple(map(item, items.split())),
        destination=destination,
        parties=parties or (party(country=destination),),
        circumstances=circumstances,
        at=at,
        known_at=known_at,
    )
    return determine(asked, TABLES, load_rules())
