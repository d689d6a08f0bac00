"""A worker that is killed tells a receiver everything that its officer may hear, in order."""

import secrets
from pathlib import Path

from greenlight.client import LicensingClient, until_answered
from greenlight.eventlog.following import Wanted
from greenlight.eventlog.read_events import StreamReader
from greenlight.eventlog.subscribers import SUBSCRIBE, Subscribers, asked
from greenlight.feed.secrets import digest_of, load_key, secret_of
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import officer_stream
from greenlight.law.application.commands import Withdraw
from greenlight.law.application.dossier import Submission
from tests.feed.receiver import receiving
from tests.law.application.cases import new_submission
from tests.service.site import Site

MAY_HEAR = {"ApplicationSubmitted", "ApplicationWithdrawn"}
"""Of their own cases, applicants hear what they sent and what a letter tells them."""


async def lived(applicant: LicensingClient, application: Submission) -> str:
    """The stream of a case that was filed and withdrawn, whoever was killed meanwhile."""
    case = await until_answered(lambda command_id: applicant.submit(application, command_id=command_id))
    await until_answered(lambda command_id: applicant.decide(case.stream, Withdraw(), command_id=command_id))
    return case.stream


async def test_a_worker_that_is_killed_tells_everything_in_order(site: Site, tmp_path: Path) -> None:
    applicant = await site.officer("acme")
    identity, wanted = f"wh_{secrets.token_hex(8)}", Wanted(streams=frozenset({"application"}))
    async with receiving() as receiver:
        command = applicant.signer.sign(
            SUBSCRIBE,
            officer_stream(applicant.signer.officer),
            asked(identity, receiver.url, wanted),
            role=Role.APPLICANT,
        )
        secret = digest_of(secret_of(load_key(site.settings.webhook_key_file), identity))
        async with Subscribers(site.target.writer_url) as subscribers:
            await subscribers.add(
                identity, receiver.url, wanted, token=command.token, secret=secret, after=None
            )
        async with site.supervised(tmp_path, GREENLIGHT_WEBHOOK_PRIVATE="true") as worker:
            streams: set[str] = set()
            for number in range(3):
                application = new_submission().model_copy(update={"reference": f"PO-HOOK-{number}"})
                streams.add(await lived(applicant, application))
                await receiver.until(lambda: bool(receiver.got), 120)
                await worker.kill()
            async with StreamReader(site.target.database_url) as reader:
                told = [
                    event.position
                    async for event in reader.log()
                    if event.stream in streams and event.type in MAY_HEAR
                ]
            await receiver.until(lambda: told[-1] in receiver.positions, 120)
    assert list(dict.fromkeys(receiver.positions)) == told
    assert len(set(receiver.ids)) == len(told)
