"""docker-compose.yml against what the code reads, and against itself."""

import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

import pytest
import yaml
from temporalio.envconfig import ClientConfig, ClientConnectConfig

from greenlight.connection.settings import Settings
from greenlight.connection.target import external_target
from greenlight.embedded.temporal import DYNAMIC_CONFIG
from greenlight.eventlog.pages import PAGE_BYTES
from greenlight.kernel.authority import MAX_BODY_BYTES, MAX_TOKEN_CHARACTERS
from greenlight.law.contract import SearchAttribute
from greenlight.service.desk import MAX_ANSWER_BYTES
from tests.deploy.files import (
    ROOT,
    Service,
    compose,
    compose_text,
    dockerfile,
    env_example,
    environment,
    references,
)

COMPOSE = compose()
SERVICES = COMPOSE.services
STEPS = {"temporal-schema", "temporal-namespace", "greenlight-schema", "codec-keys"}
TOOLS = {"cli"}
"""Run by a person, and not brought up with the others."""
LASTING = SERVICES.keys() - STEPS - TOOLS
OURS = ("greenlight-schema", "codec-keys", "codec", "worker", "auditor", "door", "desk", "cli")
ASKED = ("door", "desk")
"""Those that people and other services ask, by HTTP."""
BEFORE = SERVICES.keys() - {"temporal-ui", "codec", "worker", "auditor", "cli", *ASKED}
"""All that the service waits for."""

VARIABLES = {name: f"value-of-{name.lower()}" for name in env_example()}
OPTIONAL = {"GREENLIGHT_BUILD_ID": "4f2c1a9"}

# The server's own limits, for each of frontend, history, matching and worker; SQL_MAX_CONNS would raise them.
TEMPORAL_CONNECTIONS = 4 * (20 + 10)

SECRET = re.compile(r"PASSWORD|PWD|SECRET|TOKEN|API_KEY|CREDENTIAL", re.IGNORECASE)
PASSWORD_IN_URL = re.compile(r"://[^:/@\s]*:(?P<password>.*)@")
REFERENCE = re.compile(r"\$\{\w+:\?[^}]+\}")


def each_value() -> Iterator[tuple[str, str, str]]:
    """Service, variable and value, for everything that is set in the file."""
    for name, service in SERVICES.items():
        for variable, value in service.environment.items():
            if value is not None:
                yield name, variable, value


def values(name: str) -> dict[str, str]:
    return environment(SERVICES[name], VARIABLES | OPTIONAL)


def published(service: Service) -> dict[int, int]:
    """Ports inside the container, and where each answers on this machine."""
    ports = [port.split(":") for port in service.ports]
    return {int(inside): int(outside) for _, outside, inside in ports}


def test_images_are_the_official_ones_at_an_exact_release() -> None:
    official = {"postgres", "temporalio/server", "temporalio/admin-tools", "temporalio/ui"}
    assert {s.repository for s in SERVICES.values()} == official | {"greenlight"}
    for service in SERVICES.values():
        # PostgreSQL has two numbers to a release, and a suffix for the system that it is built on.
        release = r"\d+\.\d+-[a-z]+" if service.repository == "postgres" else r"\d+\.\d+\.\d+"
        assert re.fullmatch(release, service.tag), service.image


def test_the_schema_and_the_namespace_are_made_by_the_tools_of_the_servers_release() -> None:
    tags = {name: SERVICES[name].tag for name in ("temporal", "temporal-schema", "temporal-namespace")}
    assert set(tags.values()) == {SERVICES["temporal"].tag}, tags


def test_our_own_image_is_built_here_and_named_after_this_release() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    built = {name: service for name, service in SERVICES.items() if service.build is not None}
    assert built.keys() == set(OURS)
    for service in built.values():
        assert service.image == f"greenlight:{version}"
        assert service.build is not None
        assert (ROOT / service.build.context).resolve() == ROOT


def waits_for(name: str, seen: tuple[str, ...] = ()) -> set[str]:
    """Everything that is up, or done, before this service starts."""
    assert name not in seen, f"the start order has a circle: {seen}"
    needed = SERVICES[name].depends_on.keys()
    return set(needed).union(*(waits_for(other, (*seen, name)) for other in needed))


def test_each_waits_until_what_it_needs_is_healthy_or_done() -> None:
    for name, service in SERVICES.items():
        for needed, how in service.depends_on.items():
            done = "service_completed_successfully" if needed in STEPS else "service_healthy"
            assert how.condition == done, f"{name} waits for {needed}"


