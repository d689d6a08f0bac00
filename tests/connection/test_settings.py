"""Settings: what the environment says, or a default; nothing else."""

import os
from dataclasses import asdict
from pathlib import Path

import pytest
from pydantic import ValidationError

from greenlight.codec.sealing import CodecMode
from greenlight.connection.settings import Settings
from greenlight.kernel.clock_kind import Kind
from greenlight.tlog.asking import OutsideWitness

PREFIX = "GREENLIGHT_"
WITNESS = "witness.example+5146bfdf+BFOsA9zdFDcfmWp+gPUDTGlkseXkVSIq8sItUifRF1co"

VALUES: dict[str, tuple[str, object]] = {
    "data": ("/srv/data", Path("/srv/data")),
    "temporal_port": ("0", 0),
    "ui_port": ("65535", 65_535),
    "kind": ("rehearsal", Kind.REHEARSAL),
    "codec_port": ("0", 0),
    "codec_address": ("0.0.0.0:8235", "0.0.0.0:8235"),
    "codec_origins": ("https://a.example, https://b.example", ("https://a.example", "https://b.example")),
    "codec": ("required", CodecMode.REQUIRED),
    "codec_keys": ("/srv/codec.json", Path("/srv/codec.json")),
    "writer_url": ("postgresql://writer@there/greenlight", "postgresql://writer@there/greenlight"),
    "auditor_url": ("postgresql://auditor@there/greenlight", "postgresql://auditor@there/greenlight"),
    "owner_url": ("postgresql://owner@there/greenlight", "postgresql://owner@there/greenlight"),
    "log_format": ("json", "json"),
    "log_level": ("debug", "debug"),
    "metrics_address": ("127.0.0.1:9464", "127.0.0.1:9464"),
    "health_address": ("127.0.0.1:9463", "127.0.0.1:9463"),
    "door_address": ("127.0.0.1:0", "127.0.0.1:0"),
    "desk_address": ("127.0.0.1:0", "127.0.0.1:0"),
    "desk_origin": ("https://desk.agency.example", "https://desk.agency.example"),
    "network_share": ("0.5", 0.5),
    "development_keys": ("true", True),
    "door_rate": ("0.5", 0.5),
    "door_patience": ("0.5", 0.5),
    "workers": ("2", 2),
    "sandbox": ("true", True),
    "max_cached_workflows": ("2", 2),
    "max_workflow_tasks": ("2", 2),
    "max_local_activities": ("1", 1),
    "workflow_pollers": ("2", 2),
    "activity_pollers": ("1", 1),
    "graceful_shutdown": ("0.5", 0.5),
    "deployment_name": ("other", "other"),
    "build_id": ("4f2c1a9", "4f2c1a9"),
    "key_folder": ("/srv/keys", Path("/srv/keys")),
    "checkpoint_interval": ("0.2", 0.2),
    "seed": ("7", 7),
    "tile_folder": ("/srv/tiles", Path("/srv/tiles")),
    "witnesses": (
        f"https://witness.example/ {WITNESS}",
        (asdict(OutsideWitness.parse(f"https://witness.example {WITNESS}")),),
    ),
    "checkpoint_key": ("/srv/checkpoint.pem", Path("/srv/checkpoint.pem")),
    "auditor_folder": ("/srv/auditor", Path("/srv/auditor")),
    "audit_interval": ("0.5", 0.5),
    "letter_interval": ("0.5", 0.5),
    "patience": ("30", 30),
    "letter_folder": ("/srv/letters", Path("/srv/letters")),
    "attachment_folder": ("/srv/attachments", Path("/srv/attachments")),
    "tables_folder": ("/srv/tables", Path("/srv/tables")),
    "webhook_key": ("/run/secrets/webhooks", Path("/run/secrets/webhooks")),
    "webhook_private": ("true", True),
    "courier": ("smtp", "smtp"),
    "smtp_server": ("mail.agency.example:587", "mail.agency.example:587"),
    "smtp_transport": ("local_relay", "local_relay"),
    "smtp_sender": ("licensing@agency.example", "licensing@agency.example"),
    "smtp_user": ("licensing", "licensing"),
    "smtp_password": ("secret", "secret"),
    "smtp_password_file": ("/run/secrets/smtp", Path("/run/secrets/smtp")),
    "smtp_authorities": ("/etc/relay.pem", Path("/etc/relay.pem")),
    "letterhead_name": ("Office of Permits", "Office of Permits"),
    "letterhead_above": ("Ministry of Works", "Ministry of Works"),
    "letterhead_address": ("1 Harbour Street; Lutz", "1 Harbour Street; Lutz"),
    "letterhead_seal": ("/srv/seal.svg", Path("/srv/seal.svg")),
    "mending_interval": ("0.5", 0.5),
    "listings": ("/srv/listings.json", Path("/srv/listings.json")),
    "listings_max_age_days": ("30", 30),
}
"""Of every setting with the prefix, a value as it is written and as it is read."""

