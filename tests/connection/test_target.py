"""Which servers are meant: both that the environment names, or this machine's own, and never a mixture."""

import os
import socket
from collections.abc import Generator, Mapping
from pathlib import Path

import pytest
from temporalio.service import TLSConfig

from greenlight.codec.sealing import Sealing
from greenlight.connection.converter import data_converter
from greenlight.connection.settings import Settings
from greenlight.connection.target import Target, UnreachableError, connect, embedded_target, external_target

DATABASE = {"DATABASE_URL": "postgresql://worker:s3cret@there/greenlight"}
TEMPORAL = {"TEMPORAL_ADDRESS": "there:7233"}
UNSEALED = {"GREENLIGHT_CODEC": "off"}
PROFILES = """
[profile.default]
address = "usual:7233"

[profile.production]
address = "production:7233"
namespace = "licensing"
api_key = "s3cret"
"""


class Shell:
    """A shell whose environment says nothing about servers, until a test does."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._home = home
        self._monkeypatch = monkeypatch
        for name in os.environ:
            if name.startswith(("TEMPORAL_", "GREENLIGHT_")) or name in ("DATABASE_URL", "XDG_CONFIG_HOME"):
                monkeypatch.delenv(name)
        monkeypatch.setenv("HOME", str(home))

    def file(self, name: str, content: str) -> str:
        path = self._home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return str(path)

    def target(self, *variables: Mapping[str, str]) -> Target | None:
        for some in variables:
            for name, value in some.items():
                self._monkeypatch.setenv(name, value)
        return external_target(Settings())

    def named(self, *variables: Mapping[str, str]) -> Target:
        """The target, where there must be one."""
        target = self.target(*variables)
        assert target is not None
        assert not target.embedded
        return target

    def complaint(self, *variables: Mapping[str, str]) -> str:
        """What is wrong, in one line and without secrets."""
        with pytest.raises(UnreachableError) as raised:
            self.target(*variables)
        said = str(raised.value)
        assert len(said.splitlines()) == 1
        assert "s3cret" not in said
        return said


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path, monkeypatch)


# Named, or not


def test_nothing_named_means_this_machines_own(shell: Shell) -> None:
    assert shell.target() is None


def test_both_named_are_used(shell: Shell) -> None:
    target = shell.named(DATABASE, TEMPORAL)
    assert (target.address, target.namespace) == ("there:7233", "default")
    assert target.database_url == DATABASE["DATABASE_URL"]


def test_who_records_who_checks_and_the_owner_have_addresses_of_their_own(shell: Shell) -> None:
    target = shell.named(DATABASE, TEMPORAL)
    assert {target.writer_url, target.auditor_url, target.owner_url} == {target.database_url}
    others = {f"GREENLIGHT_{who}_URL": f"postgresql://{who}@" for who in ("WRITER", "AUDITOR", "OWNER")}
    target = shell.named(DATABASE, TEMPORAL, others)
    assert target.database_url == DATABASE["DATABASE_URL"]
    assert [target.writer_url, target.auditor_url, target.owner_url] == list(others.values())


def test_a_namespace_is_used(shell: Shell) -> None:
    assert shell.named(DATABASE, TEMPORAL, {"TEMPORAL_NAMESPACE": "licensing"}).namespace == "licensing"


def test_a_database_without_a_cluster_is_refused(shell: Shell) -> None:
    said = shell.complaint(DATABASE)
    assert said == "DATABASE_URL is set but TEMPORAL_ADDRESS is not: set both, or neither"


@pytest.mark.parametrize(
    "variable", ["GREENLIGHT_WRITER_URL", "GREENLIGHT_AUDITOR_URL", "GREENLIGHT_OWNER_URL"]
)
def test_an_address_for_some_without_one_for_all_is_refused(shell: Shell, variable: str) -> None:
    said = shell.complaint({variable: "postgresql://there"})
    assert said == f"{variable} is set but DATABASE_URL is not: set both, or neither"


@pytest.mark.parametrize("variable", ["TEMPORAL_ADDRESS", "TEMPORAL_PROFILE", "TEMPORAL_CONFIG_FILE"])
def test_a_cluster_without_a_database_is_refused(shell: Shell, variable: str) -> None:
    said = shell.complaint({variable: "there"})
    assert said == f"{variable} is set but DATABASE_URL is not: set both, or neither"


def test_an_empty_variable_is_as_good_as_none(shell: Shell) -> None:
    """An empty address of a database would be taken for that of whatever answers on this machine."""
    assert shell.target({"DATABASE_URL": "", "TEMPORAL_ADDRESS": "", "TEMPORAL_PROFILE": ""}) is None
    assert shell.complaint(TEMPORAL).startswith("TEMPORAL_ADDRESS is set but DATABASE_URL is not")


def test_a_namespace_alone_names_nothing(shell: Shell) -> None:
    assert shell.target({"TEMPORAL_NAMESPACE": "licensing", "TEMPORAL_API_KEY": "s3cret"}) is None


def test_another_environment_may_be_asked(shell: Shell) -> None:
    settings = Settings.model_validate(DATABASE)
    target = external_target(settings, TEMPORAL)
    assert target is not None
    assert target.address == "there:7233"
    assert shell.target() is None


# Profiles


def test_a_profile_is_used(shell: Shell) -> None:
    file = {"TEMPORAL_CONFIG_FILE": shell.file("profiles.toml", PROFILES)}
    assert shell.named(DATABASE, file).address == "usual:7233"
    target = shell.named({"TEMPORAL_PROFILE": "production"})
    assert (target.address, target.namespace) == ("production:7233", "licensing")
    assert target.temporal.get("api_key") == "s3cret"
    assert target.temporal.get("tls") is True


def test_a_variable_has_the_last_word_over_a_profile(shell: Shell) -> None:
    file = {"TEMPORAL_CONFIG_FILE": shell.file("profiles.toml", PROFILES)}
    target = shell.named(DATABASE, TEMPORAL, file, {"TEMPORAL_PROFILE": "production"})
    assert (target.address, target.namespace) == ("there:7233", "licensing")


def test_a_profile_at_home_does_not_name_a_cluster_by_itself(shell: Shell) -> None:
    """It may be there for the ``temporal`` command, and be somebody's production."""
    shell.file(".config/temporalio/temporal.toml", PROFILES)
    assert shell.target() is None
    assert shell.named(DATABASE, {"TEMPORAL_PROFILE": "production"}).address == "production:7233"


