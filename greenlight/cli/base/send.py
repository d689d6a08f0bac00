"""Sending a command and saying what came of it, the same for every command."""

from greenlight.cli.base.output import bold, print_json, say, words
from greenlight.cli.base.session import Session, run
from greenlight.kernel.body import Body
from greenlight.kernel.commit import Receipt


def send(
    stream: str, content: Body, officer: str, command_id: str | None, json: bool, dossier: str | None = None
) -> None:
    async def action(session: Session) -> Receipt:
        client = await session.client(officer)
        return await client.decide(stream, content, dossier=dossier, command_id=command_id)

    receipt = run(action)
    if json:
        print_json(receipt)
    else:
        print_receipt(receipt)


def print_receipt(receipt: Receipt) -> None:
    again = " (it was accepted before)" if receipt.duplicate else ""
    stage = bold(words(receipt.stage))
    say(f"accepted{again}: {receipt.stream} is at ", stage, f", event {receipt.version}")
