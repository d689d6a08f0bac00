"""A commit in the form that ``greenlight.append`` takes: one JSON object."""

from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter

from greenlight.kernel.commit import Append, Commit, Proof
from greenlight.kernel.inclusion import APPROVAL_DIGEST, Inclusion
from greenlight.kernel.model import Instant
from greenlight.kernel.roles import Actor

_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


class NotRecordableError(ValueError):
    """The commit contradicts itself: an error of whoever made it, which no second try mends."""


class Essentials(BaseModel):
    """The part that every event has; the rest of it stays unread here."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: str
    at: Instant
    by: Actor | None = None
    inclusion: Inclusion | None = None


def payload(commit: Commit, *, kid: str | None = None, actor: Actor | None = None) -> str:
    """``kid`` is the key that was found to have signed the proof; ``actor`` whom the events may name.

    :raises NotRecordableError: an event names another actor, or does not carry its batch's proof.
    """
    own = commit.appends[0]
    if commit.proof and commit.proof.inclusion and not commit.refuses:
        first = Essentials.model_validate_json(own.events[0])
        if first.inclusion != commit.proof.inclusion:
            raise NotRecordableError(f"{first.type} does not carry the inclusion that led to it")
    return _JSON.dump_json(
        {
            "proof": _proof(commit.proof, kid, own.stream) if commit.proof else None,
            "refuses": commit.refuses,
            "directives": commit.directives,
            "appends": [_append(append, actor) for append in commit.appends],
        }
    ).decode()


def proof_json(proof: Proof, kid: str, stream: str) -> str:
    """A proof alone, in the form that the checks in the database take."""
    return _JSON.dump_json(_proof(proof, kid, stream)).decode()


def _proof(proof: Proof, kid: str | None, stream: str) -> JsonValue:
    """Under a batch's token, the command to the case is what the token and the inclusion make of it."""
    claims = proof.claims
    included = proof.inclusion is not None
    signed: JsonValue = {"stream": claims.aud, "jti": claims.jti, "body": claims.body}
    return {
        "token": proof.token,
        "kid": kid,
        "sub": claims.sub,
        "person": claims.person,
        "org": claims.org,
        "role": claims.role.value,
        "iat": claims.iat,
        "exp": claims.exp,
        "aud": stream if included else claims.aud,
        "jti": proof.command_id(stream),
        "cmd": proof.command,
        "body": APPROVAL_DIGEST if included else claims.body,
        "log": claims.log,
        "batch": signed if included else None,
    }


def _append(append: Append, actor: Actor | None) -> JsonValue:
    return {
        "stream": append.stream,
        "expected_version": append.expected_version,
        "last": append.last.removeprefix("sha256:") if append.last else None,
        "view": {"model": append.view.model, "row": append.view.row} if append.view else None,
        "events": [_event(record, actor) for record in append.events],
    }


def _event(record: str, actor: Actor | None) -> JsonValue:
    read = Essentials.model_validate_json(record)
    if read.by is not None and read.by != actor:
        raise NotRecordableError(f"{read.type} is by {read.by.officer}, whom the proof does not name")
    return {"type": read.type, "at": read.at.isoformat(), "record": record}
