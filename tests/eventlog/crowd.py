"""Registered signatories, and commits as the service makes them."""

import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime

from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.registry import bootstrap, execute
from greenlight.kernel.authority import Claims, SignedCommand
from greenlight.kernel.body import Body
from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Append, Commit, Event, Proof
from greenlight.kernel.model import JsonObject
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.streams import application_stream, officer_stream
from greenlight.law.application.commands import Assign
from greenlight.law.application.events import CaseAssigned
from greenlight.law.officer.commands import AddOfficer, KeyTerm, RoleTerm
from greenlight.signing.keys import SigningKey
from greenlight.signing.tokens import sign
from tests.law.actors import (
    APPLICANT,
    COUNTERSIGNER,
    ERC,
    EXECUTIVE,
    OFFICER,
    OTHER_APPLICANT,
    OTHER_OFFICER,
    REGISTRAR,
)

NOW = datetime(2026, 9, 1, 14, 0, tzinfo=UTC)
"""Legal time of events whose time does not matter. It is not the database's clock, and need not be."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody with a key."""

    actor: Actor
    key: SigningKey = field(default_factory=SigningKey.generate)

    def claims(self, stream: str, name: str, body: JsonObject, /, **changes: object) -> Claims:
        """Claims for a command sent now, except for ``changes``."""
        now = int(time.time())
        usual = {
            "sub": self.actor.officer,
            "person": self.actor.person,
            "org": self.actor.organisation,
            "role": self.actor.role,
            "aud": stream,
            "cmd": name,
            "body": digest(body),
            "iat": now,
            "exp": now + 300,
            "jti": uuid.uuid4().hex,
        }
        return Claims.model_validate(usual | changes)

    def proof(self, claims: Claims) -> Proof:
        return Proof(token=sign(claims, self.key), claims=claims)

    def signed(self, stream: str, name: str, body: Body, /, **changes: object) -> SignedCommand:
        content: JsonObject = body.model_dump(mode="json")
        return SignedCommand(
            token=sign(self.claims(stream, name, content, **changes), self.key), body=content
        )

    def registration(self) -> AddOfficer:
        return AddOfficer(
            person=self.actor.person,
            organisation=self.actor.organisation,
            key=KeyTerm(public_key=self.key.public),
            roles=(RoleTerm(role=self.actor.role),),
        )


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everyone whom a case needs, all of them registered."""

    registrar: Signer = field(default_factory=lambda: Signer(REGISTRAR))
    applicant: Signer = field(default_factory=lambda: Signer(APPLICANT))
    other_applicant: Signer = field(default_factory=lambda: Signer(OTHER_APPLICANT))
    officer: Signer = field(default_factory=lambda: Signer(OFFICER))
    other_officer: Signer = field(default_factory=lambda: Signer(OTHER_OFFICER))
    countersigner: Signer = field(default_factory=lambda: Signer(COUNTERSIGNER))
    executive: Signer = field(default_factory=lambda: Signer(EXECUTIVE))
    committee: tuple[Signer, ...] = field(default_factory=lambda: tuple(map(Signer, ERC.values())))

    @property
    def members(self) -> tuple[Signer, ...]:
        return (self.registrar, self.applicant, self.officer, self.countersigner, self.executive)

    @property
    def others(self) -> tuple[Signer, ...]:
        """Who is not registered yet, since few tests need them."""
        return (self.other_applicant, self.other_officer, *self.committee)

    def signer(self, actor: Actor) -> Signer:
        return next(member for member in (*self.members, *self.others) if member.actor == actor)

    def of(self, role: Role) -> Signer:
        return next(member for member in self.members if member.actor.role is role)

    async def register(self, recorder: Recorder) -> None:
        assert not isinstance(
            await bootstrap(recorder, REGISTRAR.officer, self.registrar.registration()), Refusal
        )
        for member in self.members[1:]:
            await self.add(recorder, member)

    async def enlist(self, recorder: Recorder) -> None:
        """Register the others, too."""
        for member in self.others:
            await self.add(recorder, member)

    async def add(self, recorder: Recorder, member: Signer) -> None:
        officer = member.actor.officer
        command = self.registrar.signed(officer_stream(officer), "add_officer", member.registration())
        said = await execute(recorder, officer, "add_officer", command)
        assert not isinstance(said, Refusal), said

    async def change(self, recorder: Recorder, officer: str, name: str, body: Body) -> None:
        """A registrar's command that must be accepted."""
        said = await execute(
            recorder, officer, name, self.registrar.signed(officer_stream(officer), name, body)
        )
        assert not isinstance(said, Refusal), said


def commit(proof: Proof | None, version: int, *events: Event, stream: str | None = None) -> Commit:
    """Events for the proof's stream, without a row for the docket."""
    target = stream or (proof.claims.aud if proof else "")
    records = tuple(event.record() for event in events)
    append = Append(stream=target, expected_version=version, events=records, view=None)
    return Commit(proof=proof, appends=(append,))


def assignment(signer: Signer, acn: str, version: int, **changes: object) -> Commit:
    """A small signed commit that the log has nothing against, except for ``changes`` in its claims."""
    content: JsonObject = Assign(officer=signer.actor.officer).model_dump(mode="json")
    claims = signer.claims(application_stream(acn), "assign", content, **changes)
    event = CaseAssigned(at=NOW, by=claims.actor, officer=signer.actor.officer)
    return commit(signer.proof(claims), version, event, stream=application_stream(acn))
