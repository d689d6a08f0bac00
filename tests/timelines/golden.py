"""All timelines, from their files."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from tests.timelines.applications import ApplicationTimeline
from tests.timelines.reprieves import ReprieveTimeline
from tests.timelines.rules import RuleTimeline

FOLDER = Path(__file__).parent

Golden = ApplicationTimeline | ReprieveTimeline | RuleTimeline

KINDS: Mapping[str, type[Golden]] = {
    "application": ApplicationTimeline,
    "reprieve": ReprieveTimeline,
    "rule": RuleTimeline,
}
"""By what a file names its ``case``; most are of applications, and do not say so."""


def read(text: str) -> Golden:
    content = tomllib.loads(text)
    return KINDS[content.get("case", "application")].model_validate(content)


TIMELINES: Mapping[str, Golden] = {
    path.stem: read(path.read_text()) for path in sorted(FOLDER.glob("*.toml"))
}
