"""The command line against a running service: every command, every exit code."""

import json
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from greenlight.kernel.time.calendar import AGENCY_ZONE
from tests.cli.conftest import Said, Terminal
from tests.cli.test_procedure import filed


def _refused(said: Said, code: str) -> None:
    assert said.code == 1, said.out
    assert f"refused: {code}" in said.err


async def test_serving_says_where_everything_is(served: str) -> None:
    assert "Temporal UI" in served
    assert "export TEMPORAL_ADDRESS=" in served


async def test_a_case_from_its_submission_to_its_license(served: str, terminal: Terminal) -> None:
    acn = await filed(terminal)
    recommend = ("recommend", acn, "grant", "--as", "olga", "--reasons", "Rural network", "--line", "1")
    assert (await terminal.starter(*recommend, "--condition", "Report each use")).code == 0
    said = await terminal.starter("countersign", acn, "--as", "carla")
    assert said.code == 0
    assert "DEVELOPMENT KEY" in said.err
    _refused(await terminal.starter("sign-off", acn, "--as", "carla"), "role_not_held")
    assert (await terminal.starter("sign-off", acn, "--as", "vera")).code == 0
    shown = (await terminal.starter("show", acn, "--json")).json
    assert isinstance(shown, dict)
    state = shown["state"]
    assert isinstance(state, dict)
    number = str(state["license_number"])
    await _license_lived_through(terminal, number)
    _refused(await terminal.starter("withdraw", acn, "--as", "acme"), "case_closed")
    history = await terminal.starter("history", acn)
    assert "command refused" in history.out
    listed = (await terminal.starter("list", "--outcome", "granted_in_part", "--json")).json
    assert isinstance(listed, list)
    assert acn in [row["acn"] for row in listed if isinstance(row, dict)]


async def _license_lived_through(terminal: Terminal, number: str) -> None:
    today = datetime.now(AGENCY_ZONE).date()
    itn = f"X{today:%Y%m%d}000001"
    shipped = ("--shipped-on", today.isoformat(), "--as", "acme")
    report = ("report-shipment", number, "--itn", itn, *shipped)
    _refused(await terminal.starter(*report, "--line", "1:1:100"), "conditions_not_accepted")
    for words in (
        ("accept-conditions", number, "--as", "acme"),
        (*report, "--line", "1:1:100"),
        ("correct-shipment", number, itn, "--line", "1:24:200", "--cumulative", "--reasons", "All", *shipped),
        ("correct-shipment", number, itn, "--line", "1:2:200", "--cumulative", "--reasons", "Two", *shipped),
    ):
        said = await terminal.starter(*words)
        assert said.code == 0, (words, said.err)
    # What was told stays told, whatever is corrected later.
    assert "100 % of line 1 are used" in (await terminal.starter("show", number)).out
    waits = await terminal.starter("worklist", "--as", "acme")
    assert f"{number}: 80, 90, 95 and 100 % of line 1 are used" in waits.out
    assert number not in (await terminal.starter("worklist", "--as", "globex")).out
    for words in (
        ("correct-shipment", number, itn, "--cancel", "--reasons", "Called off", "--as", "acme"),
        ("request-transfer", number, "globex", "--reasons", "Sold", "--as", "acme"),
        ("refuse-transfer", number, "--reasons", "Abroad", "--as", "olga"),
        ("request-transfer", number, "globex", "--reasons", "Sold after all", "--as", "acme"),
        ("accept-transfer", number, "Globex Inc.", "--country", "US", "--as", "globex"),
        ("approve-transfer", number, "--as", "olga"),
        ("suspend", number, "--reasons", "Looked into", "--as", "olga"),
        ("reinstate", number, "--reasons", "Nothing found", "--as", "olga"),
    ):
        said = await terminal.starter(*words)
        assert said.code == 0, (words, said.err)
    _refused(await terminal.starter("replace", number, number, "--change", "x", "--as", "olga"), "malformed")
    replace = ("replace", number, "D999999", "--change", "x", "--as", "olga")
    _refused(await terminal.starter(*replace), "unfit_replacement")
    assert number in (await terminal.starter("licenses", "--licensee", "globex", "--stage", "active")).out
    _refused(await terminal.starter("void", number, "--statement", "x", "--as", "olga"), "role_not_held")
    bulk = await terminal.starter(
        *("revoke", "D999999", number, "--order", "order-7"), "--reasons", "Diversion", "--as", "vera"
    )
    assert bulk.code == 1
    assert f"license-{number} is at revoked" in bulk.out
    assert "D999999" in bulk.err
    assert (await terminal.starter("void", number, "--statement", "End user", "--as", "vera")).code == 0
    shown = await terminal.starter("show", number)
    assert "Records kept through" in shown.out
    history = await terminal.starter("history", number)
    assert "order-7" in history.out


