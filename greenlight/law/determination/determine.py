"""License determination: whether a license is required, by what, and what is left of License Exceptions.

The steps are those of 15 CFR 732.3 and 738.4. A license is required if any one thing that is looked at
requires it; it is not required only if everything was looked at and nothing does or may.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache

from greenlight.kernel.model import Model
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.determination import affiliates, circumstances, goods, listings, policies, undated
from greenlight.law.determination.footnotes import EAR99
from greenlight.law.determination.question import AskedParty, Question, named
from greenlight.law.determination.reason import Outcome, Reason, Review
from greenlight.law.determination.tables import Chosen, ControlTables, Tables
from greenlight.law.rule.rules import AtTime, Rules


class Exceptions(Model):
    """License Exceptions (15 CFR part 740). ``remain``: some may; which, their own terms say."""

    remain: bool
    text: str
    citation: str


class Determination(Model):
    """The answer. ``reasons`` hold everything that was looked at, what requires a license first.

    ``review``: the policies under which an application would be reviewed, the strictest first: of the
    listings that count, and of rules about these goods, if a license is required or may be. ``not_asked``:
    what the answer does not speak of. ``tables_of``: the day whose tables it rests on, whatever instant was
    asked about. ``warnings``: where those do not print what counts then, as far as is known, or a list of
    another day does not print since when a party is listed.
    """

    outcome: Outcome
    reasons: tuple[Reason, ...]
    exceptions: Exceptions
    review: tuple[Review, ...]
    not_asked: tuple[str, ...]
    tables_of: date
    warnings: tuple[str, ...] = ()

    def of(self, effect: str) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if reason.effect == effect)

    @property
    def cleared(self) -> tuple[Reason, ...]:
        """What is no reason, of those who are or were listed, and of owners: always told, for it may be
        another on another day, or when more is known."""
        return tuple(each for each in self.of("clear") if each.listing or each.kind == "affiliate")


_THOSE_WHOSE_TERMS_ARE_MET = Exceptions(
    remain=True,
    text="Those of part 740 whose terms are met for every reason separately: one that"
    " overcomes one reason is not enough. The entry says which list-based ones there are.",
    citation="15 CFR 738.4(a)(2), 740.2",
)

_ORDER = {"required": 0, "open": 1, "clear": 2}


def determine(question: Question, tables: ControlTables, rules: Rules) -> Determination:
    """Determine whether a transaction requires a license. Whatever is not known leaves it open.

    Asked are the tables in force at that instant. Where none of the day is kept, that is said, and what they
    are known to print otherwise is open; where the next ones answer otherwise than those of before the day,
    that is said, too.
    """
    chosen = tables.chosen(question.at, question.known_at)
    found = _determined(question, chosen, rules)
    if chosen.following is not None:
        then = _determined(question, Chosen(chosen.following), rules)
        if then.outcome is not found.outcome:
            said = (
                f"The next tables that are kept, of {then.tables_of}, answer otherwise ({then.outcome}): from"
                f" which day after {found.tables_of} on, they do not say"
            )
            return found.model_copy(update={"warnings": (*found.warnings, said)})
    return found


def _determined(question: Question, chosen: Chosen, rules: Rules) -> Determination:
    tables, law = chosen.tables, rules.at(question.at, question.known_at)
    reasons = _reasons(question, tables, law)
    touched = _touched(question, tables)
    if not chosen.of_the_day:
        ahead = rules.ahead(touched, question.at, question.known_at, tables.issued)
        reasons = _as_far_as_printed(reasons, question, tables, ahead)
    found = sorted(reasons, key=lambda reason: _ORDER[reason.effect])
    effects = {reason.effect for reason in found}
    if "required" in effects:
        outcome = Outcome.REQUIRED
    else:
        outcome = Outcome.CANNOT_DETERMINE if "open" in effects else Outcome.NOT_REQUIRED
    warnings = rules.warnings(touched, question.at, question.known_at, tables.issued)
    owned = law.affiliates.in_force is not False
    of_lists = undated.warnings(question.parties, question.at, with_owners=owned)
    return Determination(
        outcome=outcome,
        reasons=tuple(found),
        exceptions=_exceptions(found),
        review=_review(question, law, found, rules, tables),
        not_asked=tuple(_not_asked(question, law)),
        tables_of=tables.issued,
        warnings=(*chosen.missing, *of_lists, *warnings),
    )


def _as_far_as_printed(
    reasons: Iterable[Reason], question: Question, tables: Tables, ahead: Mapping[str, date]
) -> Iterator[Reason]:
    """Open what tables of a later day say of entries and destinations that were amended in between."""
    of_place = min((ahead[name] for name in tables.names(question.destination) & ahead.keys()), default=None)
    for reason in reasons:
        item = (reason.item or "").partition(".")[0]
        amended = ahead.get(item) or of_place
        printed = reason.kind == "footnote" or (reason.kind == "control" and item != EAR99)
        if amended is None or not printed or reason.effect == "open":
            yield reason
            continue
        day = agency_date(question.at)
        text = f"{reason.text}; but they print an amendment that counts only from {amended}"
        yield replace(
            reason,
            effect="open",
            text=f"{text}: the tables are of {tables.issued}",
            settled_by=f"the control tables of {day}",
        )


def _reasons(question: Question, tables: Tables, law: AtTime) -> Iterator[Reason]:
    region = question.circumstances.occupied_region
    for item in dict.fromkeys(question.items):
        yield from goods.reasons(tables, item.classification, item.subparagraph, question.destination, region)
    for party in question.parties:
        yield from _party(party, question, tables, law)
    if not question.parties:
        text = "No party is given: whether one is listed cannot be said"
        yield Reason(effect="open", kind="listing", text=text, citation="15 CFR 744.11(a), 748.5(c)-(f)")
    yield from circumstances.reasons(question.circumstances)


@lru_cache(maxsize=16_384)
def _met_nobody(who: str) -> Reason:
    text = f"{who} met no listing, by name"
    return Reason(effect="clear", kind="listing", text=text, citation="15 CFR 744.11(a)")


def _touched(question: Question, tables: Tables) -> set[str]:
    """The entries and destinations that the tables are asked about."""
    places = {question.destination, *(party.country for party in question.parties)}
    return {item.classification for item in question.items}.union(*map(tables.names, places))


def _party(party: AskedParty, question: Question, tables: Tables, law: AtTime) -> Iterator[Reason]:
    who = named(party)
    if party.listings is None or party.doubt:
        yield Reason(
            effect="open",
            kind="listing",
            text=f"{who} {party.doubt or 'was not held against the lists'}",
            citation="15 CFR 744.11(a)",
        )
    elif not party.listings:
        for listing, when in party.otherwise:
            text = f"{who} has the name of {listing}, which {when}"
            yield Reason(
                effect="clear", kind="listing", text=text, citation="15 CFR 744.11(a)", listing=listing
            )
        if not party.otherwise:
            yield _met_nobody(who)
    for listed in party.listings or ():
        yield undated.opened(listings.reason_of(listed, who, question.items), listed)
    yield from affiliates.reasons(party, question.items, question.destination, law, tables)
    place = tables.destination(party.country)
    if place.pointer and party.country != question.destination:
        yield Reason(
            effect="open",
            kind="embargo",
            text=f"{who} is in {place.row}: {place.pointer}",
            citation="15 CFR 736.2(b)(6)",
            prohibition=goods.EMBARGO,
        )


def _not_asked(question: Question, law: AtTime) -> Iterator[str]:
    if question.held_against:
        yield f"Listings on other lists than {', '.join(question.held_against)}"
    if law.affiliates.in_force is not False:
        yield from (
            f"Who owns {named(party)}: nothing is given of it"
            for party in question.parties
            if party.owners is None
        )


def _exceptions(found: list[Reason]) -> Exceptions:
    """Judge which License Exceptions are left beside all that requires a license, or may."""
    barring = next((reason for reason in found if _bars_exceptions(reason)), None)
    if barring is not None:
        return Exceptions(
            remain=False,
            text=f"None: {barring.text}",
            citation=f"15 CFR 740.2(a), 744.11(a) (unverified); {barring.citation}",
        )
    alone = next((reason for reason in found if reason.effect == "required" and reason.only_exception), None)
    if alone is not None:
        text = f"None but {alone.only_exception}, if its terms are met: {alone.text}"
        return Exceptions(remain=True, text=text, citation=alone.citation)
    return _THOSE_WHOSE_TERMS_ARE_MET


def _bars_exceptions(reason: Reason) -> bool:
    return reason.bars_exceptions or (reason.effect == "required" and reason.no_exception)


def _review(
    question: Question, law: AtTime, found: Iterable[Reason], rules: Rules, tables: Tables
) -> tuple[Review, ...]:
    met = [
        listed
        for party in question.parties
        for listed in (*(party.listings or ()), *affiliates.listings(party, law))
    ]
    of_rules = policies.reviews(question, met, found, rules, tables)
    known = dict.fromkeys((*filter(None, map(listings.review_of, met)), *of_rules))
    return tuple(sorted(known, key=listings.strictness))
