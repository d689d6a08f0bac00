"""The workflow of every registered aggregate: one of its own where there is something particular, or else the
plain life of a case."""

from typing import Any

from greenlight.law import registry
from workflows.application import LicenseApplication
from workflows.batch import Batch
from workflows.case import Case
from workflows.directive import Directive
from workflows.entity import ListedEntity
from workflows.license import License
from workflows.messages import workflow_of
from workflows.moment import Moment
from workflows.reprieve import Reprieve
from workflows.screening_list import ScreeningList

_OWN: tuple[type[Case[Any]], ...] = (
    LicenseApplication,
    License,
    Reprieve,
    ListedEntity,
    Batch,
    Directive,
    ScreeningList,
    Moment,
)


def workflows() -> tuple[type[Case[Any]], ...]:
    """As the worker registers them."""
    own = {case.aggregate.kind for case in _OWN}
    return (*_OWN, *(_plain(each) for each in registry.with_workflow() if each.kind not in own))


def _plain(aggregate: registry.AnyAggregate) -> type[Case[Any]]:
    """A class that the sandbox finds by its name in this module."""
    name = str(aggregate.workflow)
    if name not in globals():
        case = type(name, (Case,), {"__module__": __name__, "__doc__": aggregate.about})
        globals()[name] = workflow_of(aggregate)(case)
    return globals()[name]


# The sandbox imports this module anew, and looks the classes up.
workflows()
