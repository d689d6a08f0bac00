"""The names of streams, which are those of their workflows, too."""


def application_stream(acn: str) -> str:
    """Workflow id and event stream of an application."""
    return f"application-{acn}"


def license_stream(number: str) -> str:
    """Workflow id and event stream of a license."""
    return f"license-{number}"


def reprieve_stream(key: str) -> str:
    """Workflow id and event stream of a reprieve."""
    return f"reprieve-{key}"


def entity_stream(key: str) -> str:
    """Workflow id and event stream of a listed entity."""
    return f"entity-{key}"


def batch_stream(key: str) -> str:
    """Workflow id and event stream of a batch."""
    return f"batch-{key}"


def directive_stream(key: str) -> str:
    """Workflow id and event stream of a directive."""
    return f"directive-{key}"


def list_stream(key: str) -> str:
    """Workflow id and event stream of the list."""
    return f"list-{key}"


def rule_stream(key: str) -> str:
    """Workflow id and event stream of a rule."""
    return f"rule-{key}"


def moment_stream(key: str) -> str:
    """Workflow id and event stream of a moment."""
    return f"moment-{key}"


def officer_stream(officer: str) -> str:
    """Event stream of an officer; officers have no workflow."""
    return f"officer-{officer}"


def stream_key(stream: str) -> str:
    """The key that a stream is named after."""
    return stream.partition("-")[2]
