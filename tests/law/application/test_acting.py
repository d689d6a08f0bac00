"""Whoever acted for the applicant decides nothing in the case: in whatever conversation, by any account."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor, Role
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import (
    COMMANDS,
    Answer,
    AskApplicant,
    Countersign,
    DecideAppeal,
    Respond,
    SignOff,
    Withdraw,
)
from greenlight.law.application.events import DirectiveApplied
from greenlight.law.application.interagency.agency import Agency
from greenlight.law.contract import permitted
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.events import LicenseIssued
from tests.law.actors import (
    APPLICANTS_COLLEAGUE,
    COLLEAGUE_AS_EXECUTIVE,
    COLLEAGUE_AS_OFFICER,
    COUNTERSIGNER,
    EXECUTIVE,
    OTHER_APPLICANT,
    REVIEWERS,
)
from tests.law.application.cases import (
    APPROVE,
    GRANT,
    Case,
    before_acep,
    disputed,
    in_review,
    refused,
    submitted,
    to_be_denied,
    with_countersigner,
    with_executive,
)
from tests.law.application.directives import PRESUME, directive, meant_for
from tests.law.application.stories import EXISTING, bodies
from tests.law.decisions import code_of

PERMITTED = permitted()

BY_APPLICANTS = [name for name in COMMANDS if Role.APPLICANT in PERMITTED[name] and name != "submit"]
OFFICIAL = [name for name in COMMANDS if Role.APPLICANT not in PERMITTED[name]]

UPHELD = DecideAppeal(upholds=True, reasons="As the file stands.")
AGREE = Countersign(agrees=True)
SIGN = SignOff(approves=True)


def of_the_colleague(by: Actor) -> Actor:
    """Another account of the person who acted for the applicant."""
    return by.model_copy(update={"officer": "double", "person": APPLICANTS_COLLEAGUE.person})


def attempted(case: Case, body: Body, by: Actor = APPLICANTS_COLLEAGUE) -> Case:
    """The case with the refusal of a command on record, as the desk leaves it."""
    case = case.advanced()
    command = case.command(body, by)
    refusal = case.decides(command)
    assert isinstance(refusal, Refusal)
    return case.with_events(refused(command, refusal, case.now))


def asked_by_an_agency(case: Case | None = None) -> Case:
    """Energy has asked, and the colleague has answered for the applicant."""
    referred = (case or in_review()).referred(Agency.ENERGY, Agency.STATE)
    asked = referred.after(AskApplicant(request="Which radios?"))
    return asked.after(Answer(answer="Five.", agency=Agency.ENERGY), APPLICANTS_COLLEAGUE)


def answered_the_officer() -> Case:
    return in_review().inquired().answered(by=APPLICANTS_COLLEAGUE)


def responded_to_a_denial() -> Case:
    return to_be_denied().after(Respond(response="Our buyer is known."), APPLICANTS_COLLEAGUE)


def _decidable(case: Case) -> Iterator[Command[Body]]:
    """What officials may do with the case as it is, each by whoever usually does."""
    for name in OFFICIAL:
        for body in bodies(name, case)[:1]:
            command = case.command(body)
            if not isinstance(case.decides(command), Refusal):
                yield command


def _acted(case: Case) -> Iterator[Case]:
    """The open case after each thing that the colleague may do for the applicant, or may try to do."""
    for name in BY_APPLICANTS:
        for body in bodies(name, case):
            if code_of(case.asked(body, APPLICANTS_COLLEAGUE)) is None:
                after = case.after(body, APPLICANTS_COLLEAGUE)
            else:
                after = attempted(case, body)
            if not after.opened.stage.closed:
                yield after


@pytest.mark.parametrize("title", EXISTING)
def test_whatever_was_done_for_the_applicant_nothing_is_decided_by_who_did_it(title: str) -> None:
    for case in _acted(EXISTING[title]()):
        for command in _decidable(case):
            assert command.by is not None
            partial = replace(command, by=of_the_colleague(command.by))
            assert code_of(case.decides(partial)) is RefusalCode.OWN_APPLICATION, command.name


def test_the_stories_have_everything_that_officials_do() -> None:
    cases = [after for story in EXISTING.values() for after in _acted(story())]
    assert {command.name for case in cases for command in _decidable(case)} == set(OFFICIAL)


@pytest.mark.parametrize(
    ("story", "body", "by"),
    [
        (asked_by_an_agency, APPROVE, of_the_colleague(REVIEWERS["energy"])),
        (lambda: asked_by_an_agency().advised(APPROVE, APPROVE), GRANT, COLLEAGUE_AS_OFFICER),
        (
            lambda: asked_by_an_agency().advised(APPROVE, APPROVE).recommended(),
            AGREE,
            of_the_colleague(COUNTERSIGNER),
        ),
        (
            lambda: (
                asked_by_an_agency(submitted().screened("no_match", "listed"))
                .advised(APPROVE, APPROVE)
                .recommended()
                .countersigned()
            ),
            SIGN,
            COLLEAGUE_AS_EXECUTIVE,
        ),
        (lambda: answered_the_officer().recommended(), AGREE, of_the_colleague(COUNTERSIGNER)),
        (lambda: responded_to_a_denial().reconsidered(), GRANT, COLLEAGUE_AS_OFFICER),
        (lambda: responded_to_a_denial().denied().appealed(), UPHELD, COLLEAGUE_AS_EXECUTIVE),
        (lambda: attempted(in_review(), Respond(response="We agree.")), GRANT, COLLEAGUE_AS_OFFICER),
        (
            lambda: attempted(to_be_denied().denied(), Withdraw()).appealed(),
            UPHELD,
            COLLEAGUE_AS_EXECUTIVE,
        ),
    ],
    ids=[
        "answered an agency, and advises",
        "answered an agency, and recommends",
        "answered an agency, and countersigns",
        "answered an agency, and signs off",
        "answered the officer, and countersigns",
        "responded to a denial, and recommends",
        "responded to a denial, and judges the appeal",
        "tried to respond before there was a denial, and recommends",
        "tried to withdraw what was denied, and judges the appeal",
    ],
)
def test_who_spoke_for_the_applicant_decides_nothing(
    story: Callable[[], Case], body: Body, by: Actor
) -> None:
    case = story()
    assert code_of(case.asked(body, by)) is RefusalCode.OWN_APPLICATION
    assert code_of(case.asked(body)) is None


def test_the_license_knows_who_answered_an_agency() -> None:
    advised = asked_by_an_agency().advised(APPROVE, APPROVE)
    granted = advised.recommended().countersigned()
    assert granted.opened.acted_for_applicant == {"p-rivera", "p-osei"}
    (append,) = APPLICATION.consequences(granted.opened, granted.events)
    issued = LICENSE.read(append.events[0])
    assert isinstance(issued, LicenseIssued)
    assert issued.acted_for_licensee == granted.opened.acted_for_applicant


def test_a_directive_of_who_answered_an_agency_proposes_nothing() -> None:
    order = directive(PRESUME, author=of_the_colleague(EXECUTIVE))
    ripe = in_review().referred(Agency.ENERGY)
    asked = ripe.after(AskApplicant(request="Which radios?"))
    theirs = asked.after(Answer(answer="Five.", agency=Agency.ENERGY), APPLICANTS_COLLEAGUE).advised(APPROVE)
    others = asked.after(Answer(answer="Five.", agency=Agency.ENERGY)).advised(APPROVE)
    for case, own in ((theirs, True), (others, False)):
        (told,) = (event for event in meant_for(case, order) if isinstance(event, DirectiveApplied))
        assert (told.evaluation.row == "own-application") is own


def test_an_attempt_of_another_organisation_is_none_for_the_applicant() -> None:
    case = attempted(in_review(), Withdraw(), OTHER_APPLICANT)
    assert case.opened.acted_for_applicant == {"p-rivera"}


def test_an_attempt_that_nobody_proved_to_have_made_is_nobodys() -> None:
    case = attempted(in_review(), Answer(answer="The municipality."))
    told = case.events[-1].model_copy(update={"by": None})
    assert in_review().with_events(told).opened.acted_for_applicant == {"p-rivera"}


@pytest.mark.parametrize(
    "story", [in_review, with_countersigner, with_executive, disputed, before_acep, to_be_denied]
)
def test_an_attempt_outdates_no_signature(story: Callable[[], Case]) -> None:
    case = story()
    assert attempted(case, Answer(answer="The municipality.")).digest == case.digest


def test_who_is_known_to_act_for_the_applicant_is_no_part_of_the_dossier() -> None:
    one, two = in_review(), attempted(in_review(), Answer(answer="The municipality."))
    assert one.opened.acted_for_applicant != two.opened.acted_for_applicant
    assert one.digest == two.digest
