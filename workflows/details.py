"""Show a case in the Temporal UI to a person. Control numbers and stages; no party names, no goods."""

import re
from collections.abc import Iterable
from datetime import datetime

from greenlight.kernel.aggregate import CommandRefused, Status
from greenlight.kernel.commit import Event
from greenlight.kernel.legible import legible
from greenlight.kernel.once import once_per_object
from greenlight.kernel.time.calendar import AGENCY_ZONE
from greenlight.kernel.time.deadlines import Deadline

_MARKUP = re.compile(r"[\\`*_\[\]<>|~#&]")


def details(
    stream: str,
    status: Status,
    deadlines: Iterable[Deadline],
    recent: list[Event],
    version: int,
    outlook: Iterable[str] = (),
    notes: tuple[str, ...] = (),
) -> str:
    """Markdown: where the case is, who must act, what is due when, and what happened so far.

    An ``outlook`` tells more than deadlines do, and takes their place. It is as of the last event and not
    kept up by a timer of its own, so what it says must stay true.
    """
    lines = [f"## {_words(status.stage).capitalize()}", "", f"**Waits for:** {_waits_for(status)}"]
    if status.license_number and not stream.endswith(status.license_number):
        lines.append(f"**License:** `license-{status.license_number}`")
    if notes:
        lines += ["", "### Progress", *(f"- {_plain(note)}" for note in notes)]
    due = [f"- {_quoted(deadline)}" for deadline in deadlines]
    ahead = [f"- {_plain(sentence)}" for sentence in outlook]
    lines += ["", "### Ahead", *ahead] if ahead else ["", "### Due", *(due or ["- nothing"])]
    lines += ["", f"### History ({version} events, newest first)"]
    lines += [_line(event) for event in reversed(recent)]
    if version > len(recent):
        lines.append(f"- … `starter.py history {stream.partition('-')[2]}` shows all")
    return "\n\n".join(lines[:3]) + "\n" + "\n".join(lines[3:])


@once_per_object(kept=1_024)
def _line(event: Event) -> str:
    return f"- {_local(event.at)} · {_what(event)}"


def _quoted(deadline: Deadline) -> str:
    """The explanation with its citation as code: the UI's Markdown turns a bare (c) into a copyright sign."""
    return f"`{deadline.citation}`".join(map(_plain, deadline.explanation.split(deadline.citation)))


def _waits_for(status: Status) -> str:
    who = _words(status.waiting_for)
    return f"{who} ({_plain(status.officer)})" if status.officer and who == "licensing officer" else who


def _what(event: Event) -> str:
    if isinstance(event, CommandRefused):
        return f"**{_plain(_words(event.command))} refused** (`{event.code}`)" + _by(event)
    return headline(event) + _by(event)


def _by(event: Event) -> str:
    by = getattr(event, "by", None)
    if by is None:
        return ""
    # A role that was only claimed is none.
    claimed = isinstance(event, CommandRefused) and event.proven_by is None
    return f" by {_plain(by.officer)}" + ("" if claimed else f" ({_words(by.role)})")


def _local(instant: datetime) -> str:
    return instant.astimezone(AGENCY_ZONE).strftime("%Y-%m-%d %H:%M %Z")


def _plain(text: str) -> str:
    """Text as it was written, on one line: nothing of it is markup of the UI's Markdown."""
    return _MARKUP.sub(r"\\\g<0>", re.sub(r"\s+", " ", legible(text)))


def _words(name: str) -> str:
    return name.replace("_", " ")


def headline(event: Event) -> str:
    """``RecommendationMade`` as ``recommendation made``."""
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in type(event).__name__)
    return words.strip()
