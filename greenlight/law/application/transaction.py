"""Tell when two applications are one transaction.

While one is pending, there is no second one: 15 CFR 748.4(f).
"""

import unicodedata
from collections.abc import Iterable

from pydantic import JsonValue

from greenlight.kernel.canonical import canonical, digest
from greenlight.kernel.codes.entered import unit_of
from greenlight.kernel.model import Digest, JsonObject
from greenlight.law.application.dossier import Item, Party
from greenlight.law.application.state import ApplicationState, Stage


def pending(state: ApplicationState) -> bool:
    """Tell whether the case keeps others away from its transaction. One that is denied does not, until it is
    appealed.

    A case that is no longer pending must not become so again by itself: another may be pending by then, and
    what the service records without a command cannot be refused.
    """
    return not state.stage.closed and state.stage is not Stage.DENIED


def pending_transaction(state: ApplicationState) -> Digest | None:
    """The digest of the transaction that no other case may be about now; None: others may."""
    return transaction_digest(state) if pending(state) else None


def transaction_digest(state: ApplicationState) -> Digest:
    """Digest the matter of an application, for 15 CFR 748.4(f): who asks, for which order, to send
    what to whom.

    Case, width and white space of texts do not matter, nor does the order of parties and items, their
    numbering, or what is said about them (end use, earlier cases, all or nothing). Two orders that are alike
    are told apart by the applicant's ``reference``.
    """
    filed = state.submission
    return digest(
        {
            "organisation": state.submitted_by.organisation,
            "reference": None if filed.reference is None else _plain(filed.reference),
            "parties": _sorted({canonical(party): party for party in map(_party, state.parties)}.values()),
            "items": _sorted(map(_item, filed.items)),
        }
    )


def _party(party: Party) -> JsonObject:
    return {"role": party.role.value, "name": _plain(party.name), "country": party.country}


def _item(item: Item) -> JsonObject:
    """Two lines that are alike are twice as much, so that items stay a list where parties are a set."""
    kept = item.model_dump(mode="json", exclude={"line"})
    return {**kept, "description": _plain(item.description), "unit": _plain(unit_of(item.unit))}


def _sorted(values: Iterable[JsonObject]) -> list[JsonValue]:
    return [*sorted(values, key=canonical)]


def _plain(text: str) -> str:
    # Twice, because a folded text may have a compatible form of its own.
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())
