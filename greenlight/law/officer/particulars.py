"""The words for an officer and whom they act for, in letters and forms. No right rests on them; but who files
does so under the registered name of their organisation, if there is one."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from greenlight.kernel.mailbox import Mailbox
from greenlight.kernel.model import Model, Name, Text


def _unsaid(value: object) -> bool:
    return value is None


Said = Field(exclude_if=_unsaid)


class Particulars(Model):
    """Particulars of an officer beside their rights; each may be left out.

    An organisation is known by its id. ``called`` is its name, under which alone it files; ``address`` and
    ``email`` are where its letters go.
    """

    name: Annotated[Name | None, Said, Field(description="The officer's own name, as letters have it.")] = (
        None
    )
    title: Annotated[Name | None, Said, Field(description="The officer's title, such as Director.")] = None
    called: Annotated[
        Name | None,
        Said,
        Field(description="The registered name of the organisation; it files under no other."),
    ] = None
    address: Annotated[
        Annotated[Text, Field(max_length=500)] | None,
        Said,
        Field(description="The organisation's postal address, in lines, as letters have it."),
    ] = None
    email: Annotated[
        Mailbox | None, Said, Field(description="The mailbox to which the organisation's letters are sent.")
    ] = None

    @model_validator(mode="after")
    def _say_something(self) -> Self:
        if not any(value for _, value in self):
            raise ValueError("say at least one of name, title, called, address and email")
        return self
