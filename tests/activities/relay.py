"""A mail relay (RFC 5321) that keeps what it is given, and refuses what it is told to.

It is a few verbs long, and speaks TLS with a certificate that it makes for itself.
"""

import asyncio
import base64
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"


def certificate(folder: Path) -> Path:
    """A file with a key and a certificate of this machine."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "relay")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "relay.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@dataclass
class Relay:
    """``refuses``: by the verb, or by the verb and a mailbox, the answer in place of the usual one. ``user``:
    who may send, with which password; None: everybody. ``offers_tls``: whether STARTTLS is offered."""

    folder: Path
    pem: Path | None = None
    offers_tls: bool = True
    user: tuple[str, str] | None = None
    refuses: dict[str, str] = field(default_factory=dict[str, str])
    port: int = 0
    spoken: list[str] = field(default_factory=list[str])
    in_plain: int = 0

    @property
    def mails(self) -> list[EmailMessage]:
        """What it took, in the order in which it did."""
        return [
            message_from_bytes(file.read_bytes(), EmailMessage, policy=policy.default)
            for file in self._files()
        ]

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("*.eml"))

    @asynccontextmanager
    async def running(self) -> AsyncGenerator["Relay"]:
        server = await asyncio.start_server(self._serve, HOST, self.port, limit=32 * 1024 * 1024)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(text: str) -> None:
            writer.write(f"{text}\r\n".encode())
            await writer.drain()

        encrypted, known = False, self.user is None
        try:
            await say(self.refuses.get("CONNECT", "220 relay"))
            while line := (await reader.readline()).decode().strip():
                verb = line.split(" ")[0].split(":")[0].upper()
                self.spoken.append(verb)
                if refusal := self.refuses.get(line) or self.refuses.get(verb):
                    await say(refusal)
                    continue
                match verb:
                    case "EHLO":
                        offers = ["250-relay"]
                        if self.pem and self.offers_tls and not encrypted:
                            offers.append("250-STARTTLS")
                        await say("\r\n".join([*offers, "250-AUTH PLAIN", "250 SIZE 20000000"]))
                    case "STARTTLS" if self.pem:
                        await say("220 go on")
                        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                        context.load_cert_chain(self.pem)
                        await writer.start_tls(context)
                        encrypted = True
                    case "AUTH":
                        told = base64.b64decode(line.split(" ")[2]).split(b"\0")[1:]
                        known = self.user == (told[0].decode(), told[1].decode())
                        await say("235 welcome" if known else "535 no")
                    case "MAIL" if not known:
                        await say("530 who are you")
                    case "DATA":
                        await say("354 go on")
                        mail = (await reader.readuntil(b"\r\n.\r\n"))[:-5].replace(b"\r\n..", b"\r\n.")
                        self.in_plain += not encrypted
                        (self.folder / f"{len(self._files()):06}.eml").write_bytes(mail)
                        await say("250 taken")
                    case "QUIT":
                        await say("221 bye")
                        break
                    case _:
                        await say("250 fine")
        except (OSError, EOFError, ssl.SSLError):
            pass
        finally:
            writer.close()
