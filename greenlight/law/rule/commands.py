"""The commands that a rule takes. Names are imperatives; each model is the body of one command.

What an officer attests counts once another officer confirms it: answers rest on it.
"""

from typing import Annotated

from pydantic import Field

from greenlight.kernel.body import Body, commands
from greenlight.kernel.model import Name, PositiveInteger
from greenlight.kernel.option import Option, Reasons
from greenlight.kernel.roles import Role
from greenlight.law.rule.acts import KINDS, Act, Governed

MAX_ACTS = 50

Attested = Annotated[Act, Option(spread=True)]
Number = Annotated[PositiveInteger, Field(description="The attestation's number, from 1.")]


class OpenRule(Body, by={Role.LICENSING_OFFICER}, starts=True, short="open"):
    """Begin to keep a rule here, and attest all acts on it so far.

    Until another officer has confirmed them, nothing changes. How applications are reviewed, for instance, is
    {"kind": "review_policy", "entries": ["3A090", "4A090"], "countries": ["CN", "MO"], "policy": {"text":
    "Case by case", "posture": "case_by_case"}, "certify": "That no military end user has them."}; in place of
    entries, or beside them, "listings": [{"source_list": "entity-list", "footnote": 4}].
    """

    title: Annotated[Name, Field(description="What people call it.", examples=["Affiliates Rule"])]
    governs: Annotated[Governed, Field(description=f"What it is about, as JSON, of kind {', '.join(KINDS)}.")]
    acts: Annotated[
        tuple[Act, ...],
        Field(min_length=1, max_length=MAX_ACTS, description="The acts on it so far, as JSON."),
    ]


class AttestAct(Body, by={Role.LICENSING_OFFICER}, short="attest"):
    """Attest a legal act on the rule, or what an attestation should have said.

    It counts once another officer has confirmed it.
    """

    act: Attested
    corrects: Annotated[
        PositiveInteger | None, Field(description="The attestation in whose place this one is.")
    ] = None


class TakeBackAttestation(Body, by={Role.LICENSING_OFFICER}, short="take-back"):
    """Say that there was no such act as was attested; another officer confirms that."""

    corrects: Number
    reasons: Reasons


class ConfirmAttestation(Body, by={Role.LICENSING_OFFICER}, decision=True, short="confirm"):
    """Let count, as a second officer, what is attested: from now on answers rest on it.

    Of several acts that wait together, ``number`` is that of the last.
    """

    number: Number


class DiscardAttestation(Body, by={Role.LICENSING_OFFICER}, short="discard"):
    """Give up the attestation that waits for a second officer."""

    number: Number
    reasons: Reasons


COMMANDS = commands(OpenRule, AttestAct, TakeBackAttestation, ConfirmAttestation, DiscardAttestation)
"""Commands that come from outside, by the name of their update and signal."""