async def test_a_row_of_a_list_is_one_line_in_a_pipe(served: str, terminal: Terminal) -> None:
    acn = await filed(terminal)
    recommend = ("recommend", acn, "deny", "--as", "olga", "--reasons", "One.\nTwo.\r\nThree.")
    assert (await terminal.starter(*recommend)).code == 0
    listed = await terminal.starter("list", "--limit", "1000")
    (row,) = (line for line in listed.out.splitlines() if line.startswith(acn))
    assert row.split()[1:3] == ["countersignature", "countersigner"]
    history = await terminal.starter("history", acn)
    assert [line for line in history.out.splitlines() if "reasons: One. ⏎ Two. ⏎ Three." in line]


async def test_asking_answering_returning_and_withdrawing(served: str, terminal: Terminal) -> None:
    acn = await filed(terminal)
    for words in (
        ("assign", acn, "olga", "--as", "olga"),
        ("request-information", acn, "Who operates it?", "--as", "olga"),
        ("answer", acn, "The cooperative.", "--as", "acme"),
        ("return-without-action", acn, "license_not_required", "--reasons", "EAR99", "--as", "olga"),
    ):
        assert (await terminal.starter(*words)).code == 0, words
    other = await filed(terminal)
    _refused(await terminal.starter("withdraw", other, "--as", "globex"), "not_the_applicant")
    assert (await terminal.starter("withdraw", other, "--as", "acme")).code == 0


async def test_a_case_as_of_a_past_instant(served: str, terminal: Terminal) -> None:
    acn = await filed(terminal)
    _refused(await terminal.starter("show", acn, "--as-of", "2019-05-16"), "no_such_case")
    assert (await terminal.starter("show", acn, "--as-of", "2199-01-01")).code == 0


async def test_a_signed_message_is_one_json_document(served: str, terminal: Terminal) -> None:
    acn = await filed(terminal)
    said = await terminal.starter(
        "sign", "withdraw", f"application-{acn}", "--as", "acme", "--body", '{"reason": "Cancelled"}'
    )
    assert set(json.loads(said.out)) == {"token", "body"}


async def test_the_register_of_officers(served: str, terminal: Terminal, tmp_path: Path) -> None:
    who = ("olaf", "--person", "p-olaf", "--organisation", "agency", "--role", "auditor")
    card = tmp_path / "olaf.json"
    card.write_text((await terminal.starter("officer", "prove", *who)).out)
    proposed = (await terminal.starter("officer", "add", str(card), "--as", "registrar", "--json")).json
    assert isinstance(proposed, dict)
    confirm = ("officer", "confirm", "olaf", str(proposed["change"]), "--as")
    assert "olaf: register p-olaf of agency with auditor" in (await terminal.starter("officer", "list")).out
    waiting = await terminal.starter("worklist", "--role", "registrar")
    assert "olaf: confirm the change, as a second registrar" in waiting.out
    assert "unknown_officer" in (await terminal.starter("worklist", "--as", "olaf")).err
    _refused(await terminal.starter(*confirm, "registrar"), "own_proposal")
    assert (await terminal.starter(*confirm, "deputy")).code == 0
    _refused(await terminal.starter(*confirm, "deputy"), "no_such_change")
    term = ("olaf", "--role", "executive", "--as", "registrar")
    change = re.search(r"sha256:\w+", (await terminal.starter("officer", "grant", *term)).out)
    assert change is not None
    _refused(await terminal.starter("officer", "revoke", *term), "nothing_to_revoke")
    assert (await terminal.starter("officer", "confirm", "olaf", change[0], "--as", "deputy")).code == 0
    assert (await terminal.starter("officer", "revoke", *term)).code == 0
    _refused(await terminal.starter("officer", "revoke", *term), "nothing_to_revoke")
    told = (await terminal.starter("worklist", "--as", "olaf")).out
    assert "olaf: granted: executive" in told
    assert "olaf: revoked: executive by registrar" in told
    listed = await terminal.starter("officer", "list")
    assert "olaf" in listed.out
    assert "waits" not in listed.out


