"""deploy/kubernetes as kustomize builds it, against Kubernetes' schemas, what the code reads, and itself."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
import yaml

from greenlight.connection.settings import Settings
from greenlight.kernel.model import JsonObject
from greenlight.service.health import HEALTHZ, LIVEZ
from tests.deploy.files import ROOT, dockerfile

EXAMPLE = ROOT / "deploy" / "kubernetes" / "example"
BUILD = "4f2c1a9"
ASKED = ("greenlight-door", "greenlight-desk", "greenlight-codec-server")
"""Those that are asked by HTTP."""
_ADDRESSES = {"GREENLIGHT_DOOR_ADDRESS", "GREENLIGHT_DESK_ADDRESS", "GREENLIGHT_CODEC_ADDRESS"}
SCHEMAS = os.environ.get("GREENLIGHT_KUBERNETES_SCHEMAS", "default")
"""For kubeconform, as its ``-schema-location``: where there is no way to those that it loads by default."""


def program(name: str) -> str:
    """A program of this machine; the test is skipped where it is not there."""
    there = shutil.which(name) or shutil.which(name, path=str(Path.home() / "go" / "bin"))
    if there is None:
        pytest.skip(f"there is no {name} here")
    return there


@pytest.fixture(scope="module")
def built() -> str:
    alone = shutil.which("kustomize")
    command = [alone, "build"] if alone else [program("kubectl"), "kustomize"]
    done = subprocess.run([*command, EXAMPLE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def resources(built: str) -> list[JsonObject]:
    return [cast(JsonObject, each) for each in yaml.safe_load_all(built)]


def at(value: object, *path: str | int) -> object:
    """What stands at a place of a resource; None: nothing."""
    for step in path:
        if isinstance(value, dict):
            value = cast(dict[object, object], value).get(step)
        elif isinstance(value, list) and isinstance(step, int):
            value = cast(list[object], value)[step]
        else:
            return None
    return value


def listed(value: object, *path: str | int) -> list[object]:
    found = at(value, *path)
    return cast(list[object], found) if isinstance(found, list) else []


def pods(resources: list[JsonObject]) -> dict[str, object]:
    """What each workload makes pods of."""
    kinds = ("Deployment", "Job")
    return {
        str(at(each, "metadata", "name")): at(each, "spec", "template")
        for each in resources
        if each["kind"] in kinds
    }


def variables(pod: object) -> Iterator[tuple[str, JsonObject]]:
    for each in listed(pod, "spec", "containers", 0, "env"):
        yield str(at(each, "name")), cast(JsonObject, each)


def test_kubernetes_takes_it(built: str) -> None:
    checked = subprocess.run(
        [program("kubeconform"), "-strict", "-summary", "-schema-location", SCHEMAS, "-"],
        input=built,
        capture_output=True,
        text=True,
        check=False,
    )
    if SCHEMAS == "default" and "failed downloading schema" in checked.stdout:
        pytest.skip("kubeconform cannot load its schemas here: see GREENLIGHT_KUBERNETES_SCHEMAS")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "Invalid: 0, Errors: 0, Skipped: 0" in checked.stdout


def test_there_is_a_worker_for_each_build_and_all_that_stands_beside(resources: list[JsonObject]) -> None:
    beside = {"greenlight-auditor", *ASKED}
    there = {f"greenlight-worker-{BUILD}", f"greenlight-schema-{BUILD}"} | beside
    assert pods(resources).keys() == there


def test_pods_run_as_the_images_user_with_nothing_more_than_they_need(resources: list[JsonObject]) -> None:
    [made] = [i.argument for i in dockerfile()[-1] if i.keyword == "RUN" and "useradd" in i.argument]
    for name, pod in pods(resources).items():
        context = at(pod, "spec", "securityContext")
        assert at(context, "runAsNonRoot") is True, name
        assert f"--uid={at(context, 'runAsUser')} " in made, name
        assert at(context, "seccompProfile", "type") == "RuntimeDefault", name
        assert at(pod, "spec", "automountServiceAccountToken") is False, name
        [container] = listed(pod, "spec", "containers")
        assert at(container, "securityContext") == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }, name
        assert at(container, "resources", "limits", "memory"), name


def test_accounts_are_one_for_each_and_have_neither_token_nor_role(resources: list[JsonObject]) -> None:
    accounts = [each for each in resources if each["kind"] == "ServiceAccount"]
    used = sorted(str(at(pod, "spec", "serviceAccountName")) for pod in pods(resources).values())
    assert sorted(str(at(each, "metadata", "name")) for each in accounts) == used
    assert len(set(used)) == len(used)
    assert all(each["automountServiceAccountToken"] is False for each in accounts)
    assert not [each for each in resources if "Role" in str(each["kind"])]


def test_secrets_are_named_and_each_pod_has_its_own(resources: list[JsonObject]) -> None:
    assert not [each for each in resources if each["kind"] == "Secret"]
    secrets = {
        name.removesuffix(f"-{BUILD}"): {
            (variable, str(at(each, "valueFrom", "secretKeyRef", "name")))
            for variable, each in variables(pod)
            if at(each, "valueFrom", "secretKeyRef")
        }
        for name, pod in pods(resources).items()
    }
    assert secrets == {
        "greenlight-worker": {("DATABASE_URL", "greenlight-worker")},
        "greenlight-auditor": {("GREENLIGHT_AUDITOR_URL", "greenlight-auditor")},
        "greenlight-schema": {("GREENLIGHT_OWNER_URL", "greenlight-owner")},
    } | {name: {("DATABASE_URL", name)} for name in ASKED}


def test_only_variables_are_given_that_are_read(resources: list[JsonObject]) -> None:
    fields = {f"GREENLIGHT_{field}".upper() for field in Settings.model_fields}
    known = fields | {"DATABASE_URL", "TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE", "GREENLIGHT_HEALTH_ADDRESS"}
    for pod in pods(resources).values():
        assert {name for name, _ in variables(pod)} <= known
    [config] = [each for each in resources if each["kind"] == "ConfigMap"]
    data = cast(JsonObject, at(config, "data"))
    assert data.keys() <= known
    folders = {str(data["GREENLIGHT_DATA"]), str(data["GREENLIGHT_TILE_FOLDER"])}
    mounted = at(pods(resources)[f"greenlight-worker-{BUILD}"], "spec", "containers", 0, "volumeMounts")
    assert folders <= {str(at(each, "mountPath")) for each in listed(mounted)}


def test_all_who_answer_by_control_tables_read_one_folder_of_them(resources: list[JsonObject]) -> None:
    [config] = [each for each in resources if each["kind"] == "ConfigMap"]
    folder = at(config, "data", "GREENLIGHT_TABLES_FOLDER")
    found = pods(resources)
    for name in (f"greenlight-worker-{BUILD}", "greenlight-auditor", "greenlight-door", "greenlight-desk"):
        [mount] = [
            each
            for each in listed(found[name], "spec", "containers", 0, "volumeMounts")
            if at(each, "mountPath") == folder
        ]
        assert at(mount, "readOnly") is True, name
        claims = {
            at(each, "persistentVolumeClaim", "claimName")
            for each in listed(found[name], "spec", "volumes")
            if at(each, "name") == at(mount, "name")
        }
        assert claims == {"greenlight-tables"}, name
    auditor = dict(variables(found["greenlight-auditor"]))
    assert at(auditor["GREENLIGHT_TABLES_FOLDER"], "value") == folder


def test_a_build_is_told_apart_by_its_id(resources: list[JsonObject]) -> None:
    worker = pods(resources)[f"greenlight-worker-{BUILD}"]
    assert at(worker, "metadata", "labels", "app.kubernetes.io/version") == BUILD
    source = dict(variables(worker))["GREENLIGHT_BUILD_ID"]
    assert at(source, "valueFrom", "fieldRef", "fieldPath") == "metadata.labels['app.kubernetes.io/version']"
    for each in resources:
        if each["kind"] == "Deployment" and BUILD in str(at(each, "metadata", "name")):
            # Otherwise the pods of two builds would be one deployment's.
            assert at(each, "spec", "selector", "matchLabels", "app.kubernetes.io/version") == BUILD


def test_probes_ask_a_port_that_is_there(resources: list[JsonObject]) -> None:
    for name, pod in pods(resources).items():
        [container] = listed(pod, "spec", "containers")
        ports = {at(each, "name") for each in listed(container, "ports")}
        for probe in ("startupProbe", "livenessProbe"):
            if not name.startswith("greenlight-schema"):
                assert at(container, probe, "httpGet", "port") in ports, f"{name}: {probe}"


def test_a_worker_is_started_again_only_where_it_hangs(resources: list[JsonObject]) -> None:
    """Not for what it lacks: one that cannot send letters still decides."""
    [worker] = listed(pods(resources)[f"greenlight-worker-{BUILD}"], "spec", "containers")
    asked = {
        probe: at(worker, f"{probe}Probe", "httpGet", "path")
        for probe in ("startup", "liveness", "readiness")
    }
    assert asked == {"startup": LIVEZ, "liveness": LIVEZ, "readiness": HEALTHZ}


def test_who_reaches_whom_is_said_for_every_pod(resources: list[JsonObject]) -> None:
    policies = {
        str(at(each, "metadata", "name")): at(each, "spec")
        for each in resources
        if each["kind"] == "NetworkPolicy"
    }
    assert policies["greenlight-nothing-else"] == {
        "podSelector": {"matchLabels": {"app.kubernetes.io/part-of": "greenlight"}},
        "policyTypes": ["Ingress", "Egress"],
    }
    for name, pod in pods(resources).items():
        assert at(pod, "metadata", "labels", "app.kubernetes.io/part-of") == "greenlight", name
    reached = {
        name: listed(policies[name], "podSelector", "matchExpressions", 0, "values")
        for name in ("greenlight-temporal", "greenlight-http")
    }
    assert reached == {
        # The auditor has no way to Temporal, nor has the codec server.
        "greenlight-temporal": ["greenlight-worker", "greenlight-door", "greenlight-desk"],
        "greenlight-http": [*ASKED],
    }


def test_services_lead_to_pods_and_ports_that_are_there(resources: list[JsonObject]) -> None:
    services = [each for each in resources if each["kind"] == "Service"]
    assert {at(each, "metadata", "name") for each in services} == {*ASKED}
    for each in services:
        pod = pods(resources)[str(at(each, "metadata", "name"))]
        assert at(each, "spec", "selector", "app.kubernetes.io/name") == at(
            pod, "metadata", "labels", "app.kubernetes.io/name"
        )
        [container] = listed(pod, "spec", "containers")
        ports = {at(port, "name"): at(port, "containerPort") for port in listed(container, "ports")}
        [variable] = [each for name, each in variables(pod) if name in _ADDRESSES]
        assert at(variable, "value") == f"0.0.0.0:{ports[at(each, 'spec', 'ports', 0, 'targetPort')]}"


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("greenlight-codec-server", "GREENLIGHT_CODEC_ORIGINS"),
        ("greenlight-desk", "GREENLIGHT_DESK_ORIGIN"),
    ],
)
def test_the_overlay_says_where_people_open_it(resources: list[JsonObject], name: str, variable: str) -> None:
    named = dict(variables(pods(resources)[name]))[variable]
    overlay = yaml.safe_load((EXAMPLE / "kustomization.yaml").read_text())
    [patch] = [each["patch"] for each in overlay["patches"] if each["target"]["name"] == name]
    [change] = yaml.safe_load(patch)
    assert at(named, "value") == change["value"]
    # It is told by its place, which another variable before it would move.
    place = int(change["path"].split("/")[-2])
    assert [each for each, _ in variables(pods(resources)[name])].index(variable) == place
