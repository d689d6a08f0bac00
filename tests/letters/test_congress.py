"""The report to Congress on paper."""

from datetime import UTC, datetime

from greenlight.law.application.dossier import PartyRole
from greenlight.law.congress import aggregates_of
from greenlight.law.reported import Covered, ListedAs, Report, Row
from greenlight.letters.congress import listed_in_words, pdf
from tests.law.test_congress import TABLES, filed, found, on, row
from tests.law.test_listed_after import authorisation
from tests.letters.text import solid, texts_of


def report(*names: str, authorisations: tuple[Row, ...] = ()) -> Report:
    told = row(filed().found(found(on("entity-list"))).recommended().countersigned().signed_off())
    leaf = {"leaf": "sha256:" + "a" * 64}
    told = told.model_copy(update={"evidence": tuple(e.model_copy(update=leaf) for e in told.evidence)})
    rows = [told.model_copy(update={"applicant": name}) for name in names or (told.applicant,)]
    return Report(
        year=2026,
        known_at=datetime(2027, 1, 1, 5, tzinfo=UTC),
        log="greenlight/production/x",
        position=120,
        tables_of=TABLES.issued,
        aggregates=aggregates_of(rows, 2, len(authorisations), over=True),
        rows=tuple(rows),
        unsettled=("Z000009", "Z000010"),
        authorisations=authorisations,
    )


def test_it_has_the_aggregates_and_each_row_with_its_place_in_the_log() -> None:
    said = solid(" ".join(texts_of(pdf(report()))))
    for told in (
        *("Report to Congress on 2026", "CONFIDENTIAL", "Public Law 119-34", "greenlight/production/x"),
        *("Lantern Telecom Co., Ltd. (CN)", "Entity List", "USD 500.00", "approved on September 1, 2026"),
        *("license D000001", "5A992", "PartiesScreened", "sha256:" + "a" * 64, "Known at", "January 1, 2027"),
    ):
        assert solid(told) in said, told


def test_each_list_is_told_once_with_all_its_citations_and_a_party_with_its_address() -> None:
    def entry(slug: str, citation: str) -> ListedAs:
        return ListedAs(listing="x", name="X", source_list=slug, citation=citation)

    party = Covered(
        role=PartyRole.END_USER,
        name="Lantern",
        country="CN",
        address="1 Lane\nBantian, Shenzhen",
        listings=(
            entry("entity-list", "84 FR 22961"),
            entry("military-end-user", "85 FR 83793"),
            entry("entity-list", "85 FR 51596"),
            entry("entity-list", "84 FR 22961"),
        ),
    )
    assert listed_in_words(party) == (
        "Lantern, 1 Lane, Bantian, Shenzhen (CN), end user:"
        " Entity List (84 FR 22961; 85 FR 51596), Military End User List (85 FR 83793)"
    )


def test_a_license_whose_party_was_listed_later_says_since_when_and_by_which_list() -> None:
    later = authorisation()
    said = solid(" ".join(texts_of(pdf(report(authorisations=(later,))))))
    for told in (
        *("Licenses whose party was listed after the grant", "Beacon Ltd. (CN)", "PartyListed"),
        *("listed since January 21, 2027, after the grant (list sha256:", "Valid through", "D000001"),
    ):
        assert solid(told) in said, told
    assert solid("Beacon") not in solid(" ".join(texts_of(pdf(report(authorisations=(later,)).public))))


def test_what_is_public_names_nobody() -> None:
    said = solid(" ".join(texts_of(pdf(report().public))))
    assert solid("Approved1") in said
    assert "CONFIDENTIAL" not in said
    for kept in ("Lantern", "Example Networks", "Z000001", "D000001", "500.00"):
        assert solid(kept) not in said, kept


def test_the_same_report_has_the_same_bytes_whatever_people_wrote() -> None:
    hostile = report("#panic() \\ $x$ [*] " + "W" * 90, "\U0001f600 \u202eevil", "漢字")
    assert pdf(hostile) == pdf(hostile)
    said = solid(" ".join(texts_of(pdf(hostile))))
    assert solid("#panic()") in said
    assert "U+1F600" in said
    assert "U+202E" in said
