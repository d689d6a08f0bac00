"""Settings from outside, by environment variables; the defaults start everything on one machine."""

from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    TypeAdapter,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from greenlight.codec.sealing import CodecMode, Sealing
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.mailbox import Mailbox

if TYPE_CHECKING:
    from greenlight.tlog.asking import OutsideWitness

    Witnesses = tuple[OutsideWitness, ...]
else:
    # Whoever only reads settings need not wait for what reads keys.
    Witnesses = tuple

LAST_PORT = 65_535
Port = Annotated[int, Field(ge=0, le=LAST_PORT)]


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


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or text != f"{parts.scheme}://{parts.netloc}"
    ):
        raise ValueError("give a scheme and a host, and its port if it is another than the usual one")
    return text


def _listed(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(each for part in value.split(",") if (each := part.strip()))


def _host_and_port(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise ValueError("give a host and a port, such as mail.agency.example:587")
    return text


def _witnesses(value: object) -> object:
    if not isinstance(value, str):
        return value
    from greenlight.tlog.asking import read_witnesses

    return read_witnesses(value)


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
    codec_port: Port | None = None
    """The port of the codec server beside them. Not set: the one after the UI's. 0: a free one."""

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
    """The same database for its owner: used by the migration, `starter.py rebuild` and backups alone."""

    codec: CodecMode = CodecMode.ACCEPT_PLAIN
    """Encryption of what Temporal stores. `accept_plain`: on, and what comes plain is understood; `required`:
    on, and what comes plain is refused; `off`: none, and what is encrypted can still be read."""
    codec_keys: Path | None = None
    """The file of master keys. Not set: `codec.json` among the keys, which embedded servers make."""

    codec_address: Annotated[str, AfterValidator(_socket_address)] = "127.0.0.1:8235"
    """The address at which `greenlight-codec` listens, such as `0.0.0.0:8235`."""
    codec_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = ()
    """The origins of the Temporal UI whose pages may ask it, such as `https://temporal.example`, with commas
    between them."""

    log_format: Literal["console", "json"] = "console"
    """`console` or `json`."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """`debug`, `info`, `warning` or `error`."""
    metrics_address: Annotated[str, AfterValidator(_socket_address)] | None = None
    """The address for Prometheus metrics, such as `127.0.0.1:9464`. Not set: none."""
    health_address: Annotated[str, AfterValidator(_socket_address)] | None = None
    """The address at which a worker answers `/healthz` and `/livez`, such as `127.0.0.1:9463`, and
    `starter.py health` asks. Not set: nowhere."""

    door_address: Annotated[str, AfterValidator(_socket_address)] = "127.0.0.1:8234"
    """The address at which `greenlight-door` answers HTTP. Port 0: a free one."""
    door_rate: Annotated[float, Field(gt=0)] = 200
    """The requests in a second that each key has answered there, and twice as many at once after a rest."""
    door_patience: Annotated[float, Field(gt=0, le=50)] = 20
    """Seconds for which it waits for the receipt of a command; at the end it says how to send it again."""

    desk_address: Annotated[str, AfterValidator(_socket_address)] = "127.0.0.1:8236"
    """The address at which `greenlight-desk` answers browsers. Port 0: a free one. Rate and patience are the
    door's."""
    desk_origin: Annotated[str, AfterValidator(_origin)] | None = None
    """The origin by which browsers reach it, such as `https://desk.agency.example`; all others are turned
    away. Not set: `http://localhost` and its own address, at its port."""
    network_share: Annotated[float, Field(gt=0, le=1)] = 0.25
    """The part of the connections (2,000) and of the requests under way (256) of door, desk and codec server
    that one address has, or one network of 64 bits in IPv6. A proxy that `FORWARDED_ALLOW_IPS` names has all
    connections, and its requests count for whom it names."""
    development_keys: bool = False
    """`greenlight-desk --development-keys`, which signs for made-up people, on servers that are neither those
    of `make serve` nor a rehearsal's, too; only where nothing that is signed is to bind anybody."""

    workers: Annotated[int, Field(ge=1, le=64)] = 1
    """The worker processes of `worker.py`. More than one: it starts them and starts again one that dies; each
    has the limits below for itself, and the next port for its metrics."""
    sandbox: bool = False
    """Temporal's determinism sandbox, which the tests switch on."""
    max_cached_workflows: Annotated[int, Field(ge=2)] = 2_000
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
    witnesses: Annotated[Witnesses, NoDecode, PlainValidator(_witnesses)] = ()
    """Witnesses that are asked to cosign checkpoints: an address and a verifier key each, with commas between
    them."""
    auditor_folder: Path | None = None
    """The folder of the auditor's place and faults. Not set: `auditor` in the data folder."""
    audit_interval: Annotated[float, Field(gt=0)] = 1
    """Seconds between looks of the auditor at what is new in the log."""
    letter_interval: Annotated[float, Field(gt=0)] = 2
    """Seconds between looks at the letters that are owed."""
    letter_folder: Path | None = None
    """The folder into which letters go out. Not set: `letters` in the data folder."""
    attachment_folder: Path | None = None
    """The folder of the bytes of attachments, the same for worker, door, desk and command line. Not set:
    `attachments` in the data folder."""
    tables_folder: Path | None = None
    """The folder of control tables that are kept by their day, the same for whoever answers by them: worker,
    door, desk, auditor and command line, which alone writes there. Not set: `controls` in the data folder."""
    webhook_key: Path | None = None
    """The key of which the secrets of webhooks are derived. Not set: `webhooks.key` among the keys, made on
    first use. The worker and whoever runs `starter.py webhooks` need the same."""
    webhook_private: bool = False
    """Webhooks by http, and to addresses that are not public, too: of a network that is trusted."""
    courier: Literal["folder", "smtp"] = "folder"
    """The way in which letters go out: `folder`, or `smtp` to the mailbox that the register has of whoever
    filed. Who has none there gets theirs by the folder, from which they are posted."""
    smtp_server: Annotated[str, AfterValidator(_host_and_port)] | None = None
    """The mail relay, which signs (DKIM) and carries on: host and port, such as `mail.agency.example:587`."""
    smtp_transport: Literal["starttls", "tls", "local_relay"] = "starttls"
    """`starttls` (required, not only offered), `tls`, or `local_relay`: in plain, to one on this machine."""
    smtp_sender: Mailbox | None = None
    """The mailbox that letters come from, such as `licensing@agency.example`."""
    smtp_user: str | None = None
    """The user as whom the relay knows us. Not set: it asks for none."""
    smtp_password: Annotated[str | None, Field(repr=False)] = None
    """Their password, if it is in no file."""
    smtp_password_file: Path | None = None
    """The file of their password."""
    smtp_authorities: Path | None = None
    """A file of certificates by which the relay is known (PEM). Not set: those of this machine."""
    letterhead_name: str | None = None
    """The sender: the name at the head of letters. Not set: one of nobody in particular."""
    letterhead_above: str | None = None
    """The line over the name, such as the department."""
    letterhead_address: str | None = None
    """The address under it; a semicolon ends a line."""
    letterhead_seal: Path | None = None
    """A picture over it: an SVG or a PNG of at most 64 KiB."""
    mending_interval: Annotated[float, Field(gt=0)] = 5
    """Seconds between looks for workflows that do not go on."""
    listings: Path | None = None
    """A listing book other than the one that is shipped (greenlight/reference/README.md)."""
    listings_max_age_days: Annotated[int | None, Field(ge=1)] = None
    """When the book was retrieved longer ago, nobody is held against it, and cases wait for a newer one."""

    @model_validator(mode="after")
    def _has_a_metrics_port_for_each_worker(self) -> Self:
        port = int((self.metrics_address or ":0").rpartition(":")[2])
        if port and port + self.workers - 1 > LAST_PORT:
            raise ValueError(
                f"metrics_address: {self.workers} workers take the ports {port} to "
                f"{port + self.workers - 1}; the last one there is is {LAST_PORT}"
            )
        return self

    @property
    def codec_keys_file(self) -> Path:
        """The file of master keys."""
        return self.codec_keys or self.keys / "codec.json"

    @property
    def port_of_codec(self) -> int:
        """The port of the codec server beside embedded servers."""
        if self.codec_port is not None:
            return self.codec_port
        return self.ui_port + 2 if 0 < self.ui_port < LAST_PORT - 1 else 0

    def sealing(self, *, make: bool) -> Sealing:
        """The way in which payloads are sealed. ``make``: the keys are made where there are none."""
        return Sealing(self.codec, self.codec_keys_file.absolute(), make=make)

    @property
    def letter_path(self) -> Path:
        """The folder into which letters go out."""
        return self.letter_folder or self.data / "letters"

    @property
    def attachment_path(self) -> Path:
        """The folder of the bytes of attachments."""
        return self.attachment_folder or self.data / "attachments"

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
    def webhook_key_file(self) -> Path:
        return self.webhook_key or self.keys / "webhooks.key"

    @property
    def tables(self) -> Path:
        """The folder of control tables that are kept by their day."""
        return self.tables_folder or self.data / "controls"

    @property
    def keys(self) -> Path:
        """The folder of keys."""
        return self.key_folder or self.data / "keys"
