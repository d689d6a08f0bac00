"""Settings from outside, by environment variables; the defaults start everything on one machine."""

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from greenlight.kernel.clock_kind import Kind
from greenlight.tlog.asking import OutsideWitness, read_witnesses

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


def _witnesses(value: object) -> object:
    return read_witnesses(value) if isinstance(value, str) else value


class Settings(BaseSettings):
    """Variables are prefixed ``GREENLIGHT_``; ``DATABASE_URL`` and Temporal's own ``TEMPORAL_*`` are not.

    Lengths of time are in seconds. ``sandbox`` runs workflows in Temporal's determinism sandbox, a
    development aid that costs about a third of a worker's time; the tests switch it on.
    """

    model_config = SettingsConfigDict(env_prefix="GREENLIGHT_", extra="ignore", use_attribute_docstrings=True)

    data: Path = Path(".greenlight")
    """The data folder: embedded servers, keys, the published log, letters."""
    temporal_port: Port = 7233
    """The port of the embedded Temporal. 0: a free one."""
    ui_port: Port = 8233
    """The port of its UI. 0: a free one."""

    kind: Kind = Kind.PRODUCTION
    """Of the database. One is created for production or for a rehearsal, and refused for the other."""
    seed: int | None = None
    """Of a rehearsal's database: the secret of its tree is made of it. Not set: of the log's id."""

    database_url: Annotated[str | None, Field(validation_alias="DATABASE_URL", repr=False)] = None
    """A PostgreSQL of your own. Not set: the embedded one, as is Temporal's."""
    writer_url: Annotated[str | None, Field(repr=False)] = None
    """The same database for what records events, if `DATABASE_URL` names a user who only reads."""
    auditor_url: Annotated[str | None, Field(repr=False)] = None
    """The same database for `greenlight-auditor`. Not set: `DATABASE_URL`."""
    owner_url: Annotated[str | None, Field(repr=False)] = None
    """The same database for its owner: used by the migration and by `starter.py rebuild` alone."""

    log_format: Literal["console", "json"] = "console"
    """`console` or `json`."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """`debug`, `info`, `warning` or `error`."""
    metrics_address: Annotated[str, AfterValidator(_socket_address)] | None = None
    """The address for Prometheus metrics, such as `127.0.0.1:9464`. Not set: none."""

    sandbox: bool = False
    """Temporal's determinism sandbox, which the tests switch on."""
    max_cached_workflows: Annotated[int, Field(ge=0)] = 2_000
    """The cases that a worker keeps in memory; any other is replayed when its turn comes."""
    max_workflow_tasks: Annotated[int, Field(ge=2)] = 100
    """The cases that a worker moves on at once."""
    max_local_activities: Annotated[int, Field(ge=1)] = 200
    """The commands that a worker decides at once."""
    workflow_pollers: Annotated[int, Field(ge=2)] = 10
    """The most requests for workflow tasks that wait at the server."""
    activity_pollers: Annotated[int, Field(ge=1)] = 4
    """The most requests for activity tasks that wait at the server."""
    graceful_shutdown: Annotated[float, Field(ge=0)] = 20
    """Seconds for activities under way when the worker stops."""

    deployment_name: str = "licensing"
    """The name of the deployment, where worker versioning is on."""
    build_id: Annotated[str | None, Field(min_length=1)] = None
    """Set: worker versioning is on; the build gets no work until it is current (docs/deployment.md)."""

    patience: Annotated[float, Field(gt=0)] = 300
    """Seconds for which the command line waits for an answer; at the end it says how to ask again."""

    key_folder: Path | None = None
    """The folder of private keys that the command line signs with. Not set: `keys` in the data folder."""
    checkpoint_interval: Annotated[float, Field(gt=0)] = 2
    """Seconds between looks at whether the log has grown, to publish it up to there."""
    tile_folder: Path | None = None
    """The folder of the published log, for any web server. Not set: `tiles` in the data folder."""
    checkpoint_key: Path | None = None
    """The key that signs its checkpoints. Not set: `checkpoint.pem` among the keys, made on first use."""
    witnesses: Annotated[tuple[OutsideWitness, ...], NoDecode, BeforeValidator(_witnesses)] = ()
    """Who is asked to cosign checkpoints: an address and a verifier key each, with commas between them."""
    auditor_folder: Path | None = None
    """The folder of the auditor's place and faults. Not set: `auditor` in the data folder."""
    audit_interval: Annotated[float, Field(gt=0)] = 1
    """Seconds between looks of the auditor at what is new in the log."""
    letter_interval: Annotated[float, Field(gt=0)] = 2
    """Seconds between looks at the letters that are owed."""
    letter_folder: Path | None = None
    """The folder into which letters go out. Not set: `letters` in the data folder."""
    mending_interval: Annotated[float, Field(gt=0)] = 5
    """Seconds between looks for workflows that an error of the SDK keeps from going on."""
    listings: Path | None = None
    """A listing book other than the one that is shipped (greenlight/reference/README.md)."""
    listings_max_age_days: Annotated[int | None, Field(ge=1)] = None
    """When the book was retrieved longer ago, nobody is held against it, and cases wait for a newer one."""

    @property
    def letter_path(self) -> Path:
        """The folder into which letters go out."""
        return self.letter_folder or self.data / "letters"

    @property
    def tile_path(self) -> Path:
        """The folder of the published log."""
        return self.tile_folder or self.data / "tiles"

    @property
    def auditor_path(self) -> Path:
        """The folder of the auditor."""
        return self.auditor_folder or self.data / "auditor"

    @property
    def checkpoint_key_file(self) -> Path:
        return self.checkpoint_key or self.keys / "checkpoint.pem"

    @property
    def keys(self) -> Path:
        """The folder of keys."""
        return self.key_folder or self.data / "keys"
