"""From the events of a license to what its letters say."""

from datetime import timedelta
from typing import NamedTuple

from greenlight.kernel.commit import Event
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.application.denial.language import APPEAL_DAYS
from greenlight.law.application.state import ApplicationState
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.events import (
    LicenseeTold,
    LicenseIssued,
    LicenseRevoked,
    LicenseRevokedByDirective,
    TransferAccepted,
    UsageReached,
)
from greenlight.law.license.usage import in_words, usage, value_limit
from greenlight.letters.case import CaseBasis, Head, items_table
from greenlight.letters.content import (
    AnswerLine,
    Conditions,
    Letter,
    NoticeToLicensee,
    Records,
    Revocation,
    Usage,
)
from greenlight.letters.words import ANSWERS, Sum, instant_in_words


class Licensee(NamedTuple):
    """Whoever has a license, and the officer of theirs who took it over or applied for it."""

    officer: str
    name: str


def licensee(records: Records, application: ApplicationState) -> Licensee:
    """Whoever has the license after ``records``: who took it over last, or who applied."""
    license = LICENSE.replay(None, records)
    for record in reversed(records):
        event = LICENSE.read(record)
        if isinstance(event, TransferAccepted) and license and event.transferee == license.licensee:
            return Licensee(event.by.officer, event.party.name)
    return Licensee(application.submitted_by.officer, application.submission.applicant)


def compose(basis: CaseBasis, event: Event, records: Records) -> Letter | None:
    """The letter to the licensee on ``event``, the last of ``records``; None: nothing is known of that."""
    to = licensee(records, basis.state)
    match event:
        case LicenseIssued():
            return _conditions(basis, event)
        case LicenseRevoked() | LicenseRevokedByDirective():
            return _revocation(basis, event, to)
        case UsageReached():
            return _usage(basis, event, to)
        case LicenseeTold():
            return _notice(basis, event, to)
        case _:
            return None


def _head(basis: CaseBasis, name: str, officer: str) -> Head:
    """To that name, at the officer's address."""
    particulars = basis.officers.of(officer)
    head = basis.head.copy()
    head["addressee"] = name
    head["address"] = particulars.address if particulars else None
    return head


def _conditions(basis: CaseBasis, event: LicenseIssued) -> Conditions:
    return Conditions(
        **basis.head,
        license_number=event.number,
        valid_through=event.valid_through,
        conditions=event.conditions,
        riders=event.riders,
        contact=basis.contact,
    )


def _revocation(
    basis: CaseBasis, event: LicenseRevoked | LicenseRevokedByDirective, to: Licensee
) -> Revocation:
    license = basis.issued
    by = event.by if isinstance(event, LicenseRevoked) else event.author
    return Revocation(
        **_head(basis, to.name, to.officer),
        license_number=license.number,
        issued=agency_date(license.issued_at),
        effective=basis.dated,
        reasons=event.reasons,
        items=items_table(license.items),
        appeal_days=APPEAL_DAYS,
        appeal_by=basis.dated + timedelta(days=APPEAL_DAYS),
        contact=basis.officers.named(by),
    )


def _usage(basis: CaseBasis, event: UsageReached, to: Licensee) -> Usage:
    """To whoever has the license, at the address of who reported."""
    license = basis.issued
    item = next(each for each in license.items if each.line == event.line)
    used = usage(license.shipments)[event.line]
    remains = item.quantity - used.quantity
    return Usage(
        **_head(basis, to.name, event.by.officer),
        license_number=license.number,
        valid_through=license.valid_through,
        line=event.line,
        reached=in_words(event.thresholds),
        items=items_table([item]),
        shipped=f"{used.quantity:,} {item.unit}",
        remains=f"{remains:,} {item.unit}" if remains else None,
        value=Sum(minor_units=used.value, currency=item.value.currency),
        most=Sum(minor_units=value_limit(item), currency=item.value.currency),
        contact=basis.contact,
    )


def _notice(basis: CaseBasis, event: LicenseeTold, to: Licensee) -> NoticeToLicensee:
    """Of the flip before it, without what officers are told of that."""
    license = basis.issued
    flip = license.flips[-1]
    return NoticeToLicensee(
        **_head(basis, to.name, to.officer),
        license_number=license.number,
        valid_through=license.valid_through,
        since=instant_in_words(flip.instant),
        answers=tuple(
            AnswerLine(destination=turn.destination, before=ANSWERS[turn.before], now=ANSWERS[turn.after])
            for turn in flip.turns
        ),
        acts=event.acts,
        contact=basis.contact,
    )
