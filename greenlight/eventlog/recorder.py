"""Writing the log: the proof is checked here, everything else in the transaction that records."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from greenlight.eventlog.batches import Answer, Batches
from greenlight.eventlog.callers import registered_key
from greenlight.eventlog.database import Row
from greenlight.eventlog.directives import (
    count_pending,
    gone_on,
    pending,
    read_standing,
    superseded_by,
)
from greenlight.eventlog.due import overdue
from greenlight.eventlog.entities import entity_versions
from greenlight.eventlog.gathering import count
from greenlight.eventlog.lists import read_content
from greenlight.eventlog.pages import PAGE_RECORDS, read_page, read_pages
from greenlight.eventlog.payload import Essentials, payload, proof_json
from greenlight.eventlog.resolutions import remembered
from greenlight.eventlog.rules import KnownRules
from greenlight.eventlog.session import OverSession, Session
from greenlight.eventlog.stored import read_log_name
from greenlight.eventlog.terms import read_terms
from greenlight.eventlog.together import Together
from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.authority import (
    MAX_TOKEN_LIFETIME_SECONDS,
    Claims,
    LogName,
    inclusion_objection,
)
from greenlight.kernel.commit import Append, Commit, Proof, Recorded, StreamPage, last_of
from greenlight.kernel.once import Latest
from greenlight.kernel.refusal import MAX_REFUSALS, REFUSALS_PERIOD, Refusal, RefusalCode, known_code
from greenlight.law.application.screening.language import Resolution
from greenlight.law.batch.events import BatchSigned
from greenlight.law.directive.standing import Standing
from greenlight.law.officer.keys import OfficerKey
from greenlight.law.reprieve.coverage import Terms
from greenlight.law.reprieve.gathering import Counts
from greenlight.law.rule.rules import Rule
from greenlight.signing.algorithm import ProofError
from greenlight.signing.tokens import Token

_NOT_THE_SENDER = frozenset(
    {
        RefusalCode.WRONG_LOG,
        RefusalCode.KEY_NOT_VALID,
        RefusalCode.IDENTITY_MISMATCH,
        RefusalCode.COMMAND_ID_REUSED,
    }
)
"""Refusals of the database that leave nothing on record: nobody was shown to have sent this, or the id is
used up. All others come after the log, the key and the person were found to be right."""

_TRIES = 5
"""So often a refusal is put at the end of a stream that meanwhile is further on."""

_PROVEN = 1_024
"""The last tokens whose signature was checked: one that is sent again, or decides many cases, is not checked
anew."""

_OBJECTIONS = """
SELECT code, message
FROM unnest($1::jsonb[], $2::text[]) WITH ORDINALITY AS asked (proof, stream, number),
     greenlight.would_refuse(asked.proof, asked.stream)
