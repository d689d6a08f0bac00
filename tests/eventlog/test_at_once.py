"""Commits that are recorded in one call come to what they come to in calls of their own."""

import asyncio
import json
import random
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import pytest

from greenlight.embedded import Postgres
from greenlight.eventlog.batches import MIN_COMMITS, Batches
from greenlight.eventlog.database import Connection, connection
from greenlight.eventlog.payload import payload
from greenlight.eventlog.session import Session
from greenlight.kernel.canonical import canonical
from tests.addresses import create_database, drop_database
from tests.eventlog.crowd import NOW, Crowd, Signer, assignment
from tests.eventlog.server import as_writer, database_url
from tests.repeating import chance

AT = NOW.isoformat()
APPLICATIONS = tuple(f"application-Z00000{number}" for number in range(4))
SHOWN = (
    "docket", "task", "officer", "officer_key", "officer_role", "directive", "outbox", "command", "license",
)  # fmt: skip
ROUNDS, COMMITS = 25, 20


class Drawn:
    """Commits by chance, few of them good: of few streams and ids, so that they are in each other's way."""

    def __init__(self, lots: random.Random, crowd: Crowd, registered: Sequence[dict[str, Any]]) -> None:
        self._lots = lots
        self._crowd = crowd
        self._registered = registered
        self._ids = [f"command-{number}" for number in range(12)]
        self._versions: dict[str, int] = {}
        self._records: dict[str, str] = {}

    def commit(self) -> dict[str, Any]:
        kinds = (self.assigned, self.refused, self.withdrawn, self.passed, self.registered, self.directed)
        made = self._lots.choice(
            (*kinds, self.applied, self.twice, self.unsigned, self.assigned, self.assigned)
        )()
        made["directives"] = self._lots.choice((None, None, None, 0, 1, 2))
        return made

    def assigned(self) -> dict[str, Any]:
        signer, stream = self._crowd.officer, self._lots.choice(APPLICATIONS)
        event = self._event("CaseAssigned", by=signer, officer="olga")
        return self._signed(signer, "assign", self._append(stream, event, view=self._docket(stream)))

    def unsigned(self) -> dict[str, Any]:
        return self._unsigned(self._append(self._lots.choice(APPLICATIONS), self._event("CaseAssigned")))

    def withdrawn(self) -> dict[str, Any]:
        stream = self._lots.choice(APPLICATIONS)
        event = self._event("ApplicationWithdrawn", by=self._crowd.applicant, reason="No longer needed.")
        own = self._append(stream, event, view=self._docket(stream))
        return self._signed(self._crowd.applicant, "withdraw", own)

    def refused(self) -> dict[str, Any]:
        signer = self._crowd.officer
        said = {"command": "assign", "command_id": "command-1", "code": "key_not_valid", "message": "no"}
        event = self._event("CommandRefused", by=signer, **said)
        made = self._signed(signer, "assign", self._append(self._lots.choice(APPLICATIONS), event))
        return made | {"refuses": True}

    def passed(self) -> dict[str, Any]:
        stream = self._lots.choice(APPLICATIONS)
        events = [
            self._event("DeadlinePassed", deadline=str(number)) for number in range(self._lots.choice((1, 3)))
        ]
        return self._unsigned(
            self._append(stream, *events, view=self._lots.choice((None, self._docket(stream))))
        )

    def twice(self) -> dict[str, Any]:
        first, second = self._lots.sample(APPLICATIONS, 2)
        other = self._docket(second)
        # Nobody makes a commit that is in its own way.
        other["row"]["pending_transaction"] = None
        event = self._event("CaseAssigned", by=self._crowd.officer, officer="olga")
        return self._signed(
            self._crowd.officer,
            "assign",
            self._append(first, event, view=self._docket(first)),
            self._append(second, self._event("DeadlinePassed"), view=other),
        )

    def registered(self) -> dict[str, Any]:
        """A key or a role of an officer is taken away, or given back."""
        row = json.loads(json.dumps(self._lots.choice(self._registered)))
        for key in row["keys"]:
            key["revoked_at"] = self._lots.choice((None, AT))
        if self._lots.random() < 0.3:
            row["roles"] = []
        view = {"model": "officer", "row": row}
        return self._unsigned(
            self._append(f"officer-{row['officer']}", self._event("DeadlinePassed"), view=view)
        )

    def directed(self) -> dict[str, Any]:
        """A directive comes in force, or is so no longer."""
        row = {
            "key": self._lots.choice(("d-1", "d-2")),
            "version": 1,
            "stage": "s",
            "waiting_for": "nobody",
            "closed": False,
            "posture": "p",
            "supersedes": None,
            "times": 1,
            "done": 0,
            "remaining": 0,
            "failed": 0,
            "in_force_since": self._lots.choice((None, AT)),
        }
        view = {"model": "directive", "row": row}
        return self._unsigned(
            self._append(f"directive-{row['key']}", self._event("DeadlinePassed"), view=view)
        )

    def applied(self) -> dict[str, Any]:
        """It is held against a case, which it may be while it stands."""
        event = self._event("DirectiveApplied", directive=self._lots.choice(("d-1", "d-2")))
        return self._unsigned(self._append(self._lots.choice(APPLICATIONS), event))

    def _event(self, name: str, *, by: Signer | None = None, **said: str) -> dict[str, Any]:
        who = None if by is None else by.actor.model_dump(mode="json")
        content: dict[str, Any] = {"type": name, "at": AT, "by": who, **said}
        record = canonical(content).decode()
        return {"type": name, "at": AT, "record": record}

    def _append(self, stream: str, *events: dict[str, Any], view: Any = None) -> dict[str, Any]:
        stands = self._versions.get(stream, 0)
        version = stands if self._lots.random() < 0.8 else self._lots.randrange(4)
        last = self._records.get(stream, "") if self._lots.random() < 0.3 else None
        if version == stands:
            # As if it were recorded, which it often is.
            self._versions[stream] = stands + len(events)
            self._records[stream] = events[-1]["record"]
        return {
            "stream": stream,
            "expected_version": version,
            "last": sha256(last.encode()).hexdigest() if last else None,
            "view": view,
            "events": list(events),
        }

    def _docket(self, stream: str) -> dict[str, Any]:
        tasks = [{"role": "applicant", "organisation": None, "due": None, "deadline": None}]
        row = {
            "acn": stream.partition("-")[2],
            "version": 1,
            "stage": "s",
            "waiting_for": "applicant",
            "closed": False,
            "registered_at": AT,
            "item_class": "EAR99",
            "dispositions": [],
            "pending_transaction": self._lots.choice((None, "one", "one", stream)),
            "tasks": tasks * self._lots.randrange(3),
            "resolutions": [],
        }
        return {"model": "docket", "row": row}

    def _signed(self, signer: Signer, name: str, *appends: dict[str, Any]) -> dict[str, Any]:
        acn = appends[0]["stream"].partition("-")[2]
        body = "sha256:" + self._lots.choice("01") * 64
        changes: dict[str, Any] = {"cmd": name, "jti": self._lots.choice(self._ids), "body": body}
        if self._lots.random() < 0.1:
            changes |= {"iat": 1, "exp": 2}
        like = assignment(signer, acn, 0, **changes)
        proof = json.loads(payload(like, kid=signer.key.public.kid, actor=signer.actor))["proof"]
        return {"proof": proof, "refuses": False, "appends": list(appends)}

    def _unsigned(self, *appends: dict[str, Any]) -> dict[str, Any]:
        return {"proof": None, "refuses": False, "appends": list(appends)}

    def follow(self, versions: dict[str, int]) -> None:
        """Take over how far the streams are in truth."""
        self._versions = versions


