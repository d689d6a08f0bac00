"""Officers and keys for the embedded default, so that all can be tried at once. Never for decisions."""

from typing import TYPE_CHECKING

from greenlight.kernel.refusal import Refusal
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import officer_stream
from greenlight.law.officer.commands import AddOfficer, KeyTerm, RoleTerm

if TYPE_CHECKING:
    from greenlight.client.keyring import Keyring
    from greenlight.client.signer import Signer

REGISTRAR = "registrar"

OFFICERS: dict[str, tuple[str, tuple[Role, ...]]] = {
    REGISTRAR: ("agency", (Role.REGISTRAR,)),
    "acme": ("acme-networks", (Role.APPLICANT,)),
    "globex": ("globex", (Role.APPLICANT,)),
    "olga": ("agency", (Role.LICENSING_OFFICER,)),
    "oscar": ("agency", (Role.LICENSING_OFFICER, Role.COUNTERSIGNER)),
    "carla": ("agency", (Role.COUNTERSIGNER,)),
    "vera": ("agency", (Role.EXECUTIVE,)),
    "victor": ("agency", (Role.EXECUTIVE,)),
    "chair": ("commerce", (Role.OC_CHAIR,)),
    "commerce": ("commerce", (Role.ACEP_MEMBER, Role.EARB_MEMBER)),
    **{
        agency: (agency, (Role.AGENCY_REVIEWER, Role.AGENCY_HEAD, Role.ACEP_MEMBER, Role.EARB_MEMBER))
        for agency in ("defense", "energy", "justice", "state")
    },
}
"""Officer, organisation, roles. The person behind each is a person of their own."""


async def ensure_development_officers(writer_url: str, keyring: "Keyring") -> None:
    """Register who is missing, with keys kept in ``keyring``. Who is registered stays as they are.

    :raises KeyringError: somebody is to be registered, and the registrar's key is not here.
    """
    from greenlight.eventlog.recorder import Recorder
    from greenlight.eventlog.registry import bootstrap, execute

    missing = set(OFFICERS) - await _registered(writer_url)
    if not missing:
        return
    async with Recorder(writer_url) as recorder:
        if REGISTRAR in missing:
            first = _registration(_signer(keyring, REGISTRAR), OFFICERS[REGISTRAR][1])
            refused = isinstance(await bootstrap(recorder, REGISTRAR, first), Refusal)
            if refused and REGISTRAR not in await _registered(writer_url):
                # The register is in somebody else's hands.
                return
        registrar = keyring.signer(REGISTRAR)
        for officer, (_, roles) in OFFICERS.items():
            if officer in missing - {REGISTRAR}:
                registration = _registration(_signer(keyring, officer), roles)
                command = registrar.sign("add_officer", officer_stream(officer), registration)
                await execute(recorder, officer, "add_officer", command)


async def _registered(url: str) -> set[str]:
    from greenlight.eventlog.read import Reader

    async with Reader(url) as reader:
        return {row.officer for row in await reader.officers()}


def _signer(keyring: "Keyring", officer: str) -> "Signer":
    return keyring.obtain(officer, person=f"person-{officer}", organisation=OFFICERS[officer][0])


def _registration(signer: "Signer", roles: tuple[Role, ...]) -> AddOfficer:
    return AddOfficer(
        person=signer.person,
        organisation=signer.organisation,
        key=KeyTerm(public_key=signer.key.public),
        roles=tuple(RoleTerm(role=role) for role in roles),
    )
