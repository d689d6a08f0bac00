"""Count what was received and what became of it, as the agency publishes it, as of any instant."""

from datetime import date, datetime

from greenlight.eventlog.database import Source
from greenlight.eventlog.session import Session
from greenlight.kernel.model import Instant, Model
from greenlight.law.application.clock.days import label_of

TOTAL = "total"


class Counts(Model):
    """Applications by what became of them. Decided are the approved, denied and returned ones.

    Days are calendar days from registration to decision, those on hold included; None: nothing was decided.
    Values are in cents, of the applications whose items are all priced in US dollars.
    """

    received: int
    approved: int
    denied: int
    returned: int
    withdrawn: int
    pending: int
    average_days: float | None
    median_days: float | None
    days_90_percent: float | None
    value_received: int
    value_approved: int
    value_denied: int
    value_returned: int


class ClassCounts(Counts):
    """``item_class`` is ``EAR99``, ``AT`` or a category of the Commerce Control List; ``total``: all."""

    item_class: str


class MonthCounts(Counts):
    """A month in Washington: what was received and what was decided; ``pending`` as it ended, or now."""

    month: date


class _Share(Model):
    holder: str
    cases: int
    days: int
    median_days: float
    days_90_percent: float


class HolderCounts(_Share):
    """The days that decided applications were with somebody, each agency counted for itself where several had
    one together. ``cases`` are those that they had as a day ended; half of these took no longer than
    ``median_days`` there."""

    label: str


class Statistics(Model):
    """As they stood in law at ``as_of``. ``classes`` begins with the total."""

    as_of: Instant
    classes: tuple[ClassCounts, ...]
    months: tuple[MonthCounts, ...]
    holders: tuple[HolderCounts, ...]


# A disposition that was undone later stood until then.
_APPLICATIONS = """
WITH application AS (
    SELECT acn, registered_at, item_class, value_usd_cents AS cents, stays, standing.outcome, at,
           standing.outcome IN ('approved', 'denied', 'returned') AS decided,
           extract(epoch FROM at - registered_at) / 86400.0 AS days
    FROM greenlight.docket
    LEFT JOIN LATERAL (
        SELECT * FROM jsonb_to_recordset(dispositions) AS d(outcome text, at timestamptz, until timestamptz)
        WHERE at <= $1 AND (until IS NULL OR until > $1)
    ) AS standing ON true
    WHERE registered_at <= $1
)
"""

_DAYS = """
    round(avg(days) FILTER (WHERE decided), 1)::float8 AS average_days,
    round((percentile_cont(0.5) WITHIN GROUP (ORDER BY days) FILTER (WHERE decided))::numeric, 1)::float8
        AS median_days,
    round((percentile_cont(0.9) WITHIN GROUP (ORDER BY days) FILTER (WHERE decided))::numeric, 1)::float8
        AS days_90_percent
"""

_OUTCOMES = f"""
    count(*) FILTER (WHERE outcome = 'approved') AS approved,
    count(*) FILTER (WHERE outcome = 'denied') AS denied,
    count(*) FILTER (WHERE outcome = 'returned') AS returned,
    count(*) FILTER (WHERE outcome = 'withdrawn') AS withdrawn,
    coalesce(sum(cents) FILTER (WHERE outcome = 'approved'), 0)::bigint AS value_approved,
    coalesce(sum(cents) FILTER (WHERE outcome = 'denied'), 0)::bigint AS value_denied,
    coalesce(sum(cents) FILTER (WHERE outcome = 'returned'), 0)::bigint AS value_returned,
    {_DAYS}
"""

_STATISTICS = f"""
{_APPLICATIONS}, class AS (
    SELECT coalesce(item_class, '{TOTAL}') AS item_class, grouping(item_class) AS place,
           count(*) AS received, count(*) FILTER (WHERE outcome IS NULL) AS pending,
           coalesce(sum(cents), 0)::bigint AS value_received, {_OUTCOMES}
    FROM application GROUP BY GROUPING SETS ((), (item_class))
), arrival AS (
    SELECT date_trunc('month', registered_at AT TIME ZONE 'America/New_York')::date AS month,
           count(*) AS received, coalesce(sum(cents), 0)::bigint AS value_received
    FROM application GROUP BY month
), departure AS (
    SELECT date_trunc('month', at AT TIME ZONE 'America/New_York')::date AS month, {_OUTCOMES}
    FROM application WHERE outcome IS NOT NULL GROUP BY month
), month AS (
    SELECT month, coalesce(received, 0) AS received, coalesce(value_received, 0) AS value_received,
           coalesce(approved, 0) AS approved, coalesce(denied, 0) AS denied,
           coalesce(returned, 0) AS returned, coalesce(withdrawn, 0) AS withdrawn,
           coalesce(value_approved, 0) AS value_approved,
           coalesce(value_denied, 0) AS value_denied, coalesce(value_returned, 0) AS value_returned,
           average_days, median_days, days_90_percent,
           sum(coalesce(received, 0) - coalesce(approved + denied + returned + withdrawn, 0))
               OVER (ORDER BY month) AS pending
    FROM arrival FULL JOIN departure USING (month)
), stay AS (
    SELECT acn, at AS decided_at, stay -> 'names' AS names, (stay ->> 'since')::timestamptz AS since,
           lead((stay ->> 'since')::timestamptz) OVER (PARTITION BY acn ORDER BY place) AS until
    FROM application, jsonb_array_elements(stays) WITH ORDINALITY AS each(stay, place) WHERE decided
), share AS (
    SELECT name, sum((least(until, decided_at) AT TIME ZONE 'America/New_York')::date
                     - (since AT TIME ZONE 'America/New_York')::date) AS days
    FROM stay, jsonb_array_elements_text(names) AS name WHERE since < decided_at GROUP BY acn, name
), holder AS (
    SELECT name AS holder, count(*) AS cases, sum(days)::bigint AS days,
           round((percentile_cont(0.5) WITHIN GROUP (ORDER BY days))::numeric, 1)::float8 AS median_days,
           round((percentile_cont(0.9) WITHIN GROUP (ORDER BY days))::numeric, 1)::float8 AS days_90_percent
    FROM share WHERE days > 0 GROUP BY name
)
SELECT jsonb_build_object(
    'classes', (SELECT jsonb_agg(to_jsonb(c) - 'place' ORDER BY place DESC, item_class) FROM class c),
    'months', (SELECT coalesce(jsonb_agg(to_jsonb(m) ORDER BY month), '[]') FROM month m),
    'holders', (SELECT coalesce(jsonb_agg(to_jsonb(h) ORDER BY days DESC, holder), '[]') FROM holder h)
)::text AS counted
"""  # noqa: S608  # Constants.


class _Counted(Model):
    classes: tuple[ClassCounts, ...]
    months: tuple[MonthCounts, ...]
    holders: tuple[_Share, ...]


async def statistics(dsn: str, as_of: datetime) -> Statistics:
    """From the read model, in one statement, which sees one state of the log.

    :raises LogUnavailableError: the database cannot be reached.
    """
    session = Session(dsn, "greenlight-statistics")
    try:
        return await count_statistics(session, as_of)
    finally:
        await session.close()


async def count_statistics(source: Source, as_of: datetime) -> Statistics:
    """The same over a connection that there is."""
    (row,) = await source.fetch(_STATISTICS, as_of)
    counted = _Counted.model_validate_json(str(row["counted"]))
    holders = tuple(HolderCounts(label=label_of(each.holder), **dict(each)) for each in counted.holders)
    return Statistics(as_of=as_of, classes=counted.classes, months=counted.months, holders=holders)
