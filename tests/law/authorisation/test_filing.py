"""What an application asks for needs no license, or a reprieve waives it: proposed, and with which reason."""

import pytest

from greenlight.law.application.circumstances import Circumstances
from greenlight.law.application.dossier import Finding as Found
from greenlight.law.application.dossier import Item, Match, Party, PartyRole, Screening, Submission
from greenlight.law.application.ownership import PartyOwner
from greenlight.law.application.screening.language import Resolution, Screened, Verdict
from greenlight.law.application.screening.returning import Proposed
from greenlight.law.authorisation.filing import asked_parties, determined, not_required, under_reprieve
from greenlight.law.determination.question import AskedParty, Listed, Owner
from greenlight.law.reprieve.coverage import Terms
from greenlight.reference.rules import load_rules
from tests.law.actors import OFFICER
from tests.law.authorisation.cases import ACTIVITY, item, terms
from tests.law.determination.cases import AT, HUAWEI, NO, TABLES

PAIR = "sha256:" + "1" * 64
OTHER = HUAWEI.model_copy(update={"source_list": "sdn", "listing": "other"})


def filed(
    *items: Item,
    country: str = "CN",
    circumstances: Circumstances | None = NO,
    activity: str | None = None,
    end_user: str | None = None,
) -> Submission:
    parties = [Party(role=PartyRole.ULTIMATE_CONSIGNEE, name="A company", country=country)]
    if end_user:
        parties.append(Party(role=PartyRole.END_USER, name="A user", country=end_user))
    return Submission(
        applicant="Acme",
        parties=tuple(parties),
        items=items or (item(classification="5A991"),),
        end_use="Networks",
        circumstances=circumstances,
        reprieve_activity=activity,
    )


def screened(*met: Listed, alike: tuple[Listed, ...] = (), parties: int = 1) -> Screened:
    matches = tuple(
        Match(
            listing=each.listing,
            name="A company",
            citation=each.citation,
            review_policy="Denial",
            score=100 if each in met else 90,
            pair=PAIR,
        )
        for each in (*met, *alike)
    )
    outcome = "listed" if met else "possible_match" if alike else "no_match"
    findings = [Found(party=0, outcome=outcome, matches=matches)]
    findings += [Found(party=place, outcome="no_match") for place in range(1, parties)]
    return Screened(screening=Screening(list_version=PAIR, findings=tuple(findings)))


def asked(application: Submission, found: Screened) -> tuple[AskedParty, ...] | None:
    listings = {each.listing: each for each in (HUAWEI, OTHER)}
    return asked_parties(application, found, lambda hit: listings.get(hit.match.listing))


def proposed(application: Submission, found: Screened | None = None) -> Proposed | None:
    parties = asked(application, found or screened(parties=len(application.parties)))
    assert parties is not None
    return not_required(application, determined(application, parties, AT, TABLES, load_rules()))


def waiver(application: Submission, found: Screened, reprieves: Terms | None = None) -> Proposed | None:
    parties = asked(application, found)
    assert parties is not None
    answers = determined(application, parties, AT, TABLES, load_rules())
    return under_reprieve(application, parties, answers, reprieves or terms(), AT)


@pytest.mark.parametrize(
    ("share", "listings", "asked_at_all"),
    [(4_999, (HUAWEI,), True), (5_000, (), True), (5_000, (HUAWEI,), False), (None, (HUAWEI,), False)],
)
def test_who_listed_ones_own_for_the_half_or_may_is_left_to_an_officer(
    share: int | None, listings: tuple[Listed, ...], asked_at_all: bool
) -> None:
    """Whether that matters hangs on a rule, and not on the rules that come with the service."""
    application = filed()
    owner = PartyOwner(name="An owner", country="CN", share=share)
    party = application.parties[0].model_copy(update={"owners": (owner,)})
    owned = application.model_copy(update={"parties": (party,)})
    of_party, of_owner = screened().findings[0], screened(*listings).findings[0]
    found = Screened(
        screening=Screening(list_version=PAIR, findings=(of_party, of_owner.model_copy(update={"party": 1})))
    )
    parties = asked(owned, found)
    assert (parties is not None) == asked_at_all
    if parties is None:
        return
    assert parties[0].owners == (Owner(name="An owner", share=share, listings=listings),)
    answers = determined(owned, parties, AT, TABLES, load_rules())
    proposal = not_required(owned, answers)
    assert proposal is not None
    assert "Who owns" not in proposal.reason


