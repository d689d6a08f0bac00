from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pytest

from greenlight.kernel.canonical import digest
from greenlight.kernel.roles import Actor
from greenlight.kernel.streams import application_stream, license_stream
from greenlight.law.application.commands import ReturnGround, Withdraw
from greenlight.law.application.screening.language import Verdict
from greenlight.law.application.state import Stage
from greenlight.law.letter import LetterKind
from greenlight.law.license.events import ConditionsAccepted, LicenseRevoked, UsageReached
from greenlight.law.officer.events import OfficerAdded, ParticularsStated
from greenlight.law.officer.keys import RegisteredKey
from greenlight.law.officer.particulars import Particulars
from greenlight.letters.case import items_table
from greenlight.letters.compose import GROUNDS, companion, compose, listed_parties, recipient
from greenlight.letters.content import (
    Conditions,
    Decision,
    Grant,
    IntentToDeny,
    NoLetterError,
    NoticeToLicensee,
    Records,
    ReturnWithoutAction,
    Revocation,
    Step,
    Usage,
    Withdrawal,
)
from greenlight.letters.officers import officers_in
from greenlight.letters.words import Sum
from tests.law.actors import APPLICANT, DEPUTY, EXECUTIVE, OFFICER, OTHER_APPLICANT
from tests.law.application.cases import ACN, ALIKE, GRANT, MATCH, NUMBER, Case, item, submitted
from tests.law.application.stories import CASES
from tests.law.license.cases import ACCEPT, REVOKE
from tests.law.officer.samples import NOW, public_key
from tests.letters.samples import (
    CONDITIONS,
    ITEMS,
    PARTIES,
    REASONS,
    RETURN,
    RIDERS,
    begun_of,
    by_vote,
    case,
    conditions_of,
    denied,
    granted,
    letter_of,
    license_of,
    on_other_lists,
    partly,
    records,
    to_be_denied,
    told_of,
    used_of,
)
from tests.letters.text import flowing

KEY = public_key(1)
GRANTED = Step(stream=application_stream(ACN), version=6, kind=LetterKind.GRANT)


def test_a_grant_says_what_is_licensed() -> None:
    letter = letter_of(partly())
    assert isinstance(letter, Grant)
    assert letter.letter_id == f"application-{ACN}-6-grant"
    assert (letter.addressee, letter.acn, letter.license_number) == ("Example Networks Inc.", ACN, NUMBER)
    assert (letter.dated, letter.valid_through) == (date(2026, 9, 1), date(2030, 9, 1))
    assert [line.line for line in letter.items.lines] == [1, 2]
    assert letter.left_out is not None
    assert [line.line for line in letter.left_out.lines] == [3]
    assert (letter.conditions, letter.riders) == (CONDITIONS, RIDERS)
    assert [party.name for party in letter.parties] == [party.name for party in PARTIES]
    assert letter.contact == f"{OFFICER.officer}, licensing officer"


def test_a_grant_in_full_leaves_nothing_out() -> None:
    letter = letter_of(granted())
    assert isinstance(letter, Grant)
    assert letter.left_out is None


def test_conditions_are_sent_with_the_license() -> None:
    letter = conditions_of(partly())
    assert isinstance(letter, Conditions)
    assert letter.letter_id == f"license-{NUMBER}-1-conditions"
    assert (letter.conditions, letter.riders) == (CONDITIONS, RIDERS)
    assert (letter.acn, letter.addressee) == (ACN, "Example Networks Inc.")


def test_a_revocation_says_why_and_until_when_it_can_be_appealed() -> None:
    decided = partly()
    at = decided.now + timedelta(days=30)
    revoked = LicenseRevoked(at=at, by=EXECUTIVE, reasons="The goods were diverted.", order=None)
    own = (*license_of(decided), revoked.record())
    step = Step(stream=license_stream(NUMBER), version=2, kind=LetterKind.REVOCATION)
    assert companion(step, own) == application_stream(ACN)
    letter = compose(step, own, records(decided.events))
    assert isinstance(letter, Revocation)
    assert (letter.license_number, letter.issued) == (NUMBER, date(2026, 9, 1))
    assert (letter.effective, letter.appeal_by) == (date(2026, 10, 1), date(2026, 11, 15))
    assert (letter.reasons, letter.contact) == ("The goods were diverted.", f"{EXECUTIVE.officer}, executive")
    assert [line.line for line in letter.items.lines] == [1, 2]


