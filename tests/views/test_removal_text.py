"""What is asked before something goes, in words."""

from __future__ import annotations

import pytest

from bot.i18n.messages import ENGLISH
from bot.reports import DumpSummary, Going, Removing
from bot.views import removal_text

THREAD = Going("thread", "Okapis", "0123456789ab", 1, 2, "anna")
NAMELESS = Going("thread", "Okapis", "0123456789ab", 1, 1)
AUTHOR = Going("author", "@anna", "#0123456789abcdef", 3, 12)
DUMP = Going("dump", "a.txt", "#7", 1, 2, shared=True)


@pytest.mark.parametrize(
    ("going", "asked", "prompt"),
    [
        ((THREAD,), "Hide this thread?", "Hide thread “Okapis” by @anna (2 tweets)?"),
        ((NAMELESS,), "Hide this thread?", "Hide thread “Okapis” (1 tweet)?"),
        (
            (AUTHOR,),
            "Hide all threads by @anna?",
            "Hide everything by @anna (3 threads, 12 tweets)?",
        ),
        (
            (NAMELESS, AUTHOR),
            "Hide this thread, and all threads by @anna?",
            "Hide thread “Okapis” (1 tweet) and everything by @anna (3 threads, 12 tweets)?",
        ),
        (
            (DUMP,),
            "Remove this file?",
            "Remove file a.txt (1 thread, 2 tweets, shared by all servers)?",
        ),
    ],
)
def test_what_is_asked(going: tuple[Going, ...], asked: str, prompt: str) -> None:
    removing = Removing(going, "0" * 16)
    assert removal_text.asked(removing, ENGLISH) == asked
    assert removal_text.prompt(removing) == prompt
    kept = "What other files contain too stays." in removal_text.consequence(removing, ENGLISH)
    assert kept == (going == (DUMP,))


def test_what_goes_is_named_with_its_size() -> None:
    lines = [removal_text.going_line(each, ENGLISH) for each in (THREAD, NAMELESS, AUTHOR, DUMP)]
    assert lines == [
        "“Okapis” by @anna: 2 tweets",
        "“Okapis”: 1 tweet",
        "@anna: 12 tweets in 3 threads",
        "a.txt: 2 tweets in 1 thread",
    ]


def test_only_shared_files_are_said_to_be_shared() -> None:
    own = DumpSummary(1, "a.txt", "", shared=False)
    shared = DumpSummary(2, "b.txt", "", shared=True)
    assert removal_text.shared_note([own], ENGLISH) is None
    assert "are for all servers" in (removal_text.shared_note([own, shared], ENGLISH) or "")
