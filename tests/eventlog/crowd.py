"""Registered signatories, and commits as the service makes them."""

import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime

from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.registry import bootstrap, execute, proposed_by
from greenlight.kernel.authority import Claims, SignedCommand
from greenlight.kernel.body import Body
from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Append, Commit, Event, Proof, Receipt
from greenlight.kernel.model import JsonObject
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.streams import application_stream, officer_stream
from greenlight.law.application.commands import Assign
from greenlight.law.application.events import CaseAssigned
from greenlight.law.officer.commands import AddOfficer, Asked, ConfirmChange, KeyTerm, RoleTerm
from greenlight.law.officer.possession import Possession
from greenlight.signing.keys import SigningKey
from greenlight.signing.possession import prove
from greenlight.signing.tokens import sign
from tests.law.actors import (
    APPLICANT,
    COUNTERSIGNER,
    DEPUTY,
    ERC,
    EXECUTIVE,
    OFFICER,
    OTHER_APPLICANT,
    OTHER_OFFICER,
    REGISTRAR,
)

NOW = datetime(2026, 9, 1, 14, 0, tzinfo=UTC)
"""Legal time of events whose time does not matter. It is not the database's clock, and need not be."""


TIMELESS = "UPDATE greenlight.log SET tolerance = '100 years'"
"""Lets tests of the law's time pass through years in a log of production."""


@dataclass(slots=True)
class Signer:
    """Somebody with a key, who signs for a log once they are registered in it."""

    actor: Actor
    key: SigningKey = field(default_factory=SigningKey.generate)
    log: str | None = None

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
            "log": self.log,
        }
        return Claims.model_validate(usual | changes)

    def proof(self, claims: Claims) -> Proof:
        return Proof(token=sign(claims, self.key), claims=claims)

    def signed(self, stream: str, name: str, body: Body, /, **changes: object) -> SignedCommand:
        content: JsonObject = body.model_dump(mode="json")
        return SignedCommand(
            token=sign(self.claims(stream, name, content, **changes), self.key), body=content
        )

    def possession(self, *roles: Role) -> str:
        """The proof that the key is held."""
        says = Possession(
            stream=officer_stream(self.actor.officer),
            person=self.actor.person,
            organisation=self.actor.organisation,
            roles=roles,
        )
        return prove(says, self.key)

    def registration(self) -> AddOfficer:
        return AddOfficer(
            person=self.actor.person,
            organisation=self.actor.organisation,
            key=KeyTerm(public_key=self.key.public),
            possession=self.possession(self.actor.role),
            roles=(RoleTerm(role=self.actor.role),),
        )


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everyone whom a case needs, all of them registered."""

    registrar: Signer = field(default_factory=lambda: Signer(REGISTRAR))
    deputy: Signer = field(default_factory=lambda: Signer(DEPUTY))
    applicant: Signer = field(default_factory=lambda: Signer(APPLICANT))
    other_applicant: Signer = field(default_factory=lambda: Signer(OTHER_APPLICANT))
    officer: Signer = field(default_factory=lambda: Signer(OFFICER))
    other_officer: Signer = field(default_factory=lambda: Signer(OTHER_OFFICER))
    countersigner: Signer = field(default_factory=lambda: Signer(COUNTERSIGNER))
    executive: Signer = field(default_factory=lambda: Signer(EXECUTIVE))
    committee: tuple[Signer, ...] = field(default_factory=lambda: tuple(map(Signer, ERC.values())))

    @property
    def members(self) -> tuple[Signer, ...]:
        return (self.registrar, self.deputy, self.applicant, self.officer, self.countersigner, self.executive)

    @property
    def events(self) -> int:
        """How many events register them all: two founders, and of all others a proposal each."""
        return 2 * len(self.members) - 2

    @property
    def others(self) -> tuple[Signer, ...]:
        """Who is not registered yet, since few tests need them."""
        return (self.other_applicant, self.other_officer, *self.committee)

    def signer(self, actor: Actor) -> Signer:
        return next(member for member in (*self.members, *self.others) if member.actor == actor)

    def of(self, role: Role) -> Signer:
        return next(member for member in self.members if member.actor.role is role)

    async def register(self, recorder: Recorder) -> None:
        self.sign_for(await recorder.log_name())
        founders = {each.actor.officer: each.registration() for each in (self.registrar, self.deputy)}
        said = await bootstrap(recorder, founders)
        assert not isinstance(said, Refusal), said
        for member in self.members[2:]:
            await self.add(recorder, member)

    async def enlist(self, recorder: Recorder) -> None:
        """Register the others, too."""
        for member in self.others:
            await self.add(recorder, member)

    def sign_for(self, log: str | None) -> None:
        """Have everybody sign for another log from now on."""
        for member in (*self.members, *self.others):
            member.log = log

    async def add(self, recorder: Recorder, member: Signer) -> None:
        member.log = self.registrar.log
        await self.carried_out(recorder, member.actor.officer, member.registration())

    async def propose(self, recorder: Recorder, officer: str, asked: Asked) -> str:
        """The digest of a change that the registrar proposes."""
        return await proposed_by(recorder, await self.change(recorder, officer, asked))

    async def carried_out(self, recorder: Recorder, officer: str, asked: Asked) -> None:
        """A change that the registrar proposes and the deputy confirms."""
        confirm = ConfirmChange(change=await self.propose(recorder, officer, asked))
        await self.change(recorder, officer, confirm, by=self.deputy)

    async def change(
        self, recorder: Recorder, officer: str, body: Body, *, by: Signer | None = None
    ) -> Receipt:
        """A registrar's command that must be accepted."""
        said = await self.asked(recorder, officer, body, by=by)
        assert not isinstance(said, Refusal), said
        return said

    async def asked(
        self, recorder: Recorder, officer: str, body: Body, *, by: Signer | None = None
    ) -> Receipt | Refusal:
        """The answer to a registrar's command."""
        name = body.declared.name
        command = (by or self.registrar).signed(officer_stream(officer), name, body)
        return await execute(recorder, officer, name, command)


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
