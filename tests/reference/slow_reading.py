"""A slow and plain reading of the control tables, straight from JSON: word by word, with no pattern.

It shares nothing with ``greenlight.law.determination`` but what it is about.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Answer = bool | None


@dataclass
class Printed:
    """The tables as printed, by code of destination. ``marks``: None where the row has none to say."""

    entries: dict[str, tuple[list[str], list[tuple[str, str]]]]
    marks: dict[str, set[str] | None]
    columns: set[str]
    groups: dict[str, set[str]]
    footnotes: dict[str, list[str]]
    worldwide: list[str]


def official(ccl: Path, chart: Path, groups: Path, codes: dict[str, str]) -> Printed:
    lists, rows, members = (json.loads(file.read_text(encoding="utf-8")) for file in (ccl, chart, groups))
    printed = Printed({}, {}, set(rows["columns"]), {}, {}, [])
    for entry in lists["entries"]:
        reasons = [
            word.strip(".,0123456789")
            for word in (entry["reasonForControl"] or "").split()
            if word.strip(".,0123456789").isupper()
        ]
        controls = [(each["control"], each["countryChart"]) for each in entry["countryChart"]]
        printed.entries[entry["eccn"]] = (reasons, controls)
    for name, row in rows["countries"].items():
        printed.marks[codes[name]] = set(row["marks"])
        printed.footnotes[codes[name]] = [rows["footnotes"][str(number)] for number in row["footnotes"]]
    for name, row in rows["embargoed"].items():
        printed.marks[codes[name]] = None
        printed.footnotes[codes[name]] = [rows["footnotes"][str(number)] for number in row["footnotes"]]
    for group, names in members["groups"].items():
        for name in names:
            printed.groups.setdefault(codes[name], set()).add(group)
    # Dependent territories are read as what they depend on.
    for name, other in {"HK": "CN", "LI": "CH", "KY": "GB"}.items():
        printed.marks[name], printed.footnotes[name] = printed.marks[other], printed.footnotes[other]
        printed.groups[name] = printed.groups[other]
    everywhere: dict[str, Any] = rows["allDestinationsEntries"]
    printed.worldwide = [*everywhere["noLicenceExceptions"], *everywhere["govOnly"]["entries"]]
    return printed


def shipped(folder: Path) -> Printed:
    lists, rows, members = (
        json.loads((folder / name).read_text(encoding="utf-8"))
        for name in ("commerce-control-list.json", "country-chart.json", "country-groups.json")
    )
    printed = Printed({}, {}, set(rows["columns"]), {}, {}, [])
    for eccn, entry in lists["entries"].items():
        printed.entries[eccn] = (entry["reasons"], [(text, refers) for text, refers in entry["controls"]])
    for code, row in rows["rows"].items():
        printed.marks[code] = None if "pointer" in row else set(row["marks"])
        printed.footnotes[code] = [rows["footnotes"][number] for number in row["footnotes"]]
    for group, codes in members["groups"].items():
        for code in codes:
            printed.groups.setdefault(code, set()).add(group)
    for code, inherited in rows["inherited"].items():
        row = inherited["row"]
        printed.marks[code], printed.footnotes[code] = printed.marks[row], printed.footnotes[row]
        printed.groups[code] = printed.groups.get(row, set())
    printed.worldwide = [*rows["worldwide"]["no_exceptions"], *rows["worldwide"]["government_only"]]
    return printed


def answer(printed: Printed, eccn: str, paragraph: str, code: str) -> str:
    """``paragraph`` without its first dot, empty for the entry as a whole. No region, nothing else asked."""
    answers: list[Answer] = []
    marks = printed.marks.get(code)
    if code not in printed.marks or marks is None:
        answers.append(None)
    reasons, controls = printed.entries[eccn]
    applied = [_applies(eccn, text, paragraph) for text, _ in controls]
    for applies, (_, refers) in zip(applied, controls, strict=True):
        answers.append(_and(applies, _needed(printed, refers, code)))
    if True not in applied:
        answers.append(None)
    if controls and set(reasons) - {word for text, _ in controls for word in text.split()}:
        answers.append(None)
    for named in printed.worldwide:
        if named == eccn:
            answers.append(True)
        elif named.startswith(eccn + ".") and " " not in named:
            answers.append(_inside(paragraph, named[6:]))
    answers += [_footnote(text, eccn, paragraph) for text in printed.footnotes.get(code, [])]
    if True in answers:
        return "required"
    return "cannot_determine" if None in answers else "not_required"


def _and(one: Answer, other: Answer) -> Answer:
    return False if False in (one, other) else None if None in (one, other) else True


def _or(answers: list[Answer]) -> Answer:
    return True if True in answers else None if None in answers else False


def _inside(paragraph: str, named: str) -> Answer:
    if (paragraph + ".").startswith(named + "."):
        return True
    return None if not paragraph or (named + ".").startswith(paragraph + ".") else False


def _applies(eccn: str, text: str, paragraph: str) -> Answer:
    words = text.replace(". b and", ".b and").replace("(except", "( except").replace(")", " )").split()
    column = [place for place, word in enumerate(words) if word == "Column"]
    if len(column) == 1 and column[0] == len(words) - 2:
        words = words[:-3]
    subject = words[:1]
    if " ".join(words[:4]) in {"Russian industry sector sanction", "Russian industry sector sanctions"}:
        subject, words = ["Russian"], words[3:]
    elif not (subject and len(subject[0]) == 2 and subject[0].isupper()):
        return None
    if len(words) < 2 or words[1] not in {"apply", "applies"}:
        return None
    rest = " ".join(words[2:]).rstrip(".")
    if rest.startswith("to "):
        rest = rest[3:]
    whole = rest.replace("the entire entry", "entire entry")
    if all(piece.strip() == "entire entry" for piece in whole.split("AT applies to")):
        return True
    if rest.startswith(("entire entry except ", "entire entry, except ")):
        but = _listed(eccn, rest.split("except ", 1)[1], paragraph)
        return not but if isinstance(but, bool) else None
    for opening in ("items controlled by ", "paragraphs ", "paragraph "):
        if rest.startswith(opening):
            rest = rest[len(opening) :]
    for ending in (" of this entry", " only"):
        rest = rest.removesuffix(ending)
    found = _listed(eccn, rest, paragraph)
    return found if isinstance(found, bool) else None


def _listed(eccn: str, text: str, paragraph: str) -> "Answer | str":
    """Whether ``paragraph`` is in a list of paragraphs, walked through word by word; "?" if it is no list."""
    words = text.replace(",", " , ").replace(";", " ; ").split()
    found: list[Answer] = []
    but: list[Answer] = []
    place, carving, last = 0, False, ""
    while place < len(words):
        word = words[place]
        place += 1
        if word in {",", ";", "and", "or"}:
            continue
        if word == "(" and words[place : place + 1] == ["except"]:
            carving, place = True, place + 1
            continue
        if word == ")":
            carving = False
            continue
        if word in {"to", "through"} and last and place < len(words):
            end = _name(eccn, words[place])
            place += 1
            if end is None:
                return "?"
            head, _, first = last.rpartition(".")
            final = end.rpartition(".")[2]
            kin = end.rpartition(".")[0] == head
            if (
                not kin
                or first.isdigit() != final.isdigit()
                or (not first.isdigit() and len(first + final) > 2)
            ):
                return "?"
            while first != final:
                first = str(int(first) + 1) if first.isdigit() else chr(ord(first) + 1)
                found.append(_inside(paragraph, f"{head}.{first}" if head else first))
            continue
        if word == eccn and place < len(words) and words[place].startswith("."):
            continue
        name = _name(eccn, word)
        if name is None:
            return "?"
        last = name
        (but if carving else found).append(_inside(paragraph, name))
    excluded = _or(but)
    return _and(_or(found), None if excluded is None else not excluded)


def _name(eccn: str, word: str) -> str | None:
    name = word.rstrip(".").removeprefix(eccn).removeprefix(".")
    parts = name.split(".")
    fine = len(parts[0]) == 1 and parts[0].isalpha() and parts[0].islower()
    lasting = all(0 < len(part) < 3 and part.isalnum() and part == part.lower() for part in parts)
    return name if fine and lasting else None


def _needed(printed: Printed, refers: str, code: str) -> Answer:
    # A dependent territory is no place of its own.
    code = {"HK": "CN", "LI": "CH", "KY": "GB"}.get(code, code)
    groups, marks = printed.groups.get(code, set()), printed.marks.get(code)
    text = refers.strip().removeprefix("CB applies to entire entry ")
    words = text.rstrip(".").split()
    if len(words) % 3 == 0 and len(words) >= 3 and all(word == "Column" for word in words[1::3]):
        columns = [f"{words[at]} {words[at + 2]}" for at in range(0, len(words), 3)]
        if set(columns) <= printed.columns:
            return None if marks is None else any(column in marks for column in columns)
    if text.startswith("RS Column 1, See"):
        return True if marks is not None and "RS 1" in marks else None
    if text.startswith("China, Russia") and "742.6(a)(7)" in text:
        return code in {"CN", "RU", "VE"}
    if "license is required for ALL destinations, except Canada, regardless of end use" in text:
        return code != "CA"
    if text.startswith(("Worldwide control.", "To or within any destination worldwide")):
        return True
    if text.startswith("A license is required for all destinations, as specified in § 742.13"):
        return True
    if text.startswith("To or within Macau or a destination specified in Country Group D:5"):
        return True if code == "MO" or "D:5" in groups else None
    if text.startswith("To or within the United Arab Emirates or destinations"):
        meant = groups & {"D:1", "D:4", "D:5"} and not groups & {"A:5", "A:6"}
        return True if code == "AE" or meant else None
    if text.startswith("A license is required for ") and " reasons" in text:
        named = {"North Korea": "KP", "Iraq": "IQ", "Pakistan": "PK"}
        said = text.split(" reasons")[0]
        return code in {code for name, code in named.items() if name in said}
    return None


def _footnote(text: str, eccn: str, paragraph: str) -> Answer:
    if "thermal imaging cameras" in text:
        return None if eccn in {"6A003", "6A993"} else False
    if "0A919" in text:
        return None if eccn == "0A919" else False
    if text.startswith("Refer to Switzerland") or "Crimea" in text:
        return False
    if "Sanctions against Russia and Belarus" in text:
        return True
    if "destined to India" in text:
        named = {"6A003": "b.4.b", "9A515": "e"}.get(eccn)
        return _inside(paragraph, named) if named else False
    if text.startswith("A license is required to these destinations"):
        if eccn == "0A501":
            inside = _inside(paragraph, "y")
            return None if inside is None else not inside
        parts = {"0A504": ["i"], "0A505": ["a", "x"]}
        if eccn in parts:
            return _or([_inside(paragraph, part) for part in parts[eccn]])
        if eccn in {"0A506", "0A507", "0A509", "0E501", "0E504"}:
            return True
        return None if eccn in {"0A502", "0A508", "0D501", "0D505", "0E505"} else False
    return None
