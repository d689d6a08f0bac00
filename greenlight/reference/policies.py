"""Loads a policy that decides what follows a term of a reprieve, format `greenlight-policy/1`."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from greenlight.kernel.codes.entered import ENTERED
from greenlight.law.reprieve.policy import Policy, objections
from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.strict_json import read, refusal, version_of

HUAWEI_2019 = Path(__file__).with_name("policies") / "huawei-2019.json"


class PolicyFile(BaseModel):
    """A whole file. ``note`` says where the policy comes from; it is no part of it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    format: Literal["greenlight-policy/1"]
    note: str
    policy: Policy


def names() -> tuple[str, ...]:
    """The policies that come with the service."""
    return tuple(sorted(file.stem for file in HUAWEI_2019.parent.glob("*.json")))


def path_of(name: str) -> Path:
    return HUAWEI_2019.with_name(f"{name}.json")


def read_policy(path: Path | None = None) -> Policy:
    """The policy in a file, by default that of 2019, as it is, sound or not.

    Raises `ReferenceDataError`, which names file and field, for anything that is not as the format says.
    """
    file = HUAWEI_2019 if path is None else path
    content = read(file)
    version_of(file, content)
    try:
        return PolicyFile.model_validate_json(content, context=ENTERED).policy
    except ValidationError as error:
        raise refusal(file, error) from error


def load_policy(path: Path | None = None) -> Policy:
    """The policy in a file, checked: every combination of facts has one outcome.

    Raises `ReferenceDataError`, as `read_policy` does, and for a policy that may not decide anything.
    """
    policy = read_policy(path)
    for problem in objections(policy):
        raise ReferenceDataError(HUAWEI_2019 if path is None else path, "policy", problem)
    return policy
