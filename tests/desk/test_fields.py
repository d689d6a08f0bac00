"""Every command of the registry has a form, and what is typed into it comes out as its body."""

from collections.abc import Iterator
from typing import Any

import pytest

from greenlight.desk import pages
from greenlight.desk.asked import Form
from greenlight.desk.fields import Field, fields_of
from greenlight.desk.filled import Shown, filled
from greenlight.kernel.body import Body
from greenlight.law.application import commands as application
from greenlight.law.application.commands import Submit
from greenlight.law.application.interagency.agency import Agency
from greenlight.law.directive.commands import IssueDirective
from greenlight.law.license.commands import ReportShipment
from greenlight.law.license.usage import Shipment
from greenlight.law.registry import with_workflow
from greenlight.law.reprieve import told
from greenlight.law.reprieve.commands import SubmitEvidence
from greenlight.law.terms.deciding import KnownFact
from greenlight.letters.words import decimals_of
from tests.law.application import cases

COMMANDS = [body for kind in with_workflow() for body in kind.commands.values()]

BODIES: tuple[Body, ...] = (
    cases.GRANT,
    cases.GRANT_IN_PART,
    cases.DENY,
    cases.DENY_UNLESS,
    cases.APPROVE,
    cases.APPROVE_IF,
    cases.OBJECT,
    cases.CHECK,
    cases.RETURN,
    cases.DECIDED_GRANT,
    Submit(application=cases.new_submission()),
    application.Refer(agencies=(Agency.DEFENSE, Agency.STATE)),
    application.Countersign(agrees=False, comment="Not so."),
    application.LiftHold(hold=2),
    application.Answer(answer="Yes.", parties=cases.PARTIES),
    application.Answer(answer="As it is now.", parties=cases.VENTURE_PARTIES),
    application.Withdraw(),
    application.ConfirmMatch(party=1, days=30),
    SubmitEvidence(
        fact=KnownFact(name="dependence", value=None, source="Carriers"), statement="As they say."
    ),
    SubmitEvidence(fact=KnownFact(name="terms", value=4, source="Carriers"), statement="As they say."),
    SubmitEvidence(fact=KnownFact(name="dependence", value=False, source="Carriers"), statement="Not so."),
    ReportShipment(
        shipment=Shipment.model_validate(
            {
                "itn": "X20260901123456",
                "kind": "single",
                "shipped_on": "2026-09-01",
                "lines": [{"line": 1, "quantity": 3, "value": {"minor_units": 1_050, "currency": "USD"}}],
            }
        )
    ),
)


def typed(fields: tuple[Field, ...], said: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """A body as somebody types it."""
    for field in fields:
        value = said.get(field.name.rpartition(".")[2])
        match field.kind:
            case "fact":
                yield field.name, told.said(value)
            case _ if value is None:
                continue
            case "group":
                yield from typed(field.parts, value)
            case "rows":
                for place, row in enumerate(value):
                    yield from typed(field.row(place), row)
            case "choices":
                yield from ((field.name, each) for each in value)
            case "check":
                yield from [(field.name, "yes")] if value else []
            case "yes_no":
                yield field.name, "yes" if value else "no"
            case "lines":
                yield field.name, "\r\n".join(value)
            case "numbers":
                yield field.name, ", ".join(map(str, value))
            case "money":
                decimals = decimals_of(value["currency"])
                yield f"{field.name}.amount", f"{value['minor_units'] / 10**decimals:.{decimals}f}"
                yield f"{field.name}.currency", value["currency"]
            case "percent":
                yield field.name, f"{value / 100:g}"
            case _:
                yield field.name, str(value)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.declared.name)
def test_what_is_typed_comes_out_as_the_body(body: Body) -> None:
    fields = fields_of(type(body))
    said = body.model_dump(mode="json", exclude_unset=True)
    found = filled(type(body), fields, Form(tuple(typed(fields, said))))
    assert found == body, found


@pytest.mark.parametrize("body", COMMANDS, ids=lambda body: body.declared.name)
def test_every_command_has_a_form_that_tells_what_is_wrong(body: type[Body]) -> None:
    evil = "'\"><script>alert(1)</script>"
    fields = fields_of(body)
    names = [each.name for each in _all(fields)]
    for form in (Form((("token", ""),)), Form(tuple((name, evil) for name in names))):
        found = filled(body, fields, form)
        if not isinstance(found, Shown):
            # Whatever is written is a text; or nothing has to be said.
            assert form.one(names[0]) == evil if any(each.needed for each in fields) else True
            continue
        assert found.faults
        known = {"", *names}
        assert {each.at for each in found.faults} <= known
        assert not [each for each in found.faults if evil in each.what]
        content = pages._ENVIRONMENT.from_string(  # pyright: ignore[reportPrivateUsage]
            '{% from "form.html" import field, faults %}{{ faults(shown) }}'
            "{% for each in shown.fields %}{{ field(each, shown) }}{% endfor %}"
        ).render(shown=found)
        assert "<script" not in content
        for each in found.faults:
            assert not each.at or f'id="f.{each.at}"' in content, each