def test_a_profile_that_does_not_exist_is_named(shell: Shell) -> None:
    file = {"TEMPORAL_CONFIG_FILE": shell.file("profiles.toml", PROFILES)}
    assert "'testing' not found" in shell.complaint(DATABASE, file, {"TEMPORAL_PROFILE": "testing"})


def test_a_file_that_is_missing_is_not_passed_over(shell: Shell) -> None:
    said = shell.complaint(DATABASE, {"TEMPORAL_CONFIG_FILE": "/nowhere/profiles.toml"})
    assert (
        said == "TEMPORAL_CONFIG_FILE leads to no address of a cluster: correct it, or set TEMPORAL_ADDRESS"
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('[profile.default]\napi_key = "s3cret\n', "line 2"),
        ("[profile.default]\napi_key = s3cret\n", "line 2"),
        ('[profile.default]\napi-key = "s3cret"\n', "line 2"),
        ('[profile.default]\ngrpc_meta = "s3cret"\n', "line 2"),
        ("[profile.default\n", "line 1"),
    ],
)
def test_a_file_that_cannot_be_read_is_not_quoted(shell: Shell, content: str, problem: str) -> None:
    said = shell.complaint(DATABASE, {"TEMPORAL_CONFIG_FILE": shell.file("profiles.toml", content)})
    assert said.startswith("Temporal's configuration cannot be read: ")
    assert problem in said


# TLS and keys


