"""The one error of reading reference data."""

from pathlib import Path


class ReferenceDataError(Exception):
    """Reference data that cannot be relied on: which file, which field of it, and what is wrong there."""

    def __init__(self, file: Path, field: str, problem: str) -> None:
        super().__init__(f"{file}: {field}: {problem}")
        self.file = file
        self.field = field
        self.problem = problem
