"""A letter of every kind, ordinary and long, made from the events of sample cases as far as there are any."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from greenlight.kernel.commit import Event
from greenlight.kernel.streams import application_stream, license_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import (
    Outcome,
    Recommend,
    ReturnGround,
    ReturnWithoutAction,
    Withdraw,
)
from greenlight.law.application.dossier import (
    Finding,
    Item,
    Match,
    Money,
    Parties,
    Party,
    PartyRole,
    Screening,
)
from greenlight.law.application.flip.commands import RecordLicenseFlip
from greenlight.law.application.flip.said import Said, Turn
from greenlight.law.letter import LetterKind
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.sources import BY_SLUG
from greenlight.letters.case import items_table
from greenlight.letters.compose import compose
from greenlight.letters.content import Letter, ListedParty, Records, Revocation, Step
from tests.law.application.cases import ACN, DENY, GRANT, NUMBER, Case, before_acep, submission, submitted
from tests.law.license.cases import Licensed
from tests.letters.flips import LONG as LONG_FLIPS
from tests.letters.flips import ORDINARY as FLIPS
from tests.letters.notices import LONG as LONG_NOTICES
from tests.letters.notices import ORDINARY as NOTICES

CODE = "2KMN-F5PT-91Q1-FJQ0"

PARTIES: Parties = (
    Party(role=PartyRole.PURCHASER, name="Harbour Trading Oy", country="FI"),
    Party(role=PartyRole.INTERMEDIATE_CONSIGNEE, name="Østfold Logistikk AS", country="NO"),
    Party(role=PartyRole.ULTIMATE_CONSIGNEE, name="Lighthouse Telecom AS", country="NO"),
    Party(role=PartyRole.END_USER, name="Municipality of Skerry", country="NO"),
)

ITEMS = (
    Item(
        line=1,
        description="Base station transceiver, outdoor, with mounting kit",
        classification="5A991",
        subparagraph=".b.1",
        quantity=1_250,
        unit="pieces",
        value=Money(minor_units=1_234_567_89, currency="USD"),
    ),
    Item(
        line=2,
        description="Spare power supply",
        classification="EAR99",
        quantity=40,
        unit="pieces",
        value=Money(minor_units=18_000_00, currency="USD"),
    ),
    Item(
        line=3,
        description="Core router",
        classification="5A002",
        subparagraph=".a",
        quantity=2,
        unit="pieces",
        value=Money(minor_units=410_000_00, currency="EUR"),
    ),
)

CONDITIONS = (
    "The items may be installed only at the sites that the application names, and may not be moved from"
    " there without the prior written approval of the Bureau.",
    "No resale, transfer or reexport to any other party.",
    "The licensee reports each shipment within 30 days, with its Internal Transaction Number.",
)
RIDERS = ("Shipping tolerances are those of 15 CFR 750.11.",)
REASONS = (
    "The ultimate consignee is a listed entity, and applications for it are reviewed under a presumption of"
    " denial.\n"
    "The items would extend the capacity of a core network beyond what its present users need."
)

GRANT_IN_PART = Recommend(
    outcome=Outcome.GRANT, reasons="Rural network.", lines=(1, 2), conditions=CONDITIONS, riders=RIDERS
)
RETURN = ReturnWithoutAction(
    ground=ReturnGround.LICENSE_NOT_REQUIRED,
    reasons="The items are EAR99 and no party is listed. No general prohibition of part 736 applies.",
)


def case(*items: Item, parties: Parties = PARTIES) -> Case:
    return submitted(submission(*(items or ITEMS), parties=parties)).screened()


def records(events: tuple[Event, ...]) -> Records:
    return tuple(event.record() for event in events)


def license_of(granted: Case) -> Records:
    """The records of the license that a grant begins."""
    (append,) = APPLICATION.consequences(granted.opened, granted.events[-1:])
    return append.events


def letter_of(decided: Case) -> Letter:
    """The letter on the last event of a case."""
    kind = decided.events[-1].letter
    assert kind is not None
    step = Step(stream=application_stream(ACN), version=len(decided.events), kind=kind)
    others = license_of(decided) if kind is LetterKind.GRANT else ()
    return compose(step, records(decided.events), others)


def conditions_of(granted: Case) -> Letter:
    step = Step(stream=license_stream(NUMBER), version=1, kind=LetterKind.CONDITIONS)
    return compose(step, license_of(granted), records(granted.events))


def begun_of(granted: Case) -> Licensed:
    """The license that a grant begins."""
    events = tuple(LICENSE.read(record) for record in license_of(granted))
    return Licensed(now=granted.now).with_events(*events)


def used_of(granted: Case) -> Licensed:
    """The same, once 1,130 of 1,250 pieces of its first line were shipped."""
    return begun_of(granted).shipped((1, 1_130, 1_100_000_00))


def usage_of(granted: Case) -> Letter:
    told = used_of(granted)
    step = Step(stream=license_stream(NUMBER), version=len(told.events), kind=LetterKind.USAGE)
    return compose(step, records(told.events), records(granted.events))


def told_of(license_: Licensed, acts: str = "An entry on a list (91 FR 1)") -> Licensed:
    """The same, with another answer for each of its destinations that its licensee is told of."""
    turns = (
        Turn(destination="FI", before=Said.NOT_REQUIRED, after=Said.OPEN),
        Turn(destination="NO", before=Said.NOT_REQUIRED, after=Said.REQUIRED),
    )
    instant = license_.now + timedelta(days=1)
    told = RecordLicenseFlip(instant=instant, turns=turns, because="Entry skerry counts (91 FR 1)", acts=acts)
    return license_.at(instant).flipped(told)


def notice_to_licensee(acts: str = "An entry on a list (91 FR 1)") -> Letter:
    decided = granted()
    told = told_of(begun_of(decided), acts)
    step = Step(stream=license_stream(NUMBER), version=len(told.events), kind=LetterKind.NOTICE_TO_LICENSEE)
    return compose(step, records(told.events), records(decided.events))


def granted(*items: Item, recommendation: Recommend = GRANT, parties: Parties = PARTIES) -> Case:
    decided = case(*items, parties=parties).recommended(recommendation).countersigned()
    return decided if decided.opened.granted else decided.signed_off()


def partly() -> Case:
    return granted(recommendation=GRANT_IN_PART)


def to_be_denied(reasons: str = REASONS) -> Case:
    listed = submitted(submission(*ITEMS, parties=PARTIES)).screened(
        "no_match", "no_match", "listed", "no_match"
    )
    return listed.recommended(DENY.model_copy(update={"reasons": reasons})).countersigned().signed_off()


def denied(reasons: str = REASONS) -> Case:
    """Responded to after 13 days, and final with day 45."""
    return to_be_denied(reasons).later(days=13).responded().denied()


PARTIES_ON_LISTS = {
    "unverified": ("Unverified List, entry 12", "Quay Optics Co., Ltd."),
    "sdn": ("Specially Designated Nationals, entry 4711", "Basalt Shipping"),
    "denied-persons": ("90 FR 1234", "Henrik Example"),
    "military-end-user": ("85 FR 83793", "Northern Avionics Institute"),
}


def on_other_lists() -> Case:
    """A party on each of four lists, and one of which is not on record on which it is."""
    parties = tuple(
        Party(role=PartyRole.ULTIMATE_CONSIGNEE, name=name, country="NO")
        for _, name in (*PARTIES_ON_LISTS.values(), ("", "Someone AS"))
    )
    rules = {slug: BY_SLUG[slug].rules for slug in PARTIES_ON_LISTS}
    matches = (
        *(
            Match(
                listing=f"{slug}-12",
                name=name.upper(),
                citation=citation,
                review_policy="The procedure and the review policy are specified in §744.21(d) and (e)."
                if slug == "military-end-user"
                else f"None is printed: see {rules[slug]}",
                # Of the second it is not on record: its key tells.
                source_list=slug if slug != "sdn" else None,
            )
            for slug, (citation, name) in PARTIES_ON_LISTS.items()
        ),
        Match(listing="someone", name="SOMEONE", citation="84 FR 1", review_policy="Case by case"),
    )
    findings = tuple(
        Finding(party=place, outcome="listed", matches=(match,)) for place, match in enumerate(matches)
    )
    found = Screening(list_version="sha256:" + "a" * 64, findings=findings)
    case = submitted(submission(*ITEMS, parties=parties)).found(found)
    return case.recommended(DENY).countersigned().signed_off()


def by_vote() -> Case:
    """Denied by a forum that turned the officer's recommendation round: nobody wrote why."""
    return before_acep().voted(*[Outcome.DENY] * 4).later(days=60).advanced().signed_off()


