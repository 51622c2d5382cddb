"""What the terminal shows."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from bot.i18n.messages import sentence
from bot.models import AccountLine, Step, ThreadSummary
from bot.views.terminal import output
from bot.views.terminal.answer_output import answer_rows
from bot.views.terminal.thread_output import thread_rows
from tests.strategies import sentences, thread, tweet
from tests.views.shown import PASSAGE, an_answer, hit, report_of
from tests.views.terminal.tty import ANSI, LINK, Tty, coloured, plain


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
        "Read on: threadbot thread 0123456789ab --from 2",
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
        "a.txt (text from Thread Reader): 2 new, 1 changed, 0 already loaded\n"
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


def test_a_check_lists_some_of_very_many_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "MOST_THREADS", 1)
    said = plain(output.check_rows(report_of()))
    assert "\n  2 tweets: Ports grow quiet\n  and 1 thread more\n  line 1: met" in said


def test_only_web_addresses_become_links(monkeypatch: pytest.MonkeyPatch) -> None:
    urls = ["https://a.example/1", "file:///etc/passwd", "https://a.example/\x1b]0;x\x07", "x:y"]
    rows = [output.Row(0, (output.Span("here", "link", each),)) for each in urls]
    said = coloured(rows, monkeypatch)
    assert LINK.findall(said) == ["https://a.example/1", "https://a.example/%1B]0;x%07"]
    assert "passwd" not in said
    assert "\x07" not in said
    assert "here: https://a.example/1\n" in plain(rows)


def test_a_dumb_terminal_gets_whole_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"https://a.example/{'x' * 100}"
    row = output.Row(0, (output.Span("here", "link", url),))
    assert f"here: {url}\n" in coloured([row], monkeypatch, TERM="dumb")


def test_without_colour_links_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    row = output.Row(0, (output.Span("here", "link", "https://a.example/1"),))
    said = coloured([row], monkeypatch, NO_COLOR="1")
    assert LINK.findall(said) == ["https://a.example/1"]
    assert "[36m" not in said
    assert "[36m" in coloured([row], monkeypatch)


@pytest.mark.parametrize("columns", [80, 40])
@pytest.mark.parametrize(
    "title", ["Suitcases of hard drives fly abroad " * 4, "日本の港は静かだ " * 9]
)
def test_titles_hang_and_are_not_broken_in_a_word(
    columns: int, title: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = output.Row(0, (output.Span(title, "title"),), output.Span("1. ", "quiet"))
    said = ANSI.sub("", coloured([row], monkeypatch, COLUMNS=str(columns)))
    lines = said.splitlines()
    assert len(lines) > 1
    assert lines[0].startswith("1. ")
    assert all(each.startswith("   ") for each in lines[1:])
    assert " ".join(said[3:].split()) == title.strip()
    assert all(cell_len(each) <= columns for each in lines)


def test_a_command_is_not_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    command = f"threadbot ask '{'hard drives ' * 20}'"
    said = coloured([output.Row(3, (output.Span(command, "command"),))], monkeypatch)
    assert command in said


def test_control_characters_are_shown_as_symbols(monkeypatch: pytest.MonkeyPatch) -> None:
    row = output.Row(0, (output.Span("a\x1b[2Jb\x9b"),), output.Span("\x07. "))
    assert plain([row]) == "␇. a␛[2Jb\ufffd\n"
    assert "␇. a␛[2Jb\ufffd" in coloured([row], monkeypatch)


def test_rows_are_measured_as_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [output.BLANK, output.text_row("word " * 40), output.text_row("日" * 70)]
    written = coloured(rows, monkeypatch)
    assert output.height(rows, Tty()) == written.count("\n")
    assert output.screen(Tty()) > 0


def test_a_file_gets_a_link_once_if_its_text_is_a_part_of_it() -> None:
    whole = output.Span("a.example/por…", "link", "https://a.example/ports")
    other = output.Span("Photo", "link", "https://a.example/Photo")
    assert plain([output.Row(0, (whole,)), output.Row(0, (other,))]) == (
        "https://a.example/ports\nPhoto: https://a.example/Photo\n"
    )


def test_blank_lines_of_a_tweet_have_no_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    row = output.Row(3, (output.Span("One.\n\nTwo."),))
    assert plain([row]) == "   One.\n\n   Two.\n"
    assert coloured([row], monkeypatch) == "   One.\n\n   Two.\n"


LONG_NAME = "an-archive-of-all-my-threads-from-2009-to-2024.zip"


@pytest.mark.parametrize(
    ("columns", "file", "shown"),
    [
        (80, f"/home/ada/{LONG_NAME}", "reading an-archive-of-al…ads-from-2009-to-2024.zip ━"),
        (39, "/home/ada/lovelace/threads/archive.zip", "reading archive.zip  25%"),
        (39, f"/home/ada/{LONG_NAME}", "reading an-archi…-2009-to-2024.zip  25%"),
        (39, "/home/ada/各種のスレッドのアーカイブ.zip", "reading 各種のス…のアーカイブ.zip  25%"),
    ],
)
def test_a_progress_line_fits_and_names_the_file(
    monkeypatch: pytest.MonkeyPatch, columns: int, file: str, shown: str
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "xterm-256color")
    stream = Tty()
    with output.bar(stream) as progress:
        assert progress is not None
        progress(Step(sentence("reading {file}", file=file), 1, 4))
    lines = re.split(r"[\r\n]+", ANSI.sub("", stream.getvalue()))
    assert any(shown in each for each in lines), lines
    assert all(cell_len(each) <= columns for each in lines)


def test_addresses_and_paths_that_are_too_long_stay_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    address, path = (
        "https://discord.com/developers/applications",
        "/home/ada/lovelace/threads/a.txt:1:",
    )
    text = f"Open your application at {address}, and copy its id.\n{path} a record\nthe end"
    shown = ANSI.sub("", coloured([output.text_row(text)], monkeypatch, COLUMNS="30"))
    assert shown.splitlines() == [
        "Open your application at",
        f"{address},",
        "and copy its id.",
        path,
        "a record",
        "the end",
    ]
    beside = ANSI.sub("", coloured([output.text_row(text)], monkeypatch, COLUMNS="60"))
    assert beside.splitlines()[1:3] == [f"{address}, and copy its", "id."]


def test_what_became_of_a_line_fits_on_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    account = [
        AccountLine(1, "notice", "a record without a tweet; left out", ""),
        AccountLine(2, "tweet", "1.1", "Okapis are shy and live in the forest"),
    ]
    rows = [output._account_row(each) for each in account]  # noqa: SLF001  # of a long report
    shown = ANSI.sub("", coloured(rows, monkeypatch, COLUMNS="39")).splitlines()
    assert shown == [
        "       1  a record without a tweet;",
        "          left out",
        "       2  1.1       Okapis are shy and",
        "          live in the forest",
    ]
    assert (
        plain(rows).splitlines()[1] == "       2  1.1       Okapis are shy and live in the forest"
    )