WRONG = [
    ("temporal_port", "65536"),
    ("temporal_port", "-1"),
    ("temporal_port", "http"),
    ("ui_port", ""),
    ("kind", "exercise"),
    ("log_format", "xml"),
    ("log_level", "INFO"),
    ("sandbox", "perhaps"),
    ("max_cached_workflows", "1"),
    ("max_workflow_tasks", "1"),
    ("max_local_activities", "0"),
    ("workflow_pollers", "1"),
    ("activity_pollers", "0"),
    ("graceful_shutdown", "-1"),
    ("graceful_shutdown", "20s"),
    ("build_id", ""),
    ("checkpoint_interval", "0"),
    ("witnesses", "https://witness.example"),
    ("witnesses", f"file:///srv/witness {WITNESS}"),
    ("letter_interval", "0"),
    ("courier", "pigeon"),
    ("smtp_server", "mail.agency.example"),
    ("smtp_server", ":25"),
    ("smtp_transport", "plain"),
    ("smtp_sender", "licensing"),
    ("smtp_sender", "licensing@agency.example\nBcc: x@y.example"),
    ("patience", "0"),
    ("mending_interval", "0"),
]


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that sets nothing."""
    for name in os.environ:
        if name.upper().startswith(PREFIX) or name.upper() == "DATABASE_URL":
            monkeypatch.delenv(name)


def test_the_defaults_start_everything_on_this_machine() -> None:
    settings = Settings()
    assert settings.database_url is None
    assert (settings.temporal_port, settings.ui_port) == (7233, 8233)
    assert (settings.log_format, settings.log_level) == ("console", "info")
    assert (settings.metrics_address, settings.build_id, settings.listings) == (None, None, None)
    assert settings.sandbox is False


def test_everything_is_kept_in_the_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENLIGHT_DATA", "/srv/data")
    settings = Settings()
    assert settings.keys == Path("/srv/data/keys")
    assert settings.checkpoint_key_file == Path("/srv/data/keys/checkpoint.pem")
    assert settings.tile_path == Path("/srv/data/tiles")


def test_what_has_a_place_of_its_own_is_kept_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENLIGHT_KEY_FOLDER", "/srv/keys")
    assert Settings().checkpoint_key_file == Path("/srv/keys/checkpoint.pem")
    monkeypatch.setenv("GREENLIGHT_CHECKPOINT_KEY", "/srv/other.pem")
    monkeypatch.setenv("GREENLIGHT_TILE_FOLDER", "/srv/signed")
    settings = Settings()
    assert settings.keys == Path("/srv/keys")
    assert settings.checkpoint_key_file == Path("/srv/other.pem")
    assert settings.tile_path == Path("/srv/signed")


def test_every_setting_has_a_value_to_be_tried_with() -> None:
    assert VALUES.keys() | {"database_url"} == Settings.model_fields.keys()


@pytest.mark.parametrize("name", VALUES)
def test_a_variable_sets_what_it_names_and_nothing_else(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written, read = VALUES[name]
    usual = Settings().model_dump()
    monkeypatch.setenv(PREFIX + name.upper(), written)
    assert usual[name] != read
    assert Settings().model_dump() == {**usual, name: read}


@pytest.mark.parametrize("name", ["DATABASE_URL", "database_url"])
def test_the_database_has_the_name_that_everybody_uses(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "postgresql://there/greenlight")
    assert Settings().database_url == "postgresql://there/greenlight"


@pytest.mark.parametrize(
    "name",
    ["GREENLIGHT_DATABASE_URL", "GREENLIGHT_UNHEARD_OF", "DATA", "LOG_LEVEL", "BUILD_ID", "TEMPORAL_ADDRESS"],
)
def test_what_is_not_ours_changes_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = Settings()
    monkeypatch.setenv(name, "debug")
    assert Settings() == usual


def test_a_file_that_lies_about_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = Settings()
    (tmp_path / ".env").write_text("GREENLIGHT_LOG_LEVEL=debug\nDATABASE_URL=postgresql://there/greenlight\n")
    monkeypatch.chdir(tmp_path)
    assert Settings() == usual


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_refused_by_name(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFIX + name.upper(), value)
    with pytest.raises(ValidationError) as refused:
        Settings()
    (problem,) = refused.value.errors()
    assert problem["loc"] == (name,)


@pytest.mark.parametrize("address", ["127.0.0.1:9464", "0.0.0.0:0", "[::1]:65535", "[::]:9464"])
def test_metrics_are_served_at_an_address(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENLIGHT_METRICS_ADDRESS", address)
    assert Settings().metrics_address == address


@pytest.mark.parametrize(
    "address",
    [
        *("", ":", "9464", ":9464", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1"),
        *("localhost:9464", "*:9464", "http://127.0.0.1:9464", "127.0.0.256:9464", "127.1:9464"),
        *("::1", "::1:9464", "[::1]", "[::1:9464", "::1]:9464", "[127.0.0.1]:9464", "[[::1]]:9464"),
        *("127.0.0.1:+9464", "127.0.0.1: 9464", "127.0.0.1:9_464", "127.0.0.1:http", " 127.0.0.1:9464"),
        "127.0.0.1:\N{ARABIC-INDIC DIGIT NINE}464",
    ],
)
def test_what_is_no_address_is_refused_with_an_example(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENLIGHT_METRICS_ADDRESS", address)
    with pytest.raises(ValidationError, match=r"give an IP address and a port, such as 127\.0\.0\.1:9464"):
        Settings()


def test_every_worker_has_a_port_for_its_metrics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENLIGHT_WORKERS", "4")
    monkeypatch.setenv("GREENLIGHT_METRICS_ADDRESS", "127.0.0.1:65532")
    assert Settings().workers == 4
    monkeypatch.setenv("GREENLIGHT_METRICS_ADDRESS", "127.0.0.1:65533")
    with pytest.raises(ValidationError, match="4 workers take the ports 65533 to 65536"):
        Settings()


def test_no_password_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "DATABASE_URL",
        "GREENLIGHT_WRITER_URL",
        "GREENLIGHT_AUDITOR_URL",
        "GREENLIGHT_OWNER_URL",
    ):
        monkeypatch.setenv(name, "postgresql://worker:s3cret@there/greenlight")
    settings = Settings()
    assert settings.database_url is not None
    assert "s3cret" in settings.database_url
    assert "s3cret" not in f"{settings!r} {settings}"
