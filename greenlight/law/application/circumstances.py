"""The facts of a transaction that no table has, so that its parties are asked about them."""

from typing import Self

from pydantic import Field

from greenlight.kernel.model import Model


class Circumstances(Model):
    """Answers that no table has: the facts behind the General Prohibitions that go by use, person or conduct
    (15 CFR 736.2(b)(4)-(10)). None: nobody has answered."""

    denial_order: bool | None = Field(
        default=None, description="A denial order forbids the transaction (General Prohibition Four)."
    )
    prohibited_end_use: bool | None = Field(
        default=None,
        description="The items are for an end use or end user that part 744 forbids without a license, such"
        " as nuclear, missile, chemical, biological or military ones (General Prohibition Five).",
    )
    occupied_region: bool | None = Field(
        default=None,
        description="The items are for the Crimea, Donetsk or Luhansk region of Ukraine (General Prohibition"
        " Six; asked for the destinations whose row says so).",
    )
    proliferation_support: bool | None = Field(
        default=None, description="A US person supports proliferation by it (General Prohibition Seven)."
    )
    restricted_transit: bool | None = Field(
        default=None,
        description="The items pass through a country that General Prohibition Eight names.",
    )
    breaks_order_or_terms: bool | None = Field(
        default=None,
        description="It breaks an order, or a term of a license or exception (General Prohibition Nine).",
    )
    knowledge_of_violation: bool | None = Field(
        default=None,
        description="It is known that a violation has occurred or is about to (General Prohibition Ten).",
    )

    @classmethod
    def none_applies(cls) -> Self:
        """Every question answered, with no."""
        return cls(**dict.fromkeys(cls.model_fields, False))
