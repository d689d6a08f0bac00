"""Officers and keys for the embedded default, so that all can be tried at once. Never for decisions."""

from client.keyring import Keyring
from client.signer import Signer
from eventlog.recorder import Recorder
from eventlog.registry import bootstrap, execute
from licensing.authority import Role
from licensing.contract import officer_stream
from licensing.officer.commands import AddOfficer, KeyTerm, RoleTerm

REGISTRAR = "registrar"

OFFICERS: dict[str, tuple[str, tuple[Role, ...]]] = {
    REGISTRAR: ("agency", (Role.REGISTRAR,)),
    "acme": ("acme-networks", (Role.APPLICANT,)),
    "globex": ("globex", (Role.APPLICANT,)),
    "olga": ("agency", (Role.LICENSING_OFFICER,)),
    "oscar": ("agency", (Role.LICENSING_OFFICER, Role.COUNTERSIGNER)),
    "carla": ("agency", (Role.COUNTERSIGNER,)),
    "vera": ("agency", (Role.EXECUTIVE,)),
}
"""Officer, organisation, roles. The person behind each is a person of their own."""


async def ensure_development_officers(database_url: str, keyring: Keyring) -> None:
    """Register them all, with keys kept in ``keyring``. What is there already stays as it is."""
    if set(OFFICERS) <= set(keyring.officers()):
        return
    async with Recorder(database_url) as recorder:
        registrar = _signer(keyring, REGISTRAR)
        await bootstrap(recorder, REGISTRAR, _registration(registrar, OFFICERS[REGISTRAR][1]))
        for officer, (_, roles) in OFFICERS.items():
            if officer != REGISTRAR:
                registration = _registration(_signer(keyring, officer), roles)
                command = registrar.sign("add_officer", officer_stream(officer), registration)
                await execute(recorder, officer, "add_officer", command)


def _signer(keyring: Keyring, officer: str) -> Signer:
    if officer in keyring.officers():
        return keyring.signer(officer)
    return keyring.create(officer, person=f"person-{officer}", organisation=OFFICERS[officer][0])


def _registration(signer: Signer, roles: tuple[Role, ...]) -> AddOfficer:
    return AddOfficer(
        person=signer.person,
        organisation=signer.organisation,
        key=KeyTerm(public_key=signer.key.public),
        roles=tuple(RoleTerm(role=role) for role in roles),
    )
