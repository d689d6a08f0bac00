"""What people wrote, in every command that prints: as they wrote it, and nothing of it does anything."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import pytest
import pytest_asyncio

from greenlight.kernel.legible import legible
from greenlight.kernel.time.calendar import AGENCY_ZONE
from greenlight.lists.write import write_list
from tests.cli.commands import Parameter, Printed, commands, printed
from tests.cli.conftest import Terminal, serving
from tests.law.entity.cases import LIST
from tests.letters.text import solid
from tests.lists.files import ACME
from tests.workflows.reprieves import POLICY, term

TODAY = datetime.now(AGENCY_ZONE).date().isoformat()

LINE = "[red]x[/red] [/] [link=x] \u202eydaeR\u2066 \\[b] `a|b` <b>&amp; *z* :smile: " + "W" * 90
TEXT = LINE + "\r\nzwei\u200b"
"""What may be on record: no control characters are."""

RAW = TEXT + "\x1b[2J\x1b]0;t\x07\r\x08\x7f\x9b\x00"
"""What may be given on a command line, but for the null."""


@pytest_asyncio.fixture(scope="module", name="there")
async def _there(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Path]:
    terminal = Terminal(tmp_path_factory.mktemp("hostile"))
    async with serving(terminal):
        yield terminal.data


@pytest.fixture(scope="module", name="world")
def _world(there: Path) -> Iterator[Mapping[str, str]]:
    """Cases of every kind with hostile text wherever text may stand, by what they are called."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GREENLIGHT_DATA", str(there))
        yield _cases(there)


def _done(*words: str) -> Printed:
    said = printed(*words)
    assert said.code == 0, (words, said.err)
    _is_legible(said)
    return said


def _signed(case: str, *words: str) -> Printed:
    """A decision, by somebody who has read the case."""
    shown = _done("show", case).out
    dossier = next(line.split()[-1] for line in shown.splitlines() if line.startswith("Dossier "))
    return _done(*words, "--dossier", dossier)


def _is_legible(said: Printed) -> None:
    for text in (said.out, said.err):
        assert legible(text) == text


def _file(folder: Path, name: str, content: object) -> str:
    file = folder / name
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(file)


def _application(folder: Path, reference: str) -> str:
    content = json.loads(Path("examples/application.json").read_text())
    content |= {"end_use": TEXT, "reference": f"{reference} {LINE}"}
    content["parties"][0]["name"] = LINE
    content["items"][1]["description"] = TEXT
    return _file(folder, f"{reference}.json", content)


def _submitted(folder: Path, reference: str) -> str:
    said = _done("submit", _application(folder, reference), "--as", "acme", "--json")
    assert isinstance(said.json, dict)
    return str(said.json["stream"]).removeprefix("application-")


def _denied(folder: Path) -> str:
    acn = _submitted(folder, "denied")
    _done("request-information", acn, TEXT, "--as", "olga")
    _done("answer", acn, TEXT, "--as", "acme")
    _signed(acn, "recommend", acn, "deny", "--reasons", TEXT, "--modifications", TEXT, "--as", "olga")
    _signed(acn, "countersign", acn, "--comment", TEXT, "--as", "carla")
    _done("batch", "prepare", "hostile", acn, "--title", LINE, "--as", "olga")
    _signed("batch-hostile", "batch", "sign", "hostile", "--as", "vera")
    return acn


def _granted(folder: Path) -> str:
    acn = _submitted(folder, "granted")
    bound = ("--condition", TEXT, "--rider", TEXT)
    _signed(acn, "recommend", acn, "grant", "--reasons", TEXT, *bound, "--as", "olga")
    _signed(acn, "countersign", acn, "--as", "carla")
    _signed(acn, "sign-off", acn, "--comment", TEXT, "--as", "vera")
    shown = _done("show", acn, "--json").json
    assert isinstance(shown, dict)
    assert isinstance(shown["state"], dict)
    number = str(shown["state"]["license_number"])
    _signed(number, "suspend", number, "--reasons", TEXT, "--as", "olga")
    return number


def _reprieve(folder: Path) -> str:
    """A policy of hostile words, and what was opened with it."""
    policy = POLICY.model_dump(mode="json")
    policy["table"] |= {"title": LINE, "citation": LINE}
    for row in policy["table"]["rows"]:
        row |= {"annotation": LINE, "citation": LINE}
    content = {"format": "greenlight-policy/1", "note": LINE, "policy": policy}
    file = _file(folder, "policy.json", content)
    order = term(5, "one").model_dump(mode="json", exclude_unset=True) | {"reason": TEXT, "citation": LINE}
    opening = _file(folder, "opening.json", {"title": LINE, "policy": file, "term": order})
    _done("reprieve", "open", "hostile", "--file", opening, "--as", "vera")
    return file


