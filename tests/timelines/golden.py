"""All timelines, from their files."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from tests.timelines.applications import ApplicationTimeline

FOLDER = Path(__file__).parent

Golden = ApplicationTimeline


def read(text: str) -> Golden:
    return ApplicationTimeline.model_validate(tomllib.loads(text))


TIMELINES: Mapping[str, Golden] = {
    path.stem: read(path.read_text()) for path in sorted(FOLDER.glob("*.toml"))
}
