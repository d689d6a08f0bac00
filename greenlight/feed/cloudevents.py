"""Events of the log as CloudEvents 1.0, in JSON.

``id`` is the position in the log, ``source`` the log among all logs, ``subject`` the stream, ``time`` the
legal time, ``data`` the record as the log has it, byte for byte. Of the extensions ``recordedtime`` and
``sequence`` are documented ones, ``streamversion`` and ``commandid`` our own.
"""

from datetime import datetime
from functools import lru_cache
from typing import Final

from pydantic_core import from_json, to_json

from greenlight.eventlog.following import Fact
from greenlight.kernel.model import JsonObject

EVENT: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"
PREFIX: Final = "greenlight."
"""Of ``type``, so that among events of others it is known whose it is."""


class CloudEvent:
    """An event in the words of CloudEvents. Its texts are made once, for however many hear of it."""

    __slots__ = ("_content", "_frame", "_text", "fact", "source")

    def __init__(self, fact: Fact, source: str) -> None:
        """``source`` is the log's ``origin``."""
        self.fact = fact
        self.source = source
        self._text: str | None = None
        self._frame: bytes | None = None
        self._content: JsonObject | None = None

    @property
    def content(self) -> JsonObject:
        """The record, read."""
        content = self._content
        if content is None:
            content = self._content = from_json(self.fact.record)
        return content

    @property
    def text(self) -> str:
        """The JSON of one event, in one line."""
        if self._text is None:
            fact = self.fact
            command = f',"commandid":{_json(fact.command_id)}' if fact.command_id is not None else ""
            self._text = (
                f'{{"specversion":"1.0","id":"{fact.position}","source":{_json(self.source)},'
                f'"type":{_json(PREFIX + fact.type)},"subject":{_json(fact.stream)},'
                f'"time":"{_instant(fact.at)}","recordedtime":"{_instant(fact.recorded_at)}",'
                f'"sequence":"{fact.position:020}","streamversion":{fact.version}{command},'
                f'"datacontenttype":"application/json","data":{fact.record}}}'
            )
        return self._text

    @property
    def frame(self) -> bytes:
        """The same as an event of an SSE stream. Canonical JSON has no line breaks."""
        if self._frame is None:
            self._frame = f"id: {self.fact.position}\ndata: {self.text}\n\n".encode()
        return self._frame


def _instant(at: datetime) -> str:
    """RFC 3339, in UTC: sessions speak that."""
    return at.isoformat().replace("+00:00", "Z")


@lru_cache(maxsize=4096)
def _json(text: str) -> str:
    return to_json(text).decode()
