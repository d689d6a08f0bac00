"""Who owns a party, where it is and whom to ask there: as members of a filing."""

import json
from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from greenlight.cli.cases.case_view import application_facts
from greenlight.kernel.codes.entered import ENTERED
from greenlight.kernel.problems import problems
from greenlight.kernel.refusal import RefusalCode
from greenlight.law.application.commands import Answer, RecordScreening, ResolveMatch, Submit
from greenlight.law.application.dossier import Party, Submission, named, owned, owners_of
from greenlight.law.application.needs import ScreeningOf
from greenlight.law.application.ownership import MAX_DEPTH, MAX_OWNERS, PartyOwner, percent
from greenlight.law.application.screening.language import Verdict, pair_of
from greenlight.law.application.stage import Stage
from greenlight.law.application.state import dossier
from greenlight.law.application.transaction import transaction_digest
from greenlight.law.determination.filed import asked_owners
from greenlight.law.determination.question import Met, Owner
from greenlight.law.outlook.answers import Law, answer, transactions
from greenlight.law.reprieve.coverage import Terms
from greenlight.letters.compose import listed_parties
from greenlight.reference.controls import load_tables
from greenlight.reference.rules import load_rules
from tests.law.application.cases import (
    CONSIGNEE,
    MATCH,
    OWNED,
    OWNED_PARTIES,
    PARTIES,
    PURCHASER,
    VENTURE_PARTIES,
    Case,
    item,
    screening,
    submission,
    submitted,
)
from tests.law.decisions import accepted, code_of, told
from tests.law.determination.cases import HUAWEI, NO
from tests.law.rule.cases import at

FILED = submission(parties=OWNED_PARTIES)
CLEAN = screening("no_match", "no_match", "no_match", "no_match")


def filed(parties: tuple[Party, ...] = OWNED_PARTIES, found: object = CLEAN) -> Case:
    command = Case().command(Submit(application=submission(parties=parties)))
    return Case().with_events(*accepted(Case().decides(told(command, {ScreeningOf: found}))))


def test_who_says_nothing_of_it_signs_what_was_signed_before() -> None:
    assert CONSIGNEE.model_dump(mode="json") == {
        "role": "ultimate_consignee",
        "name": "Lighthouse Telecom AS",
        "country": "NO",
    }
    assert OWNED.model_dump(mode="json").keys() - CONSIGNEE.model_dump().keys() == {
        "address",
        "contact",
        "owners",
    }
    # What is nothing to tell, and that nobody owns it, are two answers.
    nobody = CONSIGNEE.model_copy(update={"owners": ()})
    assert nobody.model_dump(mode="json")["owners"] == []
    assert Submission.model_validate_json(FILED.model_dump_json(), strict=True) == FILED


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, None),
        ({"joint_venture": False}, "not a joint venture"),
        ({"joint_venture": True}, "a joint venture, headquartered in a place that is not said"),
        ({"joint_venture": True, "headquarters": "SE"}, "a joint venture, headquartered in SE"),
    ],
)
def test_whether_it_is_a_joint_venture_is_told_and_left_out_where_that_is_not_said(
    said: dict[str, Any], told: str | None
) -> None:
    party = CONSIGNEE.model_copy(update=said)
    assert party.venture_told == told
    assert party.model_dump(mode="json") == {**CONSIGNEE.model_dump(mode="json"), **said}
    assert Party.model_validate_json(party.model_dump_json(), strict=True) == party
    # Who it is, is a matter of its name.
    assert (party.named, pair_of(party, "an entry")) == (CONSIGNEE, pair_of(CONSIGNEE, "an entry"))


def test_two_applications_are_one_transaction_whatever_they_say_of_joint_ventures() -> None:
    one, other = (transaction_digest(filed(parties).opened) for parties in (OWNED_PARTIES, VENTURE_PARTIES))
    assert one == other


def owner(**said: Any) -> dict[str, Any]:
    return {"name": "An owner", "country": "NO", **said}