def revocation() -> Revocation:
    return Revocation(
        letter_id=f"license-{NUMBER}-3-revocation",
        rests_on="sha256:" + "1" * 64,
        dated=date(2027, 1, 19),
        addressee="Example Networks Inc.",
        acn=ACN,
        license_number=NUMBER,
        issued=date(2026, 9, 1),
        effective=date(2027, 1, 20),
        reasons="The end user sold the network to a party that the license does not name.",
        items=items_table(ITEMS[:2]),
        appeal_days=45,
        appeal_by=date(2027, 3, 5),
        contact="lee, licensing officer",
    )


WIDE = {"unit": "w" * 20, "classification": "5A991", "subparagraph": ".www" * 6}
LONG_LISTING = ListedParty(
    party="P" * 300,
    listing="A name on the list, " * 60,
    source="A list, " * 37,
    rules="15 CFR 744.11, " * 20,
    citation="84 FR 22961, " * 40,
    review_policy="Case by case, " * 100,
)
LONG_WORD = "https://example.org/" + "networks/" * 25


def long_items() -> tuple[Item, ...]:
    return tuple(
        ITEMS[line % 3].model_copy(
            update={
                "line": line,
                "description": f"Item {line}: "
                + ("W" * 200 if line == 50 else "an assembly " * (line % 9) + "of parts"),
                "value": Money(minor_units=10**13 - line, currency="USD"),
                "quantity": 2**53 - 1,
                **(WIDE if line == 49 else {}),
            }
        )
        for line in range(1, 101)
    )


