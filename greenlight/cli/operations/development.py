"""Officers and keys for the embedded default, so that all can be tried at once. Never for decisions."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.commit import Receipt
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import officer_stream
from greenlight.law.officer.commands import AddOfficer, Asked, ConfirmChange, KeyTerm, RoleTerm
from greenlight.law.officer.particulars import Particulars

if TYPE_CHECKING:
    from greenlight.client.keyring import Keyring
    from greenlight.client.signer import Signer
    from greenlight.eventlog.recorder import Recorder

REGISTRARS = ("registrar", "deputy")
"""With whom the register begins: what one proposes the other confirms."""

_REVIEWS = (Role.AGENCY_REVIEWER, Role.AGENCY_HEAD, Role.ACEP_MEMBER, Role.EARB_MEMBER)

OFFICERS: dict[str, tuple[str, tuple[Role, ...]]] = {
    **dict.fromkeys(REGISTRARS, ("agency", (Role.REGISTRAR,))),
    "acme": ("acme-networks", (Role.APPLICANT,)),
    "globex": ("globex", (Role.APPLICANT,)),
    "olga": ("agency", (Role.LICENSING_OFFICER,)),
    "oscar": ("agency", (Role.LICENSING_OFFICER, Role.COUNTERSIGNER)),
    "carla": ("agency", (Role.COUNTERSIGNER,)),
    "vera": ("agency", (Role.EXECUTIVE,)),
    "victor": ("agency", (Role.EXECUTIVE,)),
    "chair": ("commerce", (Role.OC_CHAIR,)),
    "commerce": ("commerce", (Role.ACEP_MEMBER, Role.EARB_MEMBER, Role.ERC_MEMBER)),
    "defense": ("defense", (*_REVIEWS, Role.ERC_MEMBER)),
    "energy": ("energy", (*_REVIEWS, Role.ERC_MEMBER)),
    "justice": ("justice", _REVIEWS),
    "state": ("state", (*_REVIEWS, Role.ERC_MEMBER)),
}
"""Officer, organisation, roles. The person behind each is a person of their own."""

CALLED = {"acme-networks": "Acme Networks LLC", "globex": "Globex Inc."}
"""The names under which the two organisations file. In a rehearsal they file for many, under any."""


async def ensure_development_officers(
    writer_url: str, keyring: "Keyring", called: Mapping[str, str] = CALLED
) -> None:
    """Register who is missing, with keys kept in ``keyring``. Who is registered stays as they are.

    ``called``: the names under which organisations file; one without files under any.

    :raises KeyringError: somebody is to be registered, and the registrars' keys are not here.
    """
    from greenlight.eventlog.recorder import Recorder
    from greenlight.eventlog.registry import bootstrap

    log = await log_name(writer_url)
    keyring.sign_for(log)
    called = called if log.startswith(Kind.PRODUCTION) else {}
    missing = set(OFFICERS) - await _registered(writer_url)
    if not missing:
        return
    async with Recorder(writer_url) as recorder:
        if missing >= set(REGISTRARS):
            founders = {each: _registration(keyring, each, called) for each in REGISTRARS}
            refused = isinstance(await bootstrap(recorder, founders), Refusal)
            if refused and not set(REGISTRARS) <= await _registered(writer_url):
                # The register is in somebody else's hands.
                return
        first, second = (keyring.signer(each) for each in REGISTRARS)
        for officer in OFFICERS:
            if officer in missing - set(REGISTRARS):
                await carried_out(recorder, officer, _registration(keyring, officer, called), (first, second))


async def carried_out(
    recorder: "Recorder", officer: str, asked: Asked, registrars: "tuple[Signer, Signer]"
) -> Receipt | Refusal:
    """Have one registrar propose a change and another confirm it, where both keys are in one hand."""
    from greenlight.eventlog.registry import execute, proposed_by

    stream, name = officer_stream(officer), asked.declared.name
    proposer, confirmer = registrars
    said = await execute(recorder, officer, name, proposer.sign(name, stream, asked))
    if isinstance(said, Refusal):
        return said
    confirm = ConfirmChange(change=await proposed_by(recorder, said))
    return await execute(
        recorder, officer, "confirm_change", confirmer.sign("confirm_change", stream, confirm)
    )


def registration(
    signer: "Signer", roles: tuple[Role, ...], particulars: Particulars | None = None
) -> AddOfficer:
    """The command that registers a signer, from now on, with a key for trying things out."""
    return AddOfficer(
        person=signer.person,
        organisation=signer.organisation,
        key=KeyTerm(public_key=signer.key.public, development=True),
        possession=signer.possession(roles),
        roles=tuple(RoleTerm(role=role) for role in roles),
        particulars=particulars,
    )


async def log_name(database_url: str) -> str:
    """The name of the event log that a database holds."""
    from greenlight.eventlog.read import Reader

    async with Reader(database_url) as reader:
        return await reader.log_name()


async def _registered(url: str) -> set[str]:
    from greenlight.eventlog.read import Reader

    async with Reader(url) as reader:
        return {row.officer for row in await reader.officers() if row.person}


def _registration(keyring: "Keyring", officer: str, called: Mapping[str, str]) -> AddOfficer:
    organisation, roles = OFFICERS[officer]
    signer = keyring.obtain(officer, f"person-{officer}", organisation)
    said = Particulars(called=called[organisation]) if organisation in called else None
    return registration(signer, roles, said)
