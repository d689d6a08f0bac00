"""From events to what a letter says, those of the register of officers included. Nothing else goes in: no
clock, no settings."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from types import MappingProxyType

from greenlight.kernel.authority import StreamId
from greenlight.kernel.commit import Event
from greenlight.kernel.roles import Actor
from greenlight.kernel.streams import application_stream, license_stream
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import ReturnGround
from greenlight.law.application.denial.events import ApplicationDenied, IntentToDenyIssued
from greenlight.law.application.denial.language import APPEAL_DAYS, FINAL_DAYS, RESPONSE_DAYS
from greenlight.law.application.dossier import Parties, named, owned
from greenlight.law.application.events import (
    ApplicationGranted,
    ApplicationReturned,
    ApplicationSubmitted,
    ApplicationWithdrawn,
)
from greenlight.law.application.review.proposal import by_vote
from greenlight.law.application.screening.language import Hit
from greenlight.law.application.state import ApplicationState
from greenlight.law.letter import NOTICES
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.events import (
    LicenseeTold,
    LicenseIssued,
    LicenseRevoked,
    LicenseRevokedByDirective,
    UsageReached,
)
from greenlight.law.moment.events import OfficerTold
from greenlight.law.registry import aggregate_of
from greenlight.law.sources import source_of_entry
from greenlight.letters import compose_license, compose_notice
from greenlight.letters.case import CaseBasis, items_table, through_grant
from greenlight.letters.compose_license import licensee
from greenlight.letters.content import (
    Denial,
    Grant,
    IntentToDeny,
    Letter,
    ListedParty,
    NoLetterError,
    PartyLine,
    Records,
    ReturnWithoutAction,
    Step,
    Withdrawal,
)
from greenlight.letters.forms import form_of
from greenlight.letters.officers import Officers, Register

GROUNDS = {
    ReturnGround.UNCORRECTABLE_DEFICIENCY: "The application has a deficiency that cannot be corrected.",
    ReturnGround.LICENSE_NOT_REQUIRED: "No license is required for the transaction as described.",
    ReturnGround.WRONG_JURISDICTION: "The items are subject to the jurisdiction of another agency.",
    ReturnGround.LICENSE_EXCEPTION_AVAILABLE: "A License Exception is available for the transaction.",
}


def companion(step: Step, records: Records) -> StreamId | None:
    """The other stream that the letter rests on, if any: that of the license, or of its application."""
    event = _last(step, records)
    match event:
        case ApplicationGranted(license_number=number):
            return license_stream(number)
        case LicenseIssued(acn=acn):
            return application_stream(acn)
        case LicenseRevoked() | LicenseRevokedByDirective() | UsageReached() | LicenseeTold():
            license = LICENSE.replay(None, records)
            return application_stream(license.acn) if license is not None else None
        case _:
            return None


def recipient(step: Step, records: Records, others: Records = ()) -> str | None:
    """The officer who filed or took a license over, to whose organisation the letter goes, or whose report or
    cases it is about; None: it goes to the public, or stays."""
    match _last(step, records):
        case UsageReached(by=Actor(officer=officer)) | OfficerTold(officer=officer):
            return officer
        case _ if step.stream.startswith(LICENSE.kind):
            case = APPLICATION.replay(None, others)
            return licensee(records, case).officer if case else None
        case _:
            filed = APPLICATION.read(records[0]) if step.stream.startswith(APPLICATION.kind) else None
            return filed.by.officer if isinstance(filed, ApplicationSubmitted) else None


def compose(
    step: Step, records: Records, others: Records = (), register: Register = MappingProxyType({})
) -> Letter:
    """The letter of a business step.

    ``records`` are those of the step's stream, its own event the last; ``others`` those of its companion,
    of which what came after the step is left out; ``register`` has those of the officers before the step.

    :raises NoLetterError: the events do not call for that letter.
    """
    event, officers = _last(step, records), Officers(register)
    if event.letter != step.kind:
        raise NoLetterError(f"{step.letter_id}: {type(event).__name__} calls for no such letter")
    if step.kind in NOTICES:
        return compose_notice.compose(step, records, officers)
    if form := form_of(step.kind):
        return form.compose(step, records)
    if step.stream.startswith(LICENSE.kind):
        basis = CaseBasis(step, event, officers, through_grant(others), records)
        return _known(step, event, compose_license.compose(basis, event, records))
    return _known(step, event, _of_application(step, event, officers, records, others))


def _of_application(
    step: Step, event: Event, officers: Officers, records: Records, others: Records
) -> Letter | None:
    match event:
        case ApplicationGranted():
            return _grant(CaseBasis(step, event, officers, records, others[:1]), event)
        case IntentToDenyIssued():
            return _intent_to_deny(CaseBasis(step, event, officers, records), event)
        case ApplicationDenied():
            return _denial(CaseBasis(step, event, officers, records), event)
        case ApplicationReturned():
            return _return(CaseBasis(step, event, officers, records), event)
        case ApplicationWithdrawn():
            return _withdrawal(CaseBasis(step, event, officers, records), event)
        case _:
            return None


def _known(step: Step, event: Event, letter: Letter | None) -> Letter:
    if letter is None:
        raise NoLetterError(f"{step.letter_id}: nothing is known of {type(event).__name__}")
    return letter


def _last(step: Step, records: Records) -> Event:
    if len(records) != step.version:
        raise NoLetterError(f"{step.letter_id}: {len(records)} events instead of {step.version}")
    return aggregate_of(step.stream).read(records[-1])


def _grant(basis: CaseBasis, event: ApplicationGranted) -> Grant:
    state = basis.state
    left_out = [item for item in state.submission.items if item.line not in event.lines]
    return Grant(
        **basis.decision,
        license_number=event.license_number,
        valid_through=basis.issued.valid_through,
        items=items_table(basis.issued.items),
        left_out=items_table(left_out) if left_out else None,
        parties=parties_table(state.parties),
        end_use=state.submission.end_use,
        conditions=event.conditions,
        riders=event.riders,
        contact=basis.contact,
    )


def _intent_to_deny(basis: CaseBasis, event: IntentToDenyIssued) -> IntentToDeny:
    state = basis.state
    return IntentToDeny(
        **basis.decision,
        considerations=_considerations(state, event.reasons),
        listed=listed_parties(state.parties, state.hits),
        modifications=event.modifications,
        items=items_table(state.submission.items),
        parties=parties_table(state.parties),
        response_days=RESPONSE_DAYS,
        respond_by=basis.dated + timedelta(days=RESPONSE_DAYS),
        final_days=FINAL_DAYS,
        final_on=basis.dated + timedelta(days=FINAL_DAYS),
        appeal_days=APPEAL_DAYS,
        contact=basis.contact,
    )


def _denial(basis: CaseBasis, event: ApplicationDenied) -> Denial:
    """Dated on the day of the denial, from which the time to appeal counts."""
    state, denial = basis.state, basis.state.denials[-1]
    head = basis.decision
    head["dated"] = event.denied_on
    return Denial(
        **head,
        noticed=agency_date(denial.noticed_at),
        responded=agency_date(denial.response.at) if denial.response else None,
        considerations=_considerations(state, event.reasons),
        listed=listed_parties(state.parties, state.hits),
        items=items_table(state.submission.items),
        parties=parties_table(state.parties),
        appeal_days=APPEAL_DAYS,
        appeal_by=event.denied_on + timedelta(days=APPEAL_DAYS),
        contact=basis.contact,
    )


def _considerations(state: ApplicationState, reasons: str) -> str:
    """As they were written; where a forum voted and nobody wrote any, that it did."""
    decision = state.decision
    if decision is None or reasons != by_vote(decision.forum):
        return reasons
    return (
        f"The {decision.forum.label}, on which the departments that review license applications are"
        " represented, decided by vote that the application is to be denied (15 CFR 750.4(f))."
    )


def _return(basis: CaseBasis, event: ApplicationReturned) -> ReturnWithoutAction:
    return ReturnWithoutAction(
        **basis.decision,
        ground=GROUNDS[event.ground],
        reasons=event.reasons,
        items=items_table(basis.state.submission.items),
        contact=basis.officers.named(event.by),
    )


def _withdrawal(basis: CaseBasis, event: ApplicationWithdrawn) -> Withdrawal:
    return Withdrawal(**basis.head, submitted=agency_date(basis.state.registered_at), reason=event.reason)


def parties_table(parties: Parties) -> tuple[PartyLine, ...]:
    return tuple(
        PartyLine(role=party.role.replace("_", " ").capitalize(), name=party.name, country=party.country)
        for party in parties
    )


def _met_as(parties: Parties, place: int) -> str:
    """The name at a place; an owner's with that of the party that it owns a share of."""
    name, party = named(parties)[place].name, owned(parties, place)
    return name if party is None else f"{name}, an owner of {parties[party].name}"


def listed_parties(parties: Parties, hits: Iterable[Hit]) -> tuple[ListedParty, ...]:
    """The listings that count, party by party: no match that is open, and none that an officer denied. Two
    entries of one name, which a party may meet, are told apart by their keys."""
    counted = [hit for hit in hits if hit.listed]
    names = Counter((hit.party, hit.match.name) for hit in counted)
    return tuple(
        ListedParty(
            party=_met_as(parties, hit.party),
            listing=hit.match.name
            if names[hit.party, hit.match.name] == 1
            else f"{hit.match.name} ({hit.match.listing})",
            source=source.title,
            rules=source.rules,
            citation=hit.match.citation,
            review_policy=source.policy(hit.match.review_policy),
        )
        for hit in counted
        for source in (source_of_entry(hit.match.source_list, hit.match.listing),)
    )
