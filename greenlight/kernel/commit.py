"""The request of a workflow that the event log record something, and the log's answer."""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core.core_schema import CoreSchema

from greenlight.kernel.authority import Claims, StreamId
from greenlight.kernel.body import SERVICE, Body
from greenlight.kernel.canonical import canonical, digest_bytes
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.condition import Condition
from greenlight.kernel.inclusion import SIGN_OFF, Inclusion, case_command_id
from greenlight.kernel.model import Digest, Instant, JsonObject, Model
from greenlight.kernel.refusal import Code
from greenlight.kernel.roles import Role

Upcast = Callable[[JsonObject], JsonObject]
"""Makes of an event's record, in one version of its type, what the next version would have recorded."""

VERSION = "v"
"""The member of a record that says which version of its type it is of; not there in the first."""


class Facts(NamedTuple):
    """The facts that hold of every event of a type, which the log consults when it records one.

    - ``of``: the names of the commands that may lead to it, in whichever stream.
    - ``by_service``: the service may record it by itself, without a signed command.
    - ``letter``: the kind of letter that it calls for; ``letter_if``: only if this member is not empty or
      false.
    - ``unsigned``: what must hold for it to be recorded without a command; None: it never is.
    - ``requires``: what must hold whoever records it.
    - ``carried``: what must hold for the token behind it to be taken to another stream; None: it never is.
    - ``upcasts``: from each version of the type that is over to the next, the first to the second first.
    - ``told``: whoever applied, or has the license, reads it though no letter goes out.
    - ``tells``: it tells what the events beside it come to. A release that did not know it left it out, so
      that the auditor takes a commit without it.
    """

    by_service: bool = False
    letter: str | None = None
    letter_if: str | None = None
    unsigned: tuple[Condition, ...] | None = None
    requires: tuple[Condition, ...] = ()
    carried: tuple[Condition, ...] | None = None
    of: frozenset[str] = frozenset()
    upcasts: tuple[Upcast, ...] = ()
    tells: bool = False
    told: bool = False

    @property
    def version(self) -> int:
        """The version of the type that is recorded now."""
        return len(self.upcasts) + 1


class Event(Model):
    """A fact. ``at`` is its legal time: a deadline's own instant even when it was noticed later.

        class ListGrewOld(Event, recorded_by=SERVICE): ...
        class ApplicationWithdrawn(Event, of={Withdraw}, letter=LetterKind.WITHDRAWAL): ...

    What the class declares is in ``declared``, and in the table ``event_type`` of every log. What a later
    release says otherwise, and not only besides, is another version of the type:

        class CaseAssigned(Event, of={Assign}, upcasts=(_of_one_officer,)): ...
    """

    at: Instant

    declared: ClassVar[Facts] = Facts()

    def __init_subclass__(
        cls,
        *,
        of: Iterable[type[Body] | str] = (),
        recorded_by: AbstractSet[Role] | None = None,
        letter: str | None = None,
        letter_if: str | None = None,
        unsigned: tuple[Condition, ...] | None = None,
        requires: tuple[Condition, ...] = (),
        carried: tuple[Condition, ...] | None = None,
        upcasts: tuple[Upcast, ...] = (),
        tells: bool = False,
        told: bool = False,
    ) -> None:
        super().__init_subclass__()
        by_service = recorded_by == SERVICE
        if by_service and unsigned is None:
            unsigned = ()
        # By its name alone stands a command that is declared on a higher floor.
        names = frozenset(body if isinstance(body, str) else body.declared.name for body in of)
        cls.declared = Facts(
            by_service, letter, letter_if, unsigned, requires, carried, names, upcasts, tells, told
        )

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        assert VERSION not in cls.model_fields, f"{cls.__name__}: {VERSION} is the version of the record"

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        made = handler(schema)
        if cls.declared.upcasts:
            whole = handler.resolve_ref_schema(made)
            whole["properties"][VERSION] = {"const": cls.declared.version, "title": "Version of the type"}
            whole["required"] = [*whole.get("required", ()), VERSION]
        return made

    @property
    def letter(self) -> str | None:
        """The kind of letter that this event calls for, if it calls for one."""
        kind, only_if = self.declared.letter, self.declared.letter_if
        return kind if only_if is None or getattr(self, only_if) else None

    def record(self) -> str:
        """The canonical JSON text that is stored and hashed."""
        said = self.model_dump(mode="json")
        if self.declared.upcasts:
            said[VERSION] = self.declared.version
        return canonical(said).decode()


