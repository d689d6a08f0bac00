"""The bodies of commands, worked out again from the events that they led to.

Tokens have a digest of the body and not the body. Most members of a body stand in an event under the same
name; what stands otherwise is told here. ``greenlight.kernel.written`` says which of several was signed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from greenlight.kernel.body import Body
from greenlight.kernel.commit import Event
from greenlight.kernel.time.calendar import agency_date, last_day
from greenlight.law.entity.listing import Listing
from greenlight.law.screening_list.commands import STANDARD_DAYS

Members = Mapping[str, Any]
Telling = Callable[[Any, Sequence[Event]], Iterator[Members]]
"""From the state before the events, and the events: members that stand otherwise, in each possible way."""

MISSING = object()


def bodies(known: type[Body], state: object, events: Sequence[Event]) -> Iterator[Body]:
    """Each body of that command which could have led from ``state`` to ``events``, the likeliest first."""
    told = TELLINGS.get(known.__name__, _as_named)
    for otherwise in told(state, events):
        members = {
            name: value
            for name in known.model_fields
            if (value := otherwise[name] if name in otherwise else _named(name, events)) is not MISSING
        }
        try:
            yield known.model_validate(members)
        except ValidationError:
            continue


def _named(name: str, events: Sequence[Event]) -> object:
    """The member of that name of the first event that has one."""
    return next((getattr(event, name) for event in events if name in type(event).model_fields), MISSING)


def _as_named(state: object, events: Sequence[Event]) -> Iterator[Members]:
    yield {}


def _first(events: Sequence[Event], *types: str) -> Any:
    return next((event for event in events if type(event).__name__ in types), None)


def _proposal(state: object, events: Sequence[Event]) -> Iterator[Members]:
    """Without lines, all are meant: the event spells them out."""
    lines = _named("lines", events)
    yield {"lines": None}
    yield {"lines": lines}


def _recommended(state: object, events: Sequence[Event]) -> Iterator[Members]:
    """Words in the place of an agency's are recommended whether or not they were named as conditions, too."""
    made = _first(events, "RecommendationMade")
    if made is None:
        return
    texts = {each.text for each in made.rewordings}
    conditions = made.conditions
    while True:
        for each in _proposal(state, events):
            yield {**each, "conditions": conditions}
        if not conditions or conditions[-1] not in texts:
            return
        conditions = conditions[:-1]


def _agreed(member: str) -> Telling:
    def told(state: object, events: Sequence[Event]) -> Iterator[Members]:
        yield {member: _first(events, "RecommendationSentBack") is None}

    return told


def _resolved(state: object, events: Sequence[Event]) -> Iterator[Members]:
    """A word on all others shows only where there were others."""
    for others in (None, "false_match"):
        yield {"others": others, "match": MISSING}


def _from(member: str) -> Telling:
    """From now on where no instant was given, which the event spells out."""

    def told(state: object, events: Sequence[Event]) -> Iterator[Members]:
        yield {member: None}
        yield {member: _named(member, events)}

    return told


def _ordered(state: object, events: Sequence[Event]) -> Iterator[Members]:
    term = getattr(_first(events, "TermIssued"), "term", None)
    if term is None:
        return
    said = {name: getattr(term, name) for name in ("valid_through", "citation", "published", "scope")}
    said |= {"entities": term.entities, "reason": term.reason}
    for effective in (None, term.effective):
        yield {"term": said | {"effective": effective}}


def _entities(state: object, events: Sequence[Event]) -> Iterator[Members]:
    change = getattr(_first(events, "EntitiesChanged"), "change", None)
    if change is not None:
        of_running = (bool(change.terms), True) if change.added else (MISSING,)
        for running in dict.fromkeys(of_running):
            yield {
                "entities": change.entities,
                "effective": change.effective,
                "running_terms": running,
            }


def _signed_batch(state: object, events: Sequence[Event]) -> Iterator[Members]:
    signed = getattr(_first(events, "BatchSigned"), "signed", None)
    if signed is not None:
        yield {"root": signed.root, "size": signed.size}


def _loaded(state: object, events: Sequence[Event]) -> Iterator[Members]:
    content = getattr(events[0], "content", None)
    yield {} if content is None else {"digest": content.digest}


