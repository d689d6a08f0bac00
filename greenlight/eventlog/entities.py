"""Which listed entities are on record, and how far each stream goes."""

from greenlight.eventlog.database import Source

_VERSIONS = "SELECT key, version FROM greenlight.entity"


async def entity_versions(source: Source) -> dict[str, int]:
    """By key the version of every listed entity's stream, those that are removed included.

    :raises LogUnavailableError: the database cannot be reached.
    """
    return {str(row["key"]): int(str(row["version"])) for row in await source.fetch(_VERSIONS)}
