"""The proof that a new key is held: signing it, and checking it."""

from greenlight.law.officer.possession import NewKey, Possession
from greenlight.signing.algorithm import ProofError
from greenlight.signing.keys import SigningKey
from greenlight.signing.tokens import Token


def prove(says: Possession, key: SigningKey) -> str:
    """The compact JWS by which the holder of ``key`` shows that they hold it."""
    return key.sign(says.content)


def check(new: NewKey) -> None:
    """Hold a new key against what was signed with it.

    :raises ProofError: the key did not sign it, or it says something else than what is asked.
    """
    if Token(new.signed).payload(new.key) != new.says.content:
        raise ProofError("it is for another officer, person, organisation or other roles")
