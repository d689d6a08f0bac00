"""Links to the Temporal UI: each has the query beside it, and Temporal answers that."""

import re
from urllib.parse import parse_qs, urlsplit

from greenlight.connection.target import Target, connect
from tests.docs.pages import ROOT

OPERATOR = ROOT / "docs" / "how-to" / "operator.md"
_VIEW = re.compile(r"^\| \[[^]]+\]\((http\S+/workflows\?query=\S+)\) \| `([^`]+)` \|$", re.MULTILINE)


async def test_every_view_is_one_that_temporal_answers(target: Target) -> None:
    found: list[tuple[str, str]] = _VIEW.findall(OPERATOR.read_text(encoding="utf-8"))
    assert len(found) > 5
    temporal = await connect(target)
    for link, query in found:
        assert parse_qs(urlsplit(link).query)["query"] == [query]
        await temporal.count_workflows(query)
