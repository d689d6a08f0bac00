"""Two workers on one log: what one makes current the other screens by at once, without a new start."""

from datetime import timedelta

from greenlight.eventlog.database import connection
from greenlight.eventlog.lists import store_content
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.body import Body
from greenlight.kernel.messages import DeskAnswer, DeskRequest
from greenlight.kernel.streams import application_stream, list_stream
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Submit
from greenlight.law.application.events import PartiesScreened
from greenlight.law.application.screening.language import Screened
from greenlight.law.screening_list.aggregate import LIST
from greenlight.law.screening_list.commands import ConfirmList, LoadList, OpenList
from greenlight.law.screening_list.state import ListState
from greenlight.lists.columns import Row
from greenlight.lists.write import write_list
from greenlight.reference.listings import load_listings
from greenlight.service.handle import handle
from greenlight.service.records import Records
from greenlight.service.screening import ListScreener
from greenlight.service.suppliers import Suppliers
from greenlight.service.versions import Versions
from tests.activities.test_desk import incoming
from tests.eventlog.crowd import Crowd, Signer
from tests.law.actors import OTHER_OFFICER
from tests.law.application.cases import BEGIN, PARTIES, submission
from tests.lists.files import ACME, NO_BOOK, OTHER_LISTS, many

STREAM = list_stream("csl")
LISTED = ACME._replace(name=PARTIES[0].name)


class Worker:
    """A desk with what it has heard of the log, and the list as its workflow has it."""

    def __init__(self, log: Recorder, crowd: Crowd) -> None:
        self.log = log
        self.crowd = crowd
        screener = ListScreener(load_listings(), Versions(log, NO_BOOK), Records(log))
        self.suppliers = Suppliers(log, screener, None)
        self.state: ListState | None = None
        self.version = 0

    async def keeps(self, name: str, body: Body, by: Signer | None = None) -> DeskAnswer:
        """The list's answer to a licensing officer."""
        request = DeskRequest(
            stream=STREAM,
            version=self.version,
            now=BEGIN,
            incoming=incoming(name, (by or self.crowd.officer).signed(STREAM, name, body)),
        )
        answer = await handle(LIST, self.log, self.suppliers, request)
        self.state = LIST.replay(self.state, answer.records)
        self.version += len(answer.records)
        return answer

    async def loads(self, dsn: str, *rows: Row) -> str:
        async with connection(dsn, application="test") as database:
            digest = await store_content(database, write_list(rows))
        answer = await self.keeps("load_list", LoadList(digest=digest, retrieved=agency_date(BEGIN)))
        assert answer.receipt is not None, answer.refused
        return digest

    async def confirmed(self, digest: str) -> None:
        """As the first version has to be, by a second officer."""
        second = Signer(OTHER_OFFICER)
        await self.crowd.add(self.log, second)
        body = ConfirmList(digest=digest, source="published", reasons="It is a test's.")
        answer = await self.keeps("confirm_list", body, by=second)
        assert answer.receipt is not None, answer.refused

    async def submitted(self, acn: str) -> PartiesScreened:
        """The screening with which an application is on record."""
        stream = application_stream(acn)
        body = Submit(application=submission(reference=acn))
        request = DeskRequest(
            stream=stream,
            version=0,
            now=BEGIN + timedelta(minutes=1),
            incoming=incoming("submit", self.crowd.applicant.signed(stream, "submit", body)),
        )
        answer = await handle(APPLICATION, self.log, self.suppliers, request)
        (screened,) = [
            event for event in map(APPLICATION.read, answer.records) if isinstance(event, PartiesScreened)
        ]
        return screened


async def test_a_version_is_screened_by_from_the_commit_that_makes_it_current(
    letter_log: str, crowd: Crowd
) -> None:
    async with Recorder(letter_log) as first, Recorder(letter_log) as second:
        here, elsewhere = Worker(first, crowd), Worker(second, crowd)
        shipped = await elsewhere.submitted("Z000001")
        assert shipped.screening.list_version == load_listings().version
        await here.keeps("open_list", OpenList(title="A list"))
        one = await here.loads(letter_log, *OTHER_LISTS, *many(3))
        await here.confirmed(one)
        # What the other worker heard last is outdated: it screens again before anything is on record.
        found = await elsewhere.submitted("Z000002")
        assert (found.screening.list_version, Screened(screening=found.screening).listed) == (one, False)
        two = await here.loads(letter_log, *OTHER_LISTS, *many(3), LISTED)
        found = await elsewhere.submitted("Z000003")
        assert (found.screening.list_version, Screened(screening=found.screening).listed) == (two, True)


async def test_who_has_no_authority_has_no_file_read(letter_log: str, crowd: Crowd) -> None:
    async with Recorder(letter_log) as log:
        worker = Worker(log, crowd)
        await worker.keeps("open_list", OpenList(title="A list"))
        stranger = Crowd()
        worker.crowd = stranger
        command = LoadList(digest="sha256:" + "0" * 64, retrieved=agency_date(BEGIN))
        answer = await worker.keeps("load_list", command)
        assert answer.refused is not None
        # Not "list_unreadable": nobody looked for the file.
        assert answer.refused.code == "key_not_valid"