def test_no_license_is_required_and_the_reason_says_of_what() -> None:
    found = proposed(filed(item(1, "EAR99"), item(2, "5A991")))
    assert found is not None
    assert found.reason.startswith("No license is required for 5A991, EAR99 to CN: no control,")
    assert str(TABLES.issued) in found.reason
    assert "750.4(c)" in found.citation


def test_every_destination_counts() -> None:
    for end_user, proposes in ((None, True), ("CA", True), ("CN", False)):
        application = filed(item(classification="5A002"), country="CA", end_user=end_user)
        assert (proposed(application) is not None) == proposes


@pytest.mark.parametrize(
    "application",
    [
        filed(item(classification="5A002")),
        filed(item(1, "5A991"), item(2, "5A002")),
        filed(country="IR"),
        filed(end_user="IR"),
        filed(circumstances=None),
        filed(circumstances=NO.model_copy(update={"knowledge_of_violation": None})),
        filed(circumstances=NO.model_copy(update={"prohibited_end_use": True})),
    ],
)
def test_what_requires_a_license_or_is_open_proposes_nothing(application: Submission) -> None:
    assert proposed(application) is None


def test_a_listed_party_or_one_that_may_be_proposes_nothing() -> None:
    assert proposed(filed(), screened(HUAWEI)) is None
    assert proposed(filed(), screened(OTHER)) is None
    assert asked(filed(), screened(alike=(HUAWEI,))) is None
    assert asked(filed(), Screened()) is None
    gone = HUAWEI.model_copy(update={"listing": "gone"})
    parties = asked(filed(), screened(gone))
    assert parties is not None
    assert parties[0].listings is None


def test_one_true_match_settles_a_party_and_the_same_name_alone_does_not() -> None:
    found = screened(HUAWEI, alike=(OTHER.model_copy(update={"listing": "gone"}),))
    open_ = asked(filed(), found)
    assert open_ is not None
    assert open_[0].listings is None
    said = Resolution(
        pair=PAIR, verdict=Verdict.TRUE_MATCH, resolved_by=OFFICER, resolved_at=AT, reason="By its address."
    )
    (hit, other) = found.hits
    assert found.screening is not None
    (finding,) = found.screening.findings
    apart = finding.model_copy(
        update={"matches": (hit.match, other.match.model_copy(update={"pair": "sha256:" + "8" * 64}))}
    )
    settled = Screened(screening=Screening(list_version=PAIR, findings=(apart,)), resolutions=(said,))
    parties = asked(filed(), settled)
    assert parties is not None
    assert (parties[0].listings, parties[0].doubt) == ((HUAWEI,), None)


def test_a_reprieve_waives_what_the_entity_list_alone_requires() -> None:
    found = waiver(filed(activity=ACTIVITY.key), screened(HUAWEI))
    assert found is not None
    assert "huawei-technologies" in found.reason
    assert "term 1 of tgl (exporter certifies)" in found.reason
    assert "84 FR 23468" in found.citation


@pytest.mark.parametrize(
    ("application", "found"),
    [
        (filed(), screened(HUAWEI)),
        (filed(activity="other"), screened(HUAWEI)),
        (filed(activity=ACTIVITY.key), screened()),
        (filed(item(classification="5A002"), activity=ACTIVITY.key), screened(HUAWEI)),
        (filed(activity=ACTIVITY.key, circumstances=None), screened(HUAWEI)),
        (filed(activity=ACTIVITY.key), screened(HUAWEI, OTHER)),
        (filed(activity=ACTIVITY.key), screened(HUAWEI, alike=(OTHER,))),
        (filed(activity=ACTIVITY.key, end_user="IR"), screened(HUAWEI, parties=2)),
    ],
)
def test_a_reprieve_waives_nothing_else(application: Submission, found: Screened) -> None:
    assert waiver(application, found) is None


def test_a_reprieve_of_other_entities_waives_nothing() -> None:
    assert waiver(filed(activity=ACTIVITY.key), screened(HUAWEI), terms(["another"])) is None
