"""The right to read: whose a key is at this moment by the register, and which streams are open to them."""

from collections.abc import Iterable

from pydantic import Json, TypeAdapter

from greenlight.eventlog.database import Source, parse
from greenlight.kernel.model import Model
from greenlight.kernel.roles import Actor, Role
from greenlight.law.officer.keys import OfficerKey

_OF_KEY = "coalesce(k.passkey, jsonb_build_object('x', k.x))::text AS public_key"

_KEEPER = f"""
SELECT k.officer, o.person, o.organisation, {_OF_KEY}, ARRAY(
    SELECT DISTINCT role FROM greenlight.officer_role r
    WHERE r.officer = k.officer AND r.valid_from <= now() AND now() < coalesce(r.valid_until, 'infinity')
) AS roles
FROM greenlight.officer_key k JOIN greenlight.officer o USING (officer)
WHERE k.kid = $1 AND k.valid_from <= now() AND now() < coalesce(k.valid_until, 'infinity')
  AND k.revoked_at IS NULL AND o.person IS NOT NULL
"""  # noqa: S608 - a constant of ours

_KEY = f"SELECT {_OF_KEY} FROM greenlight.officer_key k WHERE kid = $1"  # noqa: S608 - as above
_PUBLIC: TypeAdapter[OfficerKey] = TypeAdapter(OfficerKey)

_PRIVY = """
SELECT asked.kind || '-' || asked.key AS stream FROM unnest($1::text[], $2::text[]) AS asked (kind, key)
WHERE EXISTS (
    SELECT FROM greenlight.privy p
    WHERE p.kind = asked.kind AND p.key = asked.key AND p.organisation = $3 AND $4 = ANY (p.roles))
"""

_BEGUN = "SELECT EXISTS (SELECT FROM greenlight.event WHERE stream = $1) AS begun"


class Keeper(Model):
    """The officer whose key is valid now, and the roles that they hold now."""

    officer: str
    person: str
    organisation: str
    public_key: Json[OfficerKey]
    roles: frozenset[Role]


async def keeper(source: Source, kid: str) -> Keeper | None:
    """Whose key it is; None: nobody's, or it is not valid now."""
    rows = await source.fetch(_KEEPER, kid)
    return parse(Keeper, rows[0]) if rows else None


async def registered_key(source: Source, kid: str) -> OfficerKey | None:
    """The key of that id, valid or not; None: nobody has it."""
    rows = await source.fetch(_KEY, kid)
    return _PUBLIC.validate_json(str(rows[0]["public_key"])) if rows else None


async def privy(source: Source, by: Actor, keys: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Of these streams, by kind and key, those in whose matter the organisation is for which somebody acts in
    their role."""
    asked = list(keys)
    if not asked:
        return frozenset()
    kinds, of_streams = [kind for kind, _ in asked], [key for _, key in asked]
    rows = await source.fetch(_PRIVY, kinds, of_streams, by.organisation, by.role.value)
    return frozenset(str(row["stream"]) for row in rows)


async def begun(source: Source, stream: str) -> bool:
    """Tell whether something is on record of a stream."""
    return bool((await source.fetch(_BEGUN, stream))[0]["begun"])
