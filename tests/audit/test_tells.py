"""What a later release tells beside an event is not missed in the commits of an earlier one."""

import pytest

from greenlight.audit.lawful import Case, of_command, of_service
from greenlight.kernel.authority import Claims
from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Event
from greenlight.law.application.flip.events import AnswerFlipped
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.commands import ReportShipment
from greenlight.law.license.events import LicenseeTold, LicenseExhausted, ShipmentReported, UsageReached
from greenlight.law.moment.aggregate import MOMENT
from greenlight.law.moment.events import MomentCompleted, OfficerTold
from greenlight.law.moment.state import key_of
from greenlight.law.moment.told import Told
from tests.law.actors import APPLICANT
from tests.law.license.cases import Licensed, issued, shipment
from tests.law.moment.cases import AT, OPEN, Asked, batch, flipped

ISSUED = issued()


def signed(license_: Licensed, body: ReportShipment) -> Claims:
    return Claims(
        sub=APPLICANT.officer,
        person=APPLICANT.person,
        org=APPLICANT.organisation,
        role=APPLICANT.role,
        aud=LICENSE.stream(license_.opened.number),
        cmd="report_shipment",
        body=digest(body.model_dump(mode="json")),
        iat=1,
        exp=2,
        jti="command-0001",
    )


@pytest.mark.parametrize(
    ("lines", "left_out", "fault"),
    [
        (((1, 9, 1),), (), None),
        (((1, 9, 1),), (UsageReached,), None),
        (((1, 10, 1), (2, 10, 1)), (UsageReached,), None),
        (((1, 10, 1), (2, 10, 1)), (LicenseExhausted,), "UsageReached"),
        (((1, 10, 1), (2, 10, 1)), (UsageReached, LicenseExhausted), "LicenseExhausted"),
    ],
)
def test_it_may_be_left_out_and_nothing_else(
    lines: tuple[tuple[int, int, int], ...], left_out: tuple[type[Event], ...], fault: str | None
) -> None:
    body = ReportShipment(shipment=shipment(ISSUED.today, *lines))
    recorded = ISSUED.after(body).events[len(ISSUED.events) :]
    assert isinstance(recorded[0], ShipmentReported)
    kept = tuple(event for event in recorded if not isinstance(event, left_out))
    case = Case(LICENSE, LICENSE.stream(ISSUED.opened.number), ISSUED.opened)
    found = of_command(case, "report_shipment", signed(ISSUED, body), kept)
    assert (found is None) == (fault is None)
    if found is not None and fault is not None:
        assert fault in found.reason


@pytest.mark.parametrize(
    ("left_out", "lawful"), [((), True), ((OfficerTold,), True), ((MomentCompleted,), False)]
)
def test_whom_an_instant_concerns_may_be_left_out_and_nothing_else(
    left_out: tuple[type[Event], ...], lawful: bool
) -> None:
    before = Asked().does(OPEN)
    told = (Told.of("olga", flipped(1)), Told.of(None, flipped(2)))
    after = Asked().does(OPEN, batch(1, last=True, told=told))
    recorded = after.events[len(before.events) :]
    kept = tuple(event for event in recorded if not isinstance(event, left_out))
    explained, fault = of_service(Case(MOMENT, MOMENT.stream(key_of(AT)), before.state), kept)
    assert (fault is None) == lawful
    assert not lawful or explained == len(kept)


def test_whom_an_instant_does_not_concern_is_not_told() -> None:
    before = Asked().does(OPEN)
    told = (Told.of("olga", flipped(1)),)
    *recorded, said, completed = Asked().does(OPEN, batch(1, last=True, told=told)).events[1:]
    assert isinstance(said, OfficerTold)
    forged = (*recorded, said.model_copy(update={"officer": "oscar"}), completed)
    _, fault = of_service(Case(MOMENT, MOMENT.stream(key_of(AT)), before.state), forged)
    assert fault is not None
    assert "officer" in fault.reason


@pytest.mark.parametrize(
    ("recorded", "lawful"),
    [
        ((AnswerFlipped, LicenseeTold), True),
        ((AnswerFlipped,), True),
        ((LicenseeTold,), False),
        ((LicenseeTold, AnswerFlipped), False),
    ],
)
def test_a_licensee_is_told_of_a_flip_or_by_a_release_of_before_of_none(
    recorded: tuple[type[Event], ...], lawful: bool
) -> None:
    events = {type(event): event for event in ISSUED.flipped().events[len(ISSUED.events) :]}
    case = Case(LICENSE, LICENSE.stream(ISSUED.opened.number), ISSUED.opened)
    explained, fault = of_service(case, tuple(events[each] for each in recorded))
    assert (fault is None, explained) == (lawful, len(recorded) if lawful else 1)
