"""Contents of notices on a reprieve: to the public what runs, to the executive what is proposed."""

from greenlight.kernel.model import Digest, Identifier, Model, Name, PositiveInteger, Text
from greenlight.law.letter import LetterKind
from greenlight.letters.content import Letter, Named
from greenlight.letters.words import Day


class Notice(Letter):
    """Members of all notices. ``reprieve`` is its key, ``title`` what it is called."""

    reprieve: Identifier
    title: Name


class ActivityLine(Model):
    """An authorised activity, and who has to certify what before it."""

    paragraph: Name
    covers: Text
    certifier: str
    certification: Text


class Coverage(Model):
    """The coverage of a term. ``entities`` are keys of the list, in their order."""

    activities: tuple[ActivityLine, ...]
    excluded: tuple[str, ...]
    exclusion: Text | None
    entities: tuple[Identifier, ...]


class NoticeOfTerm(Notice):
    """A term of the reprieve (Supplement No. 7 to 15 CFR Part 744).

    ``effective`` is an instant in words, in Washington's time. ``decided`` says by whom it was decided;
    ``leaving`` names entities that are to leave the term while it runs, and when.
    """

    kind = LetterKind.NOTICE_OF_TERM

    term: PositiveInteger
    effective: str
    valid_through: Day
    citation: Name | None
    coverage: Coverage
    leaving: tuple[tuple[Identifier, str], ...]
    reason: Text
    decided: Text


class Change(Model):
    """A statement, and what is to be read instead; None where there was nothing, or is not any more."""

    what: str
    was: str | None
    now: str | None


class NoticeOfAmendment(Notice):
    """A term is corrected or ended early, or entities come or go. ``term`` None: it concerns several."""

    kind = LetterKind.NOTICE_OF_AMENDMENT

    subject: str
    term: PositiveInteger | None
    effective: str
    changes: tuple[Change, ...]
    joined: tuple[Identifier, ...]
    left: tuple[Identifier, ...]
    coverage: Coverage | None
    reasons: Text
    citation: Name | None
    officer: Named


class NoticeOfEnd(Notice):
    """No term runs any more: the last has lapsed, or the executive ended the reprieve, with ``reasons``."""

    kind = LetterKind.NOTICE_OF_END

    term: PositiveInteger | None
    ended: str
    reasons: Text | None
    citation: Name | None
    officer: Named | None


class FactLine(Model):
    """A fact that the decision rests on. ``position``: that of the log up to which it was read."""

    name: str
    value: str
    source: Name
    position: int | None


class RowLine(Model):
    """A row of the table: that it fired, or which entry stopped it. ``decides``: the outcome is its own."""

    row: str
    annotation: str
    result: str
    decides: bool


class Memorandum(Notice):
    """To the executive: what the policy says is to follow a term, why, and until when to object or decide.

    ``closes`` None: it is referred, and ``answer_by`` is the last day of the term, after which it has lapsed;
    ``over``: that day was past already when the decision was made.
    """

    kind = LetterKind.MEMORANDUM

    decision: PositiveInteger
    term: PositiveInteger
    valid_through: Day
    due: str
    made: str
    late: bool
    outcome: str
    row: str | None
    reason: str | None
    closes: str | None
    answer_by: str
    over: bool
    policy: str
    policy_version: Digest
    table_version: Digest
    facts: tuple[FactLine, ...]
    rows: tuple[RowLine, ...]
