"""The requirements of a listing on a transaction, read from its print (15 CFR 744.11, 744.16)."""

import re
from unicodedata import digit

from greenlight.kernel.unknown import some
from greenlight.law.determination.footnotes import EAR99
from greenlight.law.determination.question import Classified, Listed
from greenlight.law.determination.reason import Reason, Review, effect_of
from greenlight.law.review import Posture
from greenlight.law.sources import DENIED_PERSONS, ENTITY_LIST, MILITARY_END_USER

_OVERCOME = re.compile(r"\blicense exceptions?\b")
_SEE = r"(?:\(?see ?§+[^()]*(?:\([^()]*\)[^()]*)*\)?)?[\s.,0-9]*"
_ALL_ITEMS = re.compile(r"(?:for )?all items subject to the ear[0-9]*[\s.,]*" + _SEE)
_ALL_LISTED = re.compile(r"(?:for )?all items on the (?:ccl|commerce control list)[\s.,]*" + _SEE)
_QUALIFIED = re.compile(r"\b(?:except|excluding|other than|apart from|unless|when|only|if)\b")

_FOOTNOTE = re.compile(r"(?:\)|\bEAR)[.,)]*\s?([0-9¹²³⁴-⁹])(?![0-9]|\.[0-9])")
"""The number of a footnote behind what it is about: ``734.9(e)¹``, ``734.9(g),3 746.8``, ``of the EAR)4``."""

_POSTURES = (
    (Posture.DENY, re.compile(r"policy of denial")),
    (Posture.PRESUMPTION_OF_DENIAL, re.compile(r"presumption (?:of|for) denial")),
    (Posture.CASE_BY_CASE, re.compile(r"case[- ]by[- ]case")),
    (Posture.PRESUMPTION_OF_APPROVAL, re.compile(r"presumption of approval")),
)
_STRICTNESS = {posture: place for place, (posture, _) in enumerate(_POSTURES)}
_UNREAD = _STRICTNESS[Posture.PRESUMPTION_OF_DENIAL]
"""A policy that was not understood counts as strict as what most entries have."""


def demands(listed: Listed, items: tuple[Classified, ...]) -> bool | None:
    """Tell whether the listing requires a license for any of the items.

    None where the text was not understood, or the list is one that asks for something else than a license.
    """
    if listed.source_list == DENIED_PERSONS:
        return True
    if listed.source_list not in {ENTITY_LIST, MILITARY_END_USER} or listed.license_requirement is None:
        return None
    return _read(listed.license_requirement, items)


def _read(requirement: str, items: tuple[Classified, ...]) -> bool | None:
    said = " ".join(requirement.lower().split())
    said = said.split("this license requirement may be overcome")[0].strip()
    if _QUALIFIED.search(said):
        return None
    if _ALL_ITEMS.fullmatch(said):
        return True
    if _ALL_LISTED.fullmatch(said):
        return some(item.classification != EAR99 for item in items)
    return None


def footnotes(listed: Listed) -> frozenset[int]:
    """The numbers of the footnotes that the printed license requirement bears."""
    return frozenset(digit(found) for found in _FOOTNOTE.findall(listed.license_requirement or ""))


def mentions_exceptions(listed: Listed) -> bool:
    """Tell whether the entry itself says something of License Exceptions."""
    return bool(_OVERCOME.search((listed.license_requirement or "").lower()))


def reason_of(listed: Listed, who: str, items: tuple[Classified, ...]) -> Reason:
    """Give the reason why a license is required, or may be, as ``who`` met the listing."""
    rule, required = listed.source, demands(listed, items)
    printed = listed.license_requirement or "it prints no license requirement"
    said = {
        True: f"{who} is listed as {listed.listing} ({rule.title}): {printed}",
        False: f"{who} is listed as {listed.listing}, for other items: {printed}",
        None: f"{who} is listed as {listed.listing} ({rule.title}): {rule.means}; what that asks of"
        f" these items the service cannot read: {printed}",
    }[required]
    return Reason(
        effect=effect_of(required),
        kind="listing",
        text=said,
        citation=f"{rule.citation}; {listed.citation}",
        listing=listed.listing,
        prohibition=rule.prohibition,
        no_exception=rule.bars_exceptions or not mentions_exceptions(listed),
        bars_exceptions=rule.bars_exceptions,
    )


def review_of(listed: Listed) -> Review | None:
    if listed.review_policy is None:
        return None
    said = listed.review_policy.lower()
    posture = next((posture for posture, pattern in _POSTURES if pattern.search(said)), None)
    return Review(text=listed.review_policy, posture=posture, citation=listed.citation)


def strictness(review: Review) -> int:
    """The less, the stricter."""
    return _UNREAD if review.posture is None else _STRICTNESS[review.posture]