def _opened(state: object, events: Sequence[Event]) -> Iterator[Members]:
    """Another limit than the standard one is on record as a proposal."""
    proposed = _first(events, "AgeLimitProposed")
    yield {"max_age_days": proposed.max_age_days if proposed else STANDARD_DAYS}


def _moved(state: object, events: Sequence[Event]) -> Iterator[Members]:
    moved = _first(events, "ListingMoved")
    if moved is not None:
        yield {name: getattr(moved.listing, name) for name in Listing.model_fields}


def _asked(state: object, events: Sequence[Event]) -> Iterator[Members]:
    """A change to the register is proposed as it was sent."""
    asked = getattr(_first(events, "ChangeProposed"), "asked", None)
    if asked is not None:
        yield {name: getattr(asked, name) for name in asked.model_fields_set}


def _confirmed(state: object, events: Sequence[Event]) -> Iterator[Members]:
    """All that is false of a party, or what is said of one entry."""
    said = _first(events, "MatchConfirmed")
    if said is not None:
        days = (last_day(said.until) - agency_date(said.at)).days
        for listing in (None, said.listing):
            yield {"party": said.party, "listing": listing, "days": days}


def _accepted(state: object, events: Sequence[Event]) -> Iterator[Members]:
    party = getattr(_first(events, "TransferAccepted"), "party", None)
    if party is not None:
        yield {"name": party.name, "country": party.country}


def _screened(state: Any, events: Sequence[Event]) -> Iterator[Members]:
    yield {"parties": getattr(state, "parties", MISSING)}


def _listings(state: object, events: Sequence[Event]) -> Iterator[Members]:
    """Without findings, the parties are on no list any more."""
    yield {} if _first(events, "PartyDelisted") is None else {"findings": ()}


def _gathered(state: Any, events: Sequence[Event]) -> Iterator[Members]:
    """Of the facts of a decision, those that the policy has the service gather."""
    made = _first(events, "DecisionMade")
    if made is not None:
        origins = state.policy_at(made.at).origins
        facts = (f for f in made.facts if origins.get(f.name) == "gathered" and f.source != "nobody")
        yield {"facts": tuple(facts)}


def _progress(state: Any, events: Sequence[Event]) -> Iterator[Members]:
    yield {"fan_out": _named("number", events), "batch": state.fan_out.batches + 1 if state.fan_out else 1}


def _rescreened(state: Any, events: Sequence[Event]) -> Iterator[Members]:
    yield {"batch": state.rescreening.batches + 1 if state.rescreening else 1}


def _asked_anew(state: Any, events: Sequence[Event]) -> Iterator[Members]:
    yield {"batch": state.batches + 1 if state else 1}


def _settled(state: object, events: Sequence[Event]) -> Iterator[Members]:
    yield {
        "deliveries": tuple(
            {
                "case": getattr(event, "case"),  # noqa: B009 - of the two events that have it
                "command_id": getattr(event, "command_id"),  # noqa: B009
                "code": getattr(event, "code", None),
                "message": getattr(event, "message", None),
            }
            for event in events
            if type(event).__name__ in {"BatchCaseDecided", "BatchCaseFellOut"}
        )
    }


TELLINGS: Mapping[str, Telling] = {
    "AcceptTransfer": _accepted,
    "AddEntities": _entities,
    "AddKey": _asked,
    "AddOfficer": _asked,
    "ConfirmListing": _confirmed,
    "ConfirmMatch": _confirmed,
    "Countersign": _agreed("agrees"),
    "DecideDispute": _proposal,
    "GrantRole": _asked,
    "IssueDirective": _from("effective"),
    "IssueTerm": _ordered,
    "ListEntity": _moved,
    "LoadList": _loaded,
    "OpenList": _opened,
    "OpenReprieve": _ordered,
    "RecordFacts": _gathered,
    "RecordFlip": _screened,
    "RecordListed": _listings,
    "RecordMoment": _asked_anew,
    "RecordProgress": _progress,
    "RecordRescreening": _rescreened,
    "RecordScreening": _screened,
    "Recommend": _recommended,
    "RemoveEntities": _entities,
    "ReplaceOutcome": _ordered,
    "ResolveListing": _resolved,
    "ResolveMatch": _resolved,
    "SettleCases": _settled,
    "SignBatch": _signed_batch,
    "SignOff": _agreed("approves"),
    "StateParticulars": _asked,
    "TerminateTerm": _from("ends"),
}
"""By the command's class; every other is told member by member under the same name."""