def _cases(there: Path) -> Mapping[str, str]:
    folder = there.parent / f"{there.name}-files"
    folder.mkdir()
    acn, number = _denied(folder), _granted(folder)
    policy = _reprieve(folder)
    ordered = ("--posture", "presumption_of_denial", "--citation", LINE, "--reasons", TEXT)
    scope = ("--destination", "AQ", "--condition", TEXT)
    _done("directive", "issue", "hostile", LINE, *scope, *ordered, "--as", "vera")
    _signed("directive-hostile", "directive", "attest", "hostile", TEXT, "--source", LINE, "--as", "olga")
    entry = LIST.model_dump(mode="json", exclude={"effective"}) | {"name": LINE, "citation": LINE}
    _done("entity", "list", "hostile", _file(folder, "entry.json", entry), "--as", "vera")
    for seat in ("commerce", "defense", "state"):
        _signed("entity-hostile", "entity", "vote", "hostile", "approve", "--as", seat)
    csv = folder / "list.csv"
    csv.write_bytes(write_list((ACME._replace(name=LINE, license_policy=LINE, alt_names=f"{LINE} more"),)))
    listed = printed("lists", "load", str(csv), "--retrieved", TODAY, "--as", "olga")
    assert listed.code == 0, listed.err
    proof = _file(folder, "proof.json", _done("batch", "proof", acn).out)
    known = {"acn": acn, "number": number, "policy": policy, "csv": str(csv), "proof": proof}
    return {**known, "proofs": str(folder / "proofs")}


SAID, UNSAID = True, False
LOOKS: Mapping[str, tuple[tuple[tuple[str, ...], bool], ...]] = {
    "list": ((("--limit", "9"), UNSAID),),
    "licenses": (((), UNSAID),),
    "show": (
        (("{acn}",), SAID),
        (("{number}",), SAID),
        (("reprieve-hostile",), SAID),
        (("directive-hostile",), SAID),
        (("entity-hostile",), UNSAID),
        (("batch-hostile",), UNSAID),
        (("list-csl",), UNSAID),
    ),
    "history": (
        (("{acn}",), SAID),
        (("{number}",), SAID),
        (("reprieve-hostile",), SAID),
        (("directive-hostile",), SAID),
        (("entity-hostile",), SAID),
        (("batch-hostile",), SAID),
    ),
    "covered": ((("--entity", "one", "--activity", "networks", "--date", "2999-01-01"), UNSAID),),
    "determine": ((("--item", "EAR99", "--to", "CN", "--party", LINE, "--end-use", "none"), SAID),),
    "authorised": (
        (("--exporter", "acme", "--item", "EAR99:1:pieces:1", "--to", "CN", "--party", LINE), SAID),
    ),
    "worklist": ((("--role", "licensing_officer"), UNSAID),),
    "statistics": (((), UNSAID),),
    "days": ((("{acn}",), UNSAID),),
    "outlook": (((), UNSAID),),
    "report congress": ((("--year", TODAY[:4]), UNSAID),),
    "letters": ((("{acn}",), UNSAID), (("--check",), UNSAID)),
    "proof": ((("{acn}", "--save", "{proofs}"), UNSAID),),
    "readings": ((("{acn}",), UNSAID),),
    "verify": (((), UNSAID),),
    "audited": (((), UNSAID),),
    "rebuild": ((("--dry-run",), UNSAID),),
    "schemas": ((("--check",), UNSAID),),
    "resume": ((("{acn}",), UNSAID),),
    "health": (((), UNSAID),),
    "log export": ((("{csv}",), UNSAID),),
    "log import": ((("{csv}",), UNSAID),),
    "log skip-numbers": (((), UNSAID),),
    "events": ((("--until", "1"), UNSAID), (("--stream", LINE), UNSAID)),
    "export": ((("--out", "{csv}"), UNSAID), (("--out", LINE), SAID)),
    "webhooks list": (((), UNSAID),),
    "webhooks show": ((("wh_0123456789abcdef",), UNSAID), ((LINE,), SAID)),
    "webhooks remove": (((LINE,), SAID),),
    "webhooks pause": ((("wh_0123456789abcdef", "--reason", LINE), UNSAID),),
    "webhooks resume": (((LINE,), SAID),),
    "webhooks replay": (((LINE, "--after", "1"), SAID),),
    "webhooks dead": (((LINE,), SAID),),
    "attachments describe": ((("{csv}",), UNSAID), ((LINE,), SAID)),
    "attachments check": (((), UNSAID), (("--had", LINE), SAID)),
    "attachments clean": (((), UNSAID),),
    "controls check": (((), UNSAID),),
    "controls list": (((), UNSAID), (("--tables", LINE), SAID)),
    "controls show": (((), UNSAID), (("--tables", LINE), SAID)),
    "controls import": ((("--ccl", LINE, "--chart", "x", "--groups", "x", "--out", "x"), SAID),),
    "codec keys": (((), UNSAID),),
    "codec make": (((), UNSAID),),
    "codec rotate": (((), UNSAID),),
    "codec add": ((("{csv}",), UNSAID),),
    "codec use": ((("hostile",), UNSAID),),
    "namespace show": (((), UNSAID),),
    "namespace adopt": ((("default",), UNSAID), ((LINE,), SAID)),
    "namespace endpoint": ((("hostile",), UNSAID), ((LINE,), UNSAID)),
    "officer key": (((LINE, "--person", LINE, "--organisation", LINE), UNSAID),),
    "officer prove": (((LINE, "--person", LINE, "--organisation", LINE, "--role", "auditor"), UNSAID),),
    "officer found": (((LINE, "{csv}"), SAID),),
    "officer list": (((), UNSAID),),
    "policy check": ((("{policy}",), UNSAID),),
    "policy show": ((("{policy}",), SAID),),
    "policy diff": ((("{policy}", "huawei-2019"), UNSAID),),
    "policy explain": ((("{policy}", "--fact", LINE), SAID),),
    "policy try": ((("{policy}", "--against", LINE), SAID),),
    "reprieve show": ((("hostile",), SAID),),
    "reprieve list": (((), UNSAID),),
    "reprieve timeline": ((("hostile",), SAID),),
    "entity show": ((("hostile",), SAID),),
    "entity history": ((("hostile",), SAID),),
    "rule list": (((), UNSAID),),
    "rule timeline": (((LINE,), SAID),),
    "batch show": ((("hostile",), SAID),),
    "batch list": (((), UNSAID),),
    "batch proof": ((("{acn}",), UNSAID),),
    "batch check": ((("{proof}",), UNSAID),),
    "directive list": (((), UNSAID),),
    "directive show": ((("hostile",), SAID),),
    "lists check": ((("{csv}", "--retrieved", TODAY), UNSAID),),
    "lists show": (((), UNSAID),),
    "lists diff": ((("{csv}", "--from", "{csv}"), UNSAID),),
}
"""The commands that sign nothing, with words for them; and whether they say what people wrote."""

