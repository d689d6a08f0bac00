"""Public keys and their names."""

import pytest
from pydantic import ValidationError

from greenlight.law.officer.keys import PublicKey


def test_the_thumbprint_of_rfc_8037() -> None:
    """RFC 8037, appendix A.3."""
    key = PublicKey(x="11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
    assert key.kid == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


@pytest.mark.parametrize(
    "x",
    [
        "",
        "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUR",
        "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
        "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        # The same 32 bytes with a spare bit set: a second name for one key.
        "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURp",
    ],
)
def test_a_key_has_one_spelling(x: str) -> None:
    with pytest.raises(ValidationError):
        PublicKey(x=x)


@pytest.mark.parametrize("change", [{"kty": "EC"}, {"crv": "Ed448"}, {"d": "secret"}])
def test_other_keys_are_refused(change: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        PublicKey.model_validate({"x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"} | change)
