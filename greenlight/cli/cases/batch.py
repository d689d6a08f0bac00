"""Many cases, one signature: putting a batch together, signing it, seeing what became of it, proving it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import TypeAdapter

from greenlight.cli.base.before_signing import cases_of, introduced, seen
from greenlight.cli.base.options import (
    As,
    CommandId,
    Csv,
    Dossier,
    DueBefore,
    Json,
    read_json,
    stream_named,
    valid,
)
from greenlight.cli.base.output import (
    bold,
    counted,
    fail,
    local,
    print_csv,
    print_facts,
    print_json,
    print_rows,
    print_table,
    say,
    words,
)
from greenlight.cli.base.replay import replayed
from greenlight.cli.base.send import print_receipt, role_for
from greenlight.cli.base.session import REFUSED, USAGE, Session, look, run
from greenlight.cli.base.telling import telling
from greenlight.cli.cases.batch_view import Held, essential, signers, totals
from greenlight.cli.generated import add_commands
from greenlight.kernel.inclusion import MAX_LEAVES, Leaf, signed_root
from greenlight.kernel.messages import CaseStatus
from greenlight.kernel.model import Identifier, JsonObject
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import application_stream, batch_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Outcome
from greenlight.law.application.state import Stage
from greenlight.law.batch.aggregate import BATCH
from greenlight.law.batch.commands import OpenBatch, SignBatch
from greenlight.law.batch.prepare import leaf
from greenlight.law.batch.state import BatchState

if TYPE_CHECKING:
    from greenlight.eventlog.read import Reader
    from greenlight.eventlog.rows import DocketFilter
    from greenlight.law.officer.view import OfficerRow
    from greenlight.signing.decision import Decision, DecisionProof

app = typer.Typer(name="batch", help="Decide many cases by one signature.", no_args_is_help=True)

Key = Annotated[
    str,
    typer.Argument(metavar="KEY", help="What the batch is called.", callback=valid(Identifier, "KEY")),
]
Acn = Annotated[str, typer.Argument(metavar="ACN", help="Application control number, such as A123456.")]


def prepare(
    key: Key,
    as_: As,
    acns: Annotated[
        list[str] | None,
        typer.Argument(metavar="ACN", help="These cases. Default: all that wait for the executive."),
    ] = None,
    title: Annotated[str, typer.Option(help="What the cases have in common, for the executive.")] = "Batch",
    outcome: Annotated[Outcome | None, typer.Option(help="Only cases with this outcome proposed.")] = None,
    officer: Annotated[str | None, typer.Option(help="Only cases assigned to this officer.")] = None,
    due_before: DueBefore = None,
    limit: Annotated[
        int, typer.Option(min=1, max=MAX_LEAVES, help="At most so many, those due first.")
    ] = MAX_LEAVES,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Put cases that wait for the executive into a batch, each as it stands now.

    Example: starter.py batch prepare spring --outcome grant --due-before 2026-12-24 --as olga
    """
    from greenlight.eventlog.rows import DocketFilter

    named = [stream_named(APPLICATION, acn) for acn in acns or ()]
    if named and (officer or due_before):
        raise fail(USAGE, "give control numbers, or filters")
    wanted = DocketFilter(stage=Stage.SIGN_OFF, officer=officer, due_before=due_before)

    async def action(session: Session) -> tuple[CaseStatus, tuple[Leaf, ...]]:
        from greenlight.client import Refused

        client = await session.client(as_)
        async with session.reader() as reader:
            if command_id is None and any([True async for _ in reader.stream(batch_stream(key))]):
                raise Refused(
                    RefusalCode.ALREADY_SUBMITTED,
                    f"there is a batch {key} already: starter.py batch show {key}",
                )
            leaves = await _leaves(reader, named, wanted, outcome, limit)
        opening = OpenBatch(title=title, leaves=leaves)
        role = await role_for(session, as_, opening) or Role.LICENSING_OFFICER
        introduced(session, batch_stream(key), opening)
        return await client.open_batch(key, opening, role=role, command_id=command_id), leaves

    status, leaves = run(action)
    if json:
        print_json(status)
        return
    grants = sum(each.outcome == "grant" for each in leaves)
    denials = len(leaves) - grants
    say(bold(status.stream), f": {len(leaves)} cases, {grants} to grant, {denials} to deny")
    say(f"  root {signed_root(leaves).root}")
    say(f"  starter.py batch show {key}")


