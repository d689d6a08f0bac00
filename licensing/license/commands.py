"""What can be asked of a license."""

from licensing.decider import Body


class AcceptConditions(Body):
    """The licensee accepts all conditions, which bind it (15 CFR 750.7(d))."""


COMMANDS: dict[str, type[Body]] = {"accept_conditions": AcceptConditions}