def long_parties() -> Parties:
    return tuple(
        PARTIES[place % 4].model_copy(update={"name": f"Party {place} " + "Limited " * (place % 20)})
        for place in range(50)
    )


def long() -> Case:
    """As much of everything as the law takes."""
    recommendation = Recommend(
        outcome=Outcome.GRANT,
        reasons="Everything.",
        lines=tuple(range(1, 91)),
        conditions=(
            *(f"Condition {n}. " + "It binds everybody. " * (n * 3) for n in range(1, 50)),
            LONG_WORD,
        ),
        riders=tuple(f"Rider {n}. " + "It explains. " * n for n in range(1, 51)),
    )
    return granted(*long_items(), recommendation=recommendation, parties=long_parties())


ORDINARY: Mapping[str, Callable[[], Letter]] = {
    "grant": lambda: letter_of(granted()),
    "grant_in_part": lambda: letter_of(partly()),
    "conditions": lambda: conditions_of(partly()),
    "intent_to_deny": lambda: letter_of(to_be_denied()),
    "intent_to_deny_on_other_lists": lambda: letter_of(on_other_lists()),
    "intent_to_deny_by_vote": lambda: letter_of(by_vote()),
    "denial": lambda: letter_of(denied()),
    "return_without_action": lambda: letter_of(case().after(RETURN)),
    "withdrawal": lambda: letter_of(case().after(Withdraw(reason="The sale fell through."))),
    "revocation": revocation,
    "notice_to_licensee": notice_to_licensee,
    "usage": lambda: usage_of(granted()),
    **NOTICES,
    **FLIPS,
}

LONG: Mapping[str, Callable[[], Letter]] = {
    "long_grant": lambda: letter_of(long()),
    "long_conditions": lambda: conditions_of(long()),
    "long_denial": lambda: letter_of(denied()).model_copy(update={"listed": (LONG_LISTING,) * 6}),
    "long_notice_to_licensee": lambda: notice_to_licensee("An act. " * 490),
    "long_intent_to_deny": lambda: letter_of(to_be_denied(("A consideration. " * 230).strip())),
    **LONG_NOTICES,
    **LONG_FLIPS,
}

ALL: Mapping[str, Callable[[], Letter]] = {**ORDINARY, **LONG}
