"""What the files of the deployment say, parsed and with types; nothing here knows what they should say."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict

ROOT = Path(__file__).parents[2]

_DURATION = re.compile(r"(?:(?P<minutes>\d+)m)?(?:(?P<seconds>\d+)s)?")
_REFERENCE = re.compile(r"\$\{(?P<name>\w+)(?::\?(?P<required>[^}]+))?\}")


def _duration(text: str) -> timedelta:
    match = _DURATION.fullmatch(text)
    if not text or match is None:
        raise ValueError(f"{text!r} is no duration")
    return timedelta(**{unit: int(number) for unit, number in match.groupdict("0").items()})


Duration = Annotated[timedelta, BeforeValidator(_duration)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Build(_Strict):
    context: str


class HealthCheck(_Strict):
    test: list[str]
    interval: Duration
    timeout: Duration
    retries: int
    start_period: Duration


class Dependency(_Strict):
    condition: Literal["service_healthy", "service_completed_successfully"]


class Service(_Strict):
    """The keys of a service that are used here; a variable without a value is passed on if it is set."""

    image: str
    build: Build | None = None
    user: str | None = None
    init: bool = False
    entrypoint: list[str] = []
    command: list[str] = []
    environment: dict[str, str | None] = {}
    volumes: list[str] = []
    tmpfs: list[str] = []
    shm_size: str | None = None
    ports: list[str] = []
    networks: list[str]
    depends_on: dict[str, Dependency] = {}
    healthcheck: HealthCheck | None = None
    stop_grace_period: Duration = timedelta(seconds=10)
    restart: Literal["no", "unless-stopped"]
    profiles: list[str] = []
    read_only: bool = False
    cap_drop: list[str] = []
    security_opt: list[str] = []
    logging: dict[str, str] = {}

    @property
    def repository(self) -> str:
        return self.image.rpartition(":")[0]

    @property
    def tag(self) -> str:
        return self.image.rpartition(":")[2]

    @property
    def mounts(self) -> tuple["Mount", ...]:
        return tuple(Mount(*volume.split(":")) for volume in self.volumes)


@dataclass(frozen=True)
class Mount:
    source: str
    target: str
    mode: str = "rw"


class Network(_Strict):
    internal: bool = False


class Compose(_Strict):
    name: str
    services: dict[str, Service]
    networks: dict[str, Network | None]
    volumes: dict[str, None]


def compose_text() -> str:
    return (ROOT / "docker-compose.yml").read_text()


def compose() -> Compose:
    document: dict[str, object] = yaml.safe_load(compose_text())
    return Compose.model_validate({key: value for key, value in document.items() if not key.startswith("x-")})


def references(text: str) -> dict[str, str | None]:
    """The variables that a text refers to, each with what is said where it is missing."""
    found = {match["name"]: match["required"] for match in _REFERENCE.finditer(text)}
    assert "$" not in _REFERENCE.sub("", text), f"a kind of reference that nothing here understands: {text}"
    return found


def fill(text: str, variables: Mapping[str, str]) -> str:
    """A text with the values of the variables that it refers to."""
    return _REFERENCE.sub(lambda match: variables[match["name"]], text)


def environment(service: Service, variables: Mapping[str, str]) -> dict[str, str]:
    """What a container of the service finds in its environment."""
    return {
        name: fill(value, variables) for name, value in service.environment.items() if value is not None
    } | {
        name: variables[name]
        for name, value in service.environment.items()
        if value is None and name in variables
    }


def env_example() -> dict[str, str]:
    lines = (ROOT / "deploy" / "env.example").read_text().splitlines()
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {name: value for name, _, value in pairs}


@dataclass(frozen=True)
class Instruction:
    keyword: str
    argument: str

    @property
    def words(self) -> list[str]:
        return [word for word in self.argument.split() if not word.startswith("--")]

    @property
    def flags(self) -> set[str]:
        return {word for word in self.argument.split() if word.startswith("--")}


def dockerfile() -> tuple[tuple[Instruction, ...], ...]:
    """The instructions of the Dockerfile, by stage."""
    stages: list[list[Instruction]] = []
    for instruction in _instructions((ROOT / "Dockerfile").read_text()):
        if instruction.keyword == "FROM":
            stages.append([])
        stages[-1].append(instruction)
    return tuple(tuple(stage) for stage in stages)


def _instructions(text: str) -> Iterator[Instruction]:
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    for line in lines.replace("\\\n", " ").splitlines():
        if line.strip():
            keyword, _, argument = line.strip().partition(" ")
            yield Instruction(keyword.upper(), " ".join(argument.split()))


def scripts() -> list[Path]:
    return sorted((ROOT / "deploy").rglob("*.sh"))
