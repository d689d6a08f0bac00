"""Reprieves recorded as the service records them."""

from collections.abc import Sequence

from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.commit import Append, Commit, Event, Proof
from greenlight.kernel.streams import reprieve_stream
from greenlight.law.reprieve.aggregate import REPRIEVE
from tests.eventlog.crowd import Crowd
from tests.law.reprieve.cases import KEY, Reprieved

STREAM = reprieve_stream(KEY)


def _commands(events: Sequence[Event]) -> frozenset[str]:
    """Which commands lead to all of these events that somebody has to have signed."""
    of = [event.declared.of for event in events if event.declared.unsigned is None]
    common = of[0] if of else events[0].declared.of
    for each in of:
        common &= each
    return common


def _groups(events: Sequence[Event]) -> list[list[Event]]:
    """Events that are recorded together: those of one instant, one sender and one command."""
    groups: list[list[Event]] = []
    for event in events:
        by = getattr(event, "by", None)
        last = groups[-1] if groups else None
        together = last is not None and (last[-1].at, getattr(last[-1], "by", None)) == (event.at, by)
        if last is not None and together and (by is None or _commands([*last, event])):
            last.append(event)
        else:
            groups.append([event])
    return groups


async def recorded(recorder: Recorder, crowd: Crowd, reprieve: Reprieved) -> None:
    """Puts every event of ``reprieve`` on record, signed where somebody is named."""
    state, version = None, 0
    for events in _groups(reprieve.events):
        for event in events:
            state = REPRIEVE.apply(state, event)
        assert state is not None
        by = getattr(events[-1], "by", None)
        proof: Proof | None = None
        if by is not None:
            signer = crowd.of(by.role)
            proof = signer.proof(signer.claims(STREAM, min(_commands(events)), {}))
        reached = version + len(events)
        append = Append(
            stream=STREAM,
            expected_version=version,
            events=tuple(event.record() for event in events),
            view=REPRIEVE.view(state, reached),
        )
        said = await recorder.record(Commit(proof=proof, appends=(append,)))
        assert (said.status, said.version) == ("recorded", reached), said
        version = reached
