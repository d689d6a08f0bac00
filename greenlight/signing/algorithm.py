"""One algorithm: Ed25519 under the name EdDSA (RFC 8037)."""

from joserfc import jws
from joserfc.jws import JWSAlgModel  # pyright: ignore[reportPrivateImportUsage]  # It is in our signature.

ALGORITHM = "EdDSA"


class ProofError(Exception):
    """The token does not prove what it says. The message names the reason, and nothing of the content."""


class _OneAlgorithm(jws.JWSRegistry):
    """Knows EdDSA and nothing else, whatever a token asks for.

    RFC 9864 deprecates the name because it leaves the curve open, which the library warns about; here the
    key fixes the curve: ``PublicKey`` and ``SigningKey`` are Ed25519 by construction.
    """

    def get_alg(self, name: str) -> JWSAlgModel:
        if name != ALGORITHM:
            raise ProofError(f"the algorithm must be {ALGORITHM}")
        return self.algorithms[ALGORITHM]


REGISTRY = _OneAlgorithm()
