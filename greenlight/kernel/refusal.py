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

    Subclasses have the codes: those of this package below, those of another aggregate beside its law. A value
    is read as whichever code it is of.
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
    """Every code that there is."""
    return tuple(code for codes in Code.__subclasses__() for code in codes)


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
    """The codes of this package."""

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
    DUPLICATE_TRANSACTION = (
        "duplicate_transaction",
        "Another application for the same transaction is pending (15 CFR 748.4(f)); the message names it.",
    )
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
    NO_SUCH_MATCH = "no_such_match", "Screening found no match of that party with that listing.", 422
    NOTHING_TO_CONFIRM = (
        "nothing_to_confirm",
        "No officer said in this case that a match of that party with that listing is false.",
    )
    OWN_RESOLUTION = (
        "own_resolution",
        "Who said that a match is false does not confirm it for other cases.",
        403,
    )
    CLOCK_STOPPED = "clock_stopped", "The applicant owes an answer; the case waits for it."
    EXPEDITE_PENDING = (
        "expedite_pending",
        "That the case come before others is asked for and not decided yet.",
    )
    ALREADY_EXPEDITED = "already_expedited", "The case comes before others already."
    NOTHING_FLIPPED = "nothing_flipped", "No answer became another one that waits for an officer."
    NO_EXPEDITE_REQUESTED = "no_expedite_requested", "No request that the case come before others is open."
    NO_OPEN_REQUEST = "no_open_request", "No request for information is open."
    ASSIGNED_TO_ANOTHER = "assigned_to_another", "Another licensing officer has the case.", 403
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
    ECCN_UNCONFIRMED = (
        "eccn_unconfirmed",
        "An item's ECCN is on no entry of the control tables; who proposes to grant it must confirm it.",
    )
    UNKNOWN_ECCN = (
        "unknown_eccn",
        "An item's ECCN is on no entry of the control tables of the day. The message says which are alike;"
        " who files it all the same names its line in confirmed_eccns.",
        422,
    )
    OTHER_NAME = (
        "other_name",
        "The name is not that under which the register has the sender's organisation; the message says it.",
        422,
    )
    ALL_OR_NOTHING = "all_or_nothing", "The applicant asked for all items or none (15 CFR 748.6(c))."
    NO_SUCH_HOLD = (
        "no_such_hold",
        "No open hold has that number, or only the applicant's answer or the end of a freeze lifts it.",
        422,
    )
    AGENCIES_PENDING = "agencies_pending", "An agency's recommendation is still to come (15 CFR 750.4(d))."
    ALREADY_REFERRED = "already_referred", "The case was referred to that agency before."
    NOT_REFERRED = "not_referred", "The case does not wait for the sender's agency.", 403
    UNKNOWN_CONDITION = (
        "unknown_condition",
        "No agency asked for the condition that is to be reworded, in these words.",
        422,
    )
    BASIS_MISSING = (
        "basis_missing",
        "A recommendation to deny gives reasons, a statutory and a regulatory basis (15 CFR 750.4(e)).",
        422,
    )
    TOO_LATE = "too_late", "The time in which this could be done is over."
    NOT_A_MEMBER = "not_a_member", "The sender's department has no seat on the body that decides.", 403
    ALREADY_VOTED = "already_voted", "The department has voted."
    ALREADY_RESPONDED = "already_responded", "The notice of the intent to deny was responded to."
    NO_MODIFICATIONS = (
        "no_modifications",
        "The notice of the intent to deny offers no modifications that could be accepted.",
    )
    NO_CONDITIONS = "no_conditions", "The license has no conditions to accept, or they are accepted."
    CONDITIONS_NOT_ACCEPTED = (
        "conditions_not_accepted",
        "The licensee must accept the conditions before the license is used (15 CFR 750.7(d)).",
    )
    SUSPENDED = "suspended", "The license is suspended (15 CFR 750.8)."
    NOT_SUSPENDED = "not_suspended", "The license is not suspended."
    EXHAUSTED = "exhausted", "The full quantity of the license is shipped (15 CFR 750.11(a))."
    ALREADY_REPORTED = "already_reported", "A shipment is on file under that ITN; it can be corrected."
    UNKNOWN_SHIPMENT = "unknown_shipment", "No shipment is on file under that ITN.", 422
    NOT_SHIPPED_YET = "not_shipped_yet", "A shipment is reported once it is made; the date lies ahead."
    NOT_VALID_THEN = (
        "not_valid_then",
        "The license could not be used on the day of the shipment: not yet, no longer, or suspended; or the"
        " ITN is older than the license.",
    )
    OTHER_CURRENCY = "other_currency", "A line is reported in the currency in which it is licensed."
    QUANTITY_EXCEEDED = (
        "quantity_exceeded",
        "More than the licensed quantity would be shipped; there is no tolerance on it (15 CFR 750.11).",
    )
    VALUE_EXCEEDED = (
        "value_exceeded",
        "More than the licensed value and 10 % would be shipped (15 CFR 750.11).",
    )
    TOO_MANY_SHIPMENTS = "too_many_shipments", "The license has as many reports as the service can keep."
    ALREADY_TRANSFERRED = "already_transferred", "A license is transferred once at most (15 CFR 750.10(a))."
    TRANSFER_PENDING = "transfer_pending", "A transfer of the license is asked for and not decided yet."
    NO_TRANSFER_REQUESTED = "no_transfer_requested", "No transfer of the license is asked for."
    TRANSFER_NOT_ACCEPTED = (
        "transfer_not_accepted",
        "Whoever is to have the license has not accepted it, by a registered applicant (15 CFR 750.10(b)).",
    )
    TRANSFEREE_LISTED = (
        "transferee_listed",
        "Whoever is to have the license counts as listed (15 CFR 744.11(a), 750.10(a)).",
    )
    UNFIT_REPLACEMENT = (
        "unfit_replacement",
        "There is no license of that number, or it is another licensee's (15 CFR 750.7(h)(4)).",
    )
    NO_SUCH_TERM = "no_such_term", "The reprieve has no term of that number.", 422
    PUBLISHED_EARLY = "published_early", "Nothing is published on a day before it was ordered."
    ALREADY_PUBLISHED = "already_published", "The term's publication is on record; it can be corrected."
    UNKNOWN_FACT = "unknown_fact", "The policy does not ask for that fact, or not in that value.", 422
    POLICY_UNSOUND = "policy_unsound", "The policy's table has a fault; a check names it.", 422
    NOT_CARRIED = "not_carried", "The committee's votes do not carry it."
    NO_OPEN_MOTION = "no_open_motion", "The committee has no motion before it."
    MOTION_OPEN = "motion_open", "The committee has a motion before it; it is decided or withdrawn first."
    UNKNOWN_AFFILIATE = "unknown_affiliate", "The entry has no affiliate of that key then.", 422
    ROOT_DIFFERS = "root_differs", "The signed root and size are not those of the batch's cases.", 422
    NOT_IN_BATCH = (
        "not_in_batch",
        "What the batch's signature covers has no such case, dossier and outcome.",
        422,
    )
    BATCH_NOT_SIGNED = (
        "batch_not_signed",
        "No batch is on record as signed by this token, or it decides this case no more.",
    )
    OUTCOME_CHANGED = "outcome_changed", "The outcome that is proposed is not the one that was signed."
    OWN_DIRECTIVE = (
        "own_directive",
        "Who issued the directive does not attest the event that it waits for.",
        403,
    )
    FROZEN = "frozen", "By a directive the case stands, and nothing is decided in it meanwhile."
    NOT_ATTESTED = "not_attested", "No event is attested that the directive depends on."
    NO_FAN_OUT = "no_fan_out", "The directive has no fan-out of which this could be asked."
    UNKNOWN_DIRECTIVE = (
        "unknown_directive",
        "There is no directive of that key that could be superseded.",
        422,
    )
    ALREADY_CURRENT = "already_current", "That version is the current one, and was not downloaded later."
    VERSION_HELD = "version_held", "A version waits for a second officer: confirm or discard it first."
    NOTHING_HELD = "nothing_held", "No such version of the list, or age limit, waits for a second officer."
    OWN_VERSION = "own_version", "Who loaded a version, or proposed an age limit, does not confirm it.", 403
    DIGEST_DIFFERS = "digest_differs", "The digest is not that of the version that waits.", 422
    LIST_UNREADABLE = (
        "list_unreadable",
        "The file is not stored here under that digest, or is no such list.",
        422,
    )
    LIST_TOO_OLD = "list_too_old", "The file was downloaded too long ago to say anything of parties."
    CANNOT_WORK_CASE = "cannot_work_case", "Only who is a licensing officer now can be given a case."
    ATTESTATION_HELD = (
        "attestation_held",
        "An attestation waits for a second officer: confirm or discard it first.",
    )
    NOTHING_ATTESTED = "nothing_attested", "No attestation waits for a second officer."
    OWN_ATTESTATION = "own_attestation", "Who attested an act does not confirm it.", 403
    UNKNOWN_ATTESTATION = "unknown_attestation", "No such attestation counts, or waits.", 422
    TOO_CONTRADICTORY = (
        "too_contradictory",
        "Too much of what is attested contradicts itself already: correct that first.",
    )
    TABLES_OTHERWISE = (
        "tables_otherwise",
        "A version of the control tables, and nothing else, has the key that its day and digest give; it is"
        " adopted, with no last day, or taken back.",
        422,
    )
    UNKNOWN_OFFICER = "unknown_officer", "The register has no officer of that id.", 422
    OFFICER_EXISTS = "officer_exists", "The register has an officer of that id."
    NOTHING_TO_REVOKE = "nothing_to_revoke", "The officer does not hold what was to be revoked."
    KEY_NOT_HELD = "key_not_held", "Nothing shows that whom a new key is for holds it.", 422
    OWN_REGISTRATION = (
        "own_registration",
        "No registrar adds anything to what they hold themselves, under whatever account.",
        403,
    )
    OWN_PROPOSAL = "own_proposal", "Who proposed a change of the register does not confirm it.", 403
    NO_SUCH_CHANGE = "no_such_change", "No change of that digest waits for a second registrar.", 422


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
