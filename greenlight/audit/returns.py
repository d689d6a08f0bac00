"""Proposals to return an application because no license is required: determined once more, where that can be.

Whom parties were met with, and what the reprieves on record authorised then, is not looked up again: of such
a proposal it is held that there was somebody met at all.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from greenlight.law.application.screening.language import Screened
from greenlight.law.application.screening.returning import Proposed, ReturnProposed
from greenlight.law.application.state import ApplicationState
from greenlight.law.authorisation.filing import asked_parties, determined, not_required
from greenlight.law.determination.tables import ControlTables
from greenlight.law.rule.rules import Rule
from greenlight.reference.controls import load_tables
from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.kept_controls import KeptTables
from greenlight.reference.rules import load_rules


@cache
def kept_in(folder: Path | None) -> ControlTables:
    """The control tables that are kept in a folder, and those that come with the service."""
    return load_tables() if folder is None else KeptTables(folder)


def objection(
    state: ApplicationState, event: ReturnProposed, kept: ControlTables, recorded: Iterable[Rule]
) -> str | None:
    """Say why the return of the application as it stands was not to be proposed; None if it was.

    ``kept``: the control tables, as far as they are at hand; ``recorded``: the rules on record. By other
    tables than those that were in force then it cannot be determined again.
    """
    found = Screened(screening=state.screening, resolutions=state.resolutions)
    if not found.settled:
        return "a return was proposed before it was known who the parties are"
    if found.hits:
        return None
    try:
        rules = load_rules().replaced(recorded)
        tables = kept.on_record(rules.tables).chosen(event.at, event.at).tables
    except ReferenceDataError:
        return None
    of_the_day = f"by the tables of {tables.issued} "
    if event.citation.startswith("15 CFR 736.2") and of_the_day not in event.reason:
        return None
    filed = state.submission.model_copy(update={"parties": state.parties})
    parties = asked_parties(filed, found, lambda hit: None)
    proposed = (
        None if parties is None else not_required(filed, determined(filed, parties, event.at, tables, rules))
    )
    if proposed is None:
        return "a return was proposed where a license is required, or it cannot be told whether one is"
    if proposed != Proposed(reason=event.reason, citation=event.citation):
        return "a return was proposed for another reason than the one that there is"
    return None
