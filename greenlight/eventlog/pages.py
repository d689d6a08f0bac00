"""Streams page by page, as a workflow takes one up again, or as many are folded at once."""

from collections.abc import Mapping

from greenlight.eventlog.database import Row, Source
from greenlight.kernel.commit import StreamPage

PAGE_RECORDS = 200
PAGE_BYTES = 512 * 1024
TOGETHER = 8 * PAGE_BYTES
"""The pages of one statement have no more, however many they are, but for the first record of each."""

_PAGES = """
SELECT wanted.stream, record, version, last
FROM unnest($1::text[], $2::integer[]) AS wanted (stream, after)
CROSS JOIN LATERAL greenlight.version_of(wanted.stream) AS last
CROSS JOIN LATERAL (
    SELECT record, version, sum(octet_length(record)) OVER (ORDER BY version) AS bytes
    FROM (
        SELECT record, version FROM greenlight.event e
        WHERE e.stream = wanted.stream AND version > after ORDER BY version LIMIT $3
    ) AS counted
) AS measured
WHERE bytes <= $4 OR version = after + 1
ORDER BY wanted.stream, version
"""


async def read_page(source: Source, stream: str, after: int, limit: int) -> StreamPage:
    """Records with versions above ``after``, oldest first: at most ``limit`` and 512 KiB, at least one."""
    return (await read_pages(source, {stream: after}, limit))[stream]


async def read_pages(source: Source, after: Mapping[str, int], limit: int) -> dict[str, StreamPage]:
    """Such a page of each stream, from the version on that is given with it; of many, smaller ones."""
    room = min(PAGE_BYTES, TOGETHER // max(len(after), 1))
    rows = await source.fetch(_PAGES, list(after), list(after.values()), limit, room)
    found: dict[str, list[Row]] = {stream: [] for stream in after}
    for row in rows:
        found[str(row["stream"])].append(row)
    return {stream: _page(of_stream) for stream, of_stream in found.items()}


def _page(rows: list[Row]) -> StreamPage:
    # Thousands come at once, of types that the statement has: they are not held against a model.
    return StreamPage(
        records=tuple(str(row["record"]) for row in rows),
        more=bool(rows) and rows[-1]["version"] != rows[-1]["last"],
    )
