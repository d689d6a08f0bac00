"""The case that another follows, as its resubmission (15 CFR 748.4(g)), or in which a license was granted."""

from dataclasses import dataclass

from greenlight.kernel.model import Acn
from greenlight.kernel.need import Need
from greenlight.law.application.state import ApplicationState


@dataclass(frozen=True, slots=True)
class CaseOf(Need[ApplicationState | None]):
    """An application as it stands; None: there is none of that number."""

    acn: Acn