async def recorded(database: Connection, commits: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
    rows = await database.fetch("SELECT * FROM greenlight.append($1)", json.dumps(list(commits)))
    return [tuple(row.values()) for row in rows]


async def stands(database: Connection) -> dict[str, list[str]]:
    """All that is on record and shown, but for when it was recorded."""
    found = {
        name: await database.fetch(
            f"SELECT (to_jsonb(t) - 'recorded_at')::text AS row FROM greenlight.{name} t"
        )
        for name in (*SHOWN, "event", "log")
    }
    return {name: sorted(str(row["row"]) for row in rows) for name, rows in found.items()}


REGISTERED = """
SELECT jsonb_build_object(
    'officer', officer, 'person', person, 'organisation', organisation, 'version', version,
    'changes', '[]'::jsonb,
    'keys', (SELECT jsonb_agg(to_jsonb(k)) FROM greenlight.officer_key k WHERE k.officer = o.officer),
    'roles', (SELECT jsonb_agg(to_jsonb(r)) FROM greenlight.officer_role r WHERE r.officer = o.officer)
)::text AS row
FROM greenlight.officer o WHERE officer = ANY ($1) ORDER BY officer
"""
VERSIONS = "SELECT stream, max(version) AS version FROM greenlight.event GROUP BY stream"


async def test_whether_one_by_one_or_at_once_comes_to_the_same(
    server: Postgres, template: str, dsn: str, database: Connection, crowd: Crowd
) -> None:
    await create_database(server.database_url, "one_by_one", template)
    signers = (crowd.officer, crowd.applicant)
    rows = await database.fetch(REGISTERED, [each.actor.officer for each in signers])
    drawn = Drawn(chance("at once"), crowd, [json.loads(str(row["row"])) for row in rows])
    statuses: set[str] = set()
    async with connection(database_url(server, "one_by_one"), application="test") as other:
        for _ in range(ROUNDS):
            rows = await database.fetch(VERSIONS)
            drawn.follow({str(row["stream"]): int(str(row["version"])) for row in rows})
            commits = [drawn.commit() for _ in range(COMMITS)]
            singly = [answer for each in commits for answer in await recorded(other, [each])]
            assert await recorded(database, commits) == singly
            assert await stands(database) == await stands(other)
            statuses |= {str(answer[3] or answer[0]) for answer in singly}
    await drop_database(server.database_url, "one_by_one")
    # Some of ten come up in few crowds.
    assert len(statuses) >= 6, statuses
    assert statuses >= {"recorded", "behind"}


@pytest.mark.parametrize(("cost", "most"), [(1.0, MIN_COMMITS), (0.0002, 100), (0.000001, 256)])
async def test_a_group_is_as_large_as_is_recorded_in_a_moment(dsn: str, cost: float, most: int) -> None:
    batches = Batches(Session(as_writer(dsn), "test"))
    assert batches.most == MIN_COMMITS
    batches._costs.extend((cost, 2.0))  # pyright: ignore[reportPrivateUsage]
    assert batches.most == most
    await asyncio.sleep(0)
