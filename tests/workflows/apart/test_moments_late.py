"""Late confirmations on the real server: whose answer is another one by it is asked anew, once."""

import asyncio
from datetime import UTC, date, datetime
from uuid import uuid4

from greenlight.connection.settings import Settings
from greenlight.eventlog.outlook import moments_after
from greenlight.eventlog.rows import TaskFilter
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import license_stream, moment_stream, rule_stream, stream_key
from greenlight.kernel.time.calendar import start_of_day
from greenlight.law.application.dossier import Submission
from greenlight.law.application.flip.said import Said
from greenlight.law.moment.state import MomentState, key_of
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.commands import IssueTerm, TerminateTerm
from greenlight.law.rule.acts import Act, ActKind, Certainty, Printed
from greenlight.law.rule.commands import AttestAct, ConfirmAttestation, OpenRule, TakeBackAttestation
from greenlight.law.rule.events import ActEnded, AttestationConfirmed
from greenlight.reference.controls import CHART, FOLDER
from greenlight.reference.kept_controls import FILES, KeptTables
from tests.law.application.cases import RETURN
from tests.law.rule.aggregates import DAY, adoption, opening_of, suspension
from tests.workflows.moments import (
    TODAY,
    about,
    asked,
    flips,
    looked,
    midnight,
    outlook_of,
    owned_by_a_listed_one,
)
from tests.workflows.office import Office, refusal
from tests.workflows.reprieves import opening, term

RULE = rule_stream("affiliates")
_OPEN, _NO, _YES = Said.OPEN, Said.NOT_REQUIRED, Said.REQUIRED


def reinstated(effective: date) -> Act:
    act = suspension(effective=effective, through=effective, citation="91 FR 3")
    return act.model_copy(update={"kind": ActKind.REINSTATED, "valid_through": None})


async def granted(office: Office, filed: Submission) -> str:
    """The stream of a license that the executive signed, as a listed one is behind a party."""
    case = await office.countersigned(application=filed)
    await office.signed_off(case)
    number = (await office.status(case)).status.license_number
    assert number is not None, "a grant has a license number"
    return license_stream(number)


async def confirmed(office: Office, body: AttestAct | TakeBackAttestation, number: int) -> datetime:
    """One attests, another confirms: when that was."""
    await office["olga"].decide(RULE, body)
    return await confirmed_by_another(office, RULE, number)


async def confirmed_by_another(office: Office, stream: str, number: int) -> datetime:
    await office["oscar"].decide(stream, ConfirmAttestation(number=number))
    events = [event.record for event in await office.events(stream) if event.type == "AttestationConfirmed"]
    return AttestationConfirmed.model_validate_json(events[-1]).at


async def came(office: Office, instant: datetime) -> MomentState:
    """Two notice it, if the worker has not already, and it comes once."""
    now = datetime.now(UTC)
    found, again = await asyncio.gather(looked(office, now), looked(office, now))
    assert {*found, *again} <= {key_of(instant)}
    state = await asked(office, instant)
    assert await looked(office, datetime.now(UTC)) == ()
    types = await office.types(moment_stream(key_of(instant)))
    begun, asked_once, *told, completed = types
    assert [begun, asked_once, completed] == ["MomentCame", "MomentProgressed", "MomentCompleted"]
    assert set(told) <= {"OfficerTold"}
    return state


async def on_record(office: Office) -> set[str]:
    return {*await moments_after(office.reader.source, datetime.now(UTC) - DAY)}


