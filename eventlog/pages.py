"""A stream page by page, as a workflow takes it up again."""

from eventlog.database import Source
from licensing.commit import StreamPage

PAGE_RECORDS = 200
PAGE_BYTES = 512 * 1024

_PAGE = """
SELECT record, version, greenlight.version_of($1) AS last
FROM (
    SELECT record, version, sum(octet_length(record)) OVER (ORDER BY version) AS bytes
    FROM (
        SELECT record, version FROM greenlight.event
        WHERE stream = $1 AND version > $2 ORDER BY version LIMIT $3
    ) AS counted
) AS measured
WHERE bytes <= $4 OR version = $2 + 1
ORDER BY version
"""


async def read_page(source: Source, stream: str, after: int, limit: int) -> StreamPage:
    """Records with versions above ``after``, oldest first: at most ``limit`` and 512 KiB, at least one."""
    rows = await source.fetch(_PAGE, stream, after, limit, PAGE_BYTES)
    return StreamPage(
        records=tuple(str(row["record"]) for row in rows),
        more=bool(rows) and rows[-1]["version"] != rows[-1]["last"],
    )