def test_an_intent_to_deny_has_all_that_the_notice_must_have() -> None:
    """15 CFR 750.6(a): decision, basis, considerations, modifications, contact, appeal."""
    letter = letter_of(to_be_denied())
    assert isinstance(letter, IntentToDeny)
    assert letter.considerations == REASONS
    assert [(found.party, found.citation) for found in letter.listed] == [
        ("Lighthouse Telecom AS", "84 FR 22961")
    ]
    assert letter.modifications is None
    assert letter.contact == f"{OFFICER.officer}, licensing officer"
    assert (letter.respond_by, letter.final_on) == (date(2026, 9, 21), date(2026, 10, 16))
    assert (letter.response_days, letter.final_days, letter.appeal_days) == (20, 45, 45)


def test_each_listing_is_named_with_its_list_its_rules_and_what_it_means() -> None:
    letter = letter_of(on_other_lists())
    assert isinstance(letter, IntentToDeny)
    assert [(found.source, found.rules, found.review_policy) for found in letter.listed] == [
        (
            "Unverified List",
            "15 CFR 744.15, 740.2(a)(17)",
            "No License Exception is left, and what needs no license goes only after a UVL statement.",
        ),
        (
            "Specially Designated Nationals",
            "31 CFR chapter V, 15 CFR 744.8",
            "The Office of Foreign Assets Control forbids or limits dealings.",
        ),
        ("Denied Persons List", "15 CFR 736.2(b)(4), 764.3(a)(2)", "An order denies it exports."),
        (
            "Military End User List",
            "15 CFR 744.21, Supplement No. 7 to Part 744",
            "The procedure and the review policy are specified in §744.21(d) and (e).",
        ),
        ("A list of parties of concern", "15 CFR 732.3(g)", "Case by case"),
    ]
    text = flowing(letter)
    assert "Entity List" not in text
    assert "None is printed" not in text


def test_a_forum_that_voted_without_a_word_is_said_to_have_voted() -> None:
    letter = letter_of(by_vote())
    assert isinstance(letter, IntentToDeny)
    assert letter.considerations.startswith("The Advisory Committee on Export Policy, on which")


@pytest.mark.parametrize(
    ("decided", "age", "whose"),
    [
        (denied, 46, [("officer", 33), ("applicant", 13)]),
        (by_vote, 60, [("executive", 54), ("Advisory Committee on Export Policy", 6)]),
        (lambda: case().later(days=9).after(RETURN), 9, [("officer", 9)]),
        (lambda: case().later(days=2).recommended(GRANT).countersigned().signed_off(), 2, [("officer", 2)]),
    ],
)
def test_a_decision_tells_whose_the_days_until_then_were(
    decided: Callable[[], Case], age: int, whose: list[tuple[str, int]]
) -> None:
    letter = letter_of(decided())
    assert isinstance(letter, Decision)
    assert letter.account is not None
    assert [(share.label, share.days) for share in letter.account.shares] == whose
    assert letter.account.age == age == sum(days for _, days in whose)
    assert flowing(letter).count(f"Together {age}") == 1


def test_what_is_decided_on_its_first_day_has_no_annex() -> None:
    letter = letter_of(granted())
    assert isinstance(letter, Decision)
    assert letter.account is None
    assert "Annex" not in flowing(letter)


@pytest.mark.parametrize("ground", ReturnGround)
def test_a_return_names_its_ground(ground: ReturnGround) -> None:
    letter = letter_of(case().after(RETURN.model_copy(update={"ground": ground})))
    assert isinstance(letter, ReturnWithoutAction)
    assert (letter.ground, letter.reasons) == (GROUNDS[ground], RETURN.reasons)


def test_a_withdrawal_is_confirmed_with_or_without_a_reason() -> None:
    for reason in (None, "The sale fell through."):
        letter = letter_of(case().after(Withdraw(reason=reason)))
        assert isinstance(letter, Withdrawal)
        assert letter.reason == reason


def test_the_date_is_that_of_the_event_in_washington() -> None:
    late = case().later(hours=13.5).after(Withdraw())
    assert late.now.day == 2
    assert letter_of(late).dated == date(2026, 9, 1)


NOTICE, DENIAL = [LetterKind.INTENT_TO_DENY], [LetterKind.INTENT_TO_DENY, LetterKind.DENIAL]
LETTERS: Mapping[Stage | None, tuple[list[LetterKind], ...]] = {
    Stage.GRANTED: ([LetterKind.GRANT],),
    Stage.INTENT_TO_DENY: (NOTICE,),
    Stage.DENIED: (DENIAL,),
    Stage.APPEAL: (DENIAL,),
    Stage.FINALLY_DENIED: (DENIAL,),
    Stage.RETURNED: ([LetterKind.RETURN_WITHOUT_ACTION],),
    Stage.WITHDRAWN: ([LetterKind.WITHDRAWAL],),
    # Again, after a denial that did not last.
    Stage.REVIEW: ([], NOTICE, DENIAL),
}


