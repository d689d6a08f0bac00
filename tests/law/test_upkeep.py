"""What a later list tells of parties that were screened before."""

from greenlight.law.application.dossier import Finding, Match, Screening
from greenlight.law.application.state import ApplicationState, Stage
from greenlight.law.application.upkeep import tells_otherwise
from greenlight.law.license.upkeep import listed_since
from tests.law.screening_list.cases import FIRST, SECOND

HUAWEI = Match(listing="huawei", name="Huawei", citation="84 FR 22961", review_policy="Denial")
HIKVISION = HUAWEI.model_copy(update={"listing": "hikvision"})


def finding(*matches: Match, party: int = 0) -> Finding:
    return Finding(party=party, outcome="listed" if matches else "no_match", matches=matches)


def screening(*findings: Finding, version: str = FIRST) -> Screening:
    return Screening(list_version=version, findings=findings)


def at(stage: Stage, found: Screening | None) -> ApplicationState:
    """Of the state only what is asked for here."""
    return ApplicationState.model_construct(stage=stage, screening=found)


def test_another_version_with_the_same_findings_tells_nothing() -> None:
    state = at(Stage.REVIEW, screening(finding()))
    assert not tells_otherwise(state, screening(finding(), version=SECOND))
    assert tells_otherwise(state, screening(finding(HUAWEI), version=SECOND))


def test_what_could_not_be_carried_out_tells_nothing() -> None:
    failed = Finding(party=0, outcome="could_not_screen", reason="the list is too old")
    assert not tells_otherwise(at(Stage.REVIEW, screening(finding(HUAWEI))), screening(failed))


def test_a_decided_case_is_left_alone() -> None:
    for stage in (Stage.INTENT_TO_DENY, Stage.DENIED, Stage.GRANTED, Stage.RETURNED):
        assert not tells_otherwise(at(stage, screening(finding())), screening(finding(HUAWEI)))


def test_of_a_licensed_case_what_was_known_at_the_grant_is_not_told_again() -> None:
    granted = at(Stage.GRANTED, screening(finding(HUAWEI), finding(party=1)))
    assert listed_since(granted, screening(finding(HUAWEI), finding(party=1), version=SECOND)) == ()
    found = listed_since(granted, screening(finding(HUAWEI, HIKVISION), finding(HUAWEI, party=1)))
    assert found == (finding(HIKVISION), finding(HUAWEI, party=1))