CHAIN = [owner(), *(owner(through=number) for number in range(1, MAX_DEPTH))]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"owners": [owner(through=1)]}, "owner 1: through names owner 1, who has to stand above it"),
        ({"owners": [owner(), owner(through=3), owner()]}, "owner 2: through names owner 3"),
        ({"owners": [*CHAIN, owner(through=MAX_DEPTH)]}, "owner 9: at most 8 owners one above the other"),
        (
            {"owners": [owner(share=6_000), owner(share=4_001)]},
            "owner 2: the shares of the party come to more than 100 %",
        ),
        (
            {"owners": [owner(), owner(through=1, share=9_999), owner(through=1, share=2)]},
            "owner 3: the shares of owner 1 come to more than 100 %",
        ),
        ({"owners": [owner(share=10_001)]}, "less than or equal to 10000"),
        ({"owners": [owner()] * (MAX_OWNERS + 1)}, "at most 50 items"),
        ({"owners": [owner(country="Norway")]}, "country"),
        ({"owners": [owner(name="")]}, "name"),
        ({"owners": [owner(owners=[])]}, "owners"),
        ({"headquarters": "SE"}, "is asked of a joint venture: say that it is one, or leave this out"),
        ({"joint_venture": False, "headquarters": "SE"}, "headquarters"),
        ({"joint_venture": True, "headquarters": "Sweden"}, "headquarters"),
        ({"joint_venture": "maybe"}, "joint_venture"),
        ({"contact": {}}, "give a name, an email address or a telephone number, or leave the contact out"),
        ({"contact": {"email": "nobody"}}, "must be an email address, such as clerk@example.com"),
        ({"contact": {"telephone": "call me"}}, "must be a telephone number, such as +47 22 00 00 00"),
        ({"address": ""}, "address"),
        ({"address": "x" * 501}, "has 501 characters; an address has at most 500"),
        ({"address": "Quay\u00851"}, "control characters"),
    ],
)
def test_what_cannot_be_filed_is_refused_and_says_what_would_be_right(
    content: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValidationError) as error:
        Party.model_validate_json(
            json.dumps({**CONSIGNEE.model_dump(mode="json"), **content}), strict=True, context=ENTERED
        )
    assert told in problems(error.value)


