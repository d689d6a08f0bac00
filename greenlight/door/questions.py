"""Questions about shipments: are they authorised, is a license required, does a reprieve cover them?"""

from datetime import UTC, datetime
from functools import partial
from typing import Annotated

from pydantic import Field
from starlette.responses import Response

from greenlight.answers.readings import authorised
from greenlight.door.operation import Asked, Operation, answered
from greenlight.door.reading import Now
from greenlight.kernel.model import Country, Instant, Model
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.roles import LICENSING, Role
from greenlight.law.application.dossier import MAX_ITEMS
from greenlight.law.authorisation.answer import Authorisation
from greenlight.law.authorisation.question import AuthorisationQuestion
from greenlight.law.determination.determine import Determination, determine
from greenlight.law.determination.filed import asked_party
from greenlight.law.determination.named import NamedParties
from greenlight.law.determination.question import Circumstances, Classified, Question
from greenlight.law.reprieve.questions import CoverageAnswer, CoverageQuestion
from greenlight.reference.names import ListedNames
from greenlight.serving.house import POSITION
from greenlight.serving.problems import of_refusal


class DeterminationQuestion(Model):
    """The goods that would be exported, to where and to whom. ``at``: when; left out: now. ``known_at``: by
    the lists and the law as they were known then; left out: by all that is known. Parties and owners are at
    most 50 names together."""

    items: Annotated[tuple[Classified, ...], Field(min_length=1, max_length=MAX_ITEMS)]
    destination: Country
    parties: NamedParties
    circumstances: Circumstances = Circumstances()
    at: Instant | None = None
    known_at: Instant | None = None


async def _authorised(asked: Asked) -> Response:
    standing = asked.house.standing
    await standing.at_least(asked.query.position)
    answer = await authorised(standing, asked.house.access, asked.caller, asked.body)
    if isinstance(answer, Refusal):
        raise of_refusal(answer)
    return answered(answer, {POSITION: str(standing.position)})


async def _determine(asked: Asked) -> Response:
    question: DeterminationQuestion = asked.body
    standing = asked.house.standing
    await standing.at_least(asked.query.position)
    at = question.at or datetime.now(UTC)
    names = await standing.names(at, question.known_at)
    found = await standing.computed(partial(_determined, asked, names, at))
    return answered(found, {POSITION: str(standing.position)})


def _determined(asked: Asked, names: ListedNames, at: datetime) -> Determination:
    """The answer by what every party meets on the lists; it takes a while."""
    question: DeterminationQuestion = asked.body
    whole = Question(
        items=question.items,
        destination=question.destination,
        parties=tuple(asked_party(party, names, at) for party in question.parties),
        circumstances=question.circumstances,
        at=at,
        held_against=(names.list_id,),
        known_at=question.known_at,
    )
    return determine(whole, asked.house.standing.tables, asked.house.standing.rules)


async def _covered(asked: Asked) -> Response:
    question: CoverageQuestion = asked.body
    standing = asked.house.standing
    await standing.at_least(asked.query.position)
    reprieved = await standing.reprieved(question.known_at)
    found = await standing.computed(partial(reprieved.covered, question))
    return answered(found, {POSITION: str(standing.position)})


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "authorised",
        "POST",
        "/authorised",
        "Under what items may go to parties: no license, a license, a reprieve; or what to apply for. An"
        " applicant asks for its own organisation.",
        _authorised,
        Authorisation,
        Now,
        AuthorisationQuestion,
        roles=LICENSING | {Role.APPLICANT},
        tag="questions",
    ),
    Operation(
        "determine",
        "POST",
        "/determine",
        "Whether a license is required, by which control, listing or prohibition, and what is left open.",
        _determine,
        Determination,
        Now,
        DeterminationQuestion,
        tag="questions",
    ),
    Operation(
        "covered",
        "POST",
        "/covered",
        "Whether an activity with a listed entity is or was covered by a reprieve, by which term, and what"
        " that asks for. Open beyond the last term while it is not decided what follows, with every reading.",
        _covered,
        CoverageAnswer,
        Now,
        CoverageQuestion,
        tag="questions",
    ),
)
