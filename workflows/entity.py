"""The workflow of a listed entity."""

from temporalio import workflow

from licensing.contract import ENTITY_MESSAGES, LISTED_ENTITY
from licensing.entity.aggregate import ENTITY as ENTITY_DECIDER
from licensing.entity.commands import COMMANDS
from licensing.entity.state import EntityState
from licensing.messages import CaseStatus
from workflows.case import Case
from workflows.messages import takes


@workflow.defn(name=LISTED_ENTITY)
@takes((name, COMMANDS[name]) for name in ENTITY_MESSAGES)
class ListedEntity(Case[EntityState]):
    """One entry of the Entity List until its removal. What is decided for an instant to come waits here."""

    decider = ENTITY_DECIDER
    id_pattern = r"entity-[a-z0-9][a-z0-9._-]{0,63}"
    first = "list_entity"

    @workflow.run
    async def run(self, *start: object) -> CaseStatus:
        return await self.live(start)
