"""A body is told from what it says, however a sender wrote it; what cannot be told is not taken."""

from typing import Any

import pytest

from greenlight.kernel.canonical import digest
from greenlight.kernel.model import JsonObject
from greenlight.kernel.written import form_objection, signed_form
from greenlight.law.application.circumstances import Circumstances
from greenlight.law.application.commands import Recommend, Submit
from tests.law.application.cases import GRANT, OWNED_PARTIES, VENTURE_PARTIES, submission

SUBMIT = Submit(application=submission())
OWNED = Submit(application=submission(parties=OWNED_PARTIES))
VENTURE = Submit(application=submission(parties=VENTURE_PARTIES))
ASKED = SUBMIT.model_copy(
    update={"application": submission().model_copy(update={"circumstances": Circumstances()})}
)


@pytest.mark.parametrize(
    "written",
    [
        SUBMIT.model_dump(mode="json"),
        SUBMIT.model_dump(mode="json", exclude_unset=True),
        SUBMIT.model_dump(mode="json", exclude_defaults=True),
        SUBMIT.model_dump(mode="json", exclude_none=True),
        OWNED.model_dump(mode="json"),
        OWNED.model_dump(mode="json", exclude_defaults=True),
        VENTURE.model_dump(mode="json"),
        VENTURE.model_dump(mode="json", exclude_defaults=True),
        # Seven answers are spelled out, and six other members are left out.
        ASKED.model_dump(mode="json"),
    ],
)
def test_every_form_of_a_body_is_found(written: JsonObject) -> None:
    body = Submit.model_validate(written)
    assert form_objection(body, digest(written)) is None


BEFORE_THE_SECOND = ("address", "contact", "owners")
"""The members of a party that programs knew before it could be told whether it is a joint venture."""


@pytest.mark.parametrize("added", [BEFORE_THE_SECOND, (*BEFORE_THE_SECOND, "joint_venture", "headquarters")])
@pytest.mark.parametrize("spelled", [True, False])
def test_members_that_were_added_are_spelled_out_together(spelled: bool, added: tuple[str, ...]) -> None:
    written: Any = SUBMIT.model_dump(mode="json", exclude_defaults=not spelled)
    if spelled:
        written["application"] |= {"circumstances": None, "reprieve_activity": None, "confirmed_eccns": []}
    written["application"]["attachments"] = []
    for party in written["application"]["parties"]:
        party |= dict.fromkeys(added)
    assert form_objection(Submit.model_validate(written), digest(written)) is None


def test_one_member_spelled_out_and_the_others_left_out() -> None:
    written: JsonObject = {
        **GRANT.model_dump(mode="json", exclude_defaults=True),
        "riders": [],
        "lines": None,
    }
    assert signed_form(Recommend.model_validate(written), digest(written))


def test_another_content_is_in_no_form() -> None:
    other = SUBMIT.model_copy(update={"application": submission(reference="PO-2")})
    assert form_objection(SUBMIT, digest(other.model_dump(mode="json"))) is not None


def test_items_that_are_not_written_alike_are_not_taken() -> None:
    """Which of them has the member cannot be told from what is on record."""
    written: Any = SUBMIT.model_dump(mode="json", exclude_none=True)
    items = written["application"]["items"]
    items[0]["subparagraph"] = None
    assert len(items) > 1
    assert form_objection(Submit.model_validate(written), digest(written)) is not None
