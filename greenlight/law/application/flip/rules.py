"""Rules of an application whose answer became another one: what is void by that, and what waits for whom."""

from datetime import datetime

from greenlight.kernel.aggregate import Ruling
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.refusal import Code, Refusal, RefusalCode
from greenlight.law.application.flip.commands import NoteFlip, RecordFlip
from greenlight.law.application.flip.language import flipped, noted
from greenlight.law.application.flip.said import Flips, unnoted
from greenlight.law.application.screening.language import Screened
from greenlight.law.application.screening.rules import filed_with, return_proposed
from greenlight.law.application.state import ApplicationState
from greenlight.law.application.transitions import TRANSITIONS


def waiting(state: ApplicationState) -> Flips:
    """The flips that an officer has still to see to: by a note, or by a recommendation made since."""
    if isinstance(TRANSITIONS[state.stage]["note_flip"], Code):
        return ()
    return unnoted(state.flips, state.recommendation and state.recommendation.at)


def decide_flip(
    state: ApplicationState, body: RecordFlip | NoteFlip, command: Command[Body], now: datetime
) -> Ruling:
    """Hold what flips against the law, as an application that was just screened: where no license is
    needed any more, a return is proposed."""
    if isinstance(body, NoteFlip):
        return noted(waiting(state), body.reasons, command.sender, now)
    if body.parties != state.parties:
        return Refusal(RefusalCode.DOSSIER_CHANGED, "the parties were replaced while it was found")
    found = flipped(state.flips, body, now)
    if isinstance(found, Refusal):
        return found
    if any(turn.after.needs_license for turn in body.turns):
        return (found,)
    known = Screened(screening=state.screening, resolutions=state.resolutions)
    return (found, *return_proposed(known, filed_with(state, state.parties), command, state, now))