def sign(
    key: Key, as_: As, dossier: Dossier = None, command_id: CommandId = None, json: Json = False
) -> None:
    """Decide every case of a batch by one signature, as the executive. Cases that changed fall out.

    Example: starter.py batch sign spring --as vera
    """

    async def action(session: Session):
        client = await session.client(as_)
        stream = batch_stream(key)
        state, _ = await replayed(session, BATCH, stream)
        content = SignBatch.model_validate(state.signed.model_dump())
        digest = await seen(session, client, stream, content, dossier)
        return await client.sign_batch(key, dossier=str(digest), command_id=command_id)

    receipt = run(action)
    if json:
        print_json(receipt)
        return
    print_receipt(receipt)
    say(f"  starter.py batch show {key}")


add_commands(app, BATCH, {"open_batch": prepare, "sign_batch": sign})


@app.command()
def show(key: Key, json: Json = False, csv: Csv = False) -> None:
    """Show a batch: the essentials of each case, who may sign it and who may not, and why; how far its
    signature was taken, and which cases fell out."""

    async def action(session: Session) -> "tuple[BatchState, list[Held], tuple[OfficerRow, ...]]":
        state, _ = await replayed(session, BATCH, batch_stream(key))
        if json:
            return state, [], ()
        async with session.reader() as reader:
            return state, await cases_of(session, state), await reader.officers()

    state, cases, officers = run(action)
    if json:
        print_json(_shown(state))
        return
    rows = [(*essential(each.state), _stands(state, each)) for each in cases]
    columns = ("ACN", "outcome", "applicant", "goods", "parties", "stands")
    if csv:
        print_csv(columns, rows)
        return
    signed = state.signed_at and state.signed_by
    told = run(lambda session: telling(session, batch_stream(key))) if signed else None
    open_ = state.stage.value == "prepared"
    who: Mapping[str, str] = signers(cases, officers, datetime.now(UTC)) if open_ else {}
    print_facts(
        {
            "Batch": f"{state.key}: {state.title}",
            "Stage": words(state.stage),
            "To do": f"starter.py batch sign {state.key} --as OFFICER" if open_ else None,
            "Signers": "\n".join(f"{officer} {says}" for officer, says in who.items()) or None,
            "Prepared": f"{local(state.opened_at)} by {state.opened_by.officer}",
            "Signed": f"{local(state.signed_at)} by {signed.officer}" if signed else None,
            "Cases": f"{len(cases)}: {totals(cases)}",
            "Decided": str(len(state.decided)) if signed else None,
            "Fell out": str(len(state.fell_out)) if signed else None,
            "Left": str(len(state.left)) if signed else None,
            "Workflows": told,
            "Root": state.signed.root,
            "Dossier": str(_shown(state)["dossier"]),
        }
    )
    title = "What would be signed" if open_ else "What was signed" if signed else "What was put together"
    print_table(title, columns, rows, drop=("stands",) if open_ else ("goods",))


def _stands(state: BatchState, case: Held) -> str:
    """The case's way since it was put into the batch."""
    stream = application_stream(case.state.acn)
    for each in state.fell_out:
        if each.case == stream:
            return f"fell out: {each.code}: {each.message}"
    if stream in state.decided:
        return "decided"
    if case.changed:
        return "changed, will fall out"
    return "to be decided" if state.signed_at else "as prepared"


@app.command("list")
def list_(json: Json = False, csv: Csv = False) -> None:
    """List all batches, the latest first."""
    rows = look(lambda reader: reader.batches())
    print_rows(
        rows,
        json,
        counted(len(rows), "batch", "batches"),
        {
            "batch": lambda row: row.key,
            "stage": lambda row: words(row.stage),
            "waits for": lambda row: words(row.waiting_for),
            "prepared": lambda row: local(row.opened_at),
            "cases": lambda row: str(row.cases),
            "decided": lambda row: str(row.decided),
            "fell out": lambda row: str(len(row.fell_out)),
        },
        csv=csv,
        drop=("waits for", "prepared"),
    )


