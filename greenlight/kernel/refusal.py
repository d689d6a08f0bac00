"""The reason why a command was not accepted: a code that programs act on, and a sentence for people."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core.core_schema import CoreSchema, no_info_plain_validator_function, to_string_ser_schema


class Code(StrEnum):
    """A reason for which a command is refused. The text behind each is its meaning in the contract; behind
    that stands the status by which HTTP tells it (RFC 9110, section 15.5), if it is another than 409: the
    case, as it stands, does not allow it.

    Subclasses have the codes: those of every case below, those of one aggregate beside its law. A value is
    read as whichever code it is of.
    """

    meaning: str
    status: int

    def __new__(cls, value: str, meaning: str, status: int = 409) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        member.status = status
        return member

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_plain_validator_function(known_code, serialization=to_string_ser_schema())

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"title": "RefusalCode", "enum": [code.value for code in known_codes()], "type": "string"}


def known_codes() -> tuple[Code, ...]:
    """Every code that there is, those of this package first. The order does not tell which module was
    imported when."""
    classes = sorted(Code.__subclasses__(), key=lambda codes: (codes is not RefusalCode, codes.__module__))
    return tuple(code for codes in classes for code in codes)


def known_code(value: object) -> Code:
    """The code that a value on the wire or on record stands for; one that only a newer release knows is that
    value alone.

    :raises ValueError: it has not the form of a code.
    """
    for code in known_codes():
        if code == value:
            return code
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise ValueError("there is no such code of a refusal")
    return _of_a_newer_release(value)


_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")


class NewerCode(Code):
    """Has no members: what its values mean only a newer release knows. They change nothing here."""


def _of_a_newer_release(value: str) -> Code:
    # An enumeration takes no further members; this one is compared and written as its value.
    code = str.__new__(NewerCode, value)
    code._name_, code._value_ = value.upper(), value
    code.meaning = "A newer release knows the code."
    code.status = 409
    return code


class RefusalCode(Code):
    """The codes that do not belong to one aggregate alone."""

    # The message itself
    MALFORMED = (
        "malformed",
        "The message does not have the shape of its schema; the message names the field.",
        400,
    )
    TOO_LARGE = "too_large", "The message is larger than the contract allows.", 413
    UNKNOWN_COMMAND = "unknown_command", "This workflow takes no command of that name.", 404
    WRONG_CLOCK = (
        "wrong_clock",
        "Only in a rehearsal a message says at which instant it comes, and there each must.",
        400,
    )
    CLOCK_PASSED = "clock_passed", "The rehearsal's clock is past the instant at which the message comes."

    # The proof
    UNSIGNED = "unsigned", "The command carries no signed token.", 401
    PROOF_INVALID = "proof_invalid", "The token does not verify: algorithm, header, claims or signature.", 401
    PROOF_EXPIRED = "proof_expired", "The token was valid earlier; sign the command again.", 401
    PROOF_NOT_YET_VALID = (
        "proof_not_yet_valid",
        "The token is dated in the future or is valid for too long.",
        401,
    )
    COUNTER_WENT_BACK = (
        "counter_went_back",
        "The passkey had counted further when it signed what is on record: there may be a copy of it.",
        401,
    )
    KEY_NOT_VALID = (
        "key_not_valid",
        "The key is unknown, not yet valid, expired, revoked or another officer's.",
        401,
    )
    IDENTITY_MISMATCH = (
        "identity_mismatch",
        "The register holds another person or organisation for the officer.",
        403,
    )
    ROLE_NOT_HELD = "role_not_held", "The officer does not hold the claimed role now.", 403
    WRONG_ROLE = "wrong_role", "The command may not be sent in that role.", 403
    WRONG_COMMAND = "wrong_command", "The token was signed for another command.", 400
    WRONG_STREAM = "wrong_stream", "The token was signed for another case.", 400
    WRONG_LOG = "wrong_log", "The token was signed for another event log, or names none.", 401
    BODY_MISMATCH = "body_mismatch", "The body is not the one that was signed.", 400
    COMMAND_ID_REUSED = (
        "command_id_reused",
        "The sender's command id was used up in this case, by another command or a refusal.",
    )
    TOO_MANY_REFUSED = (
        "too_many_refused",
        "The command is refused, and so many of its sender were in this case within the hour that no more are"
        " recorded; the message says why. The id is not used up.",
        429,
    )
    DOSSIER_MISSING = "dossier_missing", "A decision must name the digest of the dossier it rests on.", 428
    DOSSIER_CHANGED = (
        "dossier_changed",
        "The dossier changed after it was signed; read it again and decide anew.",
        412,
    )

    NOT_RECORDABLE = (
        "not_recordable",
        "The service cannot record what the command leads to, which is its own fault and not the sender's."
        " Nothing was decided and the id is not used up; whoever runs the service is told.",
        500,
    )
    NOT_DECIDABLE = (
        "not_decidable",
        "The service fails over the command, which is its own fault and not the sender's. Nothing was decided"
        " and the id is not used up; whoever runs the service is told.",
        500,
    )

    # The law
    WRONG_STAGE = "wrong_stage", "The procedure does not provide for this command at this stage."
    CASE_CLOSED = "case_closed", "The case has its outcome; nothing changes it any more."
    NEWER_RELEASE = (
        "newer_release",
        "The case goes on with events that only a newer release of the service knows, and waits until that"
        " runs. Nothing was decided and the id is not used up: send the same command again then.",
        503,
    )
    NO_SUCH_CASE = "no_such_case", "There is no case of that number.", 404
    ALREADY_SUBMITTED = "already_submitted", "The number belongs to a case that exists."
    SCREENING_INCOMPLETE = (
        "screening_incomplete",
        "A party has not been screened, or nobody has resolved what its name may match; nobody may decide"
        " before that.",
    )
    NO_SUCH_ATTACHMENT = (
        "no_such_attachment",
        "The filing names no such attachment, or its bytes are not there.",
        404,
    )
    OTHER_BYTES = "other_bytes", "The bytes are not those that the filing names: by size or digest.", 422
    OWN_RECOMMENDATION = (
        "own_recommendation",
        "Who proposes, who countersigns and who signs off are different persons, under whatever account.",
        403,
    )
    OWN_APPLICATION = "own_application", "Who acts for the applicant or licensee cannot decide the case.", 403
    BOTH_SIDES = (
        "both_sides",
        "Who acted for an authority in the case cannot act for the applicant or licensee in it"
        " (18 U.S.C. 205(a), 207(a)(1)).",
        403,
    )
    NOT_THE_APPLICANT = "not_the_applicant", "Only the applicant or licensee may do this.", 403
    UNKNOWN_ITEM = "unknown_item", "The application or license has no item with that line number.", 422
    TOO_LATE = "too_late", "The time in which this could be done is over."
    NOT_A_MEMBER = "not_a_member", "The sender's department has no seat on the body that decides.", 403
    ALREADY_VOTED = "already_voted", "The department has voted."
    NOT_IN_BATCH = (
        "not_in_batch",
        "What the batch's signature covers has no such case, dossier and outcome.",
        422,
    )
    BATCH_NOT_SIGNED = (
        "batch_not_signed",
        "No batch is on record as signed by this token, or it decides this case no more.",
    )
    UNKNOWN_OFFICER = "unknown_officer", "The register has no officer of that id.", 422
    OFFICER_EXISTS = "officer_exists", "The register has an officer of that id."
    KEY_NOT_HELD = "key_not_held", "Nothing shows that whom a new key is for holds it.", 422


UNPROVEN = frozenset(
    {
        RefusalCode.UNSIGNED,
        RefusalCode.PROOF_INVALID,
        RefusalCode.KEY_NOT_VALID,
        RefusalCode.IDENTITY_MISMATCH,
        RefusalCode.ROLE_NOT_HELD,
        RefusalCode.WRONG_ROLE,
    }
)
"""Refusals of senders who did not prove the role that they claimed."""

MAX_REFUSALS = 60
REFUSALS_PERIOD = timedelta(hours=1)
"""So many refusals of one sender in a case and hour, by its legal time, are recorded, and further ones
counted. What others are refused leaves no less room: the id of a refused command must be used up."""

MAX_MESSAGE_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class Refusal:
    """The message is one printable line: it goes on record, and may quote what a sender wrote."""

    code: Code
    message: str

    def __post_init__(self) -> None:
        line = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in self.message)
        object.__setattr__(self, "message", line[:MAX_MESSAGE_CHARACTERS])
