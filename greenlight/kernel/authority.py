"""The rules of who may do what, and the proof that a command carries of who sent it.

A command travels as ``{"token": …, "body": {…}}``. The token is a JWS (RFC 7515, compact, EdDSA) over the
claims below, or, by a passkey, has its form with an assertion in the place of the signature. Here its claims
are only *read*: nothing they say is believed until the event log has checked the signature, the key and the
role in the transaction that records the command.
"""

import base64
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError

from greenlight.kernel.body import Declared, role_objection
from greenlight.kernel.canonical import NotCanonicalError, canonical, digest, digest_bytes
from greenlight.kernel.inclusion import (
    APPROVAL_DIGEST,
    DERIVED_ID_CHARACTERS,
    SIGN_OFF,
    Inclusion,
    SignBatch,
)
from greenlight.kernel.model import Digest, Identifier, Instant, JsonObject, Model, PositiveInteger
from greenlight.kernel.problems import first_problem
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor, Role

MAX_BODY_BYTES = 64 * 1024
MAX_TOKEN_CHARACTERS = 4_096
MAX_TOKEN_LIFETIME_SECONDS = 15 * 60
"""A proof is for use now: one that could be kept in a drawer could be taken out of it."""

CommandId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
LogName = Annotated[
    str,
    StringConstraints(pattern=r"^(production|rehearsal):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
    Field(examples=["production:5f3c1d0a-7a52-4f0e-9a55-0d1f0c6b2e11"]),
]
"""The kind and the id of an event log."""
StreamId = Annotated[str, StringConstraints(pattern=r"^[a-z]+-[A-Za-z0-9._-]{1,80}$")]


class Claims(Model):
    """The claims of a token. Names are those of RFC 7519 where it has one; times are seconds since the epoch.

    ``dossier`` is required for decisions: the digest of the dossier that the signer had before their eyes.
    ``log`` is the one log that takes the token: what is signed for one counts in no other.
    """

    sub: Identifier
    person: Identifier
    org: Identifier
    role: Role
    aud: StreamId
    cmd: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
    body: Digest
    dossier: Digest | None = None
    iat: PositiveInteger
    exp: PositiveInteger
    jti: CommandId
    log: LogName | None = None

    @property
    def content(self) -> bytes:
        """The bytes that are signed."""
        return canonical(self.model_dump(mode="json", exclude_none=True))

    @property
    def actor(self) -> Actor:
        return Actor(officer=self.sub, person=self.person, organisation=self.org, role=self.role)


class SignedCommand(Model):
    """A command as it arrives: the proof, and the body exactly as the sender wrote it.

    ``at`` stands beside what is signed: whoever drives a rehearsal tells the time, and not the officer.
    ``inclusion``: the token is that of a batch, which decides this case among others.
    """

    token: Annotated[str, StringConstraints(min_length=1, max_length=MAX_TOKEN_CHARACTERS)]
    body: JsonObject = Field(description="The command itself; its schema has the command's name.")
    at: Instant | None = Field(
        default=None,
        exclude_if=lambda at: at is None,
        description="When the command comes: in a rehearsal always given, in production never.",
    )
    inclusion: Inclusion | None = Field(default=None, exclude_if=lambda inclusion: inclusion is None)


@dataclass(frozen=True, slots=True)
class ReadCommand:
    """A command whose claims agree with what was sent. ``content`` is the body's canonical form."""

    name: str
    token: str
    claims: Claims
    content: bytes
    inclusion: Inclusion | None = None


def read_command(declared: Declared, stream: str, command: SignedCommand) -> ReadCommand | Refusal:
    """Hold a command's claims against the command itself: its name, its stream, its body, the sender's role.

    The signature is *not* checked here.
    """
    name = declared.name
    claims = read_claims(command.token)
    if isinstance(claims, Refusal):
        return claims
    try:
        content = canonical(command.body)
    except NotCanonicalError as error:
        return Refusal(RefusalCode.MALFORMED, f"body has no canonical form: {error}")
    if len(content) > MAX_BODY_BYTES:
        return Refusal(RefusalCode.TOO_LARGE, f"body has {len(content)} bytes; at most {MAX_BODY_BYTES}")
    if command.inclusion is not None:
        if name != SIGN_OFF or digest_bytes(content) != APPROVAL_DIGEST:
            return Refusal(RefusalCode.BODY_MISMATCH, "a batch approves by sign_off, and does nothing else")
        if objection := inclusion_objection(claims, command.inclusion, stream):
            return objection
        return ReadCommand(name, command.token, claims, content, command.inclusion)
    if claims.cmd != name:
        return Refusal(RefusalCode.WRONG_COMMAND, f"the proof is for {claims.cmd!r}, not for {name!r}")
    if claims.aud != stream:
        return Refusal(RefusalCode.WRONG_STREAM, f"the proof is for {claims.aud}, not for {stream}")
    if claims.body != digest_bytes(content):
        return Refusal(RefusalCode.BODY_MISMATCH, "the body is not the one that was signed")
    if len(claims.jti) == DERIVED_ID_CHARACTERS:
        return Refusal(
            RefusalCode.MALFORMED, f"jti: ids of {DERIVED_ID_CHARACTERS} characters are the service's own"
        )
    if objection := role_objection(declared, claims.role):
        return objection
    return ReadCommand(name=name, token=command.token, claims=claims, content=content)


def inclusion_objection(claims: Claims, inclusion: Inclusion, stream: str) -> Refusal | None:
    """Say why a batch's token does not decide the case of ``stream`` as ``inclusion`` says, if so.

    That the token's signature is right, and the batch on record, is *not* checked here.
    """
    if claims.cmd != SignBatch.declared.name:
        return Refusal(RefusalCode.WRONG_COMMAND, f"the proof is for {claims.cmd!r}, not for a batch")
    if claims.aud != inclusion.batch:
        return Refusal(RefusalCode.WRONG_STREAM, f"the proof is for {claims.aud}, not for {inclusion.batch}")
    if claims.body != digest(inclusion.body.model_dump(mode="json")):
        return Refusal(RefusalCode.BODY_MISMATCH, "the root and size are not those that were signed")
    if not inclusion.holds(stream):
        return Refusal(RefusalCode.NOT_IN_BATCH, f"{stream}: {RefusalCode.NOT_IN_BATCH.meaning}")
    return role_objection(SignBatch.declared, claims.role)


# Checked before decoding: the decoder skips foreign characters, so that two texts would say one thing.
_COMPACT_JWS = re.compile(r"[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+")


@lru_cache(maxsize=512)
def read_claims(token: str) -> Claims | Refusal:
    """The claims of a compact JWS, unverified."""
    compact = _COMPACT_JWS.fullmatch(token)
    if compact is None or len(compact[1]) % 4 == 1:
        return Refusal(RefusalCode.UNSIGNED, "the token is not a signed compact JWS")
    payload = base64.urlsafe_b64decode(compact[1] + "=" * (-len(compact[1]) % 4))
    try:
        return Claims.model_validate_json(payload, strict=True)
    except ValidationError as error:
        return Refusal(RefusalCode.PROOF_INVALID, f"the token's claims: {first_problem(error)}")