ORDER BY number
"""

_NUMBERS = """
SELECT greenlight.reserve_license_number(stream) AS number
FROM unnest($1::text[]) WITH ORDINALITY AS asked (stream, place) ORDER BY place
"""

_REFUSED = """
WITH refused AS (
    SELECT at, command_id FROM greenlight.event
    WHERE type = 'CommandRefused' AND stream = $1 AND record::jsonb #>> '{by,officer}' = $2)
SELECT (SELECT count(*) FROM refused WHERE at > $3) AS refused,
       EXISTS (SELECT FROM refused WHERE command_id = $4)
       OR EXISTS (SELECT FROM greenlight.command WHERE (stream, sender, command_id) = ($1, $2, $4)) AS known
"""
"""Refusals of a sender in a stream since an instant, and whether they used up an id there."""


class Recorder(OverSession):
    """The one writer of a process. Any number of callers may record at once; they share transactions.

    Recording is idempotent: after an exception, try again with the same commit.
    """

    def __init__(self, dsn: str, *, application: str = "greenlight") -> None:
        """Connects on first use."""
        super().__init__(dsn, application=application)
        # What is counted takes a while, and nothing that is to be recorded waits for it.
        self._counting = Session(dsn, f"{application}-count")
        self._batches = Batches(self._session)
        self._rules = KnownRules()
        self._objections = Together(self._read_objections)
        self._numbers = Together(self._reserve_numbers)
        self._checking = asyncio.Lock()
        # A key id is a digest of the key, so that what it stands for never changes. Whether the key
        # is valid does, and is asked of the database each time.
        self._keys: dict[str, OfficerKey] = {}
        self._proven = Latest[str, tuple[OfficerKey, Claims]](_PROVEN)
        # Read when the log says that another set stands: where nothing does, it is never read.
        self._standing = Standing()

    async def close(self) -> None:
        """Finish what is being recorded, then disconnect."""
        await self._batches.drain()
        await self._session.close()
        await self._counting.close()

    async def record(self, commit: Commit) -> Recorded:
        """Record a commit. If it is refused, only the refusal is recorded, on the first stream; and nothing
        at all where the proof does not show who sent it.

        :raises LogUnavailableError: it is not known whether the commit was recorded; try again.
        :raises NotRecordableError, DatabaseError: the commit is wrong in itself.
        """
        if commit.proof is None:
            return await self._recorded(commit, await self._batches.append(payload(commit)))
        checked = await self._check(commit.proof, commit.appends[0].stream)
        if isinstance(checked, Refusal):
            return _unrecorded(commit, checked)
        if commit.refuses and (enough := await self._enough(commit, _refused_in(commit))):
            return _unrecorded(commit, enough)
        answer = await self._batches.append(payload(commit, kid=checked.kid, actor=commit.proof.claims.actor))
        # A stream that the caller believes to go on, and that this log does not have, begins with no refusal.
        unheard_of = answer.version == 0 < commit.appends[0].expected_version
        known_sender = answer.code not in _NOT_THE_SENDER
        if answer.status == "refused" and answer.position is None and known_sender and not unheard_of:
            refused = _refusal_by(commit, commit.proof, answer)
            if enough := await self._enough(commit, refused):
                return _unrecorded(commit, enough)
            answer = await self._refuse(commit, refused, checked.kid, answer)
        return await self._recorded(commit, answer)

    async def now(self) -> datetime:
        """The database's clock."""
        (row,) = await self._session.fetch("SELECT clock_timestamp() AS now")
        now = row["now"]
        assert isinstance(now, datetime), "the column is timestamptz"
        return now

    async def log_name(self) -> LogName:
        """The name that tokens must have for this log."""
        return await read_log_name(self._session)

    async def objection(self, proof: Proof, stream: str) -> Refusal | None:
        """Say why a commit with this proof would be refused now. None: it would not, or was recorded before.

        Only a hint before costly work: what counts is asked again in the transaction that records.
        """
        checked = await self._check(proof, stream)
        return checked if isinstance(checked, Refusal) else await self._would_refuse(proof, checked, stream)

    async def unproven(self, proof: Proof, stream: str) -> Refusal | None:
        """Say why nobody is shown to have sent a command, so that it would leave nothing on record."""
        checked = await self._check(proof, stream)
        if isinstance(checked, Refusal):
            return checked
        refused = await self._would_refuse(proof, checked, stream)
        return refused if refused is not None and refused.code in _NOT_THE_SENDER else None

    async def _would_refuse(self, proof: Proof, key: OfficerKey, stream: str) -> Refusal | None:
        row = await self._objections((proof_json(proof, key.kid, stream), stream))
        return None if row["code"] is None else Refusal(known_code(row["code"]), str(row["message"]))

    async def _read_objections(self, asked: Sequence[tuple[str, str]]) -> Sequence[Row]:
        proofs, streams = zip(*asked, strict=True)
        return await self._session.fetch(_OBJECTIONS, proofs, streams)

    async def read_stream(self, stream: str, after: int = 0, limit: int = PAGE_RECORDS) -> StreamPage:
        """Records of ``stream`` with versions above ``after``: at most ``limit``, and about 512 KiB."""
        return await read_page(self._session, stream, after, limit)

    async def read_after(self, stream: str, version: int, last: str | None) -> StreamPage | None:
        """The same, if the record at ``version`` is the one that ``last`` is the digest of (None: any); else
        None."""
        if version == 0:
            return await self.read_stream(stream)
        page = await self.read_stream(stream, version - 1, PAGE_RECORDS + 1)
        if not page.records or last not in {None, last_of(page.records[:1])}:
            return None
        return page.model_copy(update={"records": page.records[1:]})

    async def read_streams(self, after: Mapping[str, int]) -> dict[str, StreamPage]:
        """Such a page of each of these streams, a smaller one of many, in one statement that nothing to be
        recorded waits for."""
        return await read_pages(self._counting, after, PAGE_RECORDS)

    async def reserve_license_number(self, stream: str) -> str:
        """A license number for the case, never given out before or again, used or not.

        In a rehearsal it follows from the stream's own number, whatever else goes on.
        """
        return await self._numbers(stream)

    async def _reserve_numbers(self, streams: Sequence[str]) -> Sequence[str]:
        return [str(row["number"]) for row in await self._session.fetch(_NUMBERS, streams)]

    async def batch_token(self, stream: str) -> str | None:
        """The token by which a batch was signed, None while it was not."""
        rows = await self._session.fetch(
            "SELECT proof FROM greenlight.event WHERE stream = $1 AND type = $2",
            stream,
            BatchSigned.__name__,
        )
        return str(rows[0]["proof"]) if rows else None

    async def accepted(self, command_ids: Sequence[str]) -> frozenset[str]:
        """Which of these commands are on record as accepted."""
        rows = await self._session.fetch(
            "SELECT command_id FROM greenlight.command WHERE command_id = ANY ($1)", tuple(command_ids)
        )
        return frozenset(str(row["command_id"]) for row in rows)

    async def overdue(self, period: timedelta) -> tuple[str, ...]:
        """The streams whose next deadline is past for longer than a period."""
        return await overdue(self._counting, period)

    async def counts(self, entities: frozenset[str]) -> Counts:
        """Count the applications in the log now, those to which ``entities`` are parties apart."""
        return await count(self._counting, entities)

    def standing(self) -> Standing:
        """All that stands, as last heard of. What was decided under anything else is ``outdated``."""
        return self._standing

    async def read_standing(self) -> Standing:
        """Read what stands now."""
        # Fewer than before, where the log was restored to an older state.
        self._standing = await read_standing(self._session)
        return self._standing

    async def list_content(self, digest: str) -> bytes | None:
        """The file of a version of the list; None: it is not stored here.

        :raises ContentError: it was tampered with.
        """
        return await read_content(self._counting, digest)

    async def entity_versions(self) -> dict[str, int]:
        """By key how far the stream of every listed entity goes."""
        return await entity_versions(self._counting)

    async def terms(self) -> Terms:
        """All terms of all reprieves, as they are on record now."""
        return await read_terms(self._counting)

    async def rules(self) -> tuple[Rule, ...]:
        """All rules of which something is confirmed, as they are on record now."""
        return await self._rules.read(self._counting)

    async def superseded_by(self, key: str) -> str | None:
        """The directive that has come in force in the place of ``key``, if there is one."""
        return await superseded_by(self._session, key)

    async def remembered(self, pairs: frozenset[str], at: datetime) -> tuple[Resolution, ...]:
        """The last word of officers on each of these pairs of a party and a listing, in whichever case."""
        return await remembered(self._session, pairs, at)

    async def pending(self, *, licenses: bool, after: str, limit: int) -> tuple[str, ...]:
        """The next cases that directives are about, or else licenses, by key."""
        return await pending(self._counting, licenses=licenses, after=after, limit=limit)

    async def gone_on(
        self, since: tuple[str, datetime], *, kind: str, after: str, to: str | None
    ) -> tuple[str, ...]:
        """The streams of a kind that have gone on since an event: see ``greenlight.eventlog.directives``."""
        return await gone_on(self._counting, since, kind=kind, after=after, to=to)

    async def count_pending(self, *, licenses: bool) -> int:
        """Count the cases that directives are about, or else the licenses."""
        return await count_pending(self._counting, licenses=licenses)

    async def _check(self, proof: Proof, stream: str) -> OfficerKey | Refusal:
        """The key that signed the proof, or why the proof is none."""
        signed = self._proven.get(proof.token) or await self._prove(proof.token)
        if isinstance(signed, Refusal):
            return signed
        key, claims = signed
        if claims != proof.claims:
            return Refusal(RefusalCode.PROOF_INVALID, "the claims are not those that were signed")
        if proof.inclusion is not None:
            return inclusion_objection(claims, proof.inclusion, stream) or key
        if claims.aud != stream:
            return Refusal(RefusalCode.WRONG_STREAM, f"the proof is for {claims.aud}, not for {stream}")
        if claims.exp - claims.iat > MAX_TOKEN_LIFETIME_SECONDS:
            return Refusal(
                RefusalCode.PROOF_NOT_YET_VALID,
                f"the proof is valid for more than {MAX_TOKEN_LIFETIME_SECONDS} seconds",
            )
        return key

    async def _prove(self, text: str) -> tuple[OfficerKey, Claims] | Refusal:
        """The key that signed a token, and the claims that it signed."""
        try:
            token = Token(text)
            key = await self._key(token.kid)
            if key is None:
                return Refusal(RefusalCode.KEY_NOT_VALID, "the key is not registered")
            claims = await self._claims(token, key)
        except ProofError as error:
            return Refusal(RefusalCode.PROOF_INVALID, f"the proof: {error}")
        self._proven.put(text, (key, claims))
        return key, claims

    async def _claims(self, token: Token, key: OfficerKey) -> Claims:
        # A signature keeps the processor busy for a while. One at a time, with a look at the socket in
        # between, the next batch sets out as soon as the last one is back.
        async with self._checking:
            claims = token.claims(key)
            await asyncio.sleep(0)
            return claims

    async def _key(self, kid: str) -> OfficerKey | None:
        if kid not in self._keys:
            key = await registered_key(self._session, kid)
            # Under a foreign key id a key could sign for somebody else.
            if key is None or key.kid != kid:
                return None
            self._keys[kid] = key
        return self._keys[kid]

    async def _recorded(self, commit: Commit, answer: Answer) -> Recorded:
        said = Recorded(**answer.model_dump())
        if answer.status == "refused":
            said = said.model_copy(update={"position": None, "on_record": answer.position is not None})
        if answer.status in {"recorded", "outdated"}:
            return said
        own = commit.appends[0]
        page = await self.read_after(own.stream, own.expected_version, own.last)
        if page is None:
            return said.model_copy(update={"parted": True})
        return said.model_copy(update={"missing": page.records, "more": page.more})

    async def _enough(self, commit: Commit, refused: CommandRefused) -> Refusal | None:
        """Say so where as many refusals of one sender as are recorded in a time are on record. One of a
        command whose id they used up is none more: they hear the same again."""
        assert commit.proof is not None, "only what somebody sent is refused"
        sender = commit.proof.claims.sub
        (row,) = await self._session.fetch(
            _REFUSED, commit.appends[0].stream, sender, refused.at - REFUSALS_PERIOD, refused.command_id
        )
        if row["known"] or int(str(row["refused"])) < MAX_REFUSALS:
            return None
        return Refusal(RefusalCode.TOO_MANY_REFUSED, f"{refused.code}: {refused.message}")

    async def _refuse(self, commit: Commit, event: CommandRefused, kid: str, refused: Answer) -> Answer:
        """Leave the refusal on record, at the end of the stream wherever that is; ``behind``, if that moves
        on again and again."""
        stream, record = commit.appends[0].stream, event.record()
        version, answer = refused.version, refused
        for _ in range(_TRIES):
            append = Append(stream=stream, expected_version=version, events=(record,), view=None)
            refusal = Commit(proof=commit.proof, appends=(append,), refuses=True)
            answer = await self._batches.append(payload(refusal, kid=kid, actor=event.by))
            if answer.status == "recorded":
                return refused.model_copy(update={"version": answer.version, "position": answer.position})
            if answer.status != "behind":
                break
            version = answer.version
        return answer


def _unrecorded(commit: Commit, refused: Refusal) -> Recorded:
    return Recorded(
        status="refused",
        version=commit.appends[0].expected_version,
        code=refused.code,
        message=refused.message,
        on_record=False,
    )


def _refused_in(commit: Commit) -> CommandRefused:
    """The refusal that a commit is to record."""
    return CommandRefused.model_validate_json(commit.appends[0].events[0])


def _refusal_by(commit: Commit, proof: Proof, refused: Answer) -> CommandRefused:
    """The refusal of a commit by the database, as it is to be recorded."""
    own = commit.appends[0]
    assert refused.code is not None, "a refusal has a code"
    return CommandRefused(
        at=Essentials.model_validate_json(own.events[0]).at,
        by=proof.claims.actor,
        command=proof.command,
        command_id=proof.command_id(own.stream),
        code=refused.code,
        message=refused.message or refused.code.meaning,
    )
