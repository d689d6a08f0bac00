"""The front door: tokens to read by it, and who was shown what."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.options import Csv, Json, instant, stream_of
from greenlight.cli.base.output import counted, fail, local, print_line, print_rows, words
from greenlight.cli.base.replay import insist_on
from greenlight.cli.base.send import roles_at
from greenlight.cli.base.session import REFUSED, USAGE, Session, run
from greenlight.kernel.roles import Role

if TYPE_CHECKING:
    from greenlight.eventlog.access import Access

DAYS = 30


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel="Look")(token)
    app.command(rich_help_panel="Look")(readings)


def token(
    officer: Annotated[
        str, typer.Option("--as", metavar="OFFICER", help="Read as this officer, with their key.")
    ],
    role: Annotated[Role | None, typer.Option(help="In this role. Default: the only one they hold.")] = None,
    seconds: Annotated[int, typer.Option(min=1, max=300, help="For so long it holds.")] = 300,
) -> None:
    """Print a token by which the front door shows an officer what is open to them, for five minutes at most.

    Whoever has the token reads what they may.

    Example: curl -H "Authorization: Bearer $(starter.py token --as acme)" http://127.0.0.1:8234/docket
    """

    async def action(session: Session) -> str:
        from greenlight.signing.reading import sign_reading

        signer = await session.signer(officer)
        assert signer.log is not None, "a session's signer signs for its log"
        reads = role or await _only_role(session, officer)
        return sign_reading(signer.officer, reads, signer.log, signer.key, lifetime=seconds)

    # As it is: a terminal's width must not break what is pasted.
    print_line(run(action))


async def _only_role(session: Session, officer: str) -> Role:
    async with session.reader() as reader:
        found = await reader.officers(officer)
    held = [role for row in found for role in roles_at(row, datetime.now(UTC))]
    if not held:
        raise fail(REFUSED, f"refused: role_not_held: {officer} holds no role now")
    if len(held) > 1:
        raise fail(USAGE, f"--role: {officer} holds several: {', '.join(held)}")
    return held[0]


def readings(
    case: Annotated[
        str | None,
        typer.Argument(metavar="CASE", help="Control number (A123456), license (D000001), or a workflow id."),
    ] = None,
    by: Annotated[str | None, typer.Option(help="Only what this officer was shown.")] = None,
    since: Annotated[
        datetime | None,
        typer.Option(parser=instant, metavar="INSTANT", help=f"From then on. Default: {DAYS} days ago."),
    ] = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """List who was shown what of a case, or of all cases, from the access records.

    They are the auditor's to read (GREENLIGHT_AUDITOR_URL), and kept for five years.

    Example: starter.py readings A123456
    """
    stream = stream_of(case) if case else None
    now = datetime.now(UTC)

    async def action(session: Session) -> "list[Access]":
        from greenlight.eventlog.access import AccessReader

        if stream is not None:
            await insist_on(session, stream)
        async with AccessReader(session.target.auditor_url) as reader:
            found = reader.readings(
                stream=stream, officer=by, since=since or now - timedelta(days=DAYS), until=now
            )
            return [each async for each in found]

    found = run(action)
    print_rows(
        found,
        json,
        counted(len(found), "reading"),
        {
            "when": lambda each: local(each.at),
            "who": lambda each: f"{each.officer} ({words(each.role)}, {each.organisation})",
            "case": lambda each: each.stream,
            "what": lambda each: words(each.what),
        },
        csv=csv,
    )
