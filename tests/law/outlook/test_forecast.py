"""What a date will flip: by the rules of 2025 and 2026, by terms, directives, entries and an old list."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from greenlight.kernel.time.calendar import agency_date
from greenlight.law import review
from greenlight.law.application.dossier import Party
from greenlight.law.application.flip.said import Flip
from greenlight.law.application.ownership import PartyOwner
from greenlight.law.determination.determine import determine
from greenlight.law.determination.filed import ListingsOf
from greenlight.law.determination.issues import Issue, in_force
from greenlight.law.determination.question import Met, Owner, Question
from greenlight.law.determination.reason import Outcome
from greenlight.law.determination.tables import Chosen, Destination, Tables
from greenlight.law.directive.scope import Posture
from greenlight.law.outlook.answers import Change, Said, Transaction
from greenlight.law.outlook.coming import entry, of_rules, too_old
from greenlight.law.outlook.forecast import Moment, Outlook, of_application, of_license, since_filed
from greenlight.law.rule.acts import Act, ActKind, Attestation, Certainty, Printed, Reviewed
from greenlight.law.rule.rules import OnRecord, Rule, Rules
from greenlight.law.terms.spans import JUST_BEFORE
from greenlight.reference.controls import load_tables
from greenlight.reference.rules import load_rules
from tests.law.application.cases import BEGIN, submission, submitted
from tests.law.authorisation.cases import terms
from tests.law.determination.cases import AT, TABLES
from tests.law.determination.test_laws import QUICK, questions
from tests.law.directive.cases import Directive, issue
from tests.law.license.cases import issued
from tests.law.outlook.cases import OWNED, case, listed, outlook, rows, to
from tests.law.rule.cases import at

BEFORE = at("2025-09-15")


def days(found: Outlook) -> dict[str, Moment]:
    return {str(agency_date(each.at)): each for each in found.moments}


GOLDEN = {
    # (the first day, to China, to Germany): as the Affiliates Rule, its suspension and TGL No. 7 have it.
    "2025-09-29": ("not_required to required", "not_required to general_license"),
    "2025-11-10": ("required to not_required", "general_license to not_required"),
    # From here until then it is open whether the general license runs: two readings of its last day.
    "2025-11-29": (None, None),
    "2025-12-02": (None, None),
    "2026-01-15": (None, None),
    "2026-07-10": (None, None),
    "2026-11-10": ("not_required to open", "not_required to open"),
    "2026-11-20": (None, None),
}
"""Of a company that a listed one owns for the half or more: `rules.md` §8."""


def test_the_days_of_2025_and_2026_for_a_company_that_a_listed_one_owns() -> None:
    owned = case(to("CN", owners=OWNED), to("DE", owners=OWNED))
    found = days(outlook(owned, now=BEFORE, tables=load_tables()))
    assert found.keys() == GOLDEN.keys()
    for day, answers in GOLDEN.items():
        turns = [f"{said} ({place})" for said, place in zip(answers, ("CN", "DE"), strict=True) if said]
        assert rows(found[day]) == ([f"flips: {', '.join(turns)}"] if turns else []), day
    (back,) = found["2026-11-10"].coming
    assert (back.key, back.certainty) == ("affiliates", Certainty.UNVERIFIED)
    assert "or it is still suspended, if the suspension was extended" in back.text
    assert back.settled_by is not None
    assert "extends 90 FR 50857" in back.settled_by


def test_what_stands_open_now_is_told_since_when_with_what_settles_it() -> None:
    later = outlook(case(to("CN")), now=at("2026-11-30"), tables=load_tables())
    (open_,) = later.open
    assert (open_.key, open_.at, open_.certainty) == ("affiliates", at("2026-11-10"), Certainty.UNVERIFIED)
    assert "extends 90 FR 50857" in (open_.settled_by or "")
    assert outlook(case(to("CN")), now=BEFORE, tables=load_tables()).open == ()


def test_a_joint_venture_that_was_filed_flips_as_a_party_of_its_headquarters_does() -> None:
    in_germany = to("CN", owners=OWNED, joint_venture=True, headquarters="DE")
    elsewhere = to("CN", owners=OWNED, joint_venture=False)
    for asked, place in ((in_germany, 1), (elsewhere, 0)):
        found = days(outlook(case(asked), now=BEFORE, tables=load_tables()))
        for day, answers in GOLDEN.items():
            said = answers[place]
            assert rows(found[day]) == ([f"flips: {said} (CN)"] if said else []), day


def test_whose_owners_nobody_gave_is_told_as_what_the_service_does_not_see() -> None:
    found = days(outlook(case(to("CN")), now=BEFORE))
    changed = {day: rows(moment) for day, moment in found.items() if moment.rows}
    assert changed == {day: ["unseen: the same"] for day in ("2025-09-29", "2025-11-10", "2026-11-10")}


def test_another_policy_of_review_is_another_ground_for_the_goods_that_it_is_about() -> None:
    comes, ends = at("2027-01-15"), at("2027-04-01")
    said = Act(
        kind=ActKind.ADOPTED,
        citation="92 FR 1",
        effective=comes,
        valid_through=agency_date(ends - JUST_BEFORE),
        certainty=Certainty.PRIMARY,
        text="Case by case.",
    )
    policy = review.ReviewPolicy(text="Case by case", posture=review.Posture.CASE_BY_CASE)
    governs = Reviewed(entries=("5A002",), countries=frozenset({"CN"}), policy=policy)
    rules = Rules([Rule("chips", "Chips", governs, (Attestation(number=1, act=said, known=AT),))])
    touched, not_touched = case(to("CN", items="5A002", owners=())), case(to("CN", items="5A991", owners=()))
    found = days(outlook(touched, not_touched, now=AT, rules=rules))
    assert {day: rows(moment) for day, moment in found.items()} == {
        "2027-01-15": ["grounds: the same"],
        "2027-04-01": ["grounds: the same"],
    }
    assert [each.kind for each in found["2027-01-15"].coming] == ["rule"]


def test_tables_that_do_not_print_what_comes_are_told_and_no_answer_is_made_up() -> None:
    found = days(outlook(case(to("CA", items="0A502", owners=())), now=AT))
    assert rows(found["2026-11-20"]) == ["unseen: the same"]
    (firearms,) = found["2026-11-20"].coming
    assert (firearms.kind, firearms.key) == ("tables", "firearms-2026")
    # Another entry is not touched.
    assert not days(outlook(case(to("CA", owners=())), now=AT))["2026-11-20"].rows


class Kept:
    """The tables of two days, as they are kept."""

    def __init__(self, *tables: Tables) -> None:
        self._tables = {Issue(each.issued, AT): each for each in tables}

    def chosen(self, at: datetime, known_at: datetime | None) -> Chosen:
        found = in_force([*self._tables], agency_date(at), known_at)
        following = found.following and self._tables[found.following]
        return Chosen(self._tables[found.issue], found.missing, found.of_the_day, following)

    def on_record(self, named: Sequence[OnRecord]) -> "Kept":
        return self


def test_tables_of_a_later_day_that_are_kept_already_answer_from_that_day_on() -> None:
    canada = Destination("CA", "Canada", frozenset({"NS 1"}))
    later = replace(
        TABLES,
        issued=date(2027, 1, 4),
        destinations={**TABLES.destinations, "CA": canada},
    )
    owned = case(to("CA", items="5A002", owners=()))
    found = days(outlook(owned, now=AT, tables=Kept(TABLES, later)))
    assert rows(found["2027-01-04"]) == ["flips: not_required to required (CA)"]
    (coming,) = found["2027-01-04"].coming
    assert (coming.kind, coming.key, coming.citation) == ("tables", "2027-01-04", "the list")
    # Asked on the very day of the first, too.
    first = at(str(TABLES.issued)) + timedelta(hours=12)
    assert "2027-01-04" in days(outlook(owned, now=first, tables=Kept(TABLES, later)))
    assert "2027-01-04" not in days(outlook(owned, now=AT, tables=Kept(TABLES)))


def test_the_end_of_a_term_flips_what_only_a_reprieve_covers() -> None:
    lists = listed("Huawei")
    asked = to("CN", name="Huawei", activity="networks", owners=())
    without = to("CN", name="Huawei", owners=())
    found = outlook(case(asked), case(without), now=AT, listings_of=lists, terms=terms())
    end = next(each for each in found.moments if each.coming[0].kind == "reprieve")
    assert rows(end) == ["flips: reprieve to required (CN)"]
    assert end.coming[0].settled_by == "what is decided to follow term 1"
    assert (end.applications.flips, end.applications.cases) == (1, 1)


def test_an_entry_that_comes_flips_whoever_it_names_and_one_that_ends_lets_go() -> None:
    when = AT + timedelta(days=3)
    named, other = case(to("CN", name="Huawei", owners=())), case(to("CN", owners=()))
    coming = [entry("huawei-technologies", when, "91 FR 1", counts=True)]
    found = outlook(named, other, now=AT, listings_of=listed("Huawei", since=when), besides=coming)
    assert rows(found.moments[0]) == ["flips: not_required to required (CN)"]
    ends = outlook(named, now=AT, listings_of=listed("Huawei", until=when), besides=coming)
    assert rows(ends.moments[0]) == ["flips: required to not_required (CN)"]
    # What is required as it is rests on one thing more, and is reviewed by another policy.
    controlled = case(to("CN", name="Huawei", items="5A002", owners=()))
    same = outlook(controlled, now=AT, listings_of=listed("Huawei", since=when), besides=coming)
    assert rows(same.moments[0]) == ["grounds: the same"]


def test_a_list_that_grows_too_old_is_told_for_its_own_day_and_taken_to_be_renewed_by_the_next() -> None:
    old = AT + timedelta(days=3)
    found = outlook(case(to("CN", owners=OWNED)), now=AT, besides=[too_old("csl", old)])
    assert rows(found.moments[0]) == ["flips: not_required to open (CN)"]
    assert found.moments[0].coming[0].settled_by == "a younger version of the list"
    (back,) = (each for each in found.moments if each.coming[0].key == "affiliates")
    assert rows(back) == ["flips: not_required to open (CN)"]


def test_a_directive_to_come_moves_what_is_in_its_scope_and_its_end_lets_frozen_cases_go_on() -> None:
    comes, ends = BEGIN + timedelta(days=2), BEGIN + timedelta(days=20)
    reviewed = submitted(submission()).screened()
    order = issue(posture=Posture.HOLD, effective=comes, expires=ends)
    state = Directive(now=BEGIN).after(order).opened
    found = outlook(of_application(reviewed.opened), now=BEGIN, directives=[state])
    ours = [each for each in found.moments if each.coming[0].kind == "directive"]
    assert [each.at for each in ours] == [comes, ends]
    assert [[row.change for row in each.rows or ()] for each in ours] == [[Change.MOVES]] * 2
    # A case that stands already, by one in force: only the end is to come.
    standing = Directive(now=BEGIN).after(issue(posture=Posture.HOLD, expires=ends)).advanced()
    assert standing.opened.standing is not None
    found = outlook(of_application(reviewed.opened), now=BEGIN, directives=[standing.opened])
    assert [each.at for each in found.moments if each.rows and each.rows[0].change is Change.MOVES] == [ends]


def test_a_directive_that_leaves_a_case_where_it_is_moves_nothing() -> None:
    reviewed = submitted(submission()).screened()
    order = issue(posture=Posture.CASE_BY_CASE, effective=BEGIN + timedelta(days=2))
    state = Directive(now=BEGIN).after(order).opened
    found = outlook(of_application(reviewed.opened), now=BEGIN, directives=[state])
    assert [each.rows for each in found.moments if each.coming[0].kind == "directive"] == [()]


def test_a_license_is_looked_at_until_it_is_over() -> None:
    license_ = of_license(issued().opened, submitted(submission()).opened)
    owned = replace(license_, transactions=(to("CN", owners=OWNED),))
    assert owned.ends is not None
    assert owned.ends > at("2026-11-10")
    moment = days(outlook(owned, now=AT))["2026-11-10"]
    assert (rows(moment), moment.licenses.flips, moment.applications.cases) == (
        ["flips: not_required to open (CN)"],
        1,
        0,
    )
    over = outlook(replace(owned, ends=at("2026-11-10")), now=AT)
    assert not any(each.rows for each in over.moments)


def test_a_license_that_a_directive_revokes_is_not_looked_at_any_more() -> None:
    order = issue(posture=Posture.REVOKE, effective=AT + timedelta(days=90))
    state = Directive(now=AT).after(order).opened
    license_ = of_license(issued().opened, submitted(submission()).opened)
    owned = replace(license_, transactions=(to("CN", owners=OWNED),))
    found = outlook(owned, now=AT, directives=[state])
    assert [(str(agency_date(each.at)), rows(each)) for each in found.moments if each.rows] == [
        ("2026-10-30", ["moves: active to revoked"])
    ]


def known(question: Question) -> tuple[Transaction, ListingsOf]:
    """The question as a case asks it, its parties and their owners known by their names."""
    met = {f"Party {place}": Met(each.listings, each.doubt) for place, each in enumerate(question.parties)}

    def filed(owners: tuple[Owner, ...], of: str, through: int | None = None) -> Iterator[PartyOwner]:
        for owner in owners:
            number = len(met)
            met[f"{of}, {number}"] = Met(owner.listings)
            yield PartyOwner(name=f"{of}, {number}", country="CN", share=owner.share, through=through)
            yield from filed(owner.owners, of, number - before + 1)

    parties: list[Party] = []
    for name, party in zip([*met], question.parties, strict=True):
        before = len(met)
        owners = None if party.owners is None else tuple(filed(party.owners, name))
        filing = Party(role=party.role, name=name, country=party.country)
        # Not held against the limits of a filing: more than all of it may be owned in a question.
        parties.append(filing.model_copy(update={"owners": owners}))
    asked = Transaction(question.items, question.destination, tuple(parties), question.circumstances)
    return asked, lambda name, country, at: met[name]


def determined(question: Question, when: datetime) -> Outcome:
    parties = tuple(each.model_copy(update={"doubt": None}) for each in question.parties)
    asked = question.model_copy(update={"at": when, "parties": parties})
    return determine(asked, TABLES, load_rules()).outcome


OUTCOMES = {
    Said.NOT_REQUIRED: {Outcome.NOT_REQUIRED},
    Said.REQUIRED: {Outcome.REQUIRED},
    Said.OPEN: {Outcome.CANNOT_DETERMINE},
    Said.GENERAL_LICENSE: {Outcome.REQUIRED, Outcome.CANNOT_DETERMINE},
}


@QUICK
@given(questions)
def test_the_forecast_is_what_determine_says_at_that_date_and_until_then(question: Question) -> None:
    asked, names = known(question)
    found = outlook(case(asked), now=BEFORE, listings_of=names)
    outcomes = {determined(question, BEFORE)}
    for moment in found.moments:
        just_before = determined(question, moment.at - timedelta(microseconds=1))
        assert just_before in outcomes
        turn = next((turn for row in moment.rows or () for turn in row.turns), None)
        if turn is not None:
            assert just_before in OUTCOMES[turn.before]
            outcomes = OUTCOMES[turn.after]
        assert determined(question, moment.at) in outcomes


@QUICK
@given(questions)
def test_asked_when_the_instant_has_come_it_is_what_was_forecast(question: Question) -> None:
    asked, names = known(question)
    found = outlook(case(asked), now=BEFORE, listings_of=names)
    for moment in found.moments:
        (again,) = outlook(
            case(asked), now=moment.at - JUST_BEFORE, until=moment.at, listings_of=names
        ).moments
        assert (again.coming, again.rows, again.applications) == (
            moment.coming,
            moment.rows,
            moment.applications,
        )


def test_whoever_filed_when_it_had_come_is_not_asked() -> None:
    owned = case(to("CN", owners=OWNED))
    late = replace(owned, begins=at("2025-11-10"))
    found = days(outlook(owned, late, now=BEFORE))
    flips = {day: moment.applications.flips for day, moment in found.items() if moment.rows}
    assert flips == {"2025-09-29": 1, "2025-11-10": 1, "2026-11-10": 2}


@QUICK
@given(questions, st.lists(st.integers(1, 60_000_000), max_size=3, unique=True))
def test_an_instant_that_changes_no_input_changes_nothing(question: Question, seconds: list[int]) -> None:
    asked, names = known(question)
    instants = [BEFORE + timedelta(seconds=each) for each in seconds]
    idle = [entry("nobody", each, "91 FR 1", counts=True) for each in instants]
    found = outlook(case(asked), now=BEFORE, listings_of=names, besides=idle)
    without = outlook(case(asked), now=BEFORE, listings_of=names)
    by_rules = {each.at: each.rows for each in without.moments}
    for moment in found.moments:
        assert moment.rows == by_rules.get(moment.at, ())


def test_officers_are_concerned_by_the_cases_that_are_assigned_to_them() -> None:
    owned = case(to("CN", owners=OWNED))
    hers = replace(owned, officer="olga")
    his = replace(owned, stream="application-Z000002", officer="oscar")
    found = outlook(hers, hers, his, owned, case(to("CA", owners=())), now=AT)
    moment = days(found)["2026-11-10"]
    assert (moment.officers, moment.applications.flips) == ({"olga": 2, "oscar": 1}, 4)
    mine = days(found.of_officer("oscar"))["2026-11-10"]
    assert [row.stream for row in mine.rows or ()] == ["application-Z000002"]
    assert (mine.officers, mine.applications) == (moment.officers, moment.applications)
    assert days(found)["2026-11-20"].officers == {}


def test_what_is_public_has_counts_and_no_case() -> None:
    found = outlook(case(to("CN", owners=OWNED)), now=BEFORE).public
    assert {each.rows for each in found.moments} == {None}
    assert sum(each.applications.flips for each in found.moments) == 3
    assert (found.applications, found.licenses) == (1, 0)


def test_tables_on_record_are_told_of_once() -> None:
    """By themselves, and not as the rule that has them on record besides."""
    act = Act(
        kind=ActKind.ADOPTED,
        citation="eCFR",
        effective=at("2027-01-04"),
        certainty=Certainty.PRIMARY,
        text="As printed.",
    )
    printed = Printed(issued=date(2027, 1, 4), version="sha256:" + "0" * 64)
    rule = Rule("controls-2027", "Control tables", printed, (Attestation(number=1, act=act, known=AT),))
    assert [*of_rules(Rules([rule]))] == []


def test_a_license_that_was_granted_since_an_instant_is_asked_where_its_application_was_not() -> None:
    filed = submitted(submission()).opened
    instant = filed.registered_at + timedelta(minutes=1)
    granted = replace(of_license(issued().opened, filed), begins=instant + timedelta(minutes=1))
    assert since_filed(granted, filed, instant).begins == filed.registered_at
    flip = Flip(instant=instant, turns=(), because="An entry", recorded_at=instant)
    flipped = filed.model_copy(update={"flips": (flip,)})
    assert since_filed(granted, flipped, instant) == granted
