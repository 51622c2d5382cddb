"""What the terminal shows."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Thread, ThreadSummary
from bot.views.terminal import output
from bot.views.terminal.answer_output import answer_rows
from bot.views.terminal.thread_output import thread_rows
from tests.strategies import sentences, thread, tweet
from tests.views.shown import PASSAGE, an_answer, hit, report_of
from tests.views.terminal.tty import ANSI, Tty


def plain(rows: list[output.Row]) -> str:
    """What a file gets."""
    stream = io.StringIO()
    output.write(rows, stream)
    return stream.getvalue()


def coloured(rows: list[output.Row], monkeypatch: pytest.MonkeyPatch) -> str:
    """What a terminal gets."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "60")
    stream = Tty()
    output.write(rows, stream)
    return stream.getvalue()


@given(st.lists(sentences, min_size=1, max_size=4))
def test_a_file_gets_every_tweet_unaltered_on_one_line(texts: list[str]) -> None:
    long = [f"{each} {'and on ' * 60}[bold]**" for each in texts]
    lines = plain(thread_rows(thread(*long))).split("\n")
    for position, each in enumerate(long, start=1):
        assert f"{position}. {each}" in lines


def test_a_file_gets_no_colours() -> None:
    rows = [
        *answer_rows(an_answer(hits=(hit(best=replace(PASSAGE, tweet=tweet("no ship"))),))),
        *thread_rows(thread("Ports.", complete=False)),
        *output.report_rows(report_of()),
        *output.check_rows(report_of()),
    ]
    assert "\x1b" not in plain(rows)


def test_a_terminal_gets_colours_and_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = answer_rows(an_answer())
    said = coloured(rows, monkeypatch)
    assert ANSI.search(said)
    bare = " ".join(ANSI.sub("", said).split())
    for words in (
        "1 tweet in 1 thread",
        "Ports grow quiet",
        "On **Monday** no ship",
        "File: a.txt:2",
    ):
        assert words in bare


def test_a_terminal_gets_markup_of_its_own_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = thread_rows(thread("[red]Ports[/red] :fire: https://a.example/[x]"))
    assert "[red]Ports[/red] :fire: https://a.example/[x]" in ANSI.sub(
        "", coloured(rows, monkeypatch)
    )


def test_a_terminal_is_not_written_wider_than_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    said = ANSI.sub("", coloured(thread_rows(thread("word " * 100)), monkeypatch))
    assert max(map(len, said.split("\n"))) <= 60


def test_an_answer_names_thread_tweet_and_each_source() -> None:
    said = plain(answer_rows(an_answer()))
    assert "1. Ports grow quiet\n" in said
    assert "   tweet 2 of 3\n" in said
    assert "   Source: https://x.com/anna/status/1901\n" in said
    assert "   Find on X: https://x.com/search?q=%22On%22\n" in said
    assert "   As printed: news.example/port…\n" in said
    assert "   File: a.txt:2\n" in said
    assert "threadbot thread 0123456789ab --from 2" in said


def test_an_answer_of_nothing_tells_the_words_and_what_to_try() -> None:
    title = ThreadSummary("0123456789ab", "Ports grow quiet", None, 3, complete=True)
    nothing = an_answer(hits=(), suggestions=("no ships",), titles=(title,))
    assert plain(answer_rows(nothing)).split("\n") == [
        "Nothing matches.",
        "Searched for: ship (1 tweet)",
        "Did you mean: no ships",
        "The loaded threads include:",
        "  Ports grow quiet",
        "",
    ]


@pytest.mark.parametrize("start", [1, 2, 3])
def test_a_thread_may_be_read_from_any_tweet(start: int) -> None:
    said = plain(thread_rows(thread("One.", "Two.", "Three."), start))
    numbers = re.findall(r"^(\d)\. ", said, re.MULTILINE)
    assert numbers == [str(at) for at in range(start, 4)]


def test_a_preview_is_called_one() -> None:
    made: Thread = thread("One.", complete=False, author="anna", source_url="https://a.example/1")
    said = plain(thread_rows(made))
    assert f"@anna · 1 tweet · id {made.id} · a.txt\n" in said
    assert "Preview only" in said
    assert "Source: https://a.example/1\n" in said


def test_threads_are_listed_with_their_ids() -> None:
    some = [
        ThreadSummary("0123456789ab", "Ports", None, 19, complete=True),
        ThreadSummary("ba9876543210", "Rice", None, 1, complete=False),
    ]
    assert plain(output.threads_rows(some)) == (
        "0123456789ab   19 tweets  Ports\nba9876543210     1 tweet  Rice  (preview)\n"
    )


def test_a_check_tells_threads_notices_and_faults() -> None:
    assert plain(output.check_rows(report_of())) == (
        "a.txt (thread-reader-text): 2 new, 1 changed, 0 already loaded\n"
        "  2 tweets: Ports grow quiet\n"
        "  1 tweet: Rice (preview)\n"
        "  line 1: met something\n"
        "\n"
        "       1  1.1       Ports grow quiet\n"
        "       2  the page's footer  • • •\n"
        "       3  met something  odd\n"
        "\n"
        "Cannot read odd.txt:3: it is odd\n"
    )