def test_the_start_order_is_database_schema_server_namespace_worker() -> None:
    before = {name: waits_for(name) for name in SERVICES}
    assert before == {
        "postgresql": set(),
        "temporal-schema": {"postgresql"},
        "temporal": {"postgresql", "temporal-schema"},
        "temporal-namespace": {"postgresql", "temporal-schema", "temporal"},
        "temporal-ui": {"postgresql", "temporal-schema", "temporal"},
        "greenlight-schema": {"postgresql"},
        "codec-keys": set(),
        "codec": {"postgresql", "greenlight-schema", "codec-keys"},
        "worker": BEFORE,
        "door": BEFORE,
        "desk": BEFORE,
        "auditor": {"postgresql", "greenlight-schema"},
        "cli": set(),
    }


def test_what_keeps_running_is_watched_and_started_again() -> None:
    for name in LASTING:
        assert SERVICES[name].restart == "unless-stopped", name
        assert SERVICES[name].healthcheck is not None, name
    for name in STEPS | TOOLS:
        assert SERVICES[name].restart == "no", name
        assert SERVICES[name].healthcheck is None, name
    assert {name for name, service in SERVICES.items() if service.profiles} == TOOLS


def test_a_health_check_gives_up_before_the_next_one_begins() -> None:
    for name, service in SERVICES.items():
        if service.healthcheck is not None:
            assert service.healthcheck.test[0] == "CMD", name
            assert service.healthcheck.timeout <= service.healthcheck.interval, name


def test_the_databases_health_check_does_not_take_the_first_start_for_readiness() -> None:
    # Until the users and databases exist, the image's server answers on its socket, and only there.
    check = SERVICES["postgresql"].healthcheck
    assert check is not None
    assert check.test[1] == "pg_isready"
    assert "--host=127.0.0.1" in check.test


def test_the_worker_has_more_time_to_stop_than_it_takes(settings: Settings) -> None:
    assert SERVICES["worker"].stop_grace_period.total_seconds() >= settings.graceful_shutdown + 10


