"""Contents of notices, on a reprieve, a rule or an instant that came: to the public what runs, to those who
decide in this office what is proposed, was decided by a policy, or is otherwise since."""

from collections.abc import Mapping

from greenlight.kernel.model import Country, Digest, Identifier, Model, Name, PositiveInteger, Text
from greenlight.law.letter import LetterKind
from greenlight.letters.content import Letter, Named
from greenlight.letters.words import Day


class Notice(Letter):
    """Members of all notices. ``of`` says what it is on, such as a rule; ``key`` is its key, ``title``
    what it is called."""

    of: Name
    key: Name
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


def differing(before: Mapping[str, str | None], after: Mapping[str, str | None]) -> tuple[Change, ...]:
    """Find what is said otherwise now, of what was said before and after under the same names."""
    pairs = ((what, before[what], now) for what, now in after.items())
    return tuple(Change(what=what, was=was, now=now) for what, was, now in pairs if was != now)


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


class ByPolicy(Notice):
    """A decision by a policy: its outcome in words, the row that decided and why, by which table."""

    outcome: str
    row: str | None
    reason: str | None
    policy: str
    policy_version: str
    table_version: Digest
    facts: tuple[FactLine, ...]
    rows: tuple[RowLine, ...]


class Memorandum(ByPolicy):
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
    closes: str | None
    answer_by: str
    over: bool


class ActLine(Model):
    """An act on a rule, as it is attested under ``number``. Instants are in words; ``certainty`` says which
    source was read."""

    number: PositiveInteger
    what: str
    citation: Name
    filed: str | None
    published: str | None
    effective: str
    valid_through: Day | None
    certainty: str
    text: Text


class NoticeOfAttestation(Notice):
    """From its confirmation on answers rest on what was attested of a rule.

    ``acts`` are those that count from now on; none, where ``corrected`` is taken back, with ``reasons``;
    then what it corrected counts ``again``.
    ``changes`` are those of ``corrected``, where an act is in its place. ``standing`` has for each instant at
    which the rule stands otherwise how it stood by what was known until now, and how it stands.
    """

    kind = LetterKind.NOTICE_OF_ATTESTATION

    governs: Text
    acts: tuple[ActLine, ...]
    corrected: ActLine | None
    again: tuple[ActLine, ...]
    changes: tuple[Change, ...]
    reasons: Text | None
    standing: tuple[Change, ...]
    attested: str
    attested_by: Named
    confirmed: str
    confirmed_by: Named


class NoticeBeforeEnd(Notice):
    """To the licensing officers: an act nears its last day, and nothing on record says what follows.

    ``standing`` is how the rule stands from the first instant after it, ``settled_by`` what would decide that
    where it is open. ``waits``: the attestation that waits for a second officer. ``policy`` is the one that
    decides then.
    """

    kind = LetterKind.NOTICE_BEFORE_END

    act: ActLine
    last_day: Day
    ends: str
    standing: str
    settled_by: str | None
    waits: PositiveInteger | None
    policy: str
    policy_version: str


class NoticeOfEndOfAct(Notice):
    """An act on a rule is over, and no other with a last day runs on. ``standing``: from then on."""

    kind = LetterKind.NOTICE_OF_END

    act: ActLine
    ended: str
    standing: str
    settled_by: str | None


class MemorandumOfAct(ByPolicy):
    """To the licensing officers: what followed an act that ended, by what was on record then, and why.

    It changes no answer. ``standing`` and ``settled_by`` as in a notice of the end.
    """

    kind = LetterKind.MEMORANDUM

    act: ActLine
    ended: str
    standing: str
    settled_by: str | None


class CameLine(Model):
    """A thing that counts from an instant on. ``settled_by``: what would decide it, where that is open."""

    text: str
    citation: str
    certainty: str
    settled_by: str | None


class AnswersLine(Model):
    """A count of cases that were answered in one way, and are in another now."""

    before: str
    now: str
    cases: PositiveInteger


class FlippedLine(Model):
    """A case with another answer for a destination; ``more`` counts its others. ``number`` is that of the
    application or license, as ``what`` says."""

    what: str
    number: Name
    destination: Country
    before: str
    now: str
    more: int


class NoticeOfFlips(Notice):
    """To an officer: which of their cases are answered otherwise from an instant on, and because of what.

    ``own``: they are assigned to the addressee; else to nobody. Of what came and of the cases the first are
    told, and how many others there are.
    """

    kind = LetterKind.NOTICE_OF_FLIPS

    addressee: Named
    own: bool
    instant: str
    came: tuple[CameLine, ...]
    came_more: int
    applications: int
    licenses: int
    answers: tuple[AnswersLine, ...]
    cases: tuple[FlippedLine, ...]
    cases_more: int