def _all(fields: tuple[Field, ...]) -> Iterator[Field]:
    for field in fields:
        yield field
        if field.kind == "group":
            yield from _all(field.parts)
        elif field.kind == "rows":
            yield from _all(field.row(0))


def test_a_fault_is_told_in_the_row_where_it_was_typed() -> None:
    typed_rows = Form(
        (
            ("application.parties.1.role", "end_user"),
            ("application.parties.1.name", "Somebody"),
            ("application.parties.1.country", "ZZ"),
        )
    )
    found = filled(Submit, fields_of(Submit), typed_rows)
    assert isinstance(found, Shown)
    assert "application.parties.1.country" in {each.at for each in found.faults}


def test_all_faults_are_told_at_once_in_the_order_of_the_fields() -> None:
    """What cannot be read as a number does not hide what is missing, or no code of its table."""
    row = "application.items.0"
    typed_in = {
        "application.parties.0.country": "ZZ",
        f"{row}.quantity": "ten",
        f"{row}.unit": "NO",
        f"{row}.value.amount": "1,000",
        f"{row}.classification": "router",
    }
    found = filled(Submit, fields_of(Submit), Form(tuple(typed_in.items())))
    assert isinstance(found, Shown)
    told_of = [each.at for each in found.faults]
    assert {
        "application.applicant",
        "application.parties.0.name",
        "application.parties.0.country",
        f"{row}.description",
        f"{row}.classification",
        f"{row}.quantity",
        f"{row}.value",
        "application.end_use",
    } <= {*told_of}
    assert len(told_of) == len({*told_of}), "each place has one fault"
    assert found.fault(f"{row}.quantity") == "Enter a whole number"
    order = [each.name for each in _all(fields_of(Submit))]
    assert told_of == sorted(told_of, key=order.index)


def test_another_row_keeps_what_was_typed() -> None:
    found = filled(
        Submit, fields_of(Submit), Form((("add", "application.items"), ("application.applicant", "A")))
    )
    assert isinstance(found, Shown)
    assert found.rows("application.items") == 2
    assert not found.faults


FAR = (
    "1e400000",
    "1E400000",
    "Infinity",
    "-inf",
    "NaN",
    "1e999999",
    "9" * 5_000,
    "1" + ",000" * 5_000,
    "\u0661",
)


@pytest.mark.parametrize("far", FAR, ids=lambda far: far[:12])
@pytest.mark.parametrize("name", ["shipment.lines.0.value.amount", "shipment.lines.0.quantity"])
def test_a_number_that_nobody_means_is_a_fault_and_not_reckoned_with(name: str, far: str) -> None:
    """Each of these is a number to Python, and some are so large that it reckons for minutes."""
    typed_in = {"shipment.lines.0.value.currency": "USD", name: far}
    found = filled(ReportShipment, fields_of(ReportShipment), Form(tuple(typed_in.items())))
    assert isinstance(found, Shown)
    assert name.removesuffix(".amount") in {each.at for each in found.faults}


def test_the_last_day_that_there_is_has_an_end_that_is_none() -> None:
    fields = fields_of(IssueDirective)
    ends = [each.name for each in _all(fields) if each.end]
    found = filled(IssueDirective, fields, Form(tuple((name, "9999-12-31") for name in ends)))
    assert isinstance(found, Shown)
    assert set(ends) <= {each.at for each in found.faults}


def test_the_place_of_a_row_has_no_more_digits_than_there_are_rows() -> None:
    assert Form((("application.items." + "9" * 5_000 + ".quantity", "1"),)).rows("application.items") == 0


def faults_of(body: type[Body], **typed_in: str) -> dict[str, list[str]]:
    found = filled(
        body, fields_of(body), Form(tuple((at.replace("__", "."), said) for at, said in typed_in.items()))
    )
    assert isinstance(found, Shown)
    by_place: dict[str, list[str]] = {}
    for each in found.faults:
        by_place.setdefault(each.at, []).append(each.what)
    return by_place


HOLD_ENDS = "expires must be given with the posture hold: until when at the latest"
DISTINCT = "Lines: line numbers must be distinct"


def test_what_several_fields_come_to_is_told_with_what_each_has() -> None:
    found = faults_of(IssueDirective, posture="hold", condition="Peace")
    assert found["title"] == ["Enter this"]
    assert found[""] == [HOLD_ENDS]
    rows = {
        "shipment__lines__0__line": "1",
        "shipment__lines__0__quantity": "ten",
        "shipment__lines__2__line": "1",
        "shipment__lines__2__quantity": "3",
    }
    found = faults_of(ReportShipment, **rows)
    assert found["shipment.lines.0.quantity"] == ["Enter a whole number"]
    assert found["shipment.lines.2.value"] == ["Enter this"]
    assert found["shipment"] == [DISTINCT]


def test_nothing_is_told_of_what_could_not_be_read() -> None:
    """It may be all right: the field itself is what is wrong."""
    found = faults_of(IssueDirective, posture="hold", expires="soon")
    assert found["expires"] == ["Enter a day"]
    assert "" not in found
    found = faults_of(IssueDirective, ground="government_consultation")
    assert found["posture"] == ["Choose one"]
    assert "" not in found