def read(variables: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of a container with this environment."""
    for variable in os.environ:
        if variable.startswith("GREENLIGHT_"):
            monkeypatch.delenv(variable)
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    return Settings()


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The worker's settings."""
    return read(values("worker"), monkeypatch)


def temporal_config(variables: dict[str, str]) -> ClientConnectConfig:
    return ClientConfig.load_client_connect_config(disable_file=True, override_env_vars=variables)


@pytest.mark.parametrize("name", OURS)
def test_our_containers_are_given_only_variables_that_are_read(name: str) -> None:
    fields = {f"GREENLIGHT_{field}".upper() for field in Settings.model_fields}
    for variable, value in values(name).items():
        if variable.startswith("TEMPORAL_"):
            # The SDK ignores what it does not know.
            assert temporal_config({variable: value}) != temporal_config({}), variable
        elif variable != "DATABASE_URL":
            assert variable in fields - {"GREENLIGHT_DATABASE_URL"}, variable


def test_the_worker_reads_every_value_as_it_is_meant(settings: Settings) -> None:
    given = {
        variable.removeprefix("GREENLIGHT_").lower(): value
        for variable, value in values("worker").items()
        if variable.startswith("GREENLIGHT_")
    }
    for name, value in settings.model_dump(include=set(given)).items():
        assert value == type(value)(given[name]), name


def test_worker_versioning_is_off_unless_a_build_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert SERVICES["worker"].environment["GREENLIGHT_BUILD_ID"] is None
    assert read(environment(SERVICES["worker"], VARIABLES), monkeypatch).build_id is None


def test_the_worker_finds_the_servers_of_this_file(settings: Settings) -> None:
    target = external_target(settings, values("worker"))
    assert target is not None
    assert not target.embedded
    host, _, port = target.address.partition(":")
    assert host == "temporal"
    assert int(port) in published(SERVICES["temporal"])
    assert shares_a_network("worker", "temporal")
    assert target.database_url.endswith("@postgresql:5432/greenlight")
    assert shares_a_network("worker", "postgresql")


def test_all_clients_of_temporal_use_one_namespace() -> None:
    names = ("TEMPORAL_NAMESPACE", "TEMPORAL_DEFAULT_NAMESPACE")
    used = {(name, value) for name, variable, value in each_value() if variable in names}
    assert {name for name, _ in used} == {
        "worker",
        "door",
        "desk",
        "cli",
        "temporal-namespace",
        "temporal-ui",
    }
    assert len({namespace for _, namespace in used}) == 1
    addresses = {value for _, variable, value in each_value() if variable == "TEMPORAL_ADDRESS"}
    assert len(addresses) == 1


def test_the_search_attributes_are_those_of_the_contract() -> None:
    listed = values("temporal-namespace")["SEARCH_ATTRIBUTES"].split()
    assert listed == [f"{attribute.value}={attribute.indexed_as}" for attribute in SearchAttribute]


def test_the_server_and_its_schema_agree_on_the_databases() -> None:
    server, schema = values("temporal"), values("temporal-schema")
    assert (server["DB"], server["POSTGRES_SEEDS"], server["DB_PORT"], server["POSTGRES_USER"]) == (
        schema["SQL_PLUGIN"],
        schema["SQL_HOST"],
        schema["SQL_PORT"],
        schema["SQL_USER"],
    )
    for variable in ("DBNAME", "VISIBILITY_DBNAME"):
        assert server[variable] == schema[variable]
    assert server["DB"] == "postgres12_pgx"
    assert int(server["NUM_HISTORY_SHARDS"]) >= 512


def test_ports_are_published_on_this_machine_only() -> None:
    for service in SERVICES.values():
        for port in service.ports:
            assert port.startswith("127.0.0.1:"), port
    assert {name: published(service) for name, service in SERVICES.items() if service.ports} == {
        "temporal": {7233: 7233, 9465: 9465},
        "temporal-ui": {8080: 8080},
        "codec": {8235: 8235},
        "worker": {9464: 9464},
        "auditor": {9466: 9466},
        "door": {8234: 8234},
        "desk": {8236: 8236},
    }


def test_metrics_answer_where_they_are_published_and_looked_for(settings: Settings) -> None:
    assert settings.metrics_address is not None
    host, port = settings.metrics_address.split(":")
    assert host == "0.0.0.0"
    assert int(port) in published(SERVICES["worker"])

    host, port = values("temporal")["PROMETHEUS_ENDPOINT"].split(":")
    assert host == "0.0.0.0"
    assert int(port) in published(SERVICES["temporal"])


def test_the_workers_health_is_what_the_command_line_says_of_it(settings: Settings) -> None:
    check = SERVICES["worker"].healthcheck
    assert check is not None
    program, *words = check.test[1:]
    assert (program, words) == ("python", ["starter.py", "health"])
    assert (ROOT / words[0]).exists()
    assert settings.health_address is not None
    host, _, port = settings.health_address.partition(":")
    assert host == "127.0.0.1", "its own container's"
    assert int(port) not in published(SERVICES["worker"])
    # Each of the servers, and then the worker, has five seconds to answer.
    assert check.timeout.total_seconds() >= 15


def test_no_secret_is_written_in_the_file() -> None:
    # It says that a browser sends its cookie, and is none.
    named = {"TEMPORAL_CODEC_INCLUDE_CREDENTIALS"}
    secrets = [
        (variable, value)
        for _, variable, value in each_value()
        if SECRET.search(variable) and variable not in named
    ]
    urls = [(variable, PASSWORD_IN_URL.search(value)) for _, variable, value in each_value()]
    secrets += [(variable, match["password"]) for variable, match in urls if match]
    assert len(secrets) == 15
    for variable, value in secrets:
        assert REFERENCE.fullmatch(value), f"{variable} has to be a reference that refuses to be empty"


def test_every_reference_refuses_to_be_empty_and_says_what_to_do() -> None:
    for variable, message in references(compose_text()).items():
        assert message == "run sh deploy/new-env.sh", variable


def test_the_example_lists_what_is_needed_and_sets_nothing() -> None:
    assert env_example() == dict.fromkeys(references(compose_text()), "")


def test_optional_variables_are_in_the_example_too() -> None:
    passed_on = {v for s in SERVICES.values() for v, value in s.environment.items() if value is None}
    assert passed_on == OPTIONAL.keys()
    for variable in passed_on:
        assert f"\n#{variable}=\n" in (ROOT / "deploy" / "env.example").read_text()


def test_the_superusers_password_stays_with_the_database() -> None:
    holders = {n for n, _, value in each_value() if "POSTGRES_PASSWORD" in references(value)}
    assert holders == {"postgresql"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_can_do_little_more_than_its_work(name: str) -> None:
    service = SERVICES[name]
    assert service.read_only
    assert "/tmp" in service.tmpfs
    assert service.cap_drop == ["ALL"]
    assert service.security_opt == ["no-new-privileges:true"]
    assert service.logging == {"driver": "local"}
    # The other images have a user of their own.
    assert service.user == ("postgres" if name == "postgresql" else None)


def shares_a_network(one: str, other: str) -> bool:
    return not set(SERVICES[one].networks).isdisjoint(SERVICES[other].networks)


def test_nothing_reaches_the_databases_that_has_no_business_there() -> None:
    assert SERVICES["postgresql"].networks == ["databases"]
    assert not SERVICES["postgresql"].ports
    databases = COMPOSE.networks["databases"]
    assert databases is not None
    assert databases.internal
    inside = {name for name, service in SERVICES.items() if "databases" in service.networks}
    temporal = {"temporal-schema", "temporal"}
    inside_ours = {"greenlight-schema", "codec", "worker", "auditor", "door", "desk", "cli"}
    assert inside == {"postgresql", *temporal, *inside_ours}


@pytest.mark.parametrize("name", ASKED)
def test_who_is_asked_only_reads_the_database_and_answers_where_it_is_published(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read(values(name), monkeypatch)
    assert settings.database_url is not None
    assert settings.database_url.startswith("postgresql://greenlight_cli:")
    assert settings.writer_url is None
    writes = {mount.source for mount in SERVICES[name].mounts if mount.mode != "ro"}
    assert writes == {source for service, source in BROUGHT if service == name}
    assert str(settings.attachment_path) in {mount.target for mount in SERVICES[name].mounts}
    host, _, port = {"door": settings.door_address, "desk": settings.desk_address}[name].rpartition(":")
    assert (host, int(port) in published(SERVICES[name])) == ("0.0.0.0", True)


BROUGHT = {("door", "attachments"), ("desk", "attachments"), ("cli", "attachments"), ("cli", "tables")}
"""Who puts there what applicants bring, and the control tables."""


@pytest.mark.parametrize(
    ("name", "mode"), [("worker", "ro"), ("auditor", "ro"), ("door", "ro"), ("desk", "ro"), ("cli", "rw")]
)
def test_all_who_answer_by_control_tables_read_one_folder_of_them(
    name: str, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read(values(name), monkeypatch)
    [mount] = [each for each in SERVICES[name].mounts if each.source == "tables"]
    assert (mount.target, mount.mode) == (str(settings.tables), mode)


def test_mounted_files_exist_and_cannot_be_written() -> None:
    for name, service in SERVICES.items():
        for mount in service.mounts:
            if mount.source.startswith("."):
                assert (ROOT / mount.source).exists(), f"{name}: {mount.source}"
                assert mount.mode == "ro", f"{name}: {mount.source}"
            else:
                assert mount.source in COMPOSE.volumes, f"{name}: {mount.source}"
                # Who only looks, cannot touch.
                reads = name in {*TOOLS, *ASKED} or mount.source == "tables"
                looks = reads and (name, mount.source) not in BROUGHT
                assert mount.mode == ("ro" if looks else "rw"), f"{name}: {mount.source}"
    used = {mount.source for service in SERVICES.values() for mount in service.mounts}
    assert COMPOSE.volumes.keys() <= used


def mounted(service: Service, inside: str) -> str:
    """The text of a file that a container finds under a path."""
    for mount in service.mounts:
        if PurePosixPath(inside).is_relative_to(mount.target):
            return (ROOT / mount.source / PurePosixPath(inside).relative_to(mount.target)).read_text()
    raise AssertionError(f"{inside} is not mounted")


@pytest.mark.parametrize("name", ["temporal-schema", "temporal-namespace"])
def test_a_step_runs_a_script_that_is_mounted_and_gives_it_what_it_asks_for(name: str) -> None:
    shell, script = SERVICES[name].entrypoint
    assert shell == "sh"
    required = set(re.findall(r"\$\{(\w+):\?\}", mounted(SERVICES[name], script)))
    assert required
    assert required <= values(name).keys()


def test_the_database_is_given_the_script_that_makes_the_users_and_what_it_asks_for() -> None:
    targets = {mount.target: ROOT / mount.source for mount in SERVICES["postgresql"].mounts}
    [script] = targets["/docker-entrypoint-initdb.d"].iterdir()
    required = set(re.findall(r"\$\{(\w+):\?\}", script.read_text()))
    assert required
    assert required | {"POSTGRES_PASSWORD", "POSTGRES_INITDB_ARGS"} == values("postgresql").keys()


def test_nobody_ends_a_workflow_by_a_click() -> None:
    assert values("temporal-ui")["TEMPORAL_DISABLE_WRITE_ACTIONS"] == "true"


def test_the_dynamic_configuration_is_where_the_server_looks_for_it() -> None:
    path = values("temporal")["DYNAMIC_CONFIG_FILE_PATH"]
    settings: dict[str, list[dict[str, object]]] = yaml.safe_load(mounted(SERVICES["temporal"], path))
    # The same as on this machine's own server, where the tests run.
    assert settings == {key: [{"value": json.loads(value)}] for key, value in DYNAMIC_CONFIG.items()}


def test_temporal_takes_what_the_service_itself_sends() -> None:
    """In JSON, as text of JSON, a byte of a record may become two."""
    allowed = json.loads(DYNAMIC_CONFIG["limit.blobSize.error"])
    assert 2 * max(MAX_ANSWER_BYTES, PAGE_BYTES) + MAX_BODY_BYTES + MAX_TOKEN_CHARACTERS < allowed


def test_data_is_kept_on_volumes(settings: Settings) -> None:
    postgresql, worker = SERVICES["postgresql"], SERVICES["worker"]
    [data] = [mount.target for mount in postgresql.mounts if mount.source in COMPOSE.volumes]
    # The image moved its volume with 18; on the other path the data would be gone with the container.
    major = int(postgresql.tag.partition(".")[0])
    assert data == ("/var/lib/postgresql" if major >= 18 else "/var/lib/postgresql/data")
    kept = {mount.source: mount.target for mount in worker.mounts if mount.source in COMPOSE.volumes}
    assert kept == {
        "greenlight": str(settings.data),
        "tiles": str(settings.tile_path),
        "codec": str(settings.codec_keys_file.parent),
        "attachments": str(settings.attachment_path),
        "tables": str(settings.tables),
    }
    for file in (settings.letter_path, settings.checkpoint_key_file):
        assert file.is_relative_to(kept["greenlight"])


def test_the_auditor_has_a_user_a_key_and_a_network_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    auditor, worker = SERVICES["auditor"], SERVICES["worker"]
    mounted = {mount.source: mount.target for mount in auditor.mounts}
    settings = read(values("auditor"), monkeypatch)
    # Nobody else has the volume of its key, and what is published both have.
    assert mounted == {
        "auditor": str(settings.auditor_path),
        "tiles": str(settings.tile_path),
        "tables": str(settings.tables),
    }
    others = [service for name, service in SERVICES.items() if name != "auditor"]
    assert "auditor" not in {mount.source for service in others for mount in service.mounts}
    assert mounted["tiles"] == next(each.target for each in worker.mounts if each.source == "tiles")
    assert settings.auditor_url is not None
    assert settings.auditor_url.startswith("postgresql://greenlight_audit:")
    assert not shares_a_network("auditor", "temporal-ui")
    assert settings.metrics_address is not None
    port = settings.metrics_address.rpartition(":")[2]
    assert int(port) in published(auditor)
    assert auditor.healthcheck is not None
    assert f"http://127.0.0.1:{port}/metrics" in auditor.healthcheck.test[-1]


def test_the_folders_of_volumes_belong_to_the_user_of_the_image() -> None:
    [made] = [i.argument for i in dockerfile()[-1] if i.keyword == "RUN" and "--directory" in i.argument]
    user = next(i.argument for i in dockerfile()[-1] if i.keyword == "USER")
    assert f"--owner={user}" in made
    ours = [mount for name in OURS for mount in SERVICES[name].mounts if mount.source in COMPOSE.volumes]
    assert {mount.target for mount in ours} <= set(made.split())


def test_there_are_connections_enough() -> None:
    [option] = [word for word in SERVICES["postgresql"].command if word.startswith("max_connections=")]
    most = int(option.partition("=")[2])
    assert most >= 200
    assert "SQL_MAX_CONNS" not in SERVICES["temporal"].environment
    assert most >= TEMPORAL_CONNECTIONS + 50


def test_documentation_and_files_name_each_other() -> None:
    page = (ROOT / "docs" / "deployment.md").read_text()
    for name in SERVICES:
        assert f"`{name}`" in page, name
    for variable in (*VARIABLES, *OPTIONAL):
        assert f"`{variable}`" in page, variable
    for path in re.findall(r"\bdeploy/[\w./-]+\w", page + compose_text()):
        assert (ROOT / path).exists(), path
