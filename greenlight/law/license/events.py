"""The events of a license. Names are in the past tense."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.body import SERVICE
from greenlight.kernel.commit import Event
from greenlight.kernel.condition import exists
from greenlight.kernel.model import Acn, Digest, Identifier, LicenseNumber, Names, PositiveInteger, Text
from greenlight.kernel.roles import Actor
from greenlight.law.application.commands import Conditions, Countersign, DecideDispute, SignOff
from greenlight.law.application.dossier import Finding, Items, Party
from greenlight.law.application.flip.commands import Acts
from greenlight.law.application.flip.events import FlipEvent
from greenlight.law.application.screening.resolution import (
    MatchConfirmed,
    MatchResolved,
    ResolutionLapsed,
    ResolutionRemembered,
)
from greenlight.law.application.validity import Validity
from greenlight.law.directive.standing import STANDS
from greenlight.law.letter import LetterKind
from greenlight.law.license.commands import (
    AcceptConditions,
    AcceptTransfer,
    ApproveTransfer,
    CorrectShipment,
    RefuseTransfer,
    Reinstate,
    Replace,
    ReportShipment,
    RequestTransfer,
    Revoke,
    Suspend,
    Void,
)
from greenlight.law.license.refusals import LicenseRefusal
from greenlight.law.license.usage import Itn, Shipment

# Of the license that replaces another (15 CFR 750.7(h)(4)). Only the log has both at hand.
_OF_ONE_LICENSEE = (
    exists(
        "license",
        {"number": "{by_license}"},
        otherwise=LicenseRefusal.UNFIT_REPLACEMENT,
        message="there is no license {by_license}",
    ),
    exists(
        "license",
        {"number": "{by_license}", "licensee": "{own.licensee}"},
        otherwise=LicenseRefusal.UNFIT_REPLACEMENT,
        message="{by_license} is another licensee's",
    ),
)


class LicenseIssued(
    Event, of={Countersign, DecideDispute, SignOff}, letter=LetterKind.CONDITIONS, letter_if="conditions"
):
    """The grant. ``valid_through`` is the last day of validity, in Washington.

    ``acted_for_licensee`` are the persons who acted for the applicant: they decide nothing here either.
    ``entities`` are the listings that the parties met, ``destinations`` the countries for which the goods
    are meant; of licenses issued before these were told, neither is known.
    """

    type: Literal["LicenseIssued"] = "LicenseIssued"
    number: LicenseNumber
    acn: Acn
    licensee: Identifier
    items: Items
    conditions: Conditions
    riders: Conditions
    valid_through: date
    validity: Validity = Validity.STANDARD
    acted_for_licensee: Names = frozenset()
    entities: Names = frozenset()
    destinations: Names = frozenset()


class ConditionsAccepted(Event, of={AcceptConditions}):
    type: Literal["ConditionsAccepted"] = "ConditionsAccepted"
    by: Actor


class LicenseExpired(Event, recorded_by=SERVICE):
    """Validity ended. ``at`` is the midnight in Washington after the last day."""

    type: Literal["LicenseExpired"] = "LicenseExpired"


class ShipmentReported(Event, of={ReportShipment}):
    """A report under an ITN that was not on file."""

    type: Literal["ShipmentReported"] = "ShipmentReported"
    by: Actor
    shipment: Shipment


class ShipmentCorrected(Event, of={CorrectShipment}):
    """The report on file under ``itn`` is replaced by ``shipment``; by nothing, if that is None."""

    type: Literal["ShipmentCorrected"] = "ShipmentCorrected"
    by: Actor
    itn: Itn
    shipment: Shipment | None
    reasons: Text


class LicenseExhausted(Event, of={CorrectShipment, Reinstate, ReportShipment}):
    """The full quantity of every line is shipped; nothing more may be (15 CFR 750.11(a))."""

    type: Literal["LicenseExhausted"] = "LicenseExhausted"


class UsageReached(Event, of={CorrectShipment, ReportShipment}, tells=True, letter=LetterKind.USAGE):
    """The licensee is told that so many percent of a line are used, of its quantity or of its value; each of
    the ``thresholds`` once, whatever is corrected later. ``by`` is whose report says so."""

    type: Literal["UsageReached"] = "UsageReached"
    by: Actor
    line: PositiveInteger
    thresholds: Annotated[tuple[PositiveInteger, ...], Field(min_length=1)]


class ExhaustionLifted(Event, of={CorrectShipment}):
    """A correction says that less was shipped, so that quantity remains after all."""

    type: Literal["ExhaustionLifted"] = "ExhaustionLifted"


class TransferRequested(Event, of={RequestTransfer}):
    type: Literal["TransferRequested"] = "TransferRequested"
    by: Actor
    transferee: Identifier
    reasons: Text


class TransferAccepted(Event, of={AcceptTransfer}):
    """Whoever is to have the license takes it over, and is held against the list as ``party``.

    ``finding`` is what is found of them; its place is behind those of the application's parties.
    """

    type: Literal["TransferAccepted"] = "TransferAccepted"
    by: Actor
    transferee: Identifier
    party: Party
    finding: Finding
    list_version: Digest | None
    record_version: Digest | None = None


_ACCEPTED = exists(
    "event",
    {"stream": "{stream}", "type": TransferAccepted.__name__},
    contains={"record": {"transferee": "{transferee}"}},
    otherwise=LicenseRefusal.TRANSFER_NOT_ACCEPTED,
    message="{transferee} has not accepted the license",
)


class TransferApproved(Event, of={ApproveTransfer}, requires=(_ACCEPTED,)):
    """``transferee`` is the licensee from now on (15 CFR 750.10(a))."""

    type: Literal["TransferApproved"] = "TransferApproved"
    by: Actor
    transferee: Identifier
    reasons: Text | None


class TransferRefused(Event, of={RefuseTransfer}):
    type: Literal["TransferRefused"] = "TransferRefused"
    by: Actor
    transferee: Identifier
    reasons: Text


class LicenseSuspended(Event, of={Suspend}):
    """Nothing may be shipped until the license is reinstated (15 CFR 750.8)."""

    type: Literal["LicenseSuspended"] = "LicenseSuspended"
    by: Actor
    reasons: Text
    order: Identifier | None


class LicenseReinstated(Event, of={Reinstate}):
    type: Literal["LicenseReinstated"] = "LicenseReinstated"
    by: Actor
    reasons: Text


class LicenseRevoked(Event, of={Revoke}, letter=LetterKind.REVOCATION):
    """The license ended by decision (15 CFR 750.8)."""

    type: Literal["LicenseRevoked"] = "LicenseRevoked"
    by: Actor
    reasons: Text
    order: Identifier | None


class LicenseRevokedByDirective(Event, recorded_by=SERVICE, letter=LetterKind.REVOCATION, requires=(STANDS,)):
    """The license ended by a directive that revokes all of its kind (15 CFR 750.8). ``author`` issued it."""

    type: Literal["LicenseRevokedByDirective"] = "LicenseRevokedByDirective"
    directive: Identifier
    author: Actor
    citation: Text
    reasons: Text


class LicenseVoided(Event, of={Void}):
    """The license was obtained by a false statement, and never held (15 CFR 750.7(a))."""

    type: Literal["LicenseVoided"] = "LicenseVoided"
    by: Actor
    statement: Text


class LicenseReplaced(Event, of={Replace}, requires=_OF_ONE_LICENSEE):
    """Another license takes the place of this one; both are kept (15 CFR 750.7(h)(4))."""

    type: Literal["LicenseReplaced"] = "LicenseReplaced"
    by: Actor
    by_license: LicenseNumber
    change: Text


class PartyListed(Event, recorded_by=SERVICE):
    """A version of the list, or of the record beside it, has listings of parties that their screening at the
    grant did not meet.

    A finding may be that the names are only alike; what officers said of its pairs is on record beside it.
    """

    type: Literal["PartyListed"] = "PartyListed"
    list_version: Digest
    record_version: Digest | None = None
    findings: Annotated[tuple[Finding, ...], Field(min_length=1)]


class PartyDelisted(Event, recorded_by=SERVICE):
    """A later version has none of the listings any more that were recorded."""

    type: Literal["PartyDelisted"] = "PartyDelisted"
    list_version: Digest
    record_version: Digest | None = None


class LicenseeTold(Event, recorded_by=SERVICE, letter=LetterKind.NOTICE_TO_LICENSEE):
    """The licensee is told that what the license is for is answered otherwise, and by which ``acts``: of the
    flip before it. It changes nothing."""

    type: Literal["LicenseeTold"] = "LicenseeTold"
    acts: Acts


LicenseEvent = (
    LicenseIssued
    | ConditionsAccepted
    | LicenseExpired
    | ShipmentReported
    | ShipmentCorrected
    | LicenseExhausted
    | UsageReached
    | ExhaustionLifted
    | TransferRequested
    | TransferAccepted
    | TransferApproved
    | TransferRefused
    | LicenseSuspended
    | LicenseReinstated
    | LicenseRevoked
    | LicenseRevokedByDirective
    | LicenseVoided
    | LicenseReplaced
    | PartyListed
    | PartyDelisted
    | FlipEvent
    | LicenseeTold
    | MatchResolved
    | MatchConfirmed
    | ResolutionRemembered
    | ResolutionLapsed
)

EVENTS: TypeAdapter[Event] = TypeAdapter(
    Annotated[LicenseEvent | CommandRefused, Field(discriminator="type")]
)
