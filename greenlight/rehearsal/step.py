"""The tools of one action of a rehearsal: the instant, an officer's client, chance, what comes next."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from temporalio.client import Client

from greenlight.client import Signer
from greenlight.eventlog.due import Due
from greenlight.kernel.body import Body
from greenlight.kernel.commit import Receipt
from greenlight.kernel.messages import CaseStatus
from greenlight.kernel.roles import Role
from greenlight.law.application.dossier import Submission
from greenlight.law.reprieve.commands import OpenReprieve
from greenlight.rehearsal.agenda import Item
from greenlight.rehearsal.played import PlayedOfficer

Action = Callable[["Step"], Awaitable[object]]
Planned = Item[Action | Due]
"""A step: somebody does something, or it comes by itself."""
Signers = Mapping[str, Signer]
"""By the names of the development officers."""


@dataclass(slots=True)
class Step:
    """One action at one instant. Everything that it makes up follows from the seed and its place.

    An action that belongs to a case reads and changes that case and its licenses alone; others go on at the
    same time. One that belongs to none is alone, and may look at everything.
    """

    now: datetime
    case: str | None
    place: str
    order: tuple[int | str, ...]
    temporal: Client
    patience: timedelta
    planned: list[Planned] = field(default_factory=list[Planned])
    """The steps that are to come of it, once it is done."""
    random: Random = field(init=False)
    _ids: int = 0

    def __post_init__(self) -> None:
        self.random = Random(self.place)  # noqa: S311  # It is to be the same again.

    def command_id(self) -> str:
        """The next id for a command."""
        self._ids += 1
        return hashlib.sha256(f"{self.place}/{self._ids}".encode()).hexdigest()[:32]

    def client(self, signer: Signer) -> PlayedOfficer:
        """A client that signs as this officer, and says that it is now."""
        return PlayedOfficer(self.temporal, replace(signer, at=self.now), patience=self.patience)

    async def submit(self, signer: Signer, application: Submission, acn: str | None = None) -> CaseStatus:
        return await self.client(signer).submit(application, acn=acn, command_id=self.command_id())

    async def open_reprieve(self, signer: Signer, key: str, opening: OpenReprieve) -> CaseStatus:
        return await self.client(signer).open_reprieve(key, opening, command_id=self.command_id())

    async def decide(
        self,
        signer: Signer,
        stream: str,
        body: Body,
        *,
        dossier: str | None = None,
        role: Role | None = None,
    ) -> Receipt:
        return await self.client(signer).decide(
            stream, body, dossier=dossier, role=role, command_id=self.command_id()
        )

    def plan(self, at: datetime, action: Action, *, case: str | None = None) -> None:
        """Put something on the agenda: of the same case, or of another (``case``), or of none if this action
        belongs to none. The driver fails if the instant has passed, or another case's is too near to be kept
        in order."""
        order = (*self.order, len(self.planned) + 1)
        self.planned.append(Item(at, True, order, case or self.case, action))
