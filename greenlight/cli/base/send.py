"""Sending a command and saying what came of it, the same for every command."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from greenlight.cli.base.before_signing import foreseen, seen
from greenlight.cli.base.output import bold, local, print_json, say, words
from greenlight.cli.base.session import Session, run
from greenlight.kernel.body import Body
from greenlight.kernel.commit import Receipt
from greenlight.kernel.messages import CaseStatus
from greenlight.kernel.roles import Role

if TYPE_CHECKING:
    from greenlight.law.officer.view import OfficerRow


def send(
    stream: str,
    content: Body,
    officer: str,
    command_id: str | None,
    json: bool,
    dossier: str | None = None,
    role: Role | None = None,
) -> None:
    """Send a command to a stream, or the one with which it begins."""

    async def action(session: Session) -> Receipt | CaseStatus:
        client = await session.client(officer)
        acting = role or await role_for(session, officer, content)
        if content.declared.starts:
            await foreseen(session, client, stream, content, acting)
            return await client.begin(stream, content, role=acting, command_id=command_id)
        digest = await seen(session, client, stream, content, dossier, acting)
        return await client.decide(stream, content, dossier=digest, role=acting, command_id=command_id)

    answer = run(action)
    if json:
        print_json(answer)
    elif isinstance(answer, Receipt):
        print_receipt(answer)
    else:
        due = f"; what comes next is due {local(answer.status.due)}" if answer.status.due else ""
        say(f"on record: {answer.stream} is at ", bold(words(answer.status.stage)), due)


def print_receipt(receipt: Receipt) -> None:
    again = " (it was accepted before)" if receipt.duplicate else ""
    stage = bold(words(receipt.stage))
    say(f"accepted{again}: {receipt.stream} is at ", stage, f", event {receipt.version}")


async def role_for(session: Session, officer: str, content: Body | type[Body]) -> Role | None:
    """Of the roles in which a command may be sent, the only one that the register says the officer has now.

    None: there is one alone, or the officer has several or none of them.
    """
    allowed = content.declared.by
    if len(allowed) == 1:
        return None
    now = datetime.now(UTC)
    async with session.reader() as reader:
        held = {role for row in await reader.officers(officer) for role in roles_at(row, now)}
    mine = held & allowed
    return mine.pop() if len(mine) == 1 else None


def roles_at(officer: "OfficerRow", now: datetime) -> tuple[Role, ...]:
    """The roles that an officer holds at an instant."""
    return tuple(term.role for term in officer.roles if term.at(now))