def test_every_outcome_calls_for_a_letter_and_nothing_else_does() -> None:
    for stage, stories in CASES.items():
        for title, story in stories.items():
            letters = [kind for event in story().events if (kind := event.letter)]
            assert letters in LETTERS.get(stage, ([],)), title
    assert ConditionsAccepted(at=case().now, by=APPLICANT).letter is None


def test_it_rests_on_the_events_up_to_its_own_and_on_no_later_ones() -> None:
    decided = partly()
    own, license = records(decided.events), license_of(decided)
    accepted = ConditionsAccepted(at=decided.now, by=APPLICANT).record()
    letter = compose(GRANTED, own, license)
    assert letter == compose(GRANTED, own, (*license, accepted))
    assert letter.rests_on == digest(
        {application_stream(ACN): list(own), license_stream(NUMBER): list(license)}
    )
    assert conditions_of(decided).rests_on == letter.rests_on


def test_its_companion_is_the_other_stream_of_the_grant() -> None:
    decided = partly()
    assert companion(GRANTED, records(decided.events)) == license_stream(NUMBER)
    conditions = Step(stream=license_stream(NUMBER), version=1, kind=LetterKind.CONDITIONS)
    assert companion(conditions, license_of(decided)) == application_stream(ACN)
    returned = case().after(RETURN)
    step = Step(stream=application_stream(ACN), version=3, kind=LetterKind.RETURN_WITHOUT_ACTION)
    assert companion(step, records(returned.events)) is None


@pytest.mark.parametrize(
    "step",
    [
        GRANTED.model_copy(update={"kind": LetterKind.DENIAL}),
        GRANTED.model_copy(update={"version": 5}),
        GRANTED.model_copy(update={"version": 7}),
    ],
)
def test_another_step_has_no_letter(step: Step) -> None:
    decided = partly()
    with pytest.raises(NoLetterError):
        compose(step, records(decided.events), license_of(decided))


def test_a_grant_without_its_license_has_no_letter() -> None:
    with pytest.raises(NoLetterError, match="no license"):
        compose(GRANTED, records(partly().events))
    ungranted = records(case().events)
    with pytest.raises(NoLetterError, match="not granted"):
        compose(
            Step(stream=license_stream(NUMBER), version=1, kind=LetterKind.CONDITIONS),
            license_of(partly()),
            ungranted,
        )


def test_there_is_one_total_for_each_currency() -> None:
    table = items_table((item(1, cents=1), item(2, cents=2, currency="EUR"), item(3, cents=10)))
    assert table.totals == (Sum(minor_units=11, currency="USD"), Sum(minor_units=2, currency="EUR"))
    assert items_table(ITEMS).lines[0].classification == "5A991.b.1"


def test_the_largest_total_is_exact() -> None:
    table = items_table(item(line, cents=10**13) for line in range(1, 101))
    assert table.model_dump(mode="json")["totals"] == ["USD 10,000,000,000,000.00"]


def test_only_listings_that_count_are_told_of() -> None:
    denied = submitted().screened("listed", "possible_match").resolved(Verdict.FALSE_MATCH, MATCH, party=0)
    assert listed_parties(denied.opened.parties, denied.opened.hits) == ()
    confirmed = denied.resolved(Verdict.TRUE_MATCH).opened
    (told,) = listed_parties(confirmed.parties, confirmed.hits)
    assert (told.party, told.listing) == (confirmed.parties[1].name, ALIKE.name)
    assert told.citation == ALIKE.citation


def registered(actor: Actor, **said: str) -> Records:
    """The records of an officer of whom two registrars stated this."""
    stated = ParticularsStated(
        at=NOW, by=DEPUTY, particulars=Particulars.model_validate(said), change="sha256:" + "0" * 64
    )
    added = OfficerAdded(
        at=NOW,
        by=DEPUTY,
        officer=actor.officer,
        person=actor.person,
        organisation=actor.organisation,
        key=RegisteredKey(kid=KEY.kid, public_key=KEY, valid_from=NOW, valid_until=None),
        roles=(),
    )
    return added.record(), stated.record()


def test_officers_are_named_and_recipients_addressed_as_the_register_has_them() -> None:
    denied = to_be_denied()
    step = Step(stream=application_stream(ACN), version=len(denied.events), kind=LetterKind.INTENT_TO_DENY)
    own = records(denied.events)
    assert {APPLICANT.officer, OFFICER.officer, EXECUTIVE.officer} <= officers_in(own)
    assert recipient(step, own) == APPLICANT.officer
    register = {
        OFFICER.officer: registered(OFFICER, name="Lee Ward", title="Licensing Officer"),
        APPLICANT.officer: registered(APPLICANT, address="12 Quay Road\nSkerry 5001"),
    }
    letter, plain = compose(step, own, register=register), compose(step, own)
    assert isinstance(letter, IntentToDeny)
    assert isinstance(plain, IntentToDeny)
    assert (letter.contact, letter.address) == (
        "Lee Ward, Licensing Officer (lee)",
        "12 Quay Road\nSkerry 5001",
    )
    assert (plain.contact, plain.address) == ("lee, licensing officer", None)
    assert letter.rests_on != plain.rests_on, "the register is part of what it rests on"
    text = flowing(letter)
    assert "Example Networks Inc. 12 Quay Road Skerry 5001" in text
    assert "Lee Ward, Licensing Officer (lee)" in text


