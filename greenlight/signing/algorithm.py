"""One algorithm for tokens of keys in software: Ed25519 under the name EdDSA (RFC 8037)."""

from joserfc import jws
from joserfc.jws import JWSAlgModel  # pyright: ignore[reportPrivateImportUsage]  # It is in our signature.

from greenlight.kernel.authority import MAX_TOKEN_CHARACTERS

ALGORITHM = "EdDSA"


class ProofError(Exception):
    """The token does not prove what it says. The message names the reason, and nothing of the content."""


class _OneAlgorithm(jws.JWSRegistry):
    """Knows EdDSA and nothing else, whatever a token asks for.

    RFC 9864 deprecates the name because it leaves the curve open, which the library warns about; here the
    key fixes the curve: ``PublicKey`` and ``SigningKey`` are Ed25519 by construction.
    """

    max_signature_length = MAX_TOKEN_CHARACTERS
    """A passkey's assertion is longer than the signatures that the library expects. The token is limited."""

    def get_alg(self, name: str) -> JWSAlgModel:
        if name != ALGORITHM:
            raise ProofError(f"the algorithm must be {ALGORITHM}")
        return self.algorithms[ALGORITHM]


REGISTRY = _OneAlgorithm()