@app.command()
def proof(acn: Acn) -> None:
    """Print what proves the decision of one case that a batch decided, and check it. It is a JSON document.

    Anyone can check it again without the service: starter.py batch check, or examples/check_batch_proof.py.

    Example: starter.py batch proof A123456 > proof.json
    """
    from greenlight.signing.algorithm import ProofError
    from greenlight.signing.decision import check

    stream = stream_named(APPLICATION, acn)
    found = look(lambda reader: _proof(reader, stream))
    if found is None:
        raise fail(REFUSED, f"{acn} was not decided by a batch")
    try:
        check(found)
    except ProofError as error:
        raise fail(REFUSED, f"{acn}: {error}") from None
    print_json(found)


@app.command("check")
def check_(
    file: Annotated[Path, typer.Argument(help="What batch proof printed, - for standard input.")],
    json: Json = False,
) -> None:
    """Check the proof of one case's decision by itself: no server is asked.

    That the key is the signer's own, compare with the register: starter.py officer list.
    """
    from greenlight.signing.algorithm import ProofError
    from greenlight.signing.decision import DecisionProof, check

    try:
        given = read_json(TypeAdapter(DecisionProof), file)
        decision = check(given)
    except ProofError as error:
        raise fail(REFUSED, f"does not hold: {error}") from None
    if json:
        print_json(decision)
    else:
        _say(decision, given.key.kid)


def _say(decision: "Decision", kid: str) -> None:
    print_facts(
        {
            "Case": decision.stream,
            "Outcome": decision.outcome,
            "Dossier": decision.dossier,
            "Decided": f"{local(decision.at)} by {decision.by.officer} ({words(decision.by.role)})",
            "Batch": f"{decision.batch}, {decision.index + 1} of {decision.size}",
            "Key": kid,
        }
    )


def _shown(state: BatchState) -> JsonObject:
    from greenlight.law.batch.state import dossier_digest

    return {
        **state.model_dump(mode="json"),
        **state.signed.model_dump(mode="json"),
        "dossier": dossier_digest(state),
        "left": list(state.left),
    }


async def _leaves(
    reader: "Reader", named: Sequence[str], wanted: "DocketFilter", outcome: Outcome | None, limit: int
) -> tuple[Leaf, ...]:
    streams = named or [application_stream(row.acn) for row in await reader.docket(wanted, limit=1_000)]
    found: list[Leaf] = []
    for stream in streams:
        if len(found) == limit:
            break
        of = await _leaf(reader, stream)
        if of is None and named:
            raise fail(REFUSED, f"refused: wrong_stage: {stream} does not wait for the executive")
        if of is not None and (outcome is None or of.outcome == outcome.value):
            found.append(of)
    if not found:
        raise fail(REFUSED, "no such case waits for the executive")
    return tuple(sorted(set(found), key=lambda each: each.stream))


async def _leaf(reader: "Reader", stream: str) -> Leaf | None:
    state, newer = APPLICATION.known_state([event.record async for event in reader.stream(stream)])
    # One that goes on with what cannot be read here waits for a newer release.
    return leaf(state) if state and newer is None else None


async def _proof(reader: "Reader", stream: str) -> "DecisionProof | None":
    """Of the last decision by batch, if there was one, with the key that the register has for it."""
    from greenlight.law.application.events import ExecutiveSignedOff
    from greenlight.signing.decision import DecisionProof
    from greenlight.signing.tokens import Token

    found = None
    async for stored in reader.stream(stream):
        event = APPLICATION.read(stored.record)
        if isinstance(event, ExecutiveSignedOff) and event.inclusion and stored.proof:
            found = stored.record, stored.proof, event.by.officer
    if found is None:
        return None
    record, token, officer = found
    kid = Token(token).kid
    keys = {key.kid: key.public_key for row in await reader.officers(officer) for key in row.keys}
    if kid not in keys:
        raise fail(REFUSED, f"the register has no key {kid} of {officer}")
    return DecisionProof(stream=stream, record=record, token=token, key=keys[kid])
