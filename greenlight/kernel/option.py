"""Tell how people give a command's fields at the command line, where name and type do not say it already."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from greenlight.kernel.model import Text


@dataclass(frozen=True, slots=True)
class Option:
    """A fact on a field, in its ``Annotated``.

    - ``name``: what the option is called. Otherwise as the field is, in the singular where it is repeated.
    - ``argument``: whether the value is known by its place. Otherwise only that of the first field is, where
      it must be given and is no yes or no.
    - ``denies``: giving the option says no.
    - ``end``: a day means its end, and not its first moment.
    - ``between``: the members of each value are typed one behind the other, with these characters between.
    - ``spread``: the members of the model that the field holds are options themselves.
    """

    name: str | None = None
    argument: bool | None = None
    denies: bool = False
    end: bool = False
    spread: bool = False
    between: str | None = None


BY_NAME = Option(argument=False)

Reasons = Annotated[Text, Field(description="Why."), BY_NAME]
ToldReasons = Annotated[Text, Field(description="Why. A letter that tells of it quotes this."), BY_NAME]
Comment = Annotated[Text | None, Field(description="A remark for the record.")]
