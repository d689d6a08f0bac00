"""The answer to what a case is about at an instant, and how two of them differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from greenlight.law.application.circumstances import Circumstances
from greenlight.law.application.dossier import Item, Party, destinations
from greenlight.law.application.flip.said import Said
from greenlight.law.authorisation.waiver import entities_of, waived, waived_generally
from greenlight.law.determination.determine import Determination, determine
from greenlight.law.determination.filed import ListingsOf, asked_party
from greenlight.law.determination.question import Classified, Question
from greenlight.law.determination.reason import Outcome, Reason
from greenlight.law.determination.tables import ControlTables
from greenlight.law.reprieve.coverage import Terms
from greenlight.law.rule.rules import Rules


class Change(StrEnum):
    """The difference that an instant makes to a case, the greatest first.

    ``flips``: the answer is another one. ``moves``: a directive takes the case elsewhere, stops it, or lets
    it go on. ``grounds``: the answer is the same for other reasons, or under another policy of review.
    ``unseen``: it is the same as far as the service can see, which is not all that changes: the control
    tables do not print it, or who owns the parties is not given.
    """

    FLIPS = "flips"
    MOVES = "moves"
    GROUNDS = "grounds"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Law:
    """All that answers rest on, but for the names on lists."""

    tables: ControlTables
    rules: Rules
    terms: Terms


@dataclass(frozen=True, slots=True)
class Transaction:
    """The items that go to one destination, with all parties of the case and whom the filing names as their
    owners. ``activity``: that of a reprieve,
    by its key, if the applicant means one."""

    items: tuple[Classified, ...]
    destination: str
    parties: tuple[Party, ...]
    circumstances: Circumstances
    activity: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """``grounds``: what it rests on; ``unseen``: what of that the service does not see."""

    said: Said
    grounds: frozenset[tuple[str | None, ...]]
    unseen: frozenset[str]

    def change(self, after: "Answer") -> Change | None:
        """The difference to the answer of a later instant, if there is one."""
        if self.said is not after.said:
            return Change.FLIPS
        if self.grounds != after.grounds:
            return Change.GROUNDS
        return Change.UNSEEN if self.unseen != after.unseen else None


def transactions(
    items: tuple[Item, ...],
    parties: tuple[Party, ...],
    circumstances: Circumstances | None,
    activity: str | None = None,
) -> tuple[Transaction, ...]:
    """The transactions of a case, by destination. What the applicant did not answer of the General
    Prohibitions is open."""
    asked = tuple(dict.fromkeys(map(Classified.of, items)))
    return tuple(
        Transaction(asked, destination, parties, circumstances or Circumstances(), activity)
        for destination in sorted(destinations(parties))
    )


def answer(asked: Transaction, law: Law, listings_of: ListingsOf, at: datetime) -> Answer:
    """Answer by all that is known now, for an instant past or to come."""
    question = Question(
        items=asked.items,
        destination=asked.destination,
        parties=tuple(asked_party(each, listings_of, at) for each in asked.parties),
        circumstances=asked.circumstances,
        at=at,
    )
    found = determine(question, law.tables, law.rules)
    said, waivers = _said(asked, question, found, law.terms)
    reasons = (_ground(each) for each in found.reasons if each.effect != "clear")
    policies = (
        ("review", each.text, each.rule, each.certify, "open" if each.readings else None)
        for each in found.review
    )
    return Answer(
        said, frozenset((*reasons, *policies, *waivers)), frozenset(_unseen(question, found, law.rules))
    )


def _said(
    asked: Transaction, question: Question, found: Determination, terms: Terms
) -> tuple[Said, tuple[tuple[str, ...], ...]]:
    """The answer, and the terms of reprieves that it rests on."""
    if found.outcome is Outcome.NOT_REQUIRED:
        return Said.NOT_REQUIRED, ()
    if waived_generally(found):
        return Said.GENERAL_LICENSE, ()
    entities = entities_of(listed for party in question.parties for listed in party.listings or ())
    if entities and asked.activity is not None:
        by = waived(terms, entities, found, asked.activity, question.at, asked.destination)
        # As the record stands: that a term may be extended, its end says itself.
        if isinstance(by, tuple):
            return Said.REPRIEVE, tuple(("term", each.entity, each.reprieve, str(each.term)) for each in by)
    return (Said.REQUIRED if found.outcome is Outcome.REQUIRED else Said.OPEN), ()


def _ground(reason: Reason) -> tuple[str | None, ...]:
    """A reason without the words in which it is told."""
    waived = "waived" if reason.waived_by else "may be waived" if reason.waived_if else None
    return (reason.effect, reason.kind, reason.item, reason.listing, reason.control, reason.refers, waived)


def _unseen(question: Question, found: Determination, rules: Rules) -> Iterator[str]:
    yield from found.warnings
    rule = rules.at(question.at, question.known_at).affiliates
    if rule.in_force is not False and any(party.owners is None for party in question.parties):
        yield f"owners: {' or '.join(sorted(rule.forces))}"
