"""The commands that a license takes. Names are imperatives; each model is the body of one command."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from greenlight.kernel.body import SERVICE, Body, commands, has
from greenlight.kernel.model import Country, Digest, Identifier, LicenseNumber, Name, Text
from greenlight.kernel.option import BY_NAME, Reasons
from greenlight.kernel.roles import Role
from greenlight.law.application.commands import ConfirmMatch, ResolveMatch
from greenlight.law.application.dossier import MAX_PLACES, Finding
from greenlight.law.application.flip.commands import NoteLicenseFlip, RecordLicenseFlip
from greenlight.law.license.usage import Itn, Shipment


class AcceptConditions(Body, by={Role.APPLICANT}):
    """Accept all conditions of a license, which bind its licensee (15 CFR 750.7(d))."""


class ReportShipment(Body, by={Role.APPLICANT}):
    """Report what was shipped under an ITN that is not on file yet (15 CFR 750.7, 750.11)."""

    shipment: Shipment


class CorrectShipment(Body, by={Role.APPLICANT}, about=has("shipments")):
    """Say anew what is on file under an ITN; without a shipment, that nothing was shipped under it."""

    itn: Itn
    shipment: Shipment | None = None
    reasons: Text

    @model_validator(mode="after")
    def _the_same_itn(self) -> Self:
        if self.shipment is not None and self.shipment.itn != self.itn:
            raise ValueError("shipment: the ITN must be the one that is corrected")
        return self


class RequestTransfer(Body, by={Role.APPLICANT}):
    """Ask for approval to transfer the license to another organisation (15 CFR 750.10)."""

    transferee: Annotated[
        Identifier, Field(description="Organisation that is to have the license.", examples=["globex"])
    ]
    reasons: Reasons


class AcceptTransfer(Body, by={Role.APPLICANT}, about=has("open_transfer")):
    """Take over a license that is to be transferred to you, and all its obligations (15 CFR 750.10(b)).

    Name and country are those in which whoever is to have it is established. They are held against the list,
    and again when it is accepted anew.
    """

    name: Annotated[
        Name, Field(description="Legal name of who is to have the license.", examples=["Globex Inc."])
    ]
    country: Annotated[Country, Field(description="Where it is established.", examples=["US"])]


class ApproveTransfer(Body, by={Role.LICENSING_OFFICER}, decision=True, about=has("open_transfer")):
    """Approve the transfer that the licensee asked for; the only one of this license (15 CFR 750.10(a)).

    Whoever is to have it has accepted, was held against the list as it is, and is on none.
    """

    reasons: Annotated[Text | None, Field(description="Why.")] = None


class RefuseTransfer(Body, by={Role.LICENSING_OFFICER}, decision=True, about=has("open_transfer")):
    """Refuse the transfer that the licensee asked for (15 CFR 750.10)."""

    reasons: Reasons


class Suspend(Body, by={Role.LICENSING_OFFICER}, decision=True):
    """Suspend the license, at any time and without notice (15 CFR 750.8).

    ``order`` is the same for all licenses that are suspended together.
    """

    reasons: Text
    order: Identifier | None = None


class Reinstate(Body, by={Role.LICENSING_OFFICER}, decision=True):
    """Lift the suspension of a license (15 CFR 750.8)."""

    reasons: Reasons


class Revoke(Body, by={Role.EXECUTIVE}, decision=True):
    """Revoke the license, at any time and without notice (15 CFR 750.8).

    ``order`` is the same for all licenses that are revoked together.
    """

    reasons: Text
    order: Identifier | None = None


class Void(Body, by={Role.EXECUTIVE}, decision=True):
    """Declare that the license is void, has been obtained by a false statement (15 CFR 750.7(a))."""

    statement: Annotated[Text, Field(description="Which statement was false."), BY_NAME]


class Replace(Body, by={Role.LICENSING_OFFICER}, decision=True):
    """Name the license that replaces this one after a material change; both are kept (15 CFR 750.7(h)(4))."""

    by_license: Annotated[
        LicenseNumber, Field(description="Number of the license that replaces it.", examples=["D000002"])
    ]
    change: Annotated[Text, Field(description="What changed materially.")]


class ResolveListing(
    ResolveMatch,
    by={Role.LICENSING_OFFICER},
    decision=True,
    about=has("found.hits", "found.possible_parties"),
):
    """Say whether a party is the one that a list has which came after the grant (15 CFR 744.11(a)).

    A true match is left as it is: the license waits until it is decided on, or the party is delisted.
    """


class ConfirmListing(
    ConfirmMatch, by={Role.LICENSING_OFFICER}, decision=True, about=has("found.resolutions")
):
    """Let a false match count in other cases, too, as another person than the one who resolved it."""


class RecordListed(Body, by=SERVICE):
    """Record what the list and the record tell of the parties beyond what was known at the grant; nothing: no
    findings. Never sent from outside."""

    list_version: Digest
    record_version: Digest | None = None
    findings: Annotated[tuple[Finding, ...], Field(max_length=MAX_PLACES)]


COMMANDS = commands(
    AcceptConditions,
    ReportShipment,
    CorrectShipment,
    RequestTransfer,
    AcceptTransfer,
    ApproveTransfer,
    RefuseTransfer,
    Suspend,
    Reinstate,
    Revoke,
    Void,
    Replace,
    ResolveListing,
    ConfirmListing,
    NoteLicenseFlip,
)
"""Commands that come from outside, by the name of their update and signal."""

INTERNAL = commands(RecordListed, RecordLicenseFlip)
"""Commands that only the service gives itself."""
