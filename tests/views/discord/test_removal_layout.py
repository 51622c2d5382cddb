"""The questions before something goes, as Discord messages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.i18n.messages import Language
from bot.models import ThreadMatches, ThreadSummary
from bot.reports import DumpSummary, Going, Removing
from bot.views.discord.removal_layout import (
    confirm_layout,
    which_dump_layout,
    which_thread_layout,
)
from tests.views.discord.anything import check, long_texts, tongues

SEAL = "0123456789abcdef"


@given(name=long_texts, author=long_texts, say=tongues)
def test_any_question(name: str, author: str, say: Language) -> None:
    thread = Going("thread", name, "0123456789ab", 1, 10**6, author)
    everything = Going("author", f"@{author}", f"#{SEAL}", 10**6, 10**7)
    dump = Going("dump", name, f"#{10**12}", 10**6, 10**7)
    for going in ((thread,), (everything,), (thread, everything), (dump,)):
        check(confirm_layout(Removing(going, SEAL), say))


@given(name=long_texts, count=st.integers(2, 60), say=tongues)
def test_any_menu(name: str, count: int, say: Language) -> None:
    threads = [
        ThreadSummary(f"{number:012x}", name, name or None, 3, complete=False)
        for number in range(count)
    ]
    matches = ThreadMatches(threads[0], tuple(threads[1:]), count - 1, "words")
    check(which_thread_layout(name, matches, SEAL, say))
    dumps = [DumpSummary(number, name or "a", "", shared=False) for number in range(count)]
    check(which_dump_layout(name, dumps, say))
