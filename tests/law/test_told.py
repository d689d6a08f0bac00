"""What whoever acts for an applicant or licensee is told of a stream that they may read."""

from pydantic import JsonValue

from greenlight.kernel.roles import Actor, Role
from greenlight.law.told import told_to

BY: dict[str, JsonValue] = {
    "officer": "globex",
    "person": "p-globex",
    "organisation": "globex",
    "role": "applicant",
}
ACCEPTED: dict[str, JsonValue] = {"by": BY, "transferee": "globex", "finding": {"outcome": "possible_match"}}
GLOBEX = Actor(officer="globex", person="p-globex", organisation="globex", role=Role.APPLICANT)
OLGA = Actor(officer="olga", person="p-olga", organisation="agency", role=Role.LICENSING_OFFICER)


def test_what_was_found_of_a_name_is_for_officers_alone_whoever_sent_it() -> None:
    assert not told_to(GLOBEX, "license-D000001", "TransferAccepted", ACCEPTED)
    assert told_to(OLGA, "license-D000001", "TransferAccepted", ACCEPTED)
    sent = {name: each for name, each in ACCEPTED.items() if name != "finding"}
    assert told_to(GLOBEX, "license-D000001", "TransferRequested", sent)


def test_how_much_is_used_is_told_to_whose_report_it_is_though_a_letter_says_it() -> None:
    event: dict[str, JsonValue] = {"by": BY, "line": 1, "thresholds": [80]}
    assert told_to(GLOBEX, "license-D000001", "UsageReached", event)
    assert told_to(OLGA, "license-D000001", "UsageReached", event)
    other = GLOBEX.model_copy(update={"organisation": "acme"})
    assert not told_to(other, "license-D000001", "UsageReached", event)


def test_that_the_answer_is_another_one_is_told_to_the_licensee_and_what_officers_have_of_it_is_not() -> None:
    assert told_to(GLOBEX, "license-D000001", "LicenseeTold", {"acts": "An entry on a list (91 FR 1)"})
    flipped: dict[str, JsonValue] = {"turns": [], "because": "Entry skerry counts (91 FR 1)"}
    assert not told_to(GLOBEX, "license-D000001", "AnswerFlipped", flipped)
    assert not told_to(GLOBEX, "application-Z000001", "AnswerFlipped", flipped)
