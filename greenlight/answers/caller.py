"""The caller, as the register of officers has them: only a signed token in ``Authorization: Bearer`` says so.

A key or role that was taken back counts for a second more at most: so long the register's answer is kept.
"""

import time
from collections import OrderedDict
from typing import NamedTuple, TypeVar

from greenlight.eventlog.callers import Keeper, keeper
from greenlight.eventlog.session import OverSession
from greenlight.eventlog.stored import read_log_name
from greenlight.kernel.authority import LogName
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor, Role
from greenlight.law.officer.keys import KeyId
from greenlight.signing.algorithm import ProofError
from greenlight.signing.reading import MAX_READING_LIFETIME_SECONDS, ReadingClaims, reading_claims
from greenlight.signing.tokens import Token

KEPT_SECONDS = 1.0
"""For so long the register's answer counts."""
SKEW_SECONDS = 60
"""A minute for clocks that differ."""
_MOST = 4_096

_SCHEME = "bearer "
_BARE = "Authorization is Bearer and a signed token for reading, which `starter.py token --as OFFICER` prints"

V = TypeVar("V")


class Caller(Actor):
    """Somebody who calls, proven by their key, and the log in which they are registered."""

    kid: KeyId
    log: LogName


class _Signed(NamedTuple):
    kid: KeyId
    claims: ReadingClaims


class _Known(NamedTuple):
    by: float
    keeper: Keeper | None


class Callers(OverSession):
    """Proves callers, over a connection of its own to the log; close it, or use it in ``async with``."""

    def __init__(self, dsn: str, *, application: str = "greenlight-callers") -> None:
        """Connects on first use."""
        super().__init__(dsn, application=application)
        self._log: LogName | None = None
        self._signed: OrderedDict[str, _Signed] = OrderedDict()
        self._keepers: OrderedDict[KeyId, _Known] = OrderedDict()
        self._proven: OrderedDict[KeyId, None] = OrderedDict()

    async def log_name(self) -> LogName:
        """The name that tokens must have for this log."""
        if self._log is None:
            self._log = await read_log_name(self._session)
        return self._log

    def knows(self, token: str) -> bool:
        """Tell whether a token names a key that has signed before, without a look at its own signature."""
        try:
            return token in self._signed or Token(token).kid in self._proven
        except ProofError:
            return False

    async def proven(self, authorization: str | None) -> Caller | Refusal:
        """The sender of a request with this ``Authorization``, or why nothing shows it.

        :raises LogUnavailableError: the register cannot be asked.
        """
        if authorization is None or authorization[: len(_SCHEME)].lower() != _SCHEME:
            return Refusal(RefusalCode.UNSIGNED, _BARE)
        text = authorization[len(_SCHEME) :].strip()
        try:
            kid = self._signed[text].kid if text in self._signed else Token(text).kid
            known = await self._keeper(kid)
            if known is None:
                return Refusal(RefusalCode.KEY_NOT_VALID, "the key is not a valid one of anybody")
            claims = self._claims(text, kid, known)
        except ProofError as error:
            return Refusal(RefusalCode.PROOF_INVALID, f"the token: {error}")
        log = await self.log_name()
        return _objection(claims, known, log) or Caller(
            officer=known.officer,
            person=known.person,
            organisation=known.organisation,
            role=claims.role,
            kid=kid,
            log=log,
        )

    async def sender(self, token: str) -> Caller | Refusal:
        """The signer of a command, or why nothing shows it. Whether they may send it, and in time, the log
        says when it records it.

        :raises LogUnavailableError: the register cannot be asked.
        """
        try:
            kid = Token(token).kid
            known = await self._keeper(kid)
            if known is None:
                return Refusal(RefusalCode.KEY_NOT_VALID, "the key is not a valid one of anybody")
            claims = Token(token).claims(known.public_key)
            _put(self._proven, kid, None)
        except ProofError as error:
            return Refusal(RefusalCode.PROOF_INVALID, f"the proof: {error}")
        if claims.iat > time.time() + SKEW_SECONDS:
            return Refusal(RefusalCode.PROOF_NOT_YET_VALID, "the proof is dated in the future")
        log = await self.log_name()
        if claims.sub != known.officer:
            return Refusal(RefusalCode.KEY_NOT_VALID, f"the key is not a valid one of {claims.sub}")
        if (claims.person, claims.org) != (known.person, known.organisation):
            return Refusal(RefusalCode.IDENTITY_MISMATCH, RefusalCode.IDENTITY_MISMATCH.meaning)
        if claims.log != log:
            return Refusal(RefusalCode.WRONG_LOG, f"the proof is for {claims.log or 'no log'}")
        return Caller(**claims.actor.model_dump(), kid=kid, log=log)

    async def held(self, kid: KeyId, role: Role) -> Caller | Refusal:
        """Somebody who has shown before that a key is theirs, as the register has them now, in a role; or why
        they may not go on.

        :raises LogUnavailableError: the register cannot be asked.
        """
        known = await self._keeper(kid)
        if known is None:
            return Refusal(RefusalCode.KEY_NOT_VALID, "the key is not a valid one of anybody")
        if role not in known.roles:
            return Refusal(RefusalCode.ROLE_NOT_HELD, f"{known.officer} does not hold the role {role}")
        return Caller(
            officer=known.officer,
            person=known.person,
            organisation=known.organisation,
            role=role,
            kid=kid,
            log=await self.log_name(),
        )

    async def roles(self, kid: KeyId) -> frozenset[Role]:
        """The roles that the officer holds now whose key it is; none where it is nobody's.

        :raises LogUnavailableError: the register cannot be asked.
        """
        known = await self._keeper(kid)
        return frozenset() if known is None else known.roles

    def _claims(self, text: str, kid: KeyId, known: Keeper) -> ReadingClaims:
        if text not in self._signed:
            claims = reading_claims(Token(text), known.public_key)
            _put(self._signed, text, _Signed(kid, claims))
            _put(self._proven, kid, None)
        return self._signed[text].claims

    async def _keeper(self, kid: KeyId) -> Keeper | None:
        now = time.monotonic()
        known = self._keepers.get(kid)
        if known is None or known.by <= now:
            known = _Known(now + KEPT_SECONDS, await keeper(self._session, kid))
            _put(self._keepers, kid, known)
        return known.keeper


def _put(kept: OrderedDict[str, V], key: str, value: V) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > _MOST:
        kept.popitem(last=False)


def _objection(claims: ReadingClaims, known: Keeper, log: LogName) -> Refusal | None:
    """In the order in which the log has it of commands: the key, the log, the role, the times."""
    now = time.time()
    if claims.sub != known.officer:
        return Refusal(RefusalCode.KEY_NOT_VALID, f"the key is not a valid one of {claims.sub}")
    if claims.log != log:
        return Refusal(RefusalCode.WRONG_LOG, f"the token is for the log {claims.log}")
    if claims.role not in known.roles:
        return Refusal(RefusalCode.ROLE_NOT_HELD, f"{claims.sub} does not hold the role {claims.role}")
    if claims.exp <= now:
        return Refusal(RefusalCode.PROOF_EXPIRED, "the token has expired")
    if claims.iat > now + SKEW_SECONDS:
        return Refusal(RefusalCode.PROOF_NOT_YET_VALID, "the token is dated in the future")
    if claims.exp - claims.iat > MAX_READING_LIFETIME_SECONDS:
        return Refusal(
            RefusalCode.PROOF_NOT_YET_VALID,
            f"the token is valid for more than {MAX_READING_LIFETIME_SECONDS} seconds",
        )
    return None
