"""The contents of letters: typed fields, to be read by its template of the same name."""

from typing import Annotated, ClassVar

from pydantic import StringConstraints

from greenlight.kernel.authority import StreamId
from greenlight.kernel.model import (
    Acn,
    Country,
    Digest,
    LicenseNumber,
    Model,
    Name,
    PositiveInteger,
    Text,
)
from greenlight.law.application.clock.days import Share
from greenlight.law.letter import LetterKind
from greenlight.letters.words import Amount, Day

LETTER_ID_PATTERN = r"^[a-z]+-[A-Za-z0-9._-]{1,80}-[1-9][0-9]*-[a-z_]+$"
LetterId = Annotated[str, StringConstraints(pattern=LETTER_ID_PATTERN)]
"""Stream, version and kind: one business step and no other. Also a file's name."""


Named = Annotated[str, StringConstraints(min_length=1, max_length=800)]
"""An officer as letters have them: name, title and id."""

Records = tuple[str, ...]
"""Records of one stream, from its first."""


class NoLetterError(ValueError):
    """The events do not lead to a letter of that kind."""


class Step(Model):
    """The business step that a letter tells of: an event, and which letter it calls for."""

    stream: StreamId
    version: PositiveInteger
    kind: Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")]

    @property
    def letter_id(self) -> str:
        return f"{self.stream}-{self.version}-{self.kind}"


class ItemLine(Model):
    """A line of the table of items. ``classification`` includes the subparagraph."""

    line: int
    description: Name
    classification: str
    quantity: str
    value: Amount


class Items(Model):
    """``totals``: one for each currency."""

    lines: tuple[ItemLine, ...]
    totals: tuple[Amount, ...]


class PartyLine(Model):
    role: str
    name: Name
    country: str


class ListedParty(Model):
    """A party, the listing that it met, and how such applications are reviewed.

    ``source`` is the list, ``rules`` are those which it stands on.
    """

    party: Name
    listing: Text
    source: Name
    rules: Name
    citation: Text
    review_policy: Text


class Letter(Model):
    """Members of all letters. ``rests_on`` is the digest of the events that the content comes from."""

    kind: ClassVar[str]

    letter_id: LetterId
    rests_on: Digest
    dated: Day


class CaseLetter(Letter):
    """Members of letters to an applicant. ``address``: the postal address, where it is on file."""

    addressee: Name
    address: Text | None = None
    acn: Acn


class Account(Model):
    """Whose the days of a case were, from its registration to the decision: those of ``shares`` come to
    ``age``."""

    registered: Day
    age: PositiveInteger
    shares: tuple[Share, ...]


class Decision(CaseLetter):
    """Members of letters that tell of a decision. ``account`` None: no day had ended by then."""

    account: Account | None


class Grant(Decision):
    """A license is issued (15 CFR 750.7). ``left_out`` are the items that it does not cover."""

    kind = LetterKind.GRANT

    license_number: LicenseNumber
    valid_through: Day
    items: Items
    left_out: Items | None
    parties: tuple[PartyLine, ...]
    end_use: Text
    conditions: tuple[Text, ...]
    riders: tuple[Text, ...]
    contact: Named


class Conditions(CaseLetter):
    """The licensee is asked to accept the conditions of a license (15 CFR 750.7(d))."""

    kind = LetterKind.CONDITIONS

    license_number: LicenseNumber
    valid_through: Day
    conditions: tuple[Text, ...]
    riders: tuple[Text, ...]
    contact: Named


class IntentToDeny(Decision):
    """The application is to be denied, with all that 15 CFR 750.6(a) asks of the notice.

    ``modifications`` None: none are known that would let the application be considered again.
    """

    kind = LetterKind.INTENT_TO_DENY

    considerations: Text
    listed: tuple[ListedParty, ...]
    modifications: Text | None
    items: Items
    parties: tuple[PartyLine, ...]
    response_days: int
    respond_by: Day
    final_days: int
    final_on: Day
    appeal_days: int
    contact: Named


class Denial(Decision):
    """The application is denied (15 CFR 750.6(b)). ``noticed`` is the date of the notice of intent."""

    kind = LetterKind.DENIAL

    noticed: Day
    responded: Day | None
    considerations: Text
    listed: tuple[ListedParty, ...]
    items: Items
    parties: tuple[PartyLine, ...]
    appeal_days: int
    appeal_by: Day
    contact: Named


class ReturnWithoutAction(Decision):
    """The application is returned, neither granted nor denied (15 CFR 750.4(c), 748.4(g))."""

    kind = LetterKind.RETURN_WITHOUT_ACTION

    ground: str
    reasons: Text
    items: Items
    contact: Named


class Withdrawal(CaseLetter):
    """That the application was withdrawn is confirmed."""

    kind = LetterKind.WITHDRAWAL

    submitted: Day
    reason: Text | None


class Usage(CaseLetter):
    """A licensee is told how much of a line is used. ``reached``: in percent, in words; ``remains``: the
    quantity that may be shipped yet, None: nothing; ``most``: the value that may be shipped in all (15 CFR
    750.11)."""

    kind = LetterKind.USAGE

    license_number: LicenseNumber
    valid_through: Day
    line: PositiveInteger
    reached: str
    items: Items
    shipped: str
    remains: str | None
    value: Amount
    most: Amount
    contact: Named


class AnswerLine(Model):
    """The answers for a destination: that of just before an instant, and that from then on."""

    destination: Country
    before: str
    now: str


class NoticeToLicensee(CaseLetter):
    """A licensee is told that what a license is for is answered otherwise ``since`` an instant, and by which
    ``acts``. The license stays as it is."""

    kind = LetterKind.NOTICE_TO_LICENSEE

    license_number: LicenseNumber
    valid_through: Day
    since: str
    answers: tuple[AnswerLine, ...]
    acts: Text
    contact: Named


class Revocation(CaseLetter):
    """A license is revoked (15 CFR 750.8)."""

    kind = LetterKind.REVOCATION

    license_number: LicenseNumber
    issued: Day
    effective: Day
    reasons: Text
    items: Items
    appeal_days: int
    appeal_by: Day
    contact: Named
