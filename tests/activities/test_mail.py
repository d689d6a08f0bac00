"""Letters by electronic mail, with a relay that answers as relays do."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from greenlight.connection.settings import Settings
from greenlight.eventlog.letters import LetterBox
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.streams import stream_key
from greenlight.law.officer.commands import StateParticulars
from greenlight.law.officer.particulars import Particulars
from greenlight.letters.courier import (
    CourierAwayError,
    DeliveryError,
    Dispatch,
    FolderCourier,
    UndeliverableError,
)
from greenlight.letters.sheet import LetterSettingError
from greenlight.service import mail
from greenlight.service.letters import check, drain
from greenlight.service.mail import MailCourier, Transport
from greenlight.service.upkeep import courier_of, letterhead_of
from tests.activities.relay import HOST, Relay, certificate
from tests.eventlog.crowd import Crowd, commit
from tests.eventlog.decided import decided
from tests.law.actors import APPLICANT, OFFICER, OTHER_OFFICER
from tests.letters.flips import CASES, STREAM, moment
from tests.letters.text import texts_of

ROOT = Path(__file__).parents[2]
LOG = "production:5f3c1d0a-7a52-4f0e-9a55-0d1f0c6b2e11"
LETTER = Dispatch("application-Z000001-6-grant", b"%PDF-1.7 a letter", "Z000001", "exports@acme.example")
OTHER = Dispatch("application-Z000002-6-grant", b"%PDF-1.7 another", "Z000002", "exports@globex.example")


def courier(
    relay: Relay, folder: Path, transport: Transport = Transport.STARTTLS, **changes: object
) -> MailCourier:
    given = mail.Relay(
        host=HOST,
        port=relay.port,
        sender="licensing@agency.example",
        name="Licensing Office",
        log=LOG,
        transport=transport,
        user=relay.user and relay.user[0],
        password=relay.user and relay.user[1],
        authorities=relay.pem,
    )
    for name, value in changes.items():
        object.__setattr__(given, name, value)
    return MailCourier(given, FolderCourier(folder))


@pytest.fixture
async def relay(tmp_path: Path) -> AsyncIterator[Relay]:
    (tmp_path / "taken").mkdir()
    async with Relay(
        tmp_path / "taken", pem=certificate(tmp_path), user=("licensing", "s3cret")
    ).running() as relay:
        yield relay


async def test_a_letter_is_mailed_encrypted_as_who_we_are_and_under_a_name_of_its_own(
    relay: Relay, tmp_path: Path
) -> None:
    await courier(relay, tmp_path / "letters").deliver(LETTER)
    (taken,) = relay.mails
    assert (relay.in_plain, relay.spoken.index("STARTTLS") < relay.spoken.index("AUTH")) == (0, True)
    assert taken["From"] == "Licensing Office <licensing@agency.example>"
    assert taken["To"] == "exports@acme.example"
    assert taken["Subject"] == "Letter on Z000001", "what is decided is for the letter to say"
    assert taken["Message-ID"] == f"<{LETTER.letter_id}.{LOG[11:]}@agency.example>"
    assert taken[mail.LETTER_HEADER] == LETTER.letter_id
    (attached,) = taken.iter_attachments()
    assert attached.get_content() == LETTER.pdf
    assert attached.get_filename() == f"{LETTER.letter_id}.pdf"
    assert not (tmp_path / "letters").exists()


async def test_the_same_letter_again_has_the_same_name_and_any_other_another(
    relay: Relay, tmp_path: Path
) -> None:
    post = courier(relay, tmp_path)
    for letter in (LETTER, LETTER, OTHER):
        await post.deliver(letter)
    first, again, other = (taken["Message-ID"] for taken in relay.mails)
    assert first == again
    assert other != first
    copy = courier(relay, tmp_path, log=LOG[:-1] + "2")
    assert copy.message_id(LETTER.letter_id) != post.message_id(LETTER.letter_id), (
        "a copy of the log is another"
    )


async def test_who_has_no_mailbox_on_file_gets_theirs_by_the_folder(relay: Relay, tmp_path: Path) -> None:
    await courier(relay, tmp_path / "letters").deliver(Dispatch(LETTER.letter_id, LETTER.pdf))
    assert [file.name for file in (tmp_path / "letters").iterdir()] == [f"{LETTER.letter_id}.pdf"]
    assert relay.mails == []


@pytest.mark.parametrize(
    ("refuses", "kind"),
    [
        ({"RCPT": "550 no such exports@acme.example"}, UndeliverableError),
        ({"RCPT": "450 exports@acme.example is busy"}, DeliveryError),
        ({"DATA": "554 we do not like it"}, UndeliverableError),
        ({"DATA": "451 later"}, DeliveryError),
        ({"MAIL": "552 too large"}, UndeliverableError),
        ({"MAIL": "550 not from you"}, CourierAwayError),
        ({"MAIL": "421 going down"}, CourierAwayError),
        ({"AUTH": "535 no"}, CourierAwayError),
        ({"STARTTLS": "454 not now"}, CourierAwayError),
        ({"CONNECT": "554 go away"}, CourierAwayError),
    ],
)
async def test_what_a_relay_says_is_understood_and_its_words_are_not_repeated(
    relay: Relay, tmp_path: Path, refuses: dict[str, str], kind: type[DeliveryError]
) -> None:
    relay.refuses = refuses
    with pytest.raises(DeliveryError) as refused:
        await courier(relay, tmp_path).deliver(LETTER)
    assert type(refused.value) is kind
    said = str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
    assert "acme" not in said
    assert "s3cret" not in said
    if refuses.keys() - {"STARTTLS", "CONNECT"}:
        assert next(iter(refuses.values()))[:3] in said
    assert relay.mails == []


async def test_a_relay_that_does_not_offer_encryption_is_given_nothing(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    async with Relay(tmp_path / "taken", pem=certificate(tmp_path), offers_tls=False).running() as relay:
        with pytest.raises(CourierAwayError):
            await courier(relay, tmp_path).deliver(LETTER)
        assert "MAIL" not in relay.spoken
        assert "AUTH" not in relay.spoken
        await courier(relay, tmp_path, Transport.LOCAL_RELAY).deliver(LETTER)
        assert (len(relay.mails), relay.in_plain) == (1, 1)


async def test_a_relay_that_nobody_vouches_for_is_given_nothing(relay: Relay, tmp_path: Path) -> None:
    with pytest.raises(CourierAwayError, match=r"SSL|Connect|Verif"):
        await courier(relay, tmp_path, authorities=None).deliver(LETTER)
    assert "AUTH" not in relay.spoken


async def test_a_relay_that_is_not_there_is_said(tmp_path: Path) -> None:
    async with Relay(tmp_path).running() as gone:
        pass
    with pytest.raises(CourierAwayError):
        await courier(gone, tmp_path, Transport.LOCAL_RELAY).deliver(LETTER)


async def mailboxes(dsn: str, crowd: Crowd, email: str) -> None:
    said = StateParticulars(particulars=Particulars(email=email))
    async with Recorder(dsn) as recorder:
        await crowd.carried_out(recorder, APPLICANT.officer, said)


async def granted(dsn: str, crowd: Crowd, *acns: str) -> None:
    async with Recorder(dsn) as recorder:
        for acn in acns:
            await decided(recorder, crowd, acn, "granted")


async def test_a_refused_recipient_holds_up_no_other_and_is_served_once_the_register_is_put_right(
    letter_log: str, crowd: Crowd, relay: Relay, tmp_path: Path
) -> None:
    await mailboxes(letter_log, crowd, "old@acme.example")
    await granted(letter_log, crowd, "Z000001")
    relay.refuses = {"RCPT TO:<old@acme.example>": "550 no such mailbox"}
    post = courier(relay, tmp_path / "letters")
    refused = await drain(letter_log, post)
    assert (refused.sent, {failure.for_good for failure in refused.failed}) == ((), {True})
    assert refused.given_up == len(refused.failed)
    await mailboxes(letter_log, crowd, "new@acme.example")
    await granted(letter_log, crowd, "Z000002")
    sent = (await drain(letter_log, post)).sent
    assert sent
    assert all("Z000002" in letter_id or "license" in letter_id for letter_id in sent)
    async with LetterBox(letter_log) as box:
        for failure in refused.failed:
            assert await box.retry(failure.letter_id)
    again = await drain(letter_log, post)
    assert set(again.sent) == {failure.letter_id for failure in refused.failed}
    assert {taken["To"] for taken in relay.mails} == {"new@acme.example"}


async def test_a_sender_that_is_killed_before_it_noted_it_sends_the_same_mail_again(
    letter_log: str, crowd: Crowd, tmp_path: Path
) -> None:
    """At least once: the relay has it twice, under one name."""
    await mailboxes(letter_log, crowd, "exports@acme.example")
    await granted(letter_log, crowd, "Z000001")
    taken = tmp_path / "taken"
    taken.mkdir()
    async with Relay(taken).running() as relay:
        sender = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.activities.dying_mail", letter_log, str(relay.port), LOG), cwd=ROOT
        )
        assert await sender.wait() == -signal.SIGKILL
        assert len(relay.mails) == 1
        post = courier(relay, tmp_path / "letters", Transport.LOCAL_RELAY)
        async with asyncio.timeout(20):
            # The server may need a moment to notice that the connection is gone.
            while not (sent := (await drain(letter_log, post)).sent):
                pass
        first, again, *_ = relay.mails
        assert first["Message-ID"] == again["Message-ID"]
        (pdf,), (same,) = (
            [part.get_content() for part in each.iter_attachments()] for each in (first, again)
        )
        assert pdf == same
        assert (await drain(letter_log, post)).sent == ()
        assert len(relay.mails) == 1 + len(sent)


async def test_an_officer_is_mailed_once_of_an_instant_and_what_is_nobodys_goes_into_the_folder(
    letter_log: str, crowd: Crowd, relay: Relay, tmp_path: Path
) -> None:
    lee = Particulars(name="Kim Lee", title="Licensing Officer", email="lee@agency.example")
    told = moment(*CASES, officers=(OFFICER.officer, OTHER_OFFICER.officer, None))
    async with Recorder(letter_log) as recorder:
        await crowd.carried_out(recorder, OFFICER.officer, StateParticulars(particulars=lee))
        await recorder.record(commit(None, 0, *told, stream=STREAM))
    sent = await drain(letter_log, courier(relay, tmp_path / "letters"))
    assert (len(sent.sent), sent.failed) == (3, ())
    (mailed,) = relay.mails
    assert (mailed["To"], mailed["Subject"]) == ("lee@agency.example", f"Letter on {stream_key(STREAM)}")
    # Of several cases it is one letter, which names them; without a mailbox on file it is printed.
    (attached,) = mailed.iter_attachments()
    text = " ".join(texts_of(attached.get_content()))
    assert f"Kim Lee, Licensing Officer ({OFFICER.officer})" in text
    assert all(stream_key(each.stream) in text for each in CASES)
    assert len(list((tmp_path / "letters").iterdir())) == 2
    assert (await drain(letter_log, courier(relay, tmp_path / "letters"))).sent == ()
    assert (await check(letter_log)).different == ()


def settings(**given: str) -> Settings:
    return Settings.model_validate({"courier": "smtp", **given})


def test_the_courier_is_as_it_is_set(tmp_path: Path) -> None:
    server, sender = {"smtp_server": "mail.example:587"}, {"smtp_sender": "licensing@agency.example"}
    assert isinstance(courier_of(Settings(), LOG), FolderCourier)
    assert isinstance(courier_of(settings(**server, **sender), LOG), MailCourier)
    for given in (server, sender):
        with pytest.raises(LetterSettingError, match="GREENLIGHT_SMTP_S"):
            courier_of(settings(**given), LOG)
    for lost in ("smtp_password_file", "smtp_authorities"):
        with pytest.raises(LetterSettingError, match="GREENLIGHT_SMTP"):
            courier_of(settings(**server, **sender, **{lost: str(tmp_path / "none")}), LOG)


def test_a_password_is_in_no_text_of_a_relay(tmp_path: Path) -> None:
    given = mail.Relay(HOST, 25, "a@b.example", "", LOG, user="u", password="s3cret")
    assert "s3cret" not in f"{given!r} {given}"


def test_a_letterhead_that_cannot_be_printed_is_known_at_the_start(tmp_path: Path) -> None:
    broken = tmp_path / "seal.svg"
    broken.write_text("<svg")
    with pytest.raises(LetterSettingError, match="cannot be printed"):
        letterhead_of(Settings.model_validate({"letterhead_seal": broken}))
    with pytest.raises(LetterSettingError, match="GREENLIGHT_LETTERHEAD_name"):
        letterhead_of(Settings.model_validate({"letterhead_name": "x" * 301}))
    made = letterhead_of(Settings.model_validate({"letterhead_address": "1 Harbour Street; Lutz"}))
    assert made.address == "1 Harbour Street\nLutz"
