"""Under what an item may go to a party: a license, a reprieve, none at all; or what to apply for."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.options import Json, KnownAt, body, read_each
from greenlight.cli.base.output import Styled, bad, doubtful, fail, good, print_facts, print_json, say
from greenlight.cli.base.session import REFUSED, USAGE, Session, run
from greenlight.cli.law.controls import control_tables, readable
from greenlight.cli.law.determination import (
    EndUse,
    JointVenture,
    NamedParties,
    OwnerNames,
    To,
    When,
    circumstances,
    named_party,
    of_one,
    print_reasons,
    reviews,
    shipped_rules,
)
from greenlight.cli.lists.listed import kept, shipped
from greenlight.cli.reprieves.reference import told_of

if TYPE_CHECKING:
    from greenlight.law.authorisation.answer import Authorisation
    from greenlight.law.authorisation.authorities import Authorities
    from greenlight.law.authorisation.question import AuthorisationQuestion


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel="Look")(authorised)


def authorised(
    exporter: Annotated[str, typer.Option(help="Organisation that the license was issued to.")],
    items: Annotated[
        list[str],
        typer.Option(
            "--item",
            metavar="ECCN[.PARAGRAPH]:QUANTITY:UNIT:VALUE[CURRENCY]",
            help="What is to be shipped, such as EAR99:4:pieces:1200USD; repeat.",
        ),
    ],
    to: To,
    parties: NamedParties,
    owners: OwnerNames = None,
    joint_venture: JointVenture = None,
    activity: Annotated[
        str | None, typer.Option(help="Activity of a reprieve, by its key, if one is to be used.")
    ] = None,
    end_use: EndUse = None,
    at: When = None,
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """Say under what items may go to parties: a license, a reprieve, none needed; or what to apply for.

    Exit code 0 if they may go, and 1 if not, or if that is open: what follows the last term of a reprieve may
    not be decided yet, or it is not said whether a general license covers a party. Then both readings are
    told, and what would settle it.

    Example: starter.py authorised --exporter acme-networks --item 5A991.b:4:pieces:1200USD --to CN
    --party "ultimate_consignee=Huawei Technologies Co., Ltd."
    """
    from greenlight.law.authorisation.answer import Verdict
    from greenlight.law.authorisation.question import AuthorisationQuestion

    when = at or datetime.now(UTC)
    more = of_one(parties, owners, joint_venture)
    question = body(
        AuthorisationQuestion,
        exporter=exporter,
        parties=tuple({**named_party(text, to), **more} for text in parties),
        items=read_each(_item, items),
        destination=to,
        activity=activity,
        circumstances=circumstances(end_use or ()),
        at=when,
        known_at=known_at,
    )
    with readable():
        answer = _of_the_log(question).authorise(question)
    if json:
        print_json(answer)
    else:
        _print(answer)
        listed = {reason.listing for reason in answer.determination.reasons if reason.listing}
        if answer.apply_for and (hint := told_of(listed, question.at)):
            say(hint)
    if answer.verdict is Verdict.NOT_AUTHORISED:
        raise typer.Exit(REFUSED)


def _item(text: str) -> dict[str, object]:
    import re

    found = re.fullmatch(
        r"([^:.]+)((?:\.[^:.]+)*):([0-9]{1,15}):([^:]+):([0-9]{1,12})(?:\.([0-9]{2}))?([A-Z]{3})?", text
    )
    if found is None:
        raise fail(
            USAGE, f"--item {text}: give CLASSIFICATION:QUANTITY:UNIT:VALUE, as 5A991.b:4:pieces:1200USD"
        )
    classification, paragraph, quantity, unit, whole, cents, currency = found.groups()
    return {
        "classification": classification,
        "subparagraph": paragraph or None,
        "quantity": int(quantity),
        "unit": unit,
        "value": {"minor_units": int(whole) * 100 + int(cents or 0), "currency": currency or "USD"},
    }


def _of_the_log(question: "AuthorisationQuestion") -> "Authorities":
    """Licenses, reprieves and the list on record, and the control tables that are kept."""
    from greenlight.answers.listed import names_on_record
    from greenlight.law.authorisation.authorities import Authorities
    from greenlight.screening.normalise import normalise

    tables = control_tables(None)

    async def action(session: Session) -> "Authorities":
        async with session.reader() as reader:
            names = await names_on_record(
                reader,
                shipped(),
                question.at,
                question.known_at,
                exporter=question.exporter,
                kept=kept(),
            )
            known = shipped_rules().replaced(await reader.rules())
            return Authorities(
                await reader.holdings(),
                await reader.terms(),
                tables.on_record(known.tables),
                known,
                names,
                normalise,
            )

    return run(action)


_SAID: dict[str, Styled] = {
    "license": good("Authorised under a license"),
    "reprieve": good("Authorised under a reprieve"),
    "general_license": good("Authorised under a general license"),
    "not_required": good("No license required"),
    "not_authorised": bad("Not authorised"),
}


def _print(answer: "Authorisation") -> None:
    # Open is not authorised either, and may come to be.
    title = doubtful("Open: not authorised as it stands") if answer.readings else _SAID[answer.verdict]
    say(title, f". {answer.reason.removesuffix('.')}.")
    under = answer.license
    if under:
        print_facts(
            {
                "Valid through": under.valid_through.isoformat(),
                "Left": "\n".join(
                    f"line {line.line}: {line.quantity_left} {line.unit}, "
                    f"{line.value_left / 100:.2f} {line.currency} with the tolerance"
                    for line in under.lines
                ),
                "Conditions": "\n".join(under.conditions),
                "Also under": ", ".join(under.also),
            }
        )
    for used in answer.reprieves:
        say(f"  {used.entity}: term {used.term} of {used.reprieve}, {used.activity} ({used.citation})")
        say(f"    certified by the {used.certifier}: {used.certification}")
    for title, lines in (
        ("Either:", [each.text for each in answer.readings]),
        ("Settled by:", filter(None, [answer.settled_by])),
        ("Provided that:", answer.provided),
        ("Nearest:", [f"{miss.what} {miss.why}: {miss.remedy}" for miss in answer.nearest]),
        ("Apply for:", filter(None, [answer.apply_for])),
        ("Reviewed under:", reviews(answer.determination) if answer.apply_for else ()),
        ("Not asked:", answer.determination.not_asked),
        ("Take care:", answer.determination.warnings),
    ):
        for place, line in enumerate(lines):
            if not place:
                say(title)
            say(f"  {line}")
    if not under:
        print_reasons("A license is required, because:", answer.determination.of("required"))
        print_reasons("Open:", answer.determination.of("open"))
        if answer.verdict != "not_required":
            print_reasons("Listed or owned, and no reason:", answer.determination.cleared)
