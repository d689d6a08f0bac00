"""What a directive means for licenses."""

import pytest

from greenlight.law.application.dossier import FULL_SCORE, Finding
from greenlight.law.application.events import ApplicationGranted
from greenlight.law.application.screening.language import Verdict
from greenlight.law.application.view import consequences
from greenlight.law.directive.scope import ItemClass, Posture, Scope
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.directed import directed
from greenlight.law.license.events import LicenseIssued, LicenseRevokedByDirective
from greenlight.law.license.state import LicenseState, Stage
from tests.law.application.cases import ALIKE, MATCH, with_executive
from tests.law.application.directives import AUTHOR, PENDING, directive
from tests.law.license.cases import CASES, DENIED, POSSIBLE, Licensed, issued


def granted() -> LicenseState:
    """The license of a case to which a listed entity is a party."""
    case = with_executive().signed_off()
    assert isinstance(case.events[-1], ApplicationGranted)
    (append,) = consequences(case.opened, case.events)
    state = LICENSE.replay(None, append.events)
    assert state is not None
    return state


def test_a_license_says_for_whom_and_for_where_it_is() -> None:
    license = granted()
    assert license.entities == {MATCH.listing}
    assert license.destinations == {"NO"}


@pytest.mark.parametrize(
    ("scope", "meant"),
    [
        (Scope(), True),
        (Scope(entities=frozenset({MATCH.listing})), True),
        (Scope(entities=frozenset({"entity-list/2"})), False),
        (Scope(destinations=frozenset({"FI"})), False),
        (Scope(item_classes=frozenset({ItemClass.CONTROLLED})), False),
    ],
    ids=str,
)
def test_a_license_in_scope_is_revoked(scope: Scope, meant: bool) -> None:
    license = granted()
    events = directed(license, (directive(Posture.REVOKE, scope),), license.issued_at)
    assert len(events) == meant
    for event in events:
        assert isinstance(event, LicenseRevokedByDirective)
        after = LICENSE.evolve(license, LICENSE.read(event.record()))
        assert after.stage is Stage.REVOKED
        assert after.end is not None
        assert (after.end.by, after.end.order) == (AUTHOR, "order-1")


@pytest.mark.parametrize("posture", PENDING)
def test_other_directives_are_not_about_licenses(posture: Posture) -> None:
    assert directed(granted(), (directive(posture),), granted().issued_at) == ()


@pytest.mark.parametrize("stage", Stage)
def test_a_license_ends_once(stage: Stage) -> None:
    for story in CASES[stage].values():
        license = story()
        assert license.state is not None
        events = directed(license.state, (directive(Posture.REVOKE),), license.now)
        assert len(events) == (not stage.closed)


def test_a_license_issued_before_scopes_were_told_is_read() -> None:
    (append,) = consequences((case := with_executive().signed_off()).opened, case.events)
    issued = LICENSE.read(append.events[0])
    assert isinstance(issued, LicenseIssued)
    old = issued.model_dump(mode="json", exclude={"entities", "destinations"})
    assert LicenseIssued.model_validate(old).entities == frozenset()


# Who was listed after the grant


LATER = directive(Posture.REVOKE, Scope(entities=frozenset({ALIKE.listing})))
SAME = Finding(
    party=0,
    outcome="listed",
    matches=(ALIKE.model_copy(update={"score": FULL_SCORE, "explanation": ()}),),
)


def reached(license_: Licensed) -> bool:
    return bool(directed(license_.opened, (LATER,), license_.now))


def test_a_directive_reaches_a_license_whose_party_was_listed_after_the_grant() -> None:
    assert not reached(issued())
    assert reached(issued().found(SAME))
    assert not reached(issued().found(SAME).found())


def test_it_reaches_whom_an_officer_takes_for_the_entity_and_no_other() -> None:
    maybe = issued().found(POSSIBLE)
    assert not reached(maybe)
    assert reached(maybe.after(DENIED.model_copy(update={"verdict": Verdict.TRUE_MATCH})))
    assert not reached(maybe.after(DENIED))
    namesake = DENIED.model_copy(update={"party": 0})
    assert not reached(issued().found(SAME).after(namesake))
