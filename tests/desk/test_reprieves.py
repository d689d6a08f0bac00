"""Reprieves at the desk: what is decided and why, what an executive does about it, and what is covered."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from greenlight.cli.reprieves.reference import history
from greenlight.desk.reprieves import picture
from greenlight.desk.terms import WIDE
from greenlight.eventlog.access import AccessReader
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import rule_stream, stream_key
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.commands import IssueTerm, OpenReprieve
from greenlight.law.reprieve.events import ReprieveOpened
from greenlight.law.rule.commands import ConfirmAttestation
from tests.desk.desks import Opened, forms_of, text_of
from tests.law.rule.aggregates import OF_NOBODY, adoption, opening_of, suspension
from tests.law.rule.aggregates import today as rules_today
from tests.workflows.office import Office, eventually
from tests.workflows.reprieves import ENTITY, POLICY, evidence, opening, term

_LAPSES = POLICY.table.rows[-2:]
LAPSING = OpenReprieve(
    title="It is to lapse",
    policy=POLICY.model_copy(update={"table": POLICY.table.model_copy(update={"rows": _LAPSES})}),
    term=term(10),
)
"""The decision on what follows its term is due at once, and is that nothing does."""


async def at_stage(office: Office, order: OpenReprieve, stage: str) -> str:
    """A reprieve once it is there."""
    stream = await office.reprieved(order)

    async def there() -> bool:
        return (await office.status(stream)).status.stage == stage

    await eventually(there, f"{stream} to be {stage}")
    return stream


async def attested_rule(office: Office) -> str:
    """A rule that is suspended for a month; its acts wait for a second officer."""
    stream = rule_stream(f"drawn-{uuid4().hex[:8]}")
    last = rules_today() + timedelta(days=30)
    await office["olga"].begin(stream, opening_of(adoption(), suspension(through=last), governs=OF_NOBODY))
    return stream


async def a_rule(office: Office) -> str:
    """A rule that is suspended for a month."""
    stream = await attested_rule(office)
    await office["oscar"].decide(stream, ConfirmAttestation(number=2))
    return stream


async def test_a_referred_decision_is_shown_with_its_trace_and_decided_by_a_term_like_the_last(
    office: Office, desk: Opened
) -> None:
    stream = await at_stage(office, opening(10), "referred")
    key, began = stream_key(stream), datetime.now(UTC)
    async with desk.person("vera", Role.EXECUTIVE) as vera:
        assert key in (await vera.get("/reprieves")).text
        told = text_of(await vera.get(f"/cases/{stream}"))
        assert "Decision 1, on what follows term 1" in told
        assert re.search(r"Refer , by row silence of on-the-server: A row\. \(Test\)", told), told[:3000]
        assert re.search(r"directive no directive", told), told[:3000]
        assert "silence fires and decides" in told
        assert "It asks officers and agencies for: dependence" in told
        form = await vera.get(f"/cases/{stream}/do/replace_outcome")
        assert "Decision 1, on what follows term 1" in text_of(form)
        begun = dict(forms_of(form)[-1].pairs)
        assert begun["term.entities"].strip() == ENTITY
        assert begun["term.scope.activities.0.key"] == "networks"
        countries = re.findall(r'name="term.scope.excluded_destinations" value="(..)"( checked)?', form.text)
        assert countries[:3] == [("CU", " checked"), ("IR", " checked"), ("AD", "")], countries[:3]
        through = agency_date(datetime.now(UTC)) + timedelta(days=60)
        typed = {
            "term.valid_through": through.isoformat(),
            "term.reason": "Two months more.",
            "reasons": "They depend.",
        }
        path = f"/cases/{stream}/do/replace_outcome"
        done = await vera.signs(await vera.submit(form, path, typed))
        assert "Replace outcome is on record" in text_of(done), text_of(done)[:1500]
    types = await office.types(stream)
    assert types.count("TermIssued") == 2
    until = datetime.now(UTC) + timedelta(minutes=1)
    async with AccessReader(office.service.target.auditor_url) as reader:
        noted = [each async for each in reader.readings(stream=stream, since=began, until=until)]
    assert {each.what for each in noted} >= {"reprieves", "case", "dossier"}


async def test_an_executive_objects_to_what_is_proposed_or_confirms_it(office: Office, desk: Opened) -> None:
    for command, typed, event in (
        ("stop_outcome", {"reasons": "Enough."}, "OutcomeStopped"),
        ("confirm_outcome", {"comment": "Agreed."}, "OutcomeConfirmed"),
    ):
        stream = await at_stage(office, LAPSING, "proposed")
        async with desk.person("vera", Role.EXECUTIVE) as vera:
            work = await vera.get("/work")
            assert stream_key(stream) in work.text
            page = await vera.get(f"/cases/{stream}")
            assert "unless an executive objects before" in text_of(page)
            assert f"/cases/{stream}/do/{command}" in page.text
            done = await vera.signs(await vera.does(stream, command, **typed))
            assert "is on record" in text_of(done), text_of(done)[:1500]
        assert event in await office.types(stream)


async def test_an_executive_opens_one_by_a_policy_that_there_is(office: Office, desk: Opened) -> None:
    like = stream_key(await office.reprieved(opening(60)))
    through = agency_date(datetime.now(UTC)) + timedelta(days=60)
    typed = {
        "key": "opened-here",
        "title": "Opened at the desk",
        "policy": f"as {like}",
        "term.valid_through": through.isoformat(),
        "term.scope.activities.0.key": "networks",
        "term.scope.activities.0.paragraph": "(c)(1)",
        "term.scope.activities.0.covers": "Existing networks",
        "term.scope.activities.0.certifier": "exporter",
        "term.scope.activities.0.certification": "That it is one.",
        "term.entities": ENTITY,
        "term.reason": "They depend.",
    }
    async with desk.person("vera", Role.EXECUTIVE) as vera:
        assert 'href="/reprieves/new"' in (await vera.get("/reprieves")).text
        empty = await vera.submit(await vera.get("/reprieves/new"), "/reprieves/new")
        assert empty.status_code == 422
        for field in ("key", "title", "policy", "term.valid_through", "term.entities", "term.reason"):
            assert f'href="#f.{field}"' in empty.text, field
        assert "huawei-2019" in empty.text
        taken = await vera.submit(empty, "/reprieves/new", {**typed, "key": like})
        assert "There is a reprieve of that key already" in text_of(taken)
        unknown = await vera.submit(empty, "/reprieves/new", {**typed, "policy": "as nothing-here"})
        assert "Choose one of these" in text_of(unknown)
        check = await vera.submit(empty, "/reprieves/new", typed)
        assert "Sign: Open reprieve" in text_of(check), text_of(check)[:2000]
        assert POLICY.table.title in text_of(check)
        back = re.search(r'href="(/reprieves/new\?draft=[^"]+)"', check.text)
        assert back is not None
        assert dict(forms_of(await vera.get(back[1]))[-1].pairs)["title"] == "Opened at the desk"
        done = await vera.signs(check)
        assert "Open reprieve is on record as event" in text_of(done), text_of(done)[:1500]
        # In what happened the policy is told by its name.
        assert f"Policy {POLICY.table.title} (on-the-server)" in text_of(done), text_of(done)[:1500]
        assert "hit policy" not in text_of(done)
    opened = REPRIEVE.read((await office.events("reprieve-opened-here"))[0].record)
    assert isinstance(opened, ReprieveOpened)
    assert opened.policy == POLICY
    async with desk.person("olga", Role.LICENSING_OFFICER) as olga:
        assert "/reprieves/new" not in (await olga.get("/reprieves")).text


async def test_an_agency_says_what_it_knows_also_that_it_does_not(office: Office, desk: Opened) -> None:
    stream = await office.reprieved(opening(60))
    async with desk.person("defense", Role.AGENCY_REVIEWER) as defense:
        for value, shown in (("unknown", "Dependence: unknown"), ("true", "Dependence: yes")):
            typed = {
                "fact.name": "dependence",
                "fact.value": value,
                "fact.source": "rural carriers",
                "statement": "As they say.",
            }
            await defense.signs(await defense.does(stream, "submit_evidence", **typed))
            told = text_of(await defense.get(f"/cases/{stream}"))
            assert shown in told, told[:2500]
        page = await defense.does(stream, "submit_evidence", statement="As they say.")
        assert page.status_code == 422


async def test_the_timeline_shows_every_term_and_where_two_run(office: Office, desk: Opened) -> None:
    stream = await office.reprieved(opening(60))
    await office.send("vera", stream, IssueTerm(term=term(90)))
    async with desk.person("olga", Role.LICENSING_OFFICER) as olga:
        page = await olga.get(f"/cases/{stream}")
    assert page.text.count('class="bar"') == 2
    assert "two terms from" in text_of(page)
    assert "no cover from" not in text_of(page)
    assert " style=" not in page.text


async def test_a_rule_has_the_same_picture_once_acts_are_confirmed(office: Office, desk: Opened) -> None:
    stream = await attested_rule(office)
    async with desk.person("oscar", Role.LICENSING_OFFICER) as oscar:
        page = await oscar.get(f"/cases/{stream}")
        assert 'class="bar"' not in page.text
        await office["oscar"].decide(stream, ConfirmAttestation(number=2))
        page = await oscar.get(f"/cases/{stream}")
    told = text_of(page)
    assert page.text.count('class="bar"') == 2
    assert "suspended: As printed." in told
    assert re.search(r"open from .* on", told), told[:3000]
    assert "in force or suspended" in told
    assert " style=" not in page.text


def test_the_picture_of_a_recorded_reprieve_is_to_scale() -> None:
    events = history("huawei").events()
    now = datetime(2020, 1, 1, tzinfo=UTC)
    drawn = picture("Huawei", events, now)
    assert drawn is not None
    assert drawn.now is not None
    whole = drawn.end - drawn.begin
    assert abs(drawn.now - WIDE * ((now - drawn.begin) / whole)) <= 1
    for each in drawn.terms:
        assert 0 <= each.at.x < each.at.x + each.at.width <= WIDE
        assert each.at.end is not None
        assert abs(each.at.width - WIDE * ((each.at.end - each.at.begin) / whole)) <= 4
    assert picture("Huawei", events, datetime(2030, 1, 1, tzinfo=UTC)) is not None
    assert picture("Huawei", [], now) is None


async def test_somebody_asks_what_is_covered_and_no_address_says_it(office: Office, desk: Opened) -> None:
    stream = await office.reprieved(opening(60, "covered-at-the-desk"))
    async with desk.person("olga", Role.LICENSING_OFFICER) as olga:

        async def offered() -> bool:
            return "covered-at-the-desk" in (await olga.get("/covered")).text

        await eventually(offered, "the entity to be among those to choose")
        form = await olga.get("/covered")
        asks = {"entity": "covered-at-the-desk", "activity": "networks"}
        today = agency_date(datetime.now(UTC))
        page = await olga.submit(form, "/covered", {**asks, "on": (today + timedelta(days=1)).isoformat()})
        assert page.status_code == 200, text_of(page)
        assert not page.url.query
        told = text_of(page)
        assert ">Covered<" in page.text or "No license under the Entity List is needed" in told, told[:1500]
        now = await olga.submit(form, "/covered", asks)
        assert "Term" in text_of(now), text_of(now)[:1500]
        late = await olga.submit(form, "/covered", {**asks, "on": (today + timedelta(days=400)).isoformat()})
        assert ">Covered<" not in late.text
        assert (await olga.submit(form, "/covered", {"entity": ""})).status_code == 422
    async with desk.session("acme", Role.APPLICANT) as acme:
        for path in ("/reprieves", "/covered", f"/cases/{stream}"):
            assert (await acme.get(path)).status_code in {403, 404}, path


async def test_beyond_the_last_day_of_a_term_the_answer_is_open_and_says_what_would_settle_it(
    office: Office, desk: Opened
) -> None:
    # On the list that the desk is given; of who is on none, no license is needed whatever follows.
    listed = "huawei-technologies-paraguay"
    stream = await office.reprieved(opening(60, listed))
    async with desk.person("olga", Role.LICENSING_OFFICER) as olga:

        async def offered() -> bool:
            return listed in (await olga.get("/covered")).text

        await eventually(offered, "the entity to be among those to choose")
        form = await olga.get("/covered")
        beyond = (agency_date(datetime.now(UTC)) + timedelta(days=400)).isoformat()
        asks = {"entity": listed, "activity": "networks", "on": beyond}
        page = await olga.submit(form, "/covered", asks)
        told = text_of(page)
        assert ">Open<" in page.text, told[:1500]
        assert "It is not covered, as the record stands" in told
        assert f"what is decided to follow term 1 of reprieve {stream_key(stream)}" in told


async def test_what_fills_pages_is_folded_and_facts_are_told_in_words(office: Office, desk: Opened) -> None:
    stream = await office.reprieved(opening(60))
    statement = "They depend on it. " * 60
    await office.send("defense", stream, evidence().model_copy(update={"statement": statement.strip()}))
    async with desk.person("vera", Role.EXECUTIVE) as vera:
        page = await vera.get(f"/cases/{stream}")
    # Among what is said, and among what happened.
    assert page.text.count('<details class="long"><summary>They depend on it.') == 2
    assert page.text.count(f"<p>{statement.strip()}</p></details>") == 2
    assert "Fact dependence true (rural carriers)" in text_of(page)
