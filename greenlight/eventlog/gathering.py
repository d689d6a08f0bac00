"""Count applications and licenses in the log for the decision on a reprieve."""

from greenlight.eventlog.database import parse
from greenlight.eventlog.session import Session
from greenlight.kernel.model import Model
from greenlight.law.reprieve.gathering import Counted, Counts

# Of which listed entity a party is tells only the record of the screening: no read model names entities. Only
# the last one counts, because an answer may have replaced the parties. A statement sees one state of the log.
_COUNTS = """
WITH application AS (
    SELECT acn, decided_at - registered_at AS took, decided_at, listed IS TRUE AND EXISTS (
        SELECT FROM jsonb_path_query(
            (SELECT record::jsonb FROM greenlight.event
             WHERE stream = 'application-' || acn AND type = 'PartiesScreened' ORDER BY version DESC LIMIT 1),
            '$.screening.findings[*]') AS finding,
            jsonb_array_elements(finding -> 'matches') AS match
        LEFT JOIN greenlight.resolution r ON r.acn = d.acn AND r.pair = match ->> 'pair'
        WHERE match ->> 'listing' = ANY ($1)
          -- As in greenlight.law.application.screening.language.Hit.listed.
          AND coalesce(r.verdict = 'true_match',
                       finding ->> 'outcome' = 'listed' AND coalesce(match ->> 'score', '100') = '100')
        ) AS covered
    FROM greenlight.docket d
), counted AS (
    SELECT count(*) AS received, count(*) FILTER (WHERE decided_at IS NULL) AS pending,
           count(decided_at) AS decided,
           (SELECT count(*) FROM greenlight.license JOIN application a USING (acn)
            WHERE stage = 'active' AND (a.covered OR NOT only_covered)) AS licenses_in_use,
           (percentile_disc(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM took)) / 86400)::integer
               AS decision_days,
           only_covered
    FROM application, unnest(ARRAY[true, false]) AS only_covered
    WHERE covered OR NOT only_covered
    GROUP BY only_covered
)
SELECT (SELECT position FROM greenlight.log) AS position,
       (SELECT to_jsonb(c) - 'only_covered' FROM counted c WHERE only_covered)::text AS covered,
       (SELECT to_jsonb(c) - 'only_covered' FROM counted c WHERE NOT only_covered)::text AS in_all
"""

_NONE = Counted(received=0, pending=0, decided=0, licenses_in_use=0, decision_days=None)


class _Answer(Model):
    position: int
    covered: str | None
    in_all: str | None


async def count(session: Session, entities: frozenset[str]) -> Counts:
    """Count what the log tells now; covered are the applications to which one of ``entities`` is a party.

    :raises LogUnavailableError: the database cannot be reached.
    """
    (row,) = await session.fetch(_COUNTS, sorted(entities))
    answer = parse(_Answer, row)
    return Counts(position=answer.position, covered=_counted(answer.covered), in_all=_counted(answer.in_all))


def _counted(found: str | None) -> Counted:
    """A group without applications has no row."""
    return _NONE if found is None else Counted.model_validate_json(found)
