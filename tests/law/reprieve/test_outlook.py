"""What will happen, as people read it: true at every stage, and still true when read later."""

import pytest

from greenlight.law.reprieve.commands import TakeEffect
from greenlight.law.reprieve.outlook import outlook
from tests.law.reprieve.cases import (
    CASES,
    END,
    Reprieved,
    Story,
    gathering,
    lapsed,
    lapsing,
    proposed,
    referred,
    running,
    taking_effect,
)

RUNS = "Term 1 runs through 5 Apr 2026: "
ENDS = "Term 1 ends at the end of 5 Apr 2026"


@pytest.mark.parametrize(
    ("story", "said"),
    [
        (
            running,
            (
                f"{RUNS}90 days left on 5 Jan 2026",
                "22 Mar 2026: policy sample decides what follows term 1",
                ENDS,
            ),
        ),
        (
            gathering,
            (
                f"{RUNS}14 days left on 22 Mar 2026",
                "At once: facts are gathered, and the policy decides what follows term 1",
                ENDS,
            ),
        ),
        (
            proposed,
            (
                f"{RUNS}14 days left on 22 Mar 2026",
                "Proposed: extend by 90 days, through 4 Jul 2026 (row no-directive); takes effect unless an "
                "executive objects by the end of 4 Apr 2026",
                ENDS,
            ),
        ),
        (
            lambda: proposed("until_july"),
            (
                f"{RUNS}14 days left on 22 Mar 2026",
                "Proposed: extend through 1 Jul 2026 (row july); takes effect unless an executive objects "
                "by the end of 4 Apr 2026",
                ENDS,
            ),
        ),
        (
            lambda: proposed("end"),
            (
                f"{RUNS}14 days left on 22 Mar 2026",
                "Proposed: lapse (row ended); takes effect unless an executive objects by the end of "
                "4 Apr 2026",
                ENDS,
            ),
        ),
        (
            taking_effect,
            (
                f"{RUNS}0 days left on 5 Apr 2026",
                "At once: extend by 90 days, through 4 Jul 2026 (row no-directive) takes effect; "
                "nobody objected",
                ENDS,
            ),
        ),
        (
            lambda: taking_effect().after(TakeEffect()),
            (
                "Term 2 runs through 4 Jul 2026: 90 days left on 5 Apr 2026",
                "20 Jun 2026: policy sample decides what follows term 2",
                f"{ENDS}, beside another",
                "Term 2 ends at the end of 4 Jul 2026",
            ),
        ),
        (
            referred,
            (
                f"{RUNS}14 days left on 22 Mar 2026",
                "Referred to an executive, who decides what follows term 1 (row unknown-docket); without an "
                "answer nothing does",
                "Lapses at the end of 5 Apr 2026, unless an executive decides before",
            ),
        ),
        (
            lapsing,
            (
                f"{RUNS}14 days left on 22 Mar 2026",
                "Lapses at the end of 5 Apr 2026: nothing follows term 1",
            ),
        ),
        (
            lapsed,
            ("No term runs since the end of 5 Apr 2026; nothing happens until an executive issues one",),
        ),
        (lambda: running().after(END), ("Ended for good on 5 Jan 2026",)),
    ],
)
def test_it_says_what_time_will_bring(story: Story, said: tuple[str, ...]) -> None:
    reprieve = story()
    assert outlook(reprieve.opened, reprieve.now) == said


STORIES = [
    pytest.param(story, id=f"{stage}, {name}")
    for stage, stories in CASES.items()
    if stage is not None
    for name, story in stories.items()
]


@pytest.mark.parametrize("story", STORIES)
def test_no_stage_is_without_an_outlook(story: Story) -> None:
    reprieve: Reprieved = story()
    said = outlook(reprieve.opened, reprieve.now)
    assert said
    assert not any("None" in sentence for sentence in said)
