"""The views of a license: its status to the world outside, and its row among the licenses."""

from datetime import date
from typing import Annotated

from greenlight.kernel.aggregate import Status
from greenlight.kernel.commit import Append, View
from greenlight.kernel.model import Identifier, Instant
from greenlight.kernel.roles import REVIEWING, Role
from greenlight.kernel.row import Column, Privy, StreamRow, Table, Turn
from greenlight.kernel.streams import license_stream
from greenlight.law.application.flip.language import FLIP
from greenlight.law.application.flip.said import unnoted
from greenlight.law.application.screening.row import ResolutionRow, resolution_rows, resolutions_of
from greenlight.law.license.deadlines import deadlines
from greenlight.law.license.events import LicenseIssued
from greenlight.law.license.state import LicenseState, Stage, evolve

# A license waits for no deadline; for an applicant only if it is the licensee.
_TABLE = Table(
    "license",
    key="number",
    case="'application-' || acn",
    turns=(
        Turn(
            organisation=f"CASE waiting_for WHEN '{Role.APPLICANT}' THEN licensee END",
            due="NULL::timestamptz",
            parties="CASE WHEN listed > 0 THEN 'listed' WHEN possible > 0 THEN 'possible_match' END",
        ),
        # With the officer of the case in which it was granted, if that has one.
        Turn(
            source="(SELECT l.*, d.assigned_to FROM greenlight.license l"
            " LEFT JOIN greenlight.docket d USING (acn) WHERE l.flips > 0) AS flipped",
            role=f"'{Role.LICENSING_OFFICER}'",
            assigned_to="assigned_to",
            due="NULL::timestamptz",
            deadline=f"'{FLIP}'",
            when="NOT closed",
        ),
    ),
    privy=(
        Privy(
            frozenset({Role.APPLICANT}),
            "organisation",
            "greenlight.license, jsonb_array_elements_text(licensees) AS organisation",
        ),
        Privy(
            REVIEWING,
            "agency",
            "greenlight.license JOIN greenlight.docket USING (acn),"
            " jsonb_array_elements_text(agencies) AS agency",
        ),
    ),
    indexes=(
        "(due) WHERE due IS NOT NULL",
        "(stage, valid_through)",
        "(acn)",
        "(waiting_for, licensee) WHERE waiting_for <> 'nobody'",
        "(acn) WHERE flips > 0",
    ),
)


class LicenseRow(StreamRow, table=_TABLE):
    """A license; goods and names stay out of it. ``licensee`` is the organisation that has it now;
    ``valid_through`` the last day of validity, ``retained_through`` that on which its records are kept at
    least, in Washington; ``conditions`` counts them, ``listed`` the parties that are listed since the grant,
    ``possible`` those that may be, ``flips`` the answers that became others and wait for an officer."""

    number: str
    acn: str
    licensee: str
    issued_at: Instant
    valid_through: date
    retained_through: date
    conditions: int
    listed: Annotated[
        int,
        Column(note="How many parties count as listed in a later list, by listings not known at the grant"),
    ]
    possible: Annotated[int, Column(note="Of how many others an officer has to say whether they are")]
    flips: Annotated[int | None, Column(note="Answers that became others, and that no officer has seen to")]


class ShownLicense(LicenseRow):
    # A release of before leaves it empty: until this one has shown the license again, fewer may read it.
    licensees: Annotated[
        tuple[Identifier, ...] | None,
        Column(note="The organisations that have the license, had it or are to have it"),
    ]
    resolutions: Annotated[tuple[ResolutionRow, ...], resolutions_of("number", "license_resolution")]


def status(state: LicenseState) -> Status:
    pending = deadlines(state)
    return Status(
        stage=state.stage,
        waiting_for=_waits_for(state),
        closed=state.stage.closed,
        due=pending[0].due if pending else None,
        outcome=state.stage.value if state.stage.closed else None,
        officer=None,
        listed=True if state.found.listed_parties else None,
        license_number=state.number,
        retained_through=state.retained_through,
    )


def _waits_for(state: LicenseState) -> str:
    """An officer has a transfer to decide, a suspension to lift, or a party that was listed, or may have
    been, to see to; the licensee has conditions to accept. Whoever has an answer to see to that flipped has
    it beside that."""
    if state.stage.closed:
        return "nobody"
    concerns = state.found.listed_parties | state.found.possible_parties
    if state.open_transfer or concerns or state.stage is Stage.SUSPENDED:
        return Role.LICENSING_OFFICER.value
    return Role.APPLICANT.value if state.stage is Stage.AWAITING_ACCEPTANCE else "nobody"


def view(state: LicenseState, version: int) -> View:
    return ShownLicense(
        **status(state).shown(version),
        number=state.number,
        acn=state.acn,
        licensee=state.licensee,
        licensees=tuple(sorted(state.licensees)),
        issued_at=state.issued_at,
        valid_through=state.valid_through,
        retained_through=state.retained_through,
        conditions=len(state.conditions),
        listed=len(state.found.listed_parties),
        possible=len(state.found.possible_parties),
        flips=len(unnoted(state.flips)),
        resolutions=resolution_rows(state.resolutions),
    ).view()


def license_append(issued: LicenseIssued) -> Append:
    """The first event of a license's stream."""
    return Append(
        stream=license_stream(issued.number),
        expected_version=0,
        events=(issued.record(),),
        view=view(evolve(None, issued), 1),
    )