async def test_what_is_learned_late_of_a_rule_asks_each_case_anew_once(office: Office) -> None:
    last = TODAY - 4 * DAY
    acts = (adoption(), suspension(effective=TODAY - 40 * DAY, through=last))
    await office["olga"].begin(RULE, opening_of(*acts))
    await confirmed_by_another(office, RULE, 2)
    # Whoever files when it is known already was answered by that.
    case = await office.submitted(owned_by_a_listed_one())
    licensed = await granted(office, owned_by_a_listed_one())
    other = await office.submitted(about("Elsewhere AS"))
    await looked(office, datetime.now(UTC))
    turns: list[tuple[datetime, Said, Said]] = []

    async def turned(at: datetime, before: Said, after: Said, *words: str) -> MomentState:
        state = await came(office, at)
        assert (state.applications.flips, state.licenses.flips, state.failed) == (1, 1, ())
        turns.append((at, before, after))
        for stream in (case, licensed):
            found = await flips(office, stream)
            told = [(each.instant, turn.before, turn.after) for each in found for turn in each.turns]
            assert told == turns
            for word in words:
                assert word in found[-1].because
        assert await flips(office, other) == []
        return state

    extended = suspension(effective=last + DAY, through=TODAY + 300 * DAY, citation="91 FR 2")
    at = await confirmed(office, AttestAct(act=extended), 3)
    state = await turned(at, _OPEN, _NO, "by attestation 3, confirmed on", "until then", "91 FR 2")
    found = next(each for each in (await outlook_of(office)).came if each.at == at)
    assert (found.coming, found.applications) == (state.coming, state.applications)
    tasks = await office.reader.tasks(TaskFilter((Role.LICENSING_OFFICER,)))
    waiting = {task.case for task in tasks if task.deadline == "flip"}
    assert {stream_key(case), stream_key(licensed)} <= waiting

    # A date misread, and put right: each is a moment of its own.
    at = await confirmed(office, AttestAct(act=reinstated(TODAY - DAY)), 4)
    await turned(at, _NO, _YES, "it is in force, by attestation 4")
    right = AttestAct(act=reinstated(TODAY + 60 * DAY), corrects=4)
    at = await confirmed(office, right, 5)
    await turned(at, _YES, _NO, "by attestation 5, which corrects 4")
    # There was no such extension.
    at = await confirmed(office, TakeBackAttestation(corrects=3, reasons="A rumour."), 6)
    await turned(at, _NO, _OPEN, "by attestation 6, which takes 3 back")

    # What changes nothing of today is no moment.
    known = await on_record(office)
    late = AttestAct(act=suspension(effective=TODAY + 90 * DAY, through=TODAY + 99 * DAY, citation="91 FR 9"))
    await confirmed(office, late, 7)
    earlier = adoption().model_copy(update={"effective": start_of_day(TODAY - 50 * DAY)})
    await confirmed(office, AttestAct(act=earlier, corrects=1), 8)
    assert await looked(office, datetime.now(UTC)) == ()
    assert await on_record(office) == known
    # What leaves the answers as they are flips none.
    again = suspension(effective=TODAY, through=TODAY + 9 * DAY, citation="91 FR 7")
    at = await confirmed(office, AttestAct(act=again), 9)
    await turned(at, _OPEN, _NO)
    withdrawn = again.model_copy(update={"kind": ActKind.WITHDRAWN, "valid_through": None})
    at = await confirmed(office, AttestAct(act=withdrawn), 10)
    state = await came(office, at)
    assert (state.applications.flips, state.licenses.flips) == (0, 0)
    assert len(await flips(office, case)) == len(turns)

    # Each act that officers waited for the end of has one on record, with what ended it; 3 was taken back.
    events = [each.record for each in await office.events(RULE) if each.type == "ActEnded"]
    ended = [ActEnded.model_validate_json(record) for record in events]
    assert [(each.number, each.ended_by) for each in ended] == [(3, 4), (9, 10)]
    assert [each.ends for each in ended] == [start_of_day(TODAY - DAY), start_of_day(TODAY)]


