"""The token by which somebody shows who they are to read something: a command's, but for what it says.

It has no ``body`` and no ``aud``, so that neither passes for the other.
"""

import time
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from greenlight.kernel.authority import CommandId, LogName
from greenlight.kernel.canonical import canonical
from greenlight.kernel.model import Identifier, Model, PositiveInteger
from greenlight.kernel.problems import first_problem
from greenlight.kernel.roles import Role
from greenlight.law.officer.keys import OfficerKey
from greenlight.signing.algorithm import ProofError
from greenlight.signing.keys import SigningKey
from greenlight.signing.tokens import Token

MAX_READING_LIFETIME_SECONDS = 5 * 60
"""Whoever holds such a token reads what its signer may: it is sent with every request, and is stale soon."""


class ReadingClaims(Model):
    """The claims of a token: who reads, in which role, in which log. Person and organisation are the
    register's to say. Times are seconds since the epoch. ``jti`` makes it another token than all others: for
    whoever takes one once, as a sign that somebody is there."""

    sub: Identifier
    role: Role
    cmd: Literal["read"] = "read"
    iat: PositiveInteger
    exp: PositiveInteger
    log: LogName
    jti: Annotated[CommandId | None, Field(exclude_if=lambda told: told is None)] = None

    @property
    def content(self) -> bytes:
        """The bytes that are signed."""
        return canonical(self.model_dump(mode="json"))


def reading(
    officer: str, role: Role, log: LogName, *, lifetime: int = MAX_READING_LIFETIME_SECONDS
) -> ReadingClaims:
    """The claims of somebody who reads, for ``lifetime`` seconds from now."""
    now = int(time.time())
    return ReadingClaims(sub=officer, role=role, iat=now, exp=now + lifetime, log=log)


def sign_reading(
    officer: str, role: Role, log: LogName, key: SigningKey, *, lifetime: int = MAX_READING_LIFETIME_SECONDS
) -> str:
    """The token of somebody who reads, for ``lifetime`` seconds from now."""
    return key.sign(reading(officer, role, log, lifetime=lifetime).content)


def reading_claims(token: Token, key: OfficerKey) -> ReadingClaims:
    """Read what somebody who reads says of themselves. Whether they may, and now, is not checked here.

    :raises ProofError: ``key`` did not sign it, or it is no token for reading.
    """
    try:
        return ReadingClaims.model_validate_json(token.payload(key), strict=True)
    except ValidationError as error:
        raise ProofError(f"claims: {first_problem(error)}") from error
