"""Forecasts in short: transactions, the names on lists, days in Washington."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from greenlight.law.application.dossier import Party, PartyRole
from greenlight.law.application.ownership import PartyOwner
from greenlight.law.determination.filed import ListingsOf
from greenlight.law.determination.question import Circumstances, Met
from greenlight.law.determination.tables import ControlTables
from greenlight.law.directive.state import DirectiveState
from greenlight.law.outlook.answers import Law, Transaction
from greenlight.law.outlook.coming import Coming, between, of_directives, of_rules, of_tables, of_terms
from greenlight.law.outlook.forecast import Case, Forecast, Moment, Outlook, of_application
from greenlight.law.reprieve.coverage import Terms
from greenlight.law.rule.rules import Rules
from greenlight.reference.rules import load_rules
from tests.law.application.cases import submission, submitted
from tests.law.determination.cases import HUAWEI, NO, TABLES, item

OWNED = (PartyOwner(name="An owner", country="CN", share=6_000),)
"""More than the half of a party; the owner is listed, unless another list is given."""


def met_nobody(name: str, country: str | None, at: datetime) -> Met:
    return Met(())


def listed(*names: str, since: datetime | None = None, until: datetime | None = None) -> ListingsOf:
    """A list that has these names, from one instant to another."""

    def found(name: str, country: str | None, at: datetime) -> Met:
        counts = (since is None or since <= at) and (until is None or at < until)
        return Met((HUAWEI,) if name in names and counts else ())

    return found


OWNER_LISTED = listed(*(owner.name for owner in OWNED))


def too_old(name: str, country: str | None, at: datetime) -> Met:
    return Met(None, "could not be screened: the list is too old")


def to(
    country: str,
    *,
    items: str = "EAR99",
    name: str = "A company",
    owners: tuple[PartyOwner, ...] | None = None,
    circumstances: Circumstances = NO,
    activity: str | None = None,
    joint_venture: bool | None = None,
    headquarters: str | None = None,
) -> Transaction:
    party = Party(
        role=PartyRole.END_USER,
        name=name,
        country=country,
        joint_venture=joint_venture,
        headquarters=headquarters,
        owners=owners,
    )
    return Transaction(tuple(map(item, items.split())), country, (party,), circumstances, activity)


def case(*asked: Transaction) -> Case:
    """An open application that is about these transactions."""
    filed = of_application(submitted(submission()).opened)
    return Case(filed.kind, filed.stream, filed.state, filed.exporter, asked)


def outlook(
    *cases: Case,
    now: datetime,
    until: datetime | None = None,
    rules: Rules | None = None,
    terms: Terms | None = None,
    directives: Iterable[DirectiveState] = (),
    listings_of: ListingsOf = OWNER_LISTED,
    besides: Iterable[Coming] = (),
    tables: ControlTables = TABLES,
) -> Outlook:
    """What comes within two years, by the rules that come with the service if no others are given."""
    law = Law(tables, rules or load_rules(), terms or Terms(()))
    until = until or now + timedelta(days=730)
    directives = tuple(directives)
    found = (*of_rules(law.rules), *of_terms(law.terms.versions), *of_directives(directives), *besides)
    found += tuple(of_tables(tables, now, until))
    forecast = Forecast(
        law, lambda exporter: listings_of, between(found, now, until), directives, now, too_old
    )
    for each in cases:
        forecast.look(each)
    return forecast.told(until=until, position=0)


def rows(moment: Moment) -> list[str]:
    """What a moment changes, in short: ``flips: not_required to open (CN)``."""
    return [
        f"{row.change}: "
        + (
            ", ".join(f"{turn.before} to {turn.after} ({turn.destination})" for turn in row.turns)
            or " to ".join(row.stages or ("the same",))
        )
        for row in moment.rows or ()
    ]