async def test_control_tables_attested_late_void_the_returns_that_rest_on_those_before(
    office: Office, settings: Settings
) -> None:
    filed = about(f"A company {uuid4().hex[:8]}")
    *others, consignee = filed.parties
    item = filed.items[0].model_copy(update={"classification": "3A991"})
    parties = tuple(each.model_copy(update={"owners": ()}) for each in (*others, consignee))
    filed = filed.model_copy(update={"items": (item,), "parties": parties})
    case = await office.submitted(filed)
    assert "ReturnProposed" in await office.types(case)
    seen = await office.signed("olga", case, RETURN)

    issued = TODAY - 2 * DAY
    made = {name: (FOLDER / name).read_text(encoding="utf-8") for name in FILES}
    shipped = made[CHART].partition('"issued": "')[2][:10]
    norway = '"NO": {"name": "Norway", "marks": ['
    assert norway in made[CHART]
    made[CHART] = made[CHART].replace(norway, f'{norway}"AT 1", ')
    made = {name: text.replace(shipped, issued.isoformat()) for name, text in made.items()}
    kept, _ = KeptTables(settings.tables).keep(made, datetime.now(UTC))
    printed = Printed(issued=issued, version=kept.version)
    act = Act(
        kind=ActKind.ADOPTED,
        citation="eCFR",
        effective=start_of_day(issued),
        certainty=Certainty.PRIMARY,
        text="As printed.",
    )
    stream = rule_stream(printed.key)
    await office["olga"].begin(stream, OpenRule(title="Control tables", governs=printed, acts=(act,)))
    at = await confirmed_by_another(office, stream, 1)
    state = await came(office, at)
    assert (state.applications.flips, state.applications.proposals) == (1, 1)
    (flip,) = await flips(office, case)
    assert (flip.instant, flip.turns[0].before, flip.turns[0].after) == (at, _NO, _YES)
    assert "are asked, by attestation 1, confirmed on" in flip.because
    changed = await refusal(office.update(case, "return_without_action", seen))
    assert changed.code == RefusalCode.DOSSIER_CHANGED

    await office["olga"].decide(stream, TakeBackAttestation(corrects=1, reasons="Another file."))
    back = await confirmed_by_another(office, stream, 2)
    assert (await came(office, back)).applications.flips == 1
    told = await flips(office, case)
    assert [(each.instant, each.turns[0].after) for each in told] == [(at, _YES), (back, _NO)]
    assert (await office.types(case)).count("ReturnProposed") == 2


async def recorded(office: Office, stream: str, body: IssueTerm | TerminateTerm) -> datetime:
    """The executive orders it: when that was."""
    await office["vera"].decide(stream, body)
    kind = {IssueTerm: "TermIssued", TerminateTerm: "TermTerminated"}[type(body)]
    events = [event.record for event in await office.events(stream) if event.type == kind]
    return REPRIEVE.read(events[-1]).at


async def test_a_term_with_effect_from_before_asks_each_case_anew_once_when_it_is_recorded(
    office: Office,
) -> None:
    stream = await office.reprieved(opening(20))
    case = await office.submitted(about("Huawei", country="CN", activity="networks"))
    without = await office.submitted(about("Huawei", country="CN"))
    await looked(office, datetime.now(UTC))
    printed = {"citation": "91 FR 4", "published": midnight(-1)}
    late = term(30, "huawei-technologies").model_copy(update={"effective": midnight(-2), **printed})
    issued = await recorded(office, stream, IssueTerm(term=late))
    # Whoever files when it is on record already was answered by that.
    after = await office.submitted(about("Huawei", country="CN", activity="networks"))
    state = await came(office, issued)
    assert (state.applications.flips, state.failed) == (1, ())
    (flip,) = await flips(office, case)
    told = [(turn.before, turn.after) for turn in flip.turns]
    assert (flip.instant, told) == (issued, [(Said.REQUIRED, Said.REPRIEVE)])
    assert f"Term 2 of reprieve {stream_key(stream)} is issued, from" in flip.because
    assert "91 FR 4" in flip.because
    tasks = await office.reader.tasks(TaskFilter((Role.LICENSING_OFFICER,)))
    assert stream_key(case) in {task.case for task in tasks if task.deadline == "flip"}

    ended = await recorded(office, stream, TerminateTerm(term=2, reasons="Diversion."))
    assert (await came(office, ended)).applications.flips == 2
    found = await flips(office, case)
    told = [(each.instant, turn.before, turn.after) for each in found for turn in each.turns]
    assert told == [(issued, Said.REQUIRED, Said.REPRIEVE), (ended, Said.REPRIEVE, Said.REQUIRED)]
    assert [each.instant for each in await flips(office, after)] == [ended]
    assert await flips(office, without) == []
