"""The review policies that rules adopt: which of them an application for a transaction would meet.

They say how an application is looked at, and never whether one is needed.
"""

from collections.abc import Iterable, Iterator, Sequence

from greenlight.law.determination.listings import footnotes
from greenlight.law.determination.question import Classified, Listed, Question
from greenlight.law.determination.reason import Reason, Review
from greenlight.law.determination.tables import Tables
from greenlight.law.rule.acts import OnList, Reviewed
from greenlight.law.rule.rules import Rule, Rules
from greenlight.law.rule.standing import Force, Standing


def reviews(
    question: Question, met: Sequence[Listed], found: Iterable[Reason], rules: Rules, tables: Tables
) -> Iterable[Review]:
    """The policies that count at that instant, or may, by what was known: for items that need a license, or
    may.

    :param met: the listings of the parties, and of their owners where those count.
    :param found: everything that was looked at.
    """
    # Asked all day, and most goods are touched by none: only those that are cost more than a look.
    touched = rules.reviewing(item.classification for item in question.items)
    if met:
        touched += rules.reviewing(each.source_list for each in met)
    return _reviews(question, met, found, touched, tables) if touched else ()


def _reviews(
    question: Question,
    met: Sequence[Listed],
    found: Iterable[Reason],
    touched: Iterable[Rule],
    tables: Tables,
) -> Iterator[Review]:
    # A reason without an item is one for all of them.
    needing = {reason.item for reason in found if reason.effect != "clear"}
    items = [item for item in question.items if not needing.isdisjoint((None, str(item)))]
    if not items:
        return
    for rule in dict.fromkeys(touched):
        governs = rule.of(question.known_at).governs
        standing = rule.at(question.at, question.known_at)
        if not isinstance(governs, Reviewed) or standing.in_force is False:
            continue
        if _concerns(governs, tables.names(question.destination), items, met):
            yield _review(rule, governs, standing)


def _concerns(
    governs: Reviewed, places: frozenset[str], items: Iterable[Classified], met: Iterable[Listed]
) -> bool:
    if governs.countries and governs.countries.isdisjoint(places):
        return False
    if governs.listings and not any(_on(each, listed) for each in governs.listings for listed in met):
        return False
    return not governs.entries or any(item.classification in governs.entries for item in items)


def _on(each: OnList, listed: Listed) -> bool:
    return each.source_list == listed.source_list and each.footnote in {None, *footnotes(listed)}


def _review(rule: Rule, governs: Reviewed, standing: Standing) -> Review:
    readings, settled_by = (), None
    if standing.in_force is None:
        readings = tuple(_readings(standing))
        settled_by = standing.settled_by or _ENFORCED
    return Review(
        text=governs.policy.text,
        posture=governs.policy.posture,
        citation=standing.citation,
        rule=rule.key,
        certainty=standing.certainty,
        certify=governs.certify,
        readings=readings,
        settled_by=settled_by,
    )


_ENFORCED = "an act that withdraws the rule, or the agency's word that it is enforced"
"""Settles whether applications are reviewed by a text that stands, and of which its agency said otherwise."""


def _readings(standing: Standing) -> Iterator[str]:
    for reading in standing.readings:
        if reading.force is Force.NOT_ENFORCED:
            yield "it is reviewed so, by a text that stands"
            yield "it is not reviewed so: the agency has announced that it does not enforce that text"
        else:
            so = "is" if reading.force is Force.IN_FORCE else "is not"
            yield f"it {so} reviewed so: of the rule, {reading.text}"
