"""The client: start applications, send commands, ask how things stand."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from typing import TypeVar

from pydantic import BaseModel
from temporalio.client import (
    Client,
    WorkflowQueryFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

from greenlight.client import starts
from greenlight.client.answers import (
    DossierDiffers,
    Refused,
    Sent,
    Unanswered,
    Unseen,
    is_cancelled,
    silence,
    unanswerable,
)
from greenlight.client.asking import asked, until_registered
from greenlight.client.numbers import control_numbers
from greenlight.client.sending import absent, decided, known_as, submission
from greenlight.client.signer import Signer, new_command_id
from greenlight.kernel.authority import MAX_BODY_BYTES, SignedCommand
from greenlight.kernel.body import Body
from greenlight.kernel.canonical import canonical, digest
from greenlight.kernel.commit import Receipt
from greenlight.kernel.inclusion import Leaf, signed_root
from greenlight.kernel.messages import CaseStatus, Deadlines, DossierAnswer
from greenlight.kernel.model import JsonObject, Model
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.streams import (
    application_stream,
    batch_stream,
    directive_stream,
    entity_stream,
    list_stream,
    reprieve_stream,
)
from greenlight.law.application.commands import Submit
from greenlight.law.application.dossier import Submission
from greenlight.law.batch.commands import OpenBatch, SignBatch
from greenlight.law.directive.commands import IssueDirective
from greenlight.law.entity.commands import ListEntity
from greenlight.law.reprieve.commands import OpenReprieve
from greenlight.law.reprieve.questions import CoverageAnswer, CoverageQuestion
from greenlight.law.screening_list.commands import OpenList

A = TypeVar("A", bound=Model)

ATTEMPT_SECONDS = 10.0
"""A question is asked again after so long: a worker that dies takes along those that it was given."""


class _Filed(BaseModel):
    """Of a dossier, what was filed and by whom."""

    submitted_by: Actor
    submission: Submission


class _Leaves(BaseModel):
    """Of a batch's dossier, what its signature is over."""

    leaves: tuple[Leaf, ...]


