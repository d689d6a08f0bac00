"""Mails letters and is killed once the relay has the first. Run by a test, in a process of its own."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from greenlight.eventlog.letters import LetterBox
from greenlight.letters.courier import FolderCourier
from greenlight.service import letters
from greenlight.service.letters import drain
from greenlight.service.mail import MailCourier, Relay, Transport

DSN, PORT, LOG = sys.argv[1:]


class DyingBox(LetterBox):
    async def mark_sent(self, letter_id: str) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


RELAY = Relay(
    host="127.0.0.1",
    port=int(PORT),
    sender="licensing@agency.example",
    name="Licensing Office",
    log=LOG,
    transport=Transport.LOCAL_RELAY,
)
letters.LetterBox = DyingBox
asyncio.run(drain(DSN, MailCourier(RELAY, FolderCourier(Path(os.devnull)))))