async def test_a_further_key_is_given_by_its_card(served: str, terminal: Terminal, tmp_path: Path) -> None:
    elsewhere = replace(terminal, data=tmp_path)
    who = ("carla", "--person", "person-carla", "--organisation", "agency")
    card = tmp_path / "carla.json"
    card.write_text((await elsewhere.starter("officer", "prove", *who)).out)
    give = ("officer", "grant", "carla", "--card", str(card), "--as", "registrar", "--json")
    proposed = (await terminal.starter(*give)).json
    assert isinstance(proposed, dict)
    drop = ("officer", "discard", "carla", str(proposed["change"]), "--as", "registrar")
    assert (await terminal.starter(*drop)).code == 0
    founded = await terminal.starter("officer", "found", str(card), str(card))
    assert (founded.code, "two registrars" in founded.err) == (1, True)


async def test_the_log_holds_and_the_read_models_equal_it(served: str, terminal: Terminal) -> None:
    await filed(terminal)
    verified = (await terminal.starter("verify", "--json")).json
    assert isinstance(verified, dict)
    assert verified["sound"] is True
    for words in (("rebuild", "--dry-run"), ("rebuild",), ("rebuild", "--dry-run")):
        assert (await terminal.starter(*words)).code == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("show", "nonsense"), "a letter and six digits"),
        (("submit", "missing.json", "--as", "acme"), "cannot be read"),
        (("withdraw", "A000000", "--as", "nobody"), "no key of nobody"),
        (("list", "--due-before", "yesterday"), "give a day"),
        (("sign", "withdraw", "application-A000000", "--as", "acme", "--body", "{"), "--body"),
    ],
)
async def test_wrong_use_is_told_in_one_line(
    served: str, terminal: Terminal, words: tuple[str, ...], says: str
) -> None:
    said = await terminal.starter(*words)
    assert said.code == 2
    assert says in said.err


async def test_an_order_that_is_pending_is_not_filed_again(served: str, terminal: Terminal) -> None:
    submit = ("submit", "examples/application.json", "--as", "acme", "--json")
    first = (await terminal.starter(*submit)).json
    assert isinstance(first, dict)
    acn = str(first["stream"]).removeprefix("application-")
    again = await terminal.starter(*submit)
    _refused(again, "duplicate_transaction")
    assert acn in again.err
    assert "--reference" in (await terminal.starter("submit", "--help")).out
    assert "PO-1001" in (await terminal.starter("show", acn)).out
    assert (await terminal.starter("withdraw", acn, "--as", "acme")).code == 0
    assert (await terminal.starter(*submit)).code == 0


async def test_bad_json_names_the_field(served: str, terminal: Terminal) -> None:
    said = await terminal.starter("submit", "-", "--as", "acme", stdin='{"applicant": "x"}')
    assert said.code == 2
    assert "parties" in said.err


async def test_without_a_service_it_says_what_to_do(terminal: Terminal) -> None:
    elsewhere = Terminal(terminal.data / "nothing-here")
    said = await elsewhere.starter("list")
    assert said.code == 3
    assert "make serve" in said.err


async def test_a_wrong_setting_is_told_in_one_line(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENLIGHT_LOG_FORMAT", "verse")
    said = await terminal.starter("list")
    assert said.code == 2
    assert "GREENLIGHT_LOG_FORMAT: " in said.err


async def test_the_documents_are_up_to_date(terminal: Terminal) -> None:
    assert (await terminal.starter("schemas", "--check")).code == 0


async def test_the_demonstration_runs_and_a_second_one_adds_to_it(terminal: Terminal) -> None:
    # Nothing answers at the desk: it is named for when the service runs.
    fresh = Terminal(terminal.data / "demo", desk="127.0.0.1:8236")
    for _ in range(2):
        document = (await fresh.starter("demo-quick", "--json")).json
        assert isinstance(document, dict)
        cases = document["cases"]
        assert isinstance(cases, list)
        stages = {str(case["stage"]) for case in cases if isinstance(case, dict)}
        assert {"granted", "granted_in_part", "intent_to_deny", "returned", "withdrawn"} <= stages
        (acn,) = (c["acn"] for c in cases if isinstance(c, dict) and c["stage"] == "countersignature")
        assert document["desk"] == f"http://localhost:8236/cases/application-{acn}/do/countersign"