class LicensingClient:
    """Sends commands as one officer. ``patience`` is how long to wait for an answer; ``waiting`` is entered
    while one to a command is waited for.

    It signs no decision but on a dossier that it has read: from the service (:meth:`dossier`), or from
    elsewhere (:meth:`shown`). The digest is computed from what was read, and never taken from anybody.
    """

    def __init__(
        self,
        temporal: Client,
        signer: Signer,
        *,
        patience: timedelta = timedelta(seconds=30),
        waiting: Callable[[Sent], AbstractContextManager[None]] = lambda _: nullcontext(),
    ) -> None:
        self.temporal = temporal
        self.signer = signer
        self.patience = patience
        self._waiting = waiting
        self._read: set[tuple[str, str]] = set()
        """Of which streams which dossiers were read, by their digests."""

    async def submit(
        self, application: Submission, *, acn: str | None = None, command_id: str | None = None
    ) -> CaseStatus:
        """File an application, and return once it is registered.

        Without ``acn`` the control number follows from the command id, so that a second call with the same
        id finds the case of the first.

        :raises Refused: with the code, where the submission is not accepted.
        """
        command_id = command_id or new_command_id()
        for number in [acn] if acn else control_numbers(command_id):
            stream = application_stream(number)
            command = self.signer.sign(
                "submit", stream, Submit(application=application), command_id=command_id
            )
            try:
                return await self._start(stream, "submit", command, command_id)
            except WorkflowAlreadyStartedError:
                if await self._is_mine(stream, self._submission(command_id, command), application):
                    return await self.status(stream)
            except Refused as refused:
                # Temporal forgets closed cases after a while; the log does not.
                if acn or refused.code != str(RefusalCode.ALREADY_SUBMITTED):
                    raise
        raise Refused(RefusalCode.ALREADY_SUBMITTED, f"{acn or 'every number tried'} belongs to another case")

    async def open_reprieve(
        self, key: str, opening: OpenReprieve, *, command_id: str | None = None
    ) -> CaseStatus:
        """Open a reprieve, and return once it is on record. As ``begin``."""
        return await self.begin(reprieve_stream(key), opening, command_id=command_id)

    async def issue_directive(
        self, key: str, order: IssueDirective, *, command_id: str | None = None
    ) -> CaseStatus:
        """Issue a directive, and return once it is on record. As ``begin``."""
        return await self.begin(directive_stream(key), order, command_id=command_id)

    async def list_entity(
        self, key: str, listing: ListEntity, *, command_id: str | None = None
    ) -> CaseStatus:
        """List an entity, and return once that is on record. As ``begin``."""
        return await self.begin(entity_stream(key), listing, command_id=command_id)

    async def open_list(self, key: str, opening: OpenList, *, command_id: str | None = None) -> CaseStatus:
        """Begin to keep the list. As ``begin``; commands name its files, which are in the event log first."""
        return await self.begin(list_stream(key), opening, command_id=command_id)

    async def open_batch(
        self,
        key: str,
        opening: OpenBatch,
        *,
        role: Role = Role.LICENSING_OFFICER,
        command_id: str | None = None,
    ) -> CaseStatus:
        """Prepare a batch for the executive, and return once it is on record. The same again is harmless.

        :raises Refused: with the code, where it is not accepted.
        """
        return await self.begin(batch_stream(key), opening, role=role, command_id=command_id)

    async def sign_batch(self, key: str, *, dossier: str, command_id: str | None = None) -> Receipt:
        """Decide every case of a batch by one signature, which the service takes to them afterwards.

        The root is computed here, over the leaves in the dossier: nobody else's word is signed. The dossier
        of every case must have been read as the batch has it.

        :param dossier: the digest of the batch's dossier that was read.
        :raises Refused: with the code, where it is not accepted.
        :raises Unseen: the batch, or a case that it holds, was not read; nothing is sent.
        """
        stream = batch_stream(key)
        self._must_be_read(stream, SignBatch.declared.name, dossier)
        leaves = held_by(await self.dossier(stream))
        for leaf in leaves:
            self._must_be_read(leaf.stream, SignBatch.declared.name, leaf.dossier)
        body = SignBatch.model_validate(signed_root(leaves).model_dump())
        return await self.decide(stream, body, dossier=dossier, command_id=command_id)

    async def begin(
        self,
        stream: str,
        opening: Body,
        *,
        role: Role | None = None,
        command_id: str | None = None,
    ) -> CaseStatus:
        """Begin a stream by its first command, and return once it is on record. The same again, under the
        same id, is harmless.

        :raises Refused: with the code, where it is not accepted.
        """
        command_id = command_id or new_command_id()
        name = opening.declared.name
        command = self.signer.sign(name, stream, opening, role=role, command_id=command_id)
        try:
            return await self._start(stream, name, command, command_id)
        except WorkflowAlreadyStartedError:
            if await known_as(self.temporal, stream) == self._submission(command_id, command):
                return await self.status(stream)
        raise Refused(RefusalCode.ALREADY_SUBMITTED, f"there is {stream}")

    async def decide(
        self,
        stream: str,
        body: Body,
        *,
        dossier: str | None = None,
        role: Role | None = None,
        command_id: str | None = None,
    ) -> Receipt:
        """Send a command to a case and wait for its receipt.

        :param stream: the workflow id, ``application-…``, ``license-…``, ``reprieve-…`` and so on.
        :param dossier: for a decision, the digest of the dossier that was read, which :meth:`dossier` gives
            with it.
        :param role: where a command may be sent in several; without it, the one for which the case waits.
        :raises Refused: with the code, where the command is not accepted.
        :raises Unseen: the dossier of a decision was not read; nothing is sent.
        """
        name, roles, decision, *_ = body.declared
        if decision:
            self._must_be_read(stream, name, dossier)
        if role is None and len(roles) > 1:
            role = _role(roles, (await self.status(stream)).status.waiting_for)
        command_id = command_id or new_command_id()
        command = self.signer.sign(name, stream, body, role=role, dossier=dossier, command_id=command_id)
        _must_not_be_too_large(command)
        with self._under_way(Sent(name, stream, command_id)):
            return await decided(self.temporal, self.patience, stream, name, command, command_id)

    async def status(self, stream: str) -> CaseStatus:
        """Stage, who must act, what is due."""
        return await self._query(stream, "status", CaseStatus)

    async def dossier(self, stream: str) -> DossierAnswer:
        """Read the facts that a decision rests on, with the digest to sign, computed from them.

        :raises DossierDiffers: the service gives another digest than what it shows has.
        """
        answer = await self._query(stream, "dossier", DossierAnswer)
        computed = digest(answer.dossier)
        if computed != answer.digest:
            raise DossierDiffers(
                f"{stream}: what is shown has the digest {computed}, and the service says {answer.digest}:"
                " whoever signed that would sign something else"
            )
        self._read.add((stream, computed))
        return answer

    def shown(self, stream: str, dossier: JsonObject) -> str:
        """Take note of a dossier that was read elsewhere, as in the event log; its digest, computed here."""
        computed = digest(dossier)
        self._read.add((stream, computed))
        return computed

    async def deadlines(self, stream: str) -> Deadlines:
        """Every deadline that matters, explained."""
        return await self._query(stream, "deadlines", Deadlines)

    async def covered(self, key: str, question: CoverageQuestion) -> CoverageAnswer:
        """Ask whether a reprieve covers a transaction: at any time, and as it was known at any.

        Of all reprieves at once the event log is asked: ``greenlight.eventlog.read.Reader.terms``.
        """
        return await self._query(reprieve_stream(key), "covered", CoverageAnswer, question)

    def _must_be_read(self, stream: str, name: str, dossier: str | None) -> None:
        if dossier is None:
            raise Unseen(f"{name} on {stream} is a decision: read the dossier and give its digest")
        if (stream, dossier) not in self._read:
            raise Unseen(f"{name} on {stream}: no dossier of the digest {dossier} was read here")

    async def _query(self, stream: str, name: str, answer: type[A], *inputs: Model) -> A:
        try:
            async with asyncio.timeout(self.patience.total_seconds()):
                while True:
                    try:
                        async with asyncio.timeout(ATTEMPT_SECONDS):
                            return await _answered(self.temporal, stream, name, answer, *inputs)
                    except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError):
                        # The SDK tells of an attempt that was ended here as if the caller had ended it.
                        if is_cancelled():
                            raise
        except WorkflowQueryFailedError as error:
            raise unanswerable(error) from error
        except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
            raise silence(
                f"no worker answered {name} of {stream} in {self.patience.total_seconds():.0f} s"
            ) from error
        except RPCError as error:
            raise await absent(self.temporal, stream, error) from error

    async def _start(self, stream: str, name: str, command: SignedCommand, command_id: str) -> CaseStatus:
        _must_not_be_too_large(command)
        submission = self._submission(command_id, command)
        with self._under_way(Sent(name, stream, command_id)):
            return await starts.start(self.temporal, self.patience, stream, command, submission)

    @contextmanager
    def _under_way(self, sent: Sent) -> Generator[None]:
        with self._waiting(sent):
            try:
                yield
            except Unanswered as error:
                error.about(sent)
                raise

    def _submission(self, command_id: str, command: SignedCommand) -> str:
        return submission(self.signer.organisation, command_id, command.body)

    async def _is_mine(self, stream: str, submission: str, application: Submission) -> bool:
        known = await known_as(self.temporal, stream)
        if known is not None:
            return known == submission
        # An operator started the case again; what was filed, and by whom, it still knows.
        filed = _Filed.model_validate((await self.dossier(stream)).dossier)
        return (filed.submitted_by.organisation, filed.submission) == (self.signer.organisation, application)


def held_by(batch: DossierAnswer) -> tuple[Leaf, ...]:
    """The cases that a batch holds, each by the dossier that it is about."""
    return _Leaves.model_validate(batch.dossier).leaves


def _must_not_be_too_large(command: SignedCommand) -> None:
    """Send nothing that the service, or Temporal before it, would not take."""
    size = len(canonical(command.body))
    if size > MAX_BODY_BYTES:
        problem = f"body has {size} bytes; at most {MAX_BODY_BYTES}, and nothing was sent"
        raise Refused(RefusalCode.TOO_LARGE, problem)


def _role(roles: frozenset[Role], waiting_for: str) -> Role:
    """The role in which a command is sent to a case that waits for somebody."""
    return next((role for role in roles if role == waiting_for), min(roles))


async def _answered(temporal: Client, stream: str, name: str, answer: type[A], *inputs: Model) -> A:
    try:
        return await asked(temporal, stream, name, answer, inputs)
    except WorkflowQueryFailedError as error:
        if unanswerable(error).code != str(RefusalCode.NO_SUCH_CASE):
            raise
        await until_registered(temporal, stream)
        return await asked(temporal, stream, name, answer, inputs)
