"""Everything that may authorise a shipment, in one place and in memory; asked without a database.

Licenses are indexed by licensee, item and party, so that the question looks at those few that may do. The
names of listed parties are found by whatever it is given for that.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice

from greenlight.kernel.time.calendar import agency_date
from greenlight.law.application.dossier import PartyName
from greenlight.law.authorisation.answer import (
    Authorisation,
    LineLeft,
    Miss,
    UnderLicense,
    UnderReprieve,
    Verdict,
)
from greenlight.law.authorisation.covers import NEW, Filed, Short, SpelledParty, Wanted, covers
from greenlight.law.authorisation.holding import Holding
from greenlight.law.authorisation.question import AuthorisationQuestion, ShippedItem
from greenlight.law.authorisation.waiver import (
    TERMS_MET,
    Undecided,
    entities_of,
    general_licenses,
    generally_undecided,
    undecided_law,
    waived,
    waived_generally,
)
from greenlight.law.determination.circumstances import QUESTIONS
from greenlight.law.determination.determine import Determination, determine
from greenlight.law.determination.filed import ListingsOf, asked_party
from greenlight.law.determination.question import (
    AskedParty,
    Classified,
    Listed,
    Question,
    named,
)
from greenlight.law.determination.reason import Outcome, Reason
from greenlight.law.determination.tables import ControlTables
from greenlight.law.reprieve.coverage import Terms
from greenlight.law.rule.rules import Rules

Spelling = Callable[[str], str]
"""Something that two names have in common if they are the same."""

NAMES = 65_536
"""Spellings that are remembered."""

NEVER_LICENSED = frozenset({4, 9, 10})
"""General Prohibitions that no license of this service overcomes (15 CFR 736.2(b)(4), (9), (10))."""

NEAREST = 5
ALSO, LOOKED_AT = 10, 50
"""Licenses that are looked at, of the many that there may be, to say which else would do, or was nearest."""


def plainly(name: str) -> str:
    """Two names are the same if they differ in case and spaces at most."""
    return " ".join(name.casefold().split())


class Authorities:
    """Licenses, reprieves, control tables and lists as they are on record; built anew when that moves on."""

    def __init__(
        self,
        licenses: Iterable[Holding],
        terms: Terms,
        tables: ControlTables,
        rules: Rules,
        listings_of: ListingsOf,
        spelling: Spelling = plainly,
    ) -> None:
        self._terms, self._tables, self._rules, self._listings_of = terms, tables, rules, listings_of
        self._spelling = lru_cache(maxsize=NAMES)(spelling)
        self._by_party: defaultdict[tuple[str, str, SpelledParty], list[Filed]] = defaultdict(list)
        self._by_item: defaultdict[tuple[str, str], list[Filed]] = defaultdict(list)
        for holding in sorted(licenses, key=lambda each: (each.valid_through, each.number)):
            self._add(Filed(holding, frozenset(map(self._spelled, holding.parties or ()))))
        self._activities = sorted({key for version in terms.versions for key in version.activities})

    def _add(self, filed: Filed) -> None:
        classifications = dict.fromkeys(item.classification for item in filed.holding.items)
        for licensee in sorted(filed.holding.licensees):
            for classification in classifications:
                self._by_item[licensee, classification].append(filed)
                for party in filed.parties:
                    self._by_party[licensee, classification, party].append(filed)

    def _spelled(self, party: PartyName) -> SpelledParty:
        return party.role.value, self._spelling(party.name), party.country

    def authorise(self, question: AuthorisationQuestion) -> Authorisation:
        """Under what the goods may go: no license at all, a license, a reprieve; or under nothing."""
        parties = tuple(asked_party(party, self._listings_of, question.at) for party in question.parties)
        found = self._determined(question, parties, question.items)
        if found.outcome is Outcome.NOT_REQUIRED:
            reason = "No license is required: no control, listing or prohibition asks for one"
            cleared = [f"{each.text} [{each.citation}]" for each in found.cleared]
            return Authorisation(
                verdict=Verdict.NOT_REQUIRED, reason=". ".join((reason, *cleared)), determination=found
            )
        barred = next((r for r in found.reasons if _bars(r)), None)
        if barred is not None:
            nothing = f"nothing: a license does not overcome this ({barred.citation})"
            if barred.settled_by:
                nothing = f"{nothing}; {barred.settled_by} settles whether it is so"
            return _refused(barred.text, found, (), nothing)
        unscreened = next((party for party in parties if party.listings is None or party.doubt), None)
        if unscreened is not None:
            doubt = unscreened.doubt or "was not held against the lists"
            reason = f"{named(unscreened)} {doubt}; it may be denied everything"
            return _refused(reason, found, (), f"the screening of {named(unscreened)}; then ask again")
        listings = _listings(parties)
        wanted = self._wanted(question, parties)
        holding, under, missed = self._license(wanted)
        if holding is not None and under is not None:
            return Authorisation(
                verdict=Verdict.LICENSE,
                reason=f"License {under.number} covers it",
                determination=found,
                license=under,
                provided=tuple(_provided(question, holding, under, listings)),
            )
        general = general_licenses(found)
        if waived_generally(found):
            return Authorisation(
                verdict=Verdict.GENERAL_LICENSE,
                reason=f"A general license waives what the rule on affiliates requires: {general[0]}",
                determination=found,
                general_licenses=general,
                provided=(TERMS_MET,),
            )
        undecided = generally_undecided(found)
        if undecided is not None:
            return _open(found, missed, undecided)
        under_reprieves = self._reprieves(question, listings, found)
        if isinstance(under_reprieves, Undecided):
            return _open(found, missed, under_reprieves)
        if isinstance(under_reprieves, tuple):
            reason = f"Reprieve {under_reprieves[0].reprieve} waives what the Entity List requires for it"
            return Authorisation(
                verdict=Verdict.REPRIEVE,
                reason=reason,
                determination=found,
                reprieves=under_reprieves,
                general_licenses=general,
                provided=(TERMS_MET,) if general else (),
            )
        return _not_authorised(found, (*missed, under_reprieves) if under_reprieves else missed)

    def _determined(
        self,
        question: AuthorisationQuestion,
        parties: tuple[AskedParty, ...],
        items: Iterable[ShippedItem],
    ) -> Determination:
        asked = Question(
            items=tuple(map(_classified, items)),
            destination=question.destination,
            parties=parties,
            circumstances=question.circumstances,
            at=question.at,
            known_at=question.known_at,
        )
        return determine(asked, self._tables, self._rules)

    def _wanted(self, question: AuthorisationQuestion, parties: tuple[AskedParty, ...]) -> Wanted:
        """The items that need a license, or may, each taken by itself."""
        items = dict(enumerate(question.items))
        if len(items) > 1:
            items = {
                place: item
                for place, item in items.items()
                if self._determined(question, parties, (item,)).outcome is not Outcome.NOT_REQUIRED
            }
        return Wanted(question, items, tuple(map(self._spelled, question.parties)))

    def _license(self, wanted: Wanted) -> tuple[Holding | None, UnderLicense | None, tuple[Miss, ...]]:
        """The license that covers all of it and ends first; else those that came nearest."""
        exporter, at = wanted.question.exporter, wanted.question.at
        classification = next(iter(wanted.items.values())).classification
        likely = min(
            (self._by_party.get((exporter, classification, party), ()) for party in wanted.parties), key=len
        )
        valid = bisect_left(likely, agency_date(at), key=_last_day)
        named = (each for each in islice(likely, valid, None) if each.parties.issuperset(wanted.parties))
        short: dict[str, Short] = {}
        for filed in named:
            lines = covers(filed, wanted)
            if not isinstance(lines, Short):
                also = _covering(islice(named, ALSO), wanted)
                return filed.holding, _under(filed.holding, wanted.question, lines, also), ()
            short[filed.holding.number] = lines
        others = self._by_item.get((exporter, classification), ())
        for filed in (*likely[-LOOKED_AT:], *likely[max(0, valid - LOOKED_AT) : valid], *others[-LOOKED_AT:]):
            lines = None if filed.holding.number in short else covers(filed, wanted)
            if isinstance(lines, Short):
                short[filed.holding.number] = lines
        nearest = sorted(short.items(), key=lambda each: (-each[1].rank, each[0]))
        return None, None, tuple(each.miss for _, each in nearest[:NEAREST])

    def _reprieves(
        self, question: AuthorisationQuestion, listings: tuple[Listed, ...], found: Determination
    ) -> tuple[UnderReprieve, ...] | Undecided | Miss | None:
        """For every listed entity the term that waives its requirement; else why there is none, or why nobody
        knows. None where no reprieve can."""
        entities = entities_of(listings)
        if not entities or not self._activities:
            return None
        known = ", ".join(self._activities)
        if question.activity is None:
            remedy = f"name the activity, if it is one of: {known}"
            return Miss("a reprieve", "authorises activities, and none is named", remedy)
        return waived(
            self._terms,
            entities,
            found,
            question.activity,
            question.at,
            question.destination,
            question.known_at,
        )


def _bars(reason: Reason) -> bool:
    """Tell whether no license overcomes it. What nobody answered of the circumstances a license takes for
    granted; that a party is denied everything, or may be, it does not."""
    asks = reason.effect == "required" or (reason.effect == "open" and reason.kind == "listing")
    return asks and reason.prohibition in NEVER_LICENSED


def _last_day(filed: Filed) -> date:
    return filed.holding.valid_through


def _covering(others: Iterable[Filed], wanted: Wanted) -> tuple[str, ...]:
    return tuple(sorted(e.holding.number for e in others if not isinstance(covers(e, wanted), Short)))


def _classified(item: ShippedItem) -> Classified:
    return Classified(classification=item.classification, subparagraph=item.subparagraph)


def _listings(parties: tuple[AskedParty, ...]) -> tuple[Listed, ...]:
    return tuple(listed for party in parties for listed in party.listings or ())


def _under(
    holding: Holding, question: AuthorisationQuestion, lines: tuple[LineLeft, ...], also: tuple[str, ...]
) -> UnderLicense:
    standing = holding.at(question.at, question.known_at)
    assert standing is not None, "it covers what is asked"
    state = standing.state
    return UnderLicense(state.number, state.valid_through, lines, tuple(state.conditions), also)


def _provided(
    question: AuthorisationQuestion, holding: Holding, under: UnderLicense, listings: tuple[Listed, ...]
) -> Iterator[str]:
    """List the conditions that the license takes for granted."""
    if under.conditions:
        yield "The conditions of the license are kept"
    standing = holding.at(question.at, question.known_at)
    decided_on = standing.state.entities if standing else frozenset[str]()
    for listed in dict.fromkeys(each.listing for each in listings):
        if listed not in decided_on:
            yield f"The license was decided with {listed} in view: its record does not say so"
    for asked in QUESTIONS:
        answer: bool | None = getattr(question.circumstances, asked.name)
        where = f"(15 CFR 736.2(b)({asked.prohibition}))"
        if answer:
            yield f"The license was decided with this in view: {asked.yes} {where}"
        elif answer is None and asked.prohibition in NEVER_LICENSED:
            yield f"It is not so that: {asked.yes} {where}"


def _not_authorised(found: Determination, missed: tuple[Miss, ...]) -> Authorisation:
    if found.outcome is Outcome.CANNOT_DETERMINE:
        opened = found.of("open")
        reason = f"It cannot be determined that no license is required: {opened[0].text}"
        readings = undecided_law(opened)
        by = Counter(reason.settled_by for reason in opened if reason.settled_by)
        settled = "".join(
            f"; {each} settles {_how_many(count, opened, all_of_it=bool(readings))}"
            for each, count in by.items()
        )
        refused = _refused(
            reason, found, missed, f"an answer to what is open ({len(opened)}), or {NEW}{settled}"
        )
        return refused.model_copy(
            update={"readings": readings, "settled_by": "; ".join(by) if readings else None}
        )
    required = found.of("required")[0]
    reason = f"A license is required and none covers it: {required.text}"
    return _refused(reason, found, missed, (missed[0].remedy if missed else NEW) + _reviewed(found))


def _reviewed(found: Determination) -> str:
    """The strictest policy of review, and those that rules adopt for these goods."""
    told = dict.fromkeys((*found.review[:1], *(each for each in found.review if each.rule)))
    said = [f"{each.text}{' (open)' if each.readings else ''}" for each in told]
    return f"; reviewed under: {'; '.join(said)}" if said else ""


def _open(found: Determination, missed: tuple[Miss, ...], undecided: Undecided) -> Authorisation:
    """Refused as the record stands, and open: the reprieve may be extended, or a general license cover it."""
    miss = undecided.miss
    refused = _refused(undecided.reason, found, (*missed, miss), miss.remedy + _reviewed(found))
    return refused.model_copy(update={"readings": undecided.readings, "settled_by": undecided.settled_by})


def _how_many(count: int, opened: Sequence[Reason], *, all_of_it: bool) -> str:
    """How many of the reasons that are open something settles. ``all_of_it``: nothing else leaves them so."""
    if all_of_it and count == len(opened):
        return "it" if count == 1 else f"all {count}"
    return "one" if count == 1 else f"{count} of them"


def _refused(reason: str, found: Determination, missed: tuple[Miss, ...], apply_for: str) -> Authorisation:
    return Authorisation(
        verdict=Verdict.NOT_AUTHORISED,
        reason=reason,
        determination=found,
        nearest=missed,
        apply_for=apply_for,
    )