def last_of(records: tuple[str, ...], before: str | None = None) -> str | None:
    """The digest of the last record; ``before``, where there is none."""
    return digest_bytes(records[-1].encode()) if records else before


class View(Model):
    """The row that a read model shows of a stream, derived from its state alone."""

    model: str
    row: JsonObject


class Append(Model):
    """Events for one stream, which must stand at ``expected_version`` (0: does not exist).

    ``last`` is the digest of the record at that version, as whoever appends knows it: a log that was restored
    from a backup may have gone on to the same version by other events. None: any record will do.
    """

    stream: StreamId
    expected_version: int
    events: tuple[str, ...]
    view: View | None
    last: Digest | None = None


class Proof(Model):
    """The command behind a commit: its token, and the claims as the workflow read them.

    ``inclusion``: the token is a batch's, and this is what it says of the case.
    """

    token: str
    claims: Claims
    inclusion: Inclusion | None = None

    @property
    def command(self) -> str:
        """The name of the command."""
        return SIGN_OFF if self.inclusion else self.claims.cmd

    def command_id(self, stream: str) -> str:
        """The id of the command to ``stream``: under a batch's token each case has one of its own."""
        return case_command_id(self.claims.jti, stream) if self.inclusion else self.claims.jti


class Commit(Model):
    """All or nothing, in one transaction. The first append is the case's own stream.

    ``refuses``: the one event is the refusal of the command. ``directives``:
    the count of what stands (directives, and the current list) that the events were decided under; None where
    that does not matter.
    """

    proof: Proof | None
    appends: Annotated[tuple[Append, ...], Field(min_length=1)]
    refuses: bool = False
    directives: int | None = None


class Recorded(Model):
    """The log's answer.

    - ``recorded``: the events stand in the log; ``version`` is the stream's new version.
    - ``duplicate``: the command was accepted earlier; ``version`` is the version it led to.
    - ``behind``: a stream is not at the expected version, or by other events; nothing was recorded.
    - ``outdated``: something else stands than with the count in ``Commit.directives``; nothing was recorded.
    - ``refused``: the proof does not hold, or the log has something against it; the refusal is in the log,
      and nothing else. Where nobody was shown to have sent the command, or its id is used up, that is not
      ``on_record`` either.

    If the log may be ahead ``missing`` holds the records from the expected version on (a page of them;
    ``more`` says whether others follow), for the workflow to catch up with: the log wins.

    ``parted``: the log has nothing at the expected version, or another record than the one that ``last`` is
    the digest of. It was restored to an older state, and is to be read from the beginning.
    """

    status: Literal["recorded", "duplicate", "behind", "outdated", "refused"]
    version: int
    position: int | None = None
    code: Code | None = None
    message: str | None = None
    on_record: bool = True
    missing: tuple[str, ...] = ()
    more: bool = False
    parted: bool = False


class StreamPage(Model):
    """Records of a stream after a version, oldest first, and the kind of the log that they are in.

    ``newer``: the type of the event that follows and that this release cannot read.
    """

    records: tuple[str, ...]
    more: bool
    kind: Kind = Kind.PRODUCTION
    newer: str | None = Field(default=None, exclude_if=lambda newer: newer is None)


class Receipt(Model):
    """The answer to an accepted command. ``version`` counts the events of the stream; ``position`` counts
    those of the whole log. ``dossier`` is the digest a next decision must name."""

    stream: StreamId
    command_id: str
    stage: str
    version: int
    position: int | None
    dossier: Digest | None
    duplicate: bool = False
