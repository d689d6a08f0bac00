"""An officer with their private key: what turns a command into a signed one."""

import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime

from greenlight.kernel.authority import Claims, LogName, SignedCommand
from greenlight.kernel.body import Body
from greenlight.kernel.canonical import digest
from greenlight.kernel.model import JsonObject
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.streams import officer_stream
from greenlight.law.contract import permitted
from greenlight.law.officer.possession import Possession
from greenlight.signing.keys import SigningKey
from greenlight.signing.possession import prove
from greenlight.signing.reading import sign_reading
from greenlight.signing.tokens import sign

LIFETIME_SECONDS = 10 * 60


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs as ``officer``, who is the human being ``person`` and acts for ``organisation``.

    ``log`` is the event log for which they sign, by its kind and id; their signature counts in no other.
    ``at``: in a rehearsal, when what is signed comes; it stands beside the signature, not under it.
    """

    officer: str
    person: str
    organisation: str
    key: SigningKey = field(repr=False)
    log: LogName | None = field(default=None, repr=False)
    at: datetime | None = field(default=None, repr=False)

    def possession(self, roles: tuple[Role, ...] = ()) -> str:
        """The proof that this key is held, for the registrar who registers it; ``roles`` are those that are
        asked for with it, none for a further key."""
        says = Possession(
            stream=officer_stream(self.officer),
            person=self.person,
            organisation=self.organisation,
            roles=roles,
        )
        return prove(says, self.key)

    def reading(self, role: Role) -> str:
        """The token by which they read in this role, for five minutes.

        :raises ValueError: it is not said of which event log.
        """
        if self.log is None:
            raise ValueError(f"{self.officer} reads one event log: say which")
        return sign_reading(self.officer, role, self.log, self.key)

    def sign(
        self,
        name: str,
        stream: str,
        body: Body | JsonObject,
        *,
        role: Role | None = None,
        dossier: str | None = None,
        command_id: str | None = None,
        lifetime: int = LIFETIME_SECONDS,
    ) -> SignedCommand:
        """A command ready to be sent as an update, a signal or a start.

        :param role: needed only where the command may be sent in several.
        :param dossier: for decisions, the digest of the dossier that the officer has read.
        :param command_id: the same id for the same command makes a second sending harmless.
        :param lifetime: seconds for which the proof holds.
        :raises ValueError: it is not said for which event log they sign, or in which of several roles.
        """
        if self.log is None:
            raise ValueError(f"{self.officer} signs for one event log: say which")
        by = Actor(
            officer=self.officer,
            person=self.person,
            organisation=self.organisation,
            role=role or sole_role(name),
        )
        claims = command_claims(
            by, self.log, name, stream, body, dossier=dossier, command_id=command_id, lifetime=lifetime
        )
        return SignedCommand(token=sign(claims, self.key), body=as_json(body), at=self.at)


def command_claims(
    by: Actor,
    log: LogName,
    name: str,
    stream: str,
    body: Body | JsonObject,
    *,
    dossier: str | None = None,
    command_id: str | None = None,
    lifetime: int = LIFETIME_SECONDS,
) -> Claims:
    """The content of a command's signature, from now on for ``lifetime`` seconds; the rest as for
    ``Signer.sign``. The body to be sent beside it is ``as_json(body)``."""
    now = int(time.time())
    return Claims(
        sub=by.officer,
        person=by.person,
        org=by.organisation,
        role=by.role,
        aud=stream,
        cmd=name,
        body=digest(as_json(body)),
        dossier=dossier,
        iat=now,
        exp=now + lifetime,
        jti=command_id or new_command_id(),
        log=log,
    )


def as_json(body: Body | JsonObject) -> JsonObject:
    """A command's body as it goes over the wire: members that have their defaults stay away, or where some of
    them were given, all are there. A body that is written by halves is refused."""
    if not isinstance(body, Body):
        return body
    given: JsonObject = body.model_dump(mode="json", exclude_unset=True)
    told: JsonObject = body.model_dump(mode="json", exclude_defaults=True)
    return given if given == told else body.model_dump(mode="json")


def new_command_id() -> str:
    return secrets.token_urlsafe(16)


def sole_role(name: str) -> Role:
    """The role that a command is sent in, where there is only one.

    :raises ValueError: for an unknown command, or one that may be sent in several roles.
    """
    roles = permitted().get(name, frozenset())
    if len(roles) != 1:
        raise ValueError(f"say in which role {name} is sent" if roles else f"there is no command {name}")
    return next(iter(roles))
