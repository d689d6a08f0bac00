"""The rules that answers are by, each as it stands at an instant: one reading for all who ask."""

from collections.abc import Iterator
from datetime import datetime

from greenlight.kernel.model import Instant, Model
from greenlight.kernel.streams import rule_stream
from greenlight.law.rule.acts import Certainty
from greenlight.law.rule.rules import Rule, Rules
from greenlight.law.rule.standing import Force

READ_AS = "rules"
"""The name of the reading, in the access records."""


class RuleLine(Model):
    """A rule as it stands. ``governs``: the kind of its matter. ``forces``: how it stands, of more than one
    it is open which; ``standing`` says it in words, ``settled_by`` what would decide it. ``on_record``: two
    officers attested it; else it comes with the service."""

    key: str
    title: str
    governs: str
    forces: tuple[Force, ...]
    standing: str
    citation: str
    certainty: Certainty
    settled_by: str | None
    on_record: bool


class RulesAt(Model):
    """The rules by key, as they stand ``at`` an instant, by all that is known."""

    at: Instant
    rules: tuple[RuleLine, ...]

    @property
    def streams(self) -> tuple[str, ...]:
        """The streams that this tells of."""
        return tuple(rule_stream(each.key) for each in self.rules if each.on_record)


def rules_at(rules: Rules, shipped: Rules, at: datetime) -> RulesAt:
    """Tell how all ``rules`` stand; ``shipped`` are those of them, or before them, that come with the
    service."""
    return RulesAt(at=at, rules=tuple(_lines(rules, shipped, at)))


def _lines(rules: Rules, shipped: Rules, at: datetime) -> Iterator[RuleLine]:
    for key in sorted(rules.by_key):
        rule = rules.by_key[key]
        yield _line(rule, at, on_record=rule is not shipped.by_key.get(key))


def _line(rule: Rule, at: datetime, *, on_record: bool) -> RuleLine:
    standing = rule.at(at)
    return RuleLine(
        key=rule.key,
        title=rule.title,
        governs=rule.governs.kind,
        forces=tuple(force for force in Force if force in standing.forces),
        standing=standing.said,
        citation=standing.citation,
        certainty=standing.certainty,
        settled_by=standing.settled_by,
        on_record=on_record,
    )