def test_who_has_no_particulars_changes_nothing_of_a_letter() -> None:
    decided = partly()
    step = Step(stream=application_stream(ACN), version=len(decided.events), kind=LetterKind.GRANT)
    bare = {OFFICER.officer: registered(OFFICER, name="x")[:1]}
    own, others = records(decided.events), license_of(decided)
    assert compose(step, own, others, bare) == compose(step, own, others)


def test_the_letter_on_a_license_goes_to_who_filed() -> None:
    decided = partly()
    step = Step(stream=license_stream(NUMBER), version=1, kind=LetterKind.CONDITIONS)
    assert recipient(step, license_of(decided), records(decided.events)) == APPLICANT.officer


def test_two_entries_of_one_name_are_told_apart() -> None:
    case = submitted().screened("no_match", "listed").opened
    one = case.hits[0]
    other = one._replace(match=one.match.model_copy(update={"listing": f"{one.match.listing}-hk"}))
    told = listed_parties(case.parties, (one, other))
    assert [each.listing for each in told] == [
        f"{each.match.name} ({each.match.listing})" for each in (one, other)
    ]
    (alone,) = listed_parties(case.parties, (one,))
    assert alone.listing == one.match.name


def test_of_use_the_licensee_of_now_is_told_at_the_address_of_who_reported() -> None:
    decided = granted()
    told = used_of(decided)
    step = Step(stream=license_stream(NUMBER), version=len(told.events), kind=LetterKind.USAGE)
    own, others = records(told.events), records(decided.events)
    letter = compose(step, own, others)
    assert isinstance(letter, Usage)
    assert (letter.reached, letter.line, letter.addressee) == ("80 and 90 %", 1, "Example Networks Inc.")
    assert (letter.shipped, letter.remains) == ("1,130 pieces", "120 pieces")
    assert companion(step, own) == application_stream(ACN)
    assert recipient(step, own, others) == APPLICANT.officer

    sold = told.transferred().shipped((1, 120, 1_00), number=2)
    (place,) = [
        n for n, e in enumerate(sold.events, 1) if isinstance(e, UsageReached) and 100 in e.thresholds
    ]
    step = step.model_copy(update={"version": place})
    own = records(sold.events[:place])
    letter = compose(step, own, others)
    assert isinstance(letter, Usage)
    assert (letter.reached, letter.addressee, letter.remains) == ("95 and 100 %", ACCEPT.name, None)
    assert recipient(step, own, others) == OTHER_APPLICANT.officer


def test_the_revocation_of_a_license_goes_to_who_has_it() -> None:
    decided = granted()
    sold = begun_of(decided).transferred().after(REVOKE)
    step = Step(stream=license_stream(NUMBER), version=len(sold.events), kind=LetterKind.REVOCATION)
    own, others = records(sold.events), records(decided.events)
    mailed = {OTHER_APPLICANT.officer: registered(OTHER_APPLICANT, address="1 Rival Way")}
    letter = compose(step, own, others, mailed)
    assert isinstance(letter, Revocation)
    assert (letter.addressee, letter.address) == (ACCEPT.name, "1 Rival Way")
    assert recipient(step, own, others) == OTHER_APPLICANT.officer


def test_a_licensee_is_told_of_another_answer_what_is_theirs_and_names_nobody_else() -> None:
    decided = granted()
    sold = told_of(begun_of(decided).transferred())
    step = Step(stream=license_stream(NUMBER), version=len(sold.events), kind=LetterKind.NOTICE_TO_LICENSEE)
    own, others = records(sold.events), records(decided.events)
    letter = compose(step, own, others)
    assert isinstance(letter, NoticeToLicensee)
    assert (letter.addressee, letter.since) == (ACCEPT.name, "September 2, 2026, 10:00 EDT")
    assert [(each.destination, each.before, each.now) for each in letter.answers] == [
        ("FI", "no license is required", "it cannot be determined"),
        ("NO", "no license is required", "a license is required"),
    ]
    assert recipient(step, own, others) == OTHER_APPLICANT.officer
    assert companion(step, own) == application_stream(ACN)
    text = letter.model_dump_json()
    assert "skerry" in sold.opened.flips[-1].because
    assert not any(name in text for name in ("skerry", "Example Networks", *(each.name for each in PARTIES)))
