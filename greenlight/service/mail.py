"""Letters by electronic mail: handed over to a relay, which signs (DKIM) and carries them on.

A relay knows no letter by its id, so a letter arrives at least once: whoever dies between the relay's
word and its note sends it again. It is the same mail then, by the same ``Message-ID``, which follows from the
letter and the log; mailboxes and people know it by that.
"""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum
from pathlib import Path

import aiosmtplib

from greenlight.letters.courier import (
    Courier,
    CourierAwayError,
    DeliveryError,
    Dispatch,
    UndeliverableError,
)

TIMEOUT_SECONDS = 30.0
"""For each answer of the relay."""

LETTER_HEADER = "Greenlight-Letter"

_POLICY = SMTP.clone(max_line_length=998)
"""A name of a message is not folded, however long."""
_TOO_LARGE = 552
_FOR_GOOD = range(500, 600)
_ADVICE = "its mailbox in the register is to be put right, then `starter.py letters --again`"


class Transport(StrEnum):
    """The protection of the way to the relay. ``local_relay``: it is on this machine, or in a network
    that nobody else reads, and is spoken to in plain."""

    STARTTLS = "starttls"
    TLS = "tls"
    LOCAL_RELAY = "local_relay"


@dataclass(frozen=True, slots=True)
class Relay:
    """The mail server to which letters are handed, and as whom. ``authorities``: a file of the certificates
    that it is known by, other than those of this machine."""

    host: str
    port: int
    sender: str
    name: str
    log: str
    transport: Transport = Transport.STARTTLS
    user: str | None = None
    password: str | None = None
    authorities: Path | None = None

    def __repr__(self) -> str:
        """Without the password."""
        return f"Relay({self.host}:{self.port})"


class MailCourier:
    """Mails each letter to whom it is for; who has no mailbox on file gets it by ``otherwise``."""

    def __init__(self, relay: Relay, otherwise: Courier) -> None:
        """:raises OSError: the certificates cannot be read."""
        self._relay = relay
        self._otherwise = otherwise
        self._context = ssl.create_default_context(cafile=relay.authorities and str(relay.authorities))

    async def deliver(self, letter: Dispatch) -> None:
        if letter.mailbox is None:
            await self._otherwise.deliver(letter)
            return
        try:
            async with self._connection() as connection:
                await self._hand_over(connection, letter, letter.mailbox)
        except aiosmtplib.SMTPRecipientsRefused as error:
            refused = error.recipients[0]
            raise _problem("the recipient", refused.code) from None
        except aiosmtplib.SMTPDataError as error:
            raise _problem("the letter", error.code) from None
        except aiosmtplib.SMTPResponseException as error:
            if error.code == _TOO_LARGE:
                raise _problem("the letter", error.code) from None
            raise CourierAwayError(f"the mail relay takes no letters from us: code {error.code}") from None
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise CourierAwayError(f"the mail relay cannot be used: {type(error).__name__}") from None

    def _connection(self) -> aiosmtplib.SMTP:
        relay = self._relay
        return aiosmtplib.SMTP(
            hostname=relay.host,
            port=relay.port,
            username=relay.user,
            password=relay.password,
            timeout=TIMEOUT_SECONDS,
            use_tls=relay.transport is Transport.TLS,
            # Required, and not only where the relay offers it: who stands between could hide the offer.
            start_tls=relay.transport is Transport.STARTTLS,
            tls_context=None if relay.transport is Transport.LOCAL_RELAY else self._context,
        )

    async def _hand_over(self, connection: aiosmtplib.SMTP, letter: Dispatch, mailbox: str) -> None:
        await connection.sendmail(self._relay.sender, [mailbox], bytes(self._mail(letter, mailbox)))

    def _mail(self, letter: Dispatch, mailbox: str) -> EmailMessage:
        """Name no decision, which stands in the letter alone: subjects are read on screens and kept in
        logs."""
        mail = EmailMessage(policy=_POLICY)
        mail["From"] = Address(self._relay.name, addr_spec=self._relay.sender)
        mail["To"] = Address(addr_spec=mailbox)
        mail["Subject"] = f"Letter on {letter.about}" if letter.about else "Letter"
        mail["Date"] = format_datetime(datetime.now(UTC))
        mail["Message-ID"] = self.message_id(letter.letter_id)
        mail[LETTER_HEADER] = letter.letter_id
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content("The letter is attached. On its last lines is a code by which it can be checked.\n")
        mail.add_attachment(
            letter.pdf, maintype="application", subtype="pdf", filename=f"{letter.letter_id}.pdf"
        )
        return mail

    def message_id(self, letter_id: str) -> str:
        """The same for a letter at every try, and another for the letter of another log."""
        log, domain = self._relay.log.rpartition(":")[2], self._relay.sender.rpartition("@")[2]
        return f"<{letter_id}.{log}@{domain}>"


def _problem(what: str, code: int) -> DeliveryError:
    """By the relay's code: its words may repeat the mailbox."""
    if code in _FOR_GOOD:
        return UndeliverableError(f"{what} is refused by the mail relay for good: code {code}; {_ADVICE}")
    return DeliveryError(f"{what} is refused by the mail relay for now: code {code}")
