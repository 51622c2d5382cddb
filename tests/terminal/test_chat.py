"""The chat in the terminal, run as its users run it."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.library.library import Library
from bot.store.migrations import FILE
from bot.terminal.chat import HELP, converse
from tests.conftest import SEED, SEEDS, Program
from tests.linked import link, save_linked_thread
from tests.store.test_checksums import change
from tests.terminal.on_terminal import on_terminal


def test_alone_it_is_a_chat_and_says_so(threadbot: Program) -> None:
    done = threadbot(said="hard drives\n1\n/thread\n/threads\n/help\n/nonsense\n/thread zebra\n")
    assert done.status == 0
    assert "DISCORD_TOKEN is not set, so Threadbot runs as a chat" in done.out
    assert "1. Chinese AI Companies Dodge" in done.out
    assert "16. To avoid raising suspicions" in done.out
    assert "/nonsense: no command. See /help.\n" in done.out
    assert "No thread matches “zebra”" in done.out


def test_chat_leaves_when_told(threadbot: Program) -> None:
    done = threadbot("chat", said="/quit\nhard drives\n")
    assert done.status == 0
    assert "Chinese" not in done.out


def test_chat_tells_what_is_served_and_what_is_kept(threadbot: Program) -> None:
    done = threadbot("chat", said="/about\n/quit\n")
    assert "tweets in 7 threads" in done.out
    assert "Your questions are never stored." in done.out


def test_a_link_in_the_chat_opens_its_tweet(threadbot: Program, seeds: Path) -> None:
    save_linked_thread(seeds)
    said = f"{link(25)}\n/thread {link(7)}\n{link(99)}\n{link(99)} hard drives\n/quit\n"
    done = threadbot("chat", said=said, settings={"THREADBOT_SEEDS": str(seeds)})
    marked = [each[:5] for each in done.out.splitlines() if "▶" in each]
    assert marked == ["▶ 25.", "▶ 7. "]
    assert done.out.count("That tweet is not in the loaded files.") == 2
    assert "1. Chinese AI Companies Dodge" in done.out


def test_chat_reloads(threadbot: Program, seeds: Path) -> None:
    settings = {"THREADBOT_SEEDS": str(seeds)}
    threadbot("threads", settings=settings)
    (seeds / "more.txt").write_text("A second dump about okapis\n", encoding="utf-8")
    done = threadbot("chat", said="/reload\nokapi\n", settings=settings)
    assert "+1 tweet. The library now has 38 tweets in 8 threads" in done.out
    assert "A second dump about okapis" in done.out


@pytest.mark.parametrize(("key", "status"), [("\x03", 130), ("\x04", 0), ("/quit\n", 0)])
def test_keys_end_a_chat_at_a_terminal(threadbot: Program, key: str, status: int) -> None:
    with on_terminal(threadbot, "chat") as terminal:
        terminal.wait_for("ask> ")
        terminal.type(key)
        assert terminal.status() == status


async def said(library: Library, *lines: str) -> str:
    """What a chat of these lines says, the greeting left out."""
    out = io.StringIO()
    await converse(library, io.StringIO("".join(f"{each}\n" for each in lines)), out)
    return out.getvalue().partition("or /help.\n")[2]


@pytest.fixture
async def library(tmp_path: Path) -> AsyncIterator[Library]:
    """A library of the seeds."""
    async with Library.open(tmp_path, SEEDS) as opened:
        yield opened


async def test_every_command_in_the_help_is_one(library: Library) -> None:
    commands = re.findall(r"^  (/\w+)", HELP, re.MULTILINE)
    assert len(commands) >= 8
    for each in commands:
        assert "no command" not in await said(library, "hard drives", each)


async def test_an_unknown_command_says_which_one_is_near(library: Library) -> None:
    assert await said(library, "/thred suitcases") == "/thred: did you mean /thread?\n"
    assert await said(library, "/nonsense") == "/nonsense: no command. See /help.\n"
    assert await said(library, "/") == "/: no command. See /help.\n"


async def test_words_after_a_command_that_takes_none_are_refused(library: Library) -> None:
    before = library.generation
    for line in ("/help foo", "/dumps x", "/threads china", "/undo x", "/reload x", "/prev 2"):
        name = line.split()[0].replace("/prev", "/previous")
        refused = f"{name} takes no words after it, so nothing was done.\n"
        assert (
            await said(library, "hard drives", line) == await said(library, "hard drives") + refused
        )
    assert library.generation == before


async def test_an_empty_line_shows_the_help(library: Library) -> None:
    assert await said(library, "") == HELP
    assert await said(library, "/help") == HELP
    assert await said(library, "/HELP") == HELP


async def test_a_question_may_be_asked_with_or_without_its_command(library: Library) -> None:
    assert await said(library, "/ask hard drives") == await said(library, "hard drives")
    assert "1. Chinese AI Companies" in await said(library, "hard drives")


async def test_a_number_reads_on_from_the_best_tweet_of_that_thread(library: Library) -> None:
    asked = await said(library, "hard drives")
    shown = (await said(library, "hard drives", "1")).removeprefix(asked)
    assert "16. To avoid raising suspicions" in shown
    assert "15. " not in shown


async def test_a_number_that_no_thread_of_the_answer_has_keeps_the_answer(library: Library) -> None:
    assert "Searched for: 99 (0 tweets)" in await said(library, "99")
    assert "To search: /ask 99" in await said(library, "hard drives", "99")
    assert "Searched for: 2099 (0 tweets)" in await said(library, "hard drives", "2099")


async def test_commands_on_answers_say_what_to_do_first(library: Library) -> None:
    assert await said(library, "/why") == "Ask a question first. Then /why explains its scores.\n"
    for command in ("/newest", "/exact"):
        assert (await said(library, command)).startswith("Ask a question first. Then ")
    for command in ("/more", "/next", "/previous", "/page 2"):
        assert (await said(library, command)).startswith("Ask a question or open a thread first.")


async def test_the_scores_of_the_last_answer_are_explained(library: Library) -> None:
    plain = await said(library, "hard drives")
    assert "Score" not in plain
    assert "Score" in (await said(library, "hard drives", "/why")).removeprefix(plain)


async def test_the_pages_end(library: Library) -> None:
    lines = await said(library, "suitcases", "/more")
    assert lines.endswith("There is only this page.\n")


async def test_an_answer_has_pages_that_turn_both_ways(library: Library) -> None:
    shown = await said(library, "china", "/next", "/PREV", "/page 2", "/page 99", "/page x")
    numbers = re.findall(r"^Page (\d) of \d\.$", shown, re.MULTILINE)
    assert numbers == ["2", "2"]
    assert re.search(r"There are (\d) pages\. Type /page 1 to /page \1\.\n", shown)
    assert shown.endswith("Type the number of a page, such as /page 2.\n")
    back = await said(library, "china", "/previous")
    assert re.search(r"No more pages\. This is page 1 of \d\.\n$", back)


async def test_a_thread_has_pages_that_hold_each_tweet_once(library: Library) -> None:
    shown = await said(library, "/thread suitcases", "/next", "/next", "/next")
    numbers = re.findall(r"^(\d+)\. ", shown, re.MULTILINE)
    assert numbers == [str(each) for each in range(1, 20)]
    assert "Page 1 of " in shown
    assert re.search(r"No more pages\. This is page (\d) of \1\.\n$", shown)


async def test_a_page_turns_what_was_shown_last(library: Library) -> None:
    shown = await said(library, "china", "/thread suitcases", "/next", "china", "/next")
    of_thread, *of_answer = re.findall(r"^Page 2 of .*", shown, re.MULTILINE)
    assert "tweets" in of_thread
    assert of_answer
    assert not any("tweets" in each for each in of_answer)


async def test_a_thread_begins_where_the_answer_says(library: Library) -> None:
    asked = await said(library, "hard drives")
    (command,) = re.findall(r"Read on: 1, or (.*)", asked)
    shown = await said(library, command)
    assert "16. To avoid raising suspicions" in shown
    assert "15. " not in shown
    beyond = await said(library, "/thread suitcases --from 20")
    assert beyond == "--from 20: the thread has only 19 tweets.\n"


async def test_a_question_is_asked_exactly(library: Library) -> None:
    asked, exact = (await said(library, "chips", "/exact")).split("Read on: ")[:2]
    assert "All 11 in this thread: /all 1\n" in asked
    assert "All 11 in this thread: /all 1\n" in exact


@pytest.mark.parametrize("question", ["chips", "chips thread:suitcases", "thread:15e2ef4b6f90"])
async def test_all_matches_in_a_thread_are_shown(library: Library, question: str) -> None:
    asked = await said(library, question)
    (every,) = re.findall(r"All (\d+) in this thread: /all 1\n", asked)
    shown = (await said(library, question, "/all 1")).removeprefix(asked)
    assert len(re.findall(r"^   tweet \d+ of", shown, re.MULTILINE)) == int(every) > 7
    assert "All " not in shown
    again = (await said(library, question, "/all 1", "/why")).removeprefix(asked + shown)
    assert len(re.findall(r"^   tweet \d+ of", again, re.MULTILINE)) == int(every)


async def test_all_needs_a_thread_of_the_answer(library: Library) -> None:
    assert (await said(library, "/all 1")).startswith("Ask a question first.")
    for number in ("", "9", "one"):
        assert "This page has thread 1." in await said(library, "hard drives", f"/all {number}")


async def test_the_thread_of_the_last_answer_is_shown_whole(library: Library) -> None:
    asked = await said(library, "hard drives")
    shown = (await said(library, "hard drives", "/thread")).removeprefix(asked)
    assert "1. Chinese AI Companies" in shown
    assert "tweets 1 to " in shown
    assert "Which thread?" in await said(library, "/thread")


async def test_an_error_is_said_and_the_chat_goes_on(library: Library) -> None:
    lines = await said(library, "/thread zebra", "hard drives")
    assert lines.startswith("No thread matches “zebra”")
    assert "1. Chinese AI Companies" in lines


@pytest.mark.parametrize("leave", ["/quit", "/exit", "quit", "Exit", "q", "/QUIT now"])
async def test_nothing_is_read_after_it_is_left(library: Library, leave: str) -> None:
    lines = io.StringIO(f"{leave}\nhard drives\n")
    out = io.StringIO()
    await converse(library, lines, out)
    assert "Chinese" not in out.getvalue()


async def test_what_goes_is_asked_first_and_can_come_back(library: Library) -> None:
    kept = await said(library, "/forget suitcases", "n", "suitcases")
    assert "(19 tweets)? [y/N]" in kept
    assert "Nothing was changed.\n" in kept
    assert "1. Chinese AI Companies" in kept
    gone = await said(library, "/forget suitcases", "y", "/undo")
    assert "Hidden: Chinese AI Companies" in gone
    assert "To undo this: /undo\n" in gone
    assert "Shown again: Chinese AI Companies" in gone
    several = await said(library, "/forget china", "2", "n")
    assert "“china” fits 4:" in several
    assert "Which one? [1-4]" in several
    assert "Nothing was changed." in several
    ended = await said(library, "/forget suitcases")
    assert ended.endswith("Nothing was changed.\n")
    assert len(library.threads()) == 7


async def test_a_file_is_removed_in_the_chat(library: Library) -> None:
    lines = await said(library, f"/remove {SEED.name}", "y", "/undo", "/remove zebra", "/remove")
    assert "Remove file 000_6936bf5dd5a49f75.txt (7 threads, 37 tweets" in lines
    assert "−37 tweets" in lines
    assert "+37 tweets" in lines
    assert "No file named “zebra” can be removed here." in lines
    assert "Which file? Type /remove and its name.\n" in lines


async def test_files_are_listed_and_loading_is_explained(library: Library) -> None:
    lines = await said(library, "/dumps", "/load", "/load my notes.txt")
    assert re.match(r"\d+  000_6936bf5dd5a49f75\.txt \(", lines)
    assert "Files are loaded in a shell. The chat then finds them, too: " in lines
    assert lines.splitlines()[-2].endswith(" load FILE")
    assert lines.endswith(" load 'my notes.txt'\n")


async def test_messages_name_the_commands_of_the_chat(library: Library) -> None:
    lines = await said(library, "/undo", "/remove zebra")
    assert "run /remove DUMP." in lines
    assert "Run /dumps to list the files." in lines
    assert "threadbot" not in lines


async def test_other_questions_are_offered_as_commands_of_the_chat(library: Library) -> None:
    lines = await said(library, "/exact suitcasses", "china since:2025-01-01")
    assert "Did you mean: /ask suitcases\n" in lines
    assert "Only the words: /ask china\n" in lines


async def test_a_link_in_the_chat_that_is_not_loaded_names_threads_by_its_author(
    tmp_path: Path,
) -> None:
    save_linked_thread(tmp_path)
    async with Library.open(tmp_path / "data", tmp_path) as linked:
        lines = await said(linked, link(99), f"/ask {link(7)}")
    assert lines.startswith("Loaded threads by its author:\n")
    assert "That tweet is not in the loaded files." in lines
    assert "▶ 7. " in lines


async def test_a_damaged_library_does_not_end_the_chat(tmp_path: Path) -> None:
    out = io.StringIO()
    async with Library.open(tmp_path, SEEDS) as library:
        await asyncio.to_thread(change, tmp_path / FILE, "UPDATE tweet SET text = upper(text)")
        await converse(library, io.StringIO("hard drives\n/thread suitcases\n/about\n"), out)
    assert out.getvalue().count("it is damaged (thread 15e2ef4b6f90 in") == 2
    assert "four different suitcases" not in out.getvalue().lower()
    assert "37 tweets in 7 threads" in out.getvalue().rpartition("it is damaged")[2]
