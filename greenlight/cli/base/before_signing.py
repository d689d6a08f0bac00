"""Nobody signs unseen: what a decision rests on is read in the log and shown, and people are asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from greenlight.cli.base.output import bold, confirmed, fail, people_read, print_brief, warn
from greenlight.cli.base.session import REFUSED, USAGE, Session, legal_instant, unasked
from greenlight.kernel.body import Body
from greenlight.kernel.canonical import digest
from greenlight.kernel.model import JsonObject
from greenlight.kernel.past import UnreadableError
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.streams import stream_key
from greenlight.law.batch.aggregate import BATCH
from greenlight.law.batch.state import BatchState
from greenlight.law.registry import AnyAggregate, aggregate_of

if TYPE_CHECKING:
    from greenlight.cli.cases.batch_view import Held
    from greenlight.cli.cases.essentials import Brief, Shown
    from greenlight.client import LicensingClient
    from greenlight.eventlog.read import Reader

Note = Callable[[str, JsonObject], str]
"""Takes note of the dossier of a stream that was read; its digest, computed from it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The object of a decision: the digest of the dossier that was read, and what is shown of it."""

    stream: str
    digest: str
    brief: "Brief"


async def seen(
    session: Session,
    client: "LicensingClient",
    stream: str,
    content: Body,
    dossier: str | None,
    role: Role | None = None,
) -> str | None:
    """The digest to sign a decision with; None for what is no decision.

    ``dossier`` is the digest of what was shown before; without it, people are shown and asked. A program
    sends what is no decision without having read the case.

    :raises Refused: there is no such case, or it never had that dossier.
    """
    if not content.declared.decision:
        if people_read():
            asked(session, (await look(session, client, stream, content, role=role),), content)
        return dossier
    read = await look(session, client, stream, content, dossier, role)
    if dossier is None:
        asked(session, (read,), content)
    return read.digest


async def look(
    session: Session,
    client: "LicensingClient",
    stream: str,
    content: Body,
    dossier: str | None = None,
    role: Role | None = None,
) -> Seen:
    """Read a case in the log, as it stands or as it was when it had the dossier; the client takes note of it.

    :raises Refused: there is no such case, or it never had that dossier.
    """
    from greenlight.answers.foreseen import known
    from greenlight.cli.cases.essentials import brief

    aggregate = aggregate_of(stream)
    async with session.reader() as reader:
        states = await _states(reader, aggregate, stream)
        computed, state = _with_dossier(client.shown, aggregate, stream, states, dossier)
        now = legal_instant.get() or datetime.now(UTC)
        by = _actor(client, content, role)
        beside = await known(reader, by, now)
    told = brief(aggregate, stream, state, content, by, now, beside)
    if aggregate is BATCH:
        from greenlight.cli.cases.batch_view import in_a_line, signers, totals

        cases = await cases_of(session, state, client.shown)
        async with session.reader() as reader:
            mine = signers(cases, await reader.officers(by.officer), now)
        told = told.beside(
            {
                "In all": (totals(cases),),
                "You": tuple(mine.values()),
                **{case.state.acn: (in_a_line(case),) for case in cases},
            }
        )
    return Seen(stream, computed, told)


def asked(session: Session, read: Sequence[Seen], content: Body) -> None:
    """Show what is to be signed, and go on only if the person at the terminal says so."""
    from greenlight.law.application.aggregate import APPLICATION

    if not people_read():
        first = read[0].stream
        short = first.removeprefix(f"{APPLICATION.kind}-")
        raise fail(
            USAGE,
            f"{content.declared.name} is a decision, and nobody signs unseen: read `starter.py show {short}`,"
            " and give the digest of the dossier that it prints: --dossier sha256:…\n"
            "  At a terminal you are shown the case, and asked.",
        )
    for each in read:
        _show(each.stream, content, each.brief.facts, whole=each.brief.whole)
        if content.declared.decision:
            warn(bold("Dossier"), f"  {each.digest}")
    _agreed(session, len(read))


async def foreseen(
    session: Session, client: "LicensingClient", stream: str, content: Body, role: Role | None
) -> None:
    """Show at a terminal with what a stream is to begin, and go on only if the person there says so; of an
    order to many cases also which of them it would move.

    Programs are not asked: nothing is decided by it yet of any case that they have not seen.
    """
    from greenlight.law.directive.commands import IssueDirective

    if not people_read():
        return
    more: Shown = {}
    if isinstance(content, IssueDirective):
        from greenlight.answers.directed import moved_by
        from greenlight.cli.cases.preview import foretold, in_scope

        now = legal_instant.get() or datetime.now(UTC)
        async with session.reader() as reader:
            moves = await moved_by(reader, stream_key(stream), content, _actor(client, content, role), now)
        more = {**in_scope(content.scope), **foretold(moves)}
    introduced(session, stream, content, more)


def introduced(session: Session, stream: str, content: Body, more: "Shown | None" = None) -> None:
    """Show at a terminal what a command says, and ``more`` that is known of it; go on only if the person
    there says so."""
    from greenlight.cli.cases.essentials import told_by

    if not people_read():
        return
    _show(stream, content, {**told_by(content), **(more or {})}, whole=True)
    _agreed(session)


def _show(stream: str, content: Body, facts: "Shown", *, whole: bool) -> None:
    warn(bold(f"You are about to sign {content.declared.name} on {stream}"))
    print_brief(facts, whole=whole)


def _agreed(session: Session, number: int = 1) -> None:
    """Ask whether that is to be signed, unless it was said beforehand; an end of the command if not."""
    if unasked.get():
        return
    session.waiting.pauses()
    if not confirmed("Sign?" if number == 1 else f"Sign all {number}?"):
        raise fail(REFUSED, "nothing was signed")
    session.waiting.goes_on()


async def _states(reader: "Reader", aggregate: AnyAggregate, stream: str) -> list[Any]:
    """A case as it was after each event, the latest first."""
    from greenlight.client import Refused

    states: list[Any] = []
    async for event in reader.stream(stream):
        try:
            read = aggregate.read(event.record)
        except UnreadableError as error:
            # Nobody signs what they cannot be shown.
            raise Refused(RefusalCode.NEWER_RELEASE, f"{stream}: {error}") from error
        states.append(aggregate.apply(states[-1] if states else None, read))
    # A stream may have refusals, and no case yet.
    states = [state for state in states if state is not None]
    if not states:
        raise Refused(RefusalCode.NO_SUCH_CASE, f"there is no case {stream}")
    return states[::-1]


def _with_dossier(
    note: Note,
    aggregate: AnyAggregate,
    stream: str,
    states: Sequence[Any],
    dossier: str | None,
    *,
    before: bool = False,
) -> tuple[str, Any]:
    """The last state with that dossier, or the last of all; and the digest, computed from what is in it.
    ``before``: that it had by the form of a release of before will do, to be read and not to be signed."""
    from greenlight.client import Refused

    for state in states:
        computed = note(stream, aggregate.dossier(state))
        if dossier in (None, computed) or (before and aggregate.had(state, dossier)):
            return computed, state
    raise Refused(RefusalCode.DOSSIER_CHANGED, f"{stream} never had the dossier {dossier}: read it again")


def _digest(_: str, dossier: JsonObject) -> str:
    return digest(dossier)


async def cases_of(session: Session, batch: BatchState, note: Note | None = None) -> "list[Held]":
    """The cases of a batch as the batch has them, and of each whether it has changed since.

    :raises Refused: the batch has a case as it never was: who signed it would sign what nobody has seen.
    """
    from greenlight.cli.cases.batch_view import Held
    from greenlight.law.application.aggregate import APPLICATION

    noted = note or _digest
    found: list[Held] = []
    async with session.reader() as reader:
        for leaf in batch.leaves:
            states = await _states(reader, APPLICATION, leaf.stream)
            computed, now = _with_dossier(noted, APPLICATION, leaf.stream, states, None)
            if computed == leaf.dossier:
                found.append(Held(now, changed=False))
            else:
                _, then = _with_dossier(noted, APPLICATION, leaf.stream, states, leaf.dossier, before=True)
                found.append(Held(then, changed=True))
    return found


def _actor(client: "LicensingClient", content: Body, role: Role | None) -> Actor:
    signer = client.signer
    return Actor(
        officer=signer.officer,
        person=signer.person,
        organisation=signer.organisation,
        role=role or min(content.declared.by),
    )