DEMONSTRATIONS = frozenset({"demo", "demo-quick"})
"""They show stories of their own, for minutes, on servers of their own."""


def test_every_command_that_signs_nothing_is_looked_at() -> None:
    signing = {path for path, takes in commands().items() if Parameter("--as", str, True) in takes}
    assert set(commands()) - signing - DEMONSTRATIONS == set(LOOKS)


@pytest.mark.parametrize(
    ("path", "words", "said"),
    [
        pytest.param(path, words, said, id=f"{path}-{number}")
        for path, each in LOOKS.items()
        for number, (words, said) in enumerate(each)
    ],
)
def test_hostile_text_is_shown_as_it_was_written(
    world: Mapping[str, str], path: str, words: tuple[str, ...], said: bool
) -> None:
    filled = [world.get(word.strip("{}"), word) for word in words]
    plain = printed(*path.split(), *filled)
    screen = printed(*path.split(), *filled, terminal=True)
    for shown in (plain, screen):
        _is_legible(shown)
        assert "Traceback" not in shown.err
    assert screen.code == plain.code
    assert plain.err in screen.err
    if said:
        # In a table on a terminal it is folded among the others.
        assert solid(legible(LINE)) in solid(plain.out + plain.err)
    if any(each.name == "--json" for each in commands()[path]):
        document = printed(*path.split(), *filled, "--json")
        _is_legible(document)
        if document.out:
            assert document.json is not None


_SENSIBLE = {
    "acn": "A000000",
    "number": "D000000",
    "numbers": "D000000",
    "case": "A000000",
    "key": "nothing",
    "file": "no-such-folder/file",
    "--as": "olga",
    "--date": "2026-01-01",
    "--to": "CN",
    "--item": "EAR99",
    "--effective": "2026-01-01",
    "--published": "2026-01-01",
    "--shipped-on": "2026-01-01",
    "digest": "sha256:" + "0" * 64,
    "command": "withdraw",
    "stream": "application-A000000",
    "name": "huawei-2019",
    "before": "huawei-2019",
    "after": "huawei-2019",
}


def _value(parameter: Parameter, hostile: bool) -> str:
    match parameter.type:
        case type() as choices if issubclass(choices, StrEnum):
            return next(iter(choices))
        case type() as number if issubclass(number, int | float):
            return "1"
        case _ if hostile:
            return RAW.replace("\0", "")
        case _:
            return _SENSIBLE.get(parameter.name, "Something")


@pytest.mark.parametrize("path", sorted(set(commands()) - DEMONSTRATIONS))
def test_hostile_words_are_refused_legibly(world: Mapping[str, str], path: str) -> None:
    """One text of the command at a time, and all at once."""
    taken = [each for each in commands()[path] if each.required]
    texts = [each for each in taken if each.type is str or each.type is Path]
    for hostile in [*([each] for each in texts), texts, []]:
        words = [word for each in taken for word in each.given(_value(each, each in hostile))]
        said = printed(*path.split(), *words)
        assert "Traceback" not in said.err
        _is_legible(said)


def test_what_is_no_command_is_refused_legibly() -> None:
    for words in ([RAW], ["show", f"--{RAW}"], ["lists", RAW], ["--at", RAW, "list"]):
        said = printed(*words)
        assert said.code == 2
        assert solid("[red]x[/red]") in solid(said.err)
        _is_legible(said)
