"""The course of a rule: its acts gone through in the order of their effect, none contradicting another.

A text may have a last day, its *term*; and a *stay* may lie upon it: a suspension, with a last day of its
own, or the announcement that it is not enforced. Neither touches the other.
"""

from datetime import datetime
from typing import NamedTuple

from greenlight.law.rule.acts import Act, ActKind
from greenlight.law.rule.worlds import Said
from greenlight.law.terms.spans import NEVER

_STAYS = frozenset({ActKind.SUSPENDED, ActKind.NOT_ENFORCED})
_TEXT = frozenset({ActKind.ADOPTED, ActKind.AMENDED, ActKind.REINSTATED})


class Lasting(NamedTuple):
    """An act while it lasts: until ``end``, by the effect or the last day of ``by`` if not by its own."""

    said: Said
    end: datetime
    by: int | None = None


class Course:
    """How a rule stands after some of its acts. ``text`` is the one by which it stands, ``term`` the one
    whose last day it has, if it has one, and ``stay`` the one that lies upon it."""

    def __init__(self) -> None:
        self.text: Said | None = None
        self.term: Said | None = None
        self.stay: Said | None = None
        self.withdrawn = False
        self.amended: list[Act] = []
        self._lasting: dict[int, Lasting] = {}

    @property
    def ends(self) -> tuple[datetime, ...]:
        """When it stands otherwise if no other act comes, the earliest first."""
        return tuple(sorted(each.act.end for each in (self.term, self.stay) if each and each.act.end))

    def over(self, at: datetime) -> bool:
        """Tell whether the last day of the text is over."""
        return self.term is not None and _end(self.term) <= at

    def lasting(self) -> tuple[Lasting, ...]:
        """Every act that lasts or did, with its end as far as that is known now."""
        if not self.withdrawn:
            self._close(_TEXT, NEVER if self.term is None else _end(self.term))
        return tuple(self._lasting.values())

    def go(self, said: Said) -> None:
        """Go on by one act; after a withdrawal none means anything, and has its last day all the same."""
        act = said.act
        if self.withdrawn:
            if act.end is not None:
                self._last(said)
            return
        over = self.over(act.effective)
        if over and self.term is not None:
            self._close(_TEXT, _end(self.term))
        match act.kind:
            case ActKind.ADOPTED:
                self.text = said
                self._lift(said)
                self._set_term(said)
            case ActKind.AMENDED:
                self.amended.append(act)
                self.text = self.text and said
                self._amend(said)
            case ActKind.REINSTATED:
                if over and self.stay is None:
                    self.term, over = None, False
                if self._lift(said) and not over:
                    self.text = said
                    self._last(said)
            case ActKind.SUSPENDED | ActKind.NOT_ENFORCED:
                self._lay(said)
            case ActKind.WITHDRAWN:
                self.withdrawn = True
                self._close(_TEXT | _STAYS, act.effective, said.number)

    def _lift(self, said: Said) -> bool:
        """Tell whether an act ends the stay, or there is none."""
        if _superseded(said, self.stay):
            return False
        self._close(_STAYS, said.act.effective, said.number)
        self.stay = None
        return True

    def _lay(self, said: Said) -> None:
        """Lay a stay upon the text: one suspension after another goes on, or ends sooner."""
        act = said.act
        if self.stay is not None and _superseded(said, self.stay):
            if act.kind is ActKind.SUSPENDED:
                self._last(said, self.stay)
            return
        if act.kind is ActKind.SUSPENDED:
            self._close({ActKind.NOT_ENFORCED}, act.effective, said.number)
            self._close({ActKind.SUSPENDED}, _end(said), said.number)
        else:
            self._close({ActKind.SUSPENDED}, act.effective, said.number)
        self._last(said)
        self.stay = said

    def _amend(self, said: Said) -> None:
        """Give a text that has a last day another one; a text for good, an amendment for a time leaves so."""
        if said.act.end is None:
            return
        if self.term is None:
            self._last(said)
        else:
            self._set_term(said)

    def _set_term(self, said: Said) -> None:
        if self.term is not None and _superseded(said, self.term):
            self._last(said, self.term)
            return
        if said.act.end is not None:
            self._close(_TEXT, said.act.end, said.number)
        self._last(said)
        self.term = said if said.act.end is not None else None

    def _last(self, said: Said, within: Said | None = None) -> None:
        """Let an act last through its last day, and not beyond that of the act ``within`` which it falls."""
        end = _end(said)
        if within is not None and _end(within) < end:
            self._lasting[said.number] = Lasting(said, _end(within), within.number)
        else:
            self._lasting[said.number] = Lasting(said, end)

    def _close(self, kinds: frozenset[ActKind] | set[ActKind], at: datetime, by: int | None = None) -> None:
        for number, each in self._lasting.items():
            if each.said.act.kind in kinds and at < each.end:
                self._lasting[number] = Lasting(each.said, at, by)


def _end(said: Said) -> datetime:
    return said.act.end or NEVER


def _superseded(said: Said, by: Said | None) -> bool:
    """Tell whether an act was issued before another that has a last day or suspends, and takes effect while
    that runs: who issued the later one knew of it."""
    if by is None or by.act.kind is ActKind.NOT_ENFORCED:
        return False
    return said.issued < by.issued and said.act.effective < _end(by)
