"""License numbers that were given out are never given again, even where the log forgot them.

A log that was taken back in time gives numbers from where it then stood, and letters with those that it gave
out since are out in the world. So it leaves a margin out.
"""

from greenlight.eventlog.database import Connection

_LAST = """
SELECT max_value AS most, greatest($1::bigint, last_value,
    (SELECT max(right(stream, 6)::bigint) FROM greenlight.event WHERE stream ~ '^license-D[0-9]{6}$')) AS last
FROM pg_sequences WHERE schemaname = 'greenlight' AND sequencename = 'license_number'
"""
_GO_ON = "SELECT setval('greenlight.license_number', greatest($1, 1), $1 > 0)"


class NumbersError(Exception):
    """So many numbers cannot be left out; nothing was changed. The message says how many are left."""


async def leave_out(database: Connection, margin: int, given_out: int = 0) -> str:
    """Go on after the highest number that was given out here or elsewhere, or is on record, and ``margin``
    more; returns the number that is given next. It is not undone with a transaction.

    :raises NumbersError: there are not as many.
    """
    row = await database.fetchrow(_LAST, given_out)
    assert row is not None, "an aggregate has a row"
    last, most = int(str(row["last"])), int(str(row["most"]))
    if last + margin >= most:
        raise NumbersError(
            f"{margin} license numbers cannot be left out: after D{last:06} there are {most - last} more"
        )
    await database.fetchval(_GO_ON, last + margin)
    return f"D{last + margin + 1:06}"