def test_all_parties_together_have_so_many_owners_and_no_more() -> None:
    half = tuple(PartyOwner(name="An owner", country="NO") for _ in range(MAX_OWNERS // 2))
    full = CONSIGNEE.model_copy(update={"owners": half})
    assert len(named(submission(parties=(full, full)).parties)) == 2 + MAX_OWNERS
    one = PURCHASER.model_copy(update={"owners": half[:1]})
    with pytest.raises(ValidationError, match="51 owners; all parties together have at most 50"):
        submission(parties=(full, full, one))


def test_every_name_has_its_place_the_owners_behind_the_parties() -> None:
    both = (OWNED, *OWNED_PARTIES)
    assert [each.name for each in named(both)][3:] == ["Lighthouse Holding AS", "Somebody"] * 2
    assert [owned(both, place) for place in range(7)] == [None, None, None, 0, 0, 2, 2]
    assert list(owners_of(both, 1)) == []
    assert not [each for each in named(both) if each.model_dump().keys() - PURCHASER.model_dump().keys()]
    assert named(PARTIES) == PARTIES
    # Who a party is, is a matter of its name: what an officer said of it holds wherever it moves to.
    assert pair_of(OWNED, "an entry") == pair_of(CONSIGNEE, "an entry")


def test_owners_are_screened_as_parties_are() -> None:
    case = submitted(FILED)
    without = RecordScreening(screening=screening("no_match", "no_match"), parties=OWNED_PARTIES)
    assert code_of(case.asked(without)) is RefusalCode.SCREENING_INCOMPLETE
    assert filed().opened.stage is Stage.REVIEW

    listed = filed(found=screening("no_match", "no_match", "listed", "no_match")).opened
    assert (listed.listed, listed.listings) == (True, {MATCH.listing})
    (met,) = listed_parties(listed.parties, listed.hits)
    assert met.party == "Lighthouse Holding AS, an owner of Lighthouse Telecom AS"

    waits = filed(found=screening("no_match", "no_match", "no_match", "possible_match"))
    assert waits.opened.stage is Stage.TRIAGE
    (hit,) = waits.opened.hits
    word = ResolveMatch(
        party=3, listing=hit.match.listing, verdict=Verdict.FALSE_MATCH, reason="Another person."
    )
    assert waits.after(word).opened.stage is Stage.REVIEW


def test_an_answer_replaces_owners_with_their_parties() -> None:
    case = filed().inquired()
    body = Answer(answer="The holding has sold.", parties=PARTIES)
    answered = case.with_events(
        *accepted(case.decides(told(case.command(body), {ScreeningOf: screening("no_match", "no_match")})))
    )
    assert answered.opened.parties == PARTIES
    assert answered.opened.screened
    assert "owners" not in json.dumps(dossier(answered.opened)["parties"])


def test_whoever_owns_an_owner_is_asked_about_as_its_owner() -> None:
    rows = (
        PartyOwner(name="A", country="NO", share=6_000),
        PartyOwner(name="B", country="NO"),
        PartyOwner(name="C", country="CN", share=5_000, through=1),
        PartyOwner(name="D", country="CN", share=100, through=3),
        PartyOwner(name="E", country="CN", through=1),
    )
    met = (Met(()), None, Met((HUAWEI,)), Met((), "its name is alike"), Met(()))
    d = Owner(name="D", share=100)
    c = Owner(name="C", share=5_000, listings=(HUAWEI,), owners=(d,))
    a = Owner(name="A", share=6_000, listings=(), owners=(c, Owner(name="E", listings=())))
    assert asked_owners(rows, met) == (a, Owner(name="B"))
    assert asked_owners((), ()) == ()


@pytest.mark.parametrize(
    ("share", "day", "said"),
    [
        (5_000, "2025-10-15", "required"),
        (4_999, "2025-10-15", "not_required"),
        (None, "2025-10-15", "open"),
        (5_000, "2026-06-01", "not_required"),
        (5_000, "2026-12-01", "open"),
    ],
)
def test_the_outlook_of_a_case_sees_the_owners_that_were_filed(
    share: int | None, day: str, said: str
) -> None:
    """The rule of 2025-09-29, suspended from 2025-11-10 through 2026-11-09: `rules.md` §8."""
    owners = (PartyOwner(name="Huawei", country="CN", share=share),)
    parties = tuple(
        each.model_copy(update={"country": "CN", "owners": owners if each is CONSIGNEE else ()})
        for each in PARTIES
    )

    def listings_of(name: str, country: str | None, at: datetime) -> Met:
        return Met((HUAWEI,) if name == "Huawei" else ())

    (asked,) = transactions((item(1, classification="EAR99"),), parties, NO)
    law = Law(load_tables(), load_rules(), Terms(()))
    found = answer(asked, law, listings_of, at(day))
    assert found.said == said
    assert not [each for each in found.unseen if each.startswith("owners")]
    (unsaid,) = transactions((item(1, classification="EAR99"),), (*parties, PURCHASER), NO)
    unseen = answer(unsaid, law, listings_of, at(day)).unseen
    assert bool([each for each in unseen if each.startswith("owners")]) == (day != "2026-06-01")


def test_show_tells_all_of_it() -> None:
    state = filed(VENTURE_PARTIES, screening("no_match", "no_match", "listed", "no_match")).opened
    assert (application_facts(state)["Parties"] or "").splitlines() == [
        f"purchaser: {PURCHASER.name} ({PURCHASER.country})",
        "  not a joint venture",
        "ultimate consignee: Lighthouse Telecom AS (NO)",
        "  a joint venture, headquartered in SE",
        "  Quay 1, 0150 Oslo",
        "  Kari Nordmann, kari@example.com, +47 22 00 00 00",
        "  owner 1: Lighthouse Holding AS (NO): 60 %",
        "  owner 2: Somebody (NO): an unknown share of owner 1",
    ]
    brief = application_facts(state, parties=False)["Parties"] or ""
    assert brief.splitlines()[0] == (
        f"2 Lighthouse Holding AS (NO): LISTED: {MATCH.listing}; an owner of party 1"
    )


@pytest.mark.parametrize(("share", "told"), [(5_000, "50 %"), (3_333, "33.33 %"), (10, "0.1 %"), (0, "0 %")])
def test_a_share_is_told_in_per_cent(share: int, told: str) -> None:
    assert percent(share) == told
