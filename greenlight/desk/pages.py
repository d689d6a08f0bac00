"""Pages: templates, what they may use, and what every answer has in its head."""

import re
from datetime import date, datetime
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape
from pydantic import JsonValue
from starlette.responses import Response

from greenlight.kernel.codes.countries import COUNTRIES
from greenlight.kernel.counted import counted
from greenlight.kernel.legible import legible
from greenlight.kernel.time.calendar import AGENCY_ZONE, instant_of, last_day, plain_date
from greenlight.law.application.ownership import percent
from greenlight.letters.words import Sum, amount, amount_of

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self';"
        " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "publickey-credentials-get=(self)",
    # Under no-referrer browsers would not say of our own forms where they come from.
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""With every answer: it is this reader's alone, runs nothing but our own, and stands in no other page."""

RAW_HEADERS: Final = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]


def words(name: object) -> str:
    """``sign_off`` as ``sign off``; names of classes, too: ``CaseReferred`` as ``case referred``."""
    text = "–" if name in (None, "") else str(name)
    if text[:1].isupper() and " " not in text and text.isalpha() and not text.isupper():
        text = "".join(f" {c.lower()}" if c.isupper() else c for c in text).strip()
    return " ".join(_SHORT.get(word, word) for word in text.replace("_", " ").split(" "))


_NAME: Final = re.compile(r"[a-z]+(_[a-z]+)+")

_SHORT: Final = {each: each.upper() for each in ("acep", "acn", "earb", "eccn", "erc", "itn", "oc")} | {
    "eccns": "ECCNs"
}
"""Names that people write in capitals."""


def sentence(name: object) -> str:
    """The same, with a capital."""
    text = words(name)
    return text[:1].upper() + text[1:]


def instant(value: datetime | str | None) -> str:
    """An instant in Washington."""
    if value is None:
        return "–"
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at.astimezone(AGENCY_ZONE).strftime("%-d %b %Y, %H:%M %Z")


def by_day(due: datetime | None) -> str:
    """The day in Washington by whose end something must happen."""
    return plain_date(last_day(due)) if due else "–"


def day(value: date | None) -> str:
    return plain_date(value) if value else "–"


def money(value: Any) -> str:
    return amount(Sum(minor_units=value.minor_units, currency=value.currency))


def country(code: str) -> str:
    return COUNTRIES.get(code, code)


def plain(value: JsonValue) -> str:
    """A value in a line, with instants as Washington has them."""
    if isinstance(value, list):
        return "; ".join(map(plain, value))
    if (money := amount_of(value)) is not None:
        return money
    if isinstance(value, dict):
        return ", ".join(f"{words(name)} {plain(part)}" for name, part in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and (at := instant_of(value)) is not None:
        return instant(at)
    return "–" if value is None else str(value)


def said(value: JsonValue) -> str:
    """The same, with names of ours as words; other texts are as they are."""
    return words(value) if isinstance(value, str) and _NAME.fullmatch(value) else plain(value)


def _shown(value: object) -> object:
    """A text as it is seen: with nothing in it that hides, or turns the direction of what is beside it."""
    return legible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def typed(value: str) -> Markup:
    """The words that somebody typed, in the field where they typed them: as they are."""
    return escape(value)


_FILTERS: Final = (
    words, sentence, instant, by_day, day, money, country, plain, said, amount_of, typed, counted, percent
)  # fmt: skip


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("greenlight.desk"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    filters: dict[str, Any] = {each.__name__: each for each in _FILTERS}
    made.filters.update(filters)
    return made


_ENVIRONMENT: Final = _environment()


def page(template: str, status: int = 200, **said: object) -> Response:
    """A page made from a template."""
    content = _ENVIRONMENT.get_template(template).render(said)
    return Response(content, status, media_type="text/html")


def telling(status: int, title: str, detail: str, stream: object = None) -> Response:
    """A page that says what is wrong, to whoever it is: it names nobody. ``stream``: the case to look at."""
    return page("wrong.html", status, title=title, detail=detail, stream=stream, signed_in=None)
