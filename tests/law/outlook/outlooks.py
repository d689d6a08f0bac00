"""An outlook in which something stands open, and something comes that two readings are of."""

from datetime import date, timedelta

from greenlight.law.outlook.coming import Coming, Kind
from greenlight.law.outlook.forecast import Moment, Outlook
from greenlight.law.outlook.tally import Tally
from greenlight.law.rule.acts import Certainty
from tests.law.rule.cases import at

NOW = at("2026-11-30")
SETTLED = "a notice that extends 90 FR 50857 past 9 Nov 2026, or the attestation that there is none"


def open_rule(day: str) -> Coming:
    return Coming(
        at=at(day),
        kind=Kind.RULE,
        key="affiliates",
        text="Affiliates Rule: it is in force again, as the law was last seen: the suspension ran through"
        " 9 Nov 2026; or it is still suspended, if the suspension was extended past 9 Nov 2026",
        citation="90 FR 47201, 90 FR 50857",
        certainty=Certainty.UNVERIFIED,
        settled_by=SETTLED,
    )


def outlook(*, moments: bool = True) -> Outlook:
    coming = Moment(
        at=at("2026-12-10"),
        coming=(open_rule("2026-12-10"),),
        applications=Tally(flips=3, unseen=9),
        licenses=Tally(),
        officers={"oscar": 3},
        rows=None,
    )
    return Outlook(
        asked_at=NOW,
        until=NOW + timedelta(days=365),
        position=7,
        tables_of=date(2026, 7, 23),
        applications=12,
        licenses=0,
        unread=0,
        moments=(coming,) if moments else (),
        open=(open_rule("2026-11-10"),),
    )
