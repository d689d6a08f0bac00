"""What of a screening reaches an application."""

from datetime import UTC, datetime

from activities.screening import BookScreener
from licensing.application.dossier import Party, PartyRole
from reference.listings import load_listings

AT = datetime(2019, 9, 1, tzinfo=UTC)


def test_only_the_same_name_reaches_an_application() -> None:
    names = ("Huawei Technologies Co., Ltd.", "Huawai Technologies", "Acme Baking", "...")
    parties = tuple(Party(role=PartyRole.ULTIMATE_CONSIGNEE, name=name, country="CN") for name in names)
    found = BookScreener(load_listings()).screen(parties, AT).findings
    assert [finding.outcome for finding in found] == ["listed", "no_match", "no_match", "could_not_screen"]
    assert "huawei-technologies" in {match.listing for match in found[0].matches}
    assert all(match.name.startswith("Huawei Technologies Co") for match in found[0].matches)
    assert not any(finding.matches for finding in found[1:])