def test_certificates_come_through(shell: Shell) -> None:
    target = shell.named(
        DATABASE,
        TEMPORAL,
        {
            "TEMPORAL_TLS_SERVER_NAME": "cluster",
            "TEMPORAL_TLS_SERVER_CA_CERT_PATH": shell.file("ca.pem", "authority"),
            "TEMPORAL_TLS_CLIENT_CERT_PATH": shell.file("client.pem", "certificate"),
            "TEMPORAL_TLS_CLIENT_KEY_PATH": shell.file("client.key", "s3cret"),
        },
    )
    assert target.temporal.get("tls") == TLSConfig(
        domain="cluster",
        server_root_ca_cert=b"authority",
        client_cert=b"certificate",
        client_private_key=b"s3cret",
    )


def test_an_api_key_comes_through_and_is_not_sent_in_the_clear(shell: Shell) -> None:
    target = shell.named(DATABASE, TEMPORAL, {"TEMPORAL_API_KEY": "s3cret"})
    assert target.temporal == {"target_host": "there:7233", "api_key": "s3cret", "tls": True}


def test_a_certificate_that_is_missing_is_named(shell: Shell) -> None:
    missing = {"TEMPORAL_TLS_SERVER_CA_CERT_PATH": "/nowhere/ca.pem"}
    assert "/nowhere/ca.pem" in shell.complaint(DATABASE, TEMPORAL, missing)


def test_no_secret_is_shown(shell: Shell) -> None:
    key = {"TEMPORAL_TLS_CLIENT_CERT_DATA": "certificate", "TEMPORAL_TLS_CLIENT_KEY_DATA": "s3cret"}
    others = {
        "GREENLIGHT_WRITER_URL": "postgresql://x:s3cret@there",
        "GREENLIGHT_AUDITOR_URL": "postgresql://x:s3cret@there",
        "GREENLIGHT_OWNER_URL": "postgresql://x:s3cret@there",
    }
    target = shell.named(DATABASE, TEMPORAL, {"TEMPORAL_API_KEY": "s3cret"}, key, others)
    assert "s3cret" in f"{target.temporal} {target.database_url}"
    assert "s3cret" not in f"{target!r} {target}"


# Connecting


@pytest.fixture
def closed() -> Generator[str]:
    """An address where nobody listens."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{reserved.getsockname()[1]}"


async def test_a_server_is_reached_and_spoken_to_in_our_way(target: Target) -> None:
    client = await connect(target)
    assert client.data_converter is data_converter(target.sealing)
    assert client.namespace == target.namespace
    assert await client.service_client.check_health()


async def complaint(target: Target) -> str:
    with pytest.raises(UnreachableError) as raised:
        await connect(target)
    said = str(raised.value)
    assert len(said.splitlines()) == 1
    return said


def without_database(address: str) -> Target:
    return embedded_target(address, "default", None, "", sealing=Sealing.off())


async def test_nobody_there_is_said_in_one_line(closed: str) -> None:
    said = await complaint(without_database(closed))
    assert said.startswith(f"no Temporal server answers at {closed}: start one with `make serve`, or check")


@pytest.mark.parametrize("address", ["", "nowhere.invalid:7233", "not an address", "127.0.0.1:99999"])
async def test_no_address_is_said_in_one_line(address: str) -> None:
    assert f"answers at {address}: " in await complaint(without_database(address))


async def test_no_certificate_is_said_in_one_line_without_it(target: Target, shell: Shell) -> None:
    key = {"TEMPORAL_TLS_CLIENT_CERT_DATA": "certificate", "TEMPORAL_TLS_CLIENT_KEY_DATA": "s3cret"}
    named = shell.named(DATABASE, {"TEMPORAL_ADDRESS": target.address}, key, UNSEALED)
    said = await complaint(named)
    assert target.address in said
    assert "s3cret" not in said


async def test_a_server_without_tls_is_not_spoken_to_in_the_clear(target: Target, shell: Shell) -> None:
    named = shell.named(DATABASE, {"TEMPORAL_ADDRESS": target.address, "TEMPORAL_TLS": "true"}, UNSEALED)
    assert target.address in await complaint(named)
