"""What the report to Congress tells: its rows, what each rests on, and what is counted of them."""

from collections.abc import Mapping
from datetime import date

from greenlight.kernel.model import Acn, Country, Digest, Instant, LicenseNumber, Model, Name, Text
from greenlight.law.application.dispositions import Outcome
from greenlight.law.application.dossier import Money, PartyRole


class Evidence(Model):
    """An event that a row rests on. ``leaf`` is its hash in the tree of the published log (RFC 6962);
    ``proof`` its proof, as `starter.py proof` writes it. None: it was not held against that log.

    ``stream``: where it stands, if that is not the application."""

    event: int
    type: str
    position: int
    leaf: Digest | None = None
    proof: str | None = None
    stream: str | None = None


class ReportedItem(Model):
    """A line of the application. ``reasons`` for control are those of its entry that apply to it;
    ``reasons_open`` may apply: the tables do not say it, or the item is not known by its paragraph. Both are
    None if its ECCN is on no entry of the tables.

    ``granted`` is None while nothing was granted.
    """

    line: int
    description: Name
    classification: str
    reasons: tuple[str, ...] | None
    reasons_open: tuple[str, ...] | None
    granted: bool | None


class Place(Model):
    """A party for whom the goods are meant, and where it is: the country, and the address where one is
    filed."""

    role: PartyRole
    name: Name
    country: Country
    address: Text | None = None


class ListedAs(Model):
    """The entry that a party is, as the case has it.

    ``since`` is the day on which a license's record came to say so after its grant, by the version
    ``list_version`` of the list; both are None where the application's own says so.
    """

    listing: Name
    name: Text
    source_list: str
    citation: Text
    since: date | None = None
    list_version: Digest | None = None


class Covered(Place):
    """A party that makes the application one of the report."""

    listings: tuple[ListedAs, ...]


class Check(Model):
    """A pre-license check of who would use the goods, for which the clock stood still (15 CFR 750.4(b)(2)):
    the days on which it began and ended, None while it lasts."""

    begun: date
    ended: date | None


class Row(Model):
    """An application of the report, or an authorisation of it. Confidential (50 U.S.C. 4820(h)).

    Of an authorisation ``covered`` has the parties that were listed after the grant, and ``valid_through``
    its last day.

    Values are summed by currency. ``decision`` is the one that stands by what was on record, None while
    there is none; days are days in Washington. ``evidence`` has the events that all of this is read from.
    """

    acn: Acn
    applicant: Name
    items: tuple[ReportedItem, ...]
    covered: tuple[Covered, ...]
    end_users: tuple[Place, ...]
    values: tuple[Money, ...]
    submitted: date
    decision: Outcome | None
    decided: date | None
    license_number: LicenseNumber | None
    checks: tuple[Check, ...] = ()
    valid_through: date | None = None
    evidence: tuple[Evidence, ...]


class Aggregates(Model):
    """Counts that are public. ``by_list`` and ``by_country`` count an application once under each that it has
    a party on or in.

    ``checks`` counts pre-license checks; ``unsettled``: applications of which it is not known whether they
    belong into the report, because an officer has not resolved who a party is. ``listed_after`` counts
    authorisations with a party that was listed after the grant, and ``listed_after_unsettled`` those of which
    that is not known, for the same reason; they are in no other count. ``value_usd_cents``: of the
    applications all of whose items are priced in US dollars, once the year is over and all of its cases are
    decided and settled; None before, and where an applicant could work out by it what another has.
    """

    applications: int
    by_decision: Mapping[str, int]
    by_list: Mapping[str, int]
    by_country: Mapping[Country, int]
    licenses: int
    checks: int = 0
    unsettled: int
    listed_after: int = 0
    listed_after_unsettled: int = 0
    value_usd_cents: int | None


class Report(Model):
    """The report on a year, as known at an instant: by the events up to ``position`` of the log so named.

    ``tables_of``: the day of the tables that group D:5 and the reasons for control are from.
    ``authorisations``: those in force in the year whose party was listed after the grant;
    ``unsettled_licenses``: those of which that is not known. All four of rows and names are None in what is
    public.
    """

    year: int
    known_at: Instant
    log: str
    position: int
    tables_of: date
    aggregates: Aggregates
    rows: tuple[Row, ...] | None
    unsettled: tuple[Acn, ...] | None
    authorisations: tuple[Row, ...] | None = None
    unsettled_licenses: tuple[LicenseNumber, ...] | None = None

    @property
    def public(self) -> "Report":
        kept = ("rows", "unsettled", "authorisations", "unsettled_licenses")
        return self.model_copy(update=dict.fromkeys(kept))
