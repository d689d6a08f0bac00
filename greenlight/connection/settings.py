"""Settings from outside, by environment variables; the defaults start everything on one machine."""

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, TypeAdapter
from pydantic_settings import BaseSettings, SettingsConfigDict

from greenlight.kernel.clock_kind import Kind

Port = Annotated[int, Field(ge=0, le=65_535)]


def _socket_address(text: str) -> str:
    """As the SDK's core takes it: no names, and brackets around an IPv6 address."""
    host, _, port = text.rpartition(":")
    bare = host.removeprefix("[").removesuffix("]")
    try:
        if host != (f"[{bare}]" if ip_address(bare).version == 6 else bare) or not port.isdecimal():
            raise ValueError
        TypeAdapter[int](Port).validate_python(port)
    except ValueError:
        raise ValueError("give an IP address and a port, such as 127.0.0.1:9464") from None
    return text


class Settings(BaseSettings):
    """Variables are prefixed ``GREENLIGHT_``; ``DATABASE_URL`` and Temporal's own ``TEMPORAL_*`` are not.

    Lengths of time are in seconds. ``sandbox`` runs workflows in Temporal's determinism sandbox, a
    development aid that costs about a third of a worker's time; the tests switch it on.
    """

    model_config = SettingsConfigDict(env_prefix="GREENLIGHT_", extra="ignore")

    data: Path = Path(".greenlight")
    temporal_port: Port = 7233
    ui_port: Port = 8233

    kind: Kind = Kind.PRODUCTION
    """Of the database. One is created for production or for a rehearsal, and refused for the other."""

    database_url: Annotated[str | None, Field(validation_alias="DATABASE_URL", repr=False)] = None

    log_format: Literal["console", "json"] = "console"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    metrics_address: Annotated[str, AfterValidator(_socket_address)] | None = None

    sandbox: bool = False
    max_cached_workflows: Annotated[int, Field(ge=0)] = 2_000
    max_workflow_tasks: Annotated[int, Field(ge=2)] = 100
    max_local_activities: Annotated[int, Field(ge=1)] = 200
    workflow_pollers: Annotated[int, Field(ge=2)] = 10
    activity_pollers: Annotated[int, Field(ge=1)] = 4
    graceful_shutdown: Annotated[float, Field(ge=0)] = 20

    deployment_name: str = "licensing"
    build_id: Annotated[str | None, Field(min_length=1)] = None
    """Set: worker versioning is on; the build gets no work until it is current (docs/deployment.md)."""

    patience: Annotated[float, Field(gt=0)] = 300
    """For which the command line waits for an answer."""

    key_folder: Path | None = None
    checkpoint_interval: Annotated[float, Field(gt=0)] = 60
    checkpoint_file: Path | None = None
    checkpoint_key: Path | None = None
    letter_interval: Annotated[float, Field(gt=0)] = 2
    letter_folder: Path | None = None
    mending_interval: Annotated[float, Field(gt=0)] = 5
    listings: Path | None = None
    """A listing book other than the one that is shipped."""
    listings_max_age_days: Annotated[int | None, Field(ge=1)] = None
    """When the book was retrieved longer ago, nobody is held against it, and cases wait for a newer one."""

    @property
    def letter_path(self) -> Path:
        """The folder into which letters go out."""
        return self.letter_folder or self.data / "letters"

    @property
    def checkpoint_path(self) -> Path:
        return self.checkpoint_file or self.data / "checkpoints.jsonl"

    @property
    def checkpoint_key_file(self) -> Path:
        return self.checkpoint_key or self.keys / "checkpoint.pem"

    @property
    def keys(self) -> Path:
        """The folder of keys."""
        return self.key_folder or self.data / "keys"
