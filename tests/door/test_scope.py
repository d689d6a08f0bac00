"""What is open to whom, as the law has it (15 CFR 748.1(c))."""

from greenlight.answers.scope import Scope
from greenlight.embedded.users import READER
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.roles import Actor, Role
from greenlight.law.application.commands import Refer
from greenlight.law.application.interagency.agency import Agency
from greenlight.law.application.tasks import agencies
from greenlight.law.registry import aggregates
from tests.addresses import as_user
from tests.eventlog.crowd import Crowd
from tests.eventlog.decided import BEGINNING, decided
from tests.eventlog.histories import Story
from tests.law import actors
from tests.law.application.cases import (
    before_acep,
    before_earb,
    before_president,
    disputed,
    with_executive,
)

CASE, OTHER = "application-Z000001", "application-Z000002"


async def under_review(recorder: Recorder, crowd: Crowd) -> None:
    """A case of ``rivera``'s organisation that is referred to two departments, and one that is granted."""
    story = Story("Z000001")
    referred = Refer(agencies=(Agency.STATE, Agency.DEFENSE))
    for name, body in (*BEGINNING, ("refer", referred)):
        story = await story.sent(recorder, crowd, name, body)
    assert story.state is not None
    assert len(story.state.referrals) == 2
    await decided(recorder, crowd, "Z000002", "granted")


def test_everybody_who_may_send_a_command_to_a_kind_may_read_some_of_it() -> None:
    for each in aggregates():
        senders = frozenset[Role]().union(*(body.declared.by for body in each.commands.values()))
        privy = (roles.roles for roles in each.row.table.privy)
        assert senders <= each.open_to.union(*privy), each.kind


async def test_an_applicant_has_its_own_cases_and_a_department_what_was_referred_to_it(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    await under_review(recorder, crowd)
    licenses = await recorder._session.fetch("SELECT number FROM greenlight.license")  # pyright: ignore[reportPrivateUsage]
    license_ = f"license-{licenses[0]['number']}"
    asked = (CASE, OTHER, license_, "reprieve-spring", "list-current", "entity-orion", "officer-lee")
    everything = frozenset({CASE, OTHER, license_, "reprieve-spring", "list-current", "entity-orion"})
    known = frozenset({"list-current"})
    reference = known | {"reprieve-spring"}
    own = frozenset({CASE, OTHER, license_})
    async with Scope(as_user(dsn, READER)) as scope:

        async def open_to(actor: Actor) -> frozenset[str]:
            return await scope.readable(actor, asked)

        assert await open_to(actors.OTHER_OFFICER) == everything
        assert await open_to(actors.OFFICER) == everything | {"officer-lee"}
        assert await open_to(actors.EXECUTIVE) == everything
        assert await open_to(actors.AUDITOR) == everything | {"officer-lee"}
        assert await open_to(actors.REGISTRAR) == known | {"officer-lee"}
        assert await open_to(actors.APPLICANT) == own | known
        assert await open_to(actors.APPLICANTS_COLLEAGUE) == own | known
        assert await open_to(actors.OTHER_APPLICANT) == known
        assert await open_to(actors.REVIEWERS["state"]) == {CASE} | reference
        assert await open_to(actors.HEADS["defense"]) == {CASE} | reference
        assert await open_to(actors.REVIEWERS["energy"]) == reference
        assert await open_to(actors.ERC["state"]) == reference | {"entity-orion"}
        # Neither does an organisation's name make its applicant a department, nor the other way round.
        posing = actors.OTHER_APPLICANT.model_copy(update={"organisation": "state"})
        assert await open_to(posing) == known
        posing = actors.REVIEWERS["state"].model_copy(update={"organisation": actors.APPLICANT.organisation})
        assert await open_to(posing) == reference


def test_departments_with_a_seat_have_a_case_while_it_is_disputed_there() -> None:
    for case, of in (
        (with_executive(), ()),
        (disputed(), ("defense", "energy")),
        (before_acep(), actors.SEATS),
        (before_earb(), actors.SEATS),
        (before_president(), ("defense", "energy")),
    ):
        assert case.state is not None
        assert set(of) <= set(agencies(case.state)), case.state.stage
        assert ("commerce" in agencies(case.state)) == ("commerce" in of)


async def test_what_has_no_kind_is_open_to_nobody(dsn: str) -> None:
    async with Scope(as_user(dsn, READER)) as scope:
        for stream in ("", "application", "nothing-x", "application-", "application-';--", "../officer-lee"):
            found = await scope.readable(actors.REVIEWERS["state"], [stream])
            assert found == frozenset(), stream
