"""What can be asked of a library: questions, links, references and dates, on a real store."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import NOT_LOADED, ThreadNotFound, TweetNotLoaded
from bot.library.library import Library
from bot.models import Followed, Location, Words
from tests.conftest import SEEDS
from tests.databases import at
from tests.linked import FIRST, link, save_linked_thread

pytestmark = pytest.mark.usefixtures("each_database")


@pytest.mark.parametrize("reference", ["", "zebra", "https://x.com/a/status/1", "0" * 12, "//["])
async def test_no_reference_breaks_it(tmp_path: Path, reference: str) -> None:
    async with Library.open(at(tmp_path), SEEDS) as library:
        with pytest.raises(ThreadNotFound):
            await library.thread(reference)


async def test_a_reference_gives_the_best_thread_and_the_others(
    tmp_path: Path, seeds: Path
) -> None:
    async with Library.open(at(tmp_path), seeds) as library:
        found = await library.thread_matches("china", 2)
        assert (found.kind, found.count, len(found.others)) == ("words", 3, 2)
        assert found.best.id == (await library.thread("china")).id
        exactly = await library.thread_matches(found.best.id)
        assert (exactly.kind, exactly.others, exactly.count) == ("id", (), 0)
        with pytest.raises(ThreadNotFound, match="not in the loaded files"):
            await library.thread_matches("https://x.com/anna/status/1")


async def test_a_relative_date_counts_from_the_clock(tmp_path: Path, seeds: Path) -> None:
    for day in ("2020-02-28", "2020-02-29", "2020-03-01"):
        text = f"---\ndate: {day}\n---\nOkapi news of {day}\n"
        (seeds / f"{day}.txt").write_text(text, encoding="utf-8")
    # Half an hour before midnight in UTC, whatever the zone of the machine.
    clock = lambda: datetime(2020, 3, 1, 23, 30, tzinfo=UTC)  # noqa: E731  # as short as it is
    async with Library.open(at(tmp_path / "data"), seeds, clock=clock) as library:
        assert (await library.ask("okapi since:today")).tweets == 1
        assert (await library.ask("okapi since:yesterday")).tweets == 2
        answer = await library.ask("okapi until:last month")
        assert (answer.tweets, answer.question) == (2, "okapi until:2020-02-29")
        own = await library.beside(7)
        assert (await own.ask("okapi since:today")).tweets == 1
        await own.settled()


async def test_a_page_that_is_not_there_is_said_not_to_be(tmp_path: Path, seeds: Path) -> None:
    async with Library.open(at(tmp_path), seeds) as library:
        only = await library.ask("suitcases", page=7)
        assert "There is no page 7. This is the only page." in map(str, only.hints)
        two = await library.ask("china", 2, page=99)
        last = f"There is no page 99. This is the last of {two.pages} pages."
        assert last in map(str, two.hints)
        assert (await library.ask("zebra", page=7)).hints == ()
        assert (await library.ask("china", 2, page=two.pages)).hints == ()


async def test_the_date_that_was_understood_is_said_always(tmp_path: Path, seeds: Path) -> None:
    clock = lambda: datetime(2026, 11, 27, tzinfo=UTC)  # noqa: E731  # as short as it is
    (seeds / "okapi.txt").write_text("---\ndate: 2026-11-26\n---\nOkapis are shy\n", "utf-8")
    async with Library.open(at(tmp_path / "data"), seeds, clock=clock) as library:
        for question, found, said in (
            ("okapis since:last week", 1, ["“last week” means since:2026-11-16."]),
            ('okapis until:"2 days ago"', 0, ["“2 days ago” means until:2026-11-25."]),
            ("okapis since:2026-11", 1, []),
        ):
            answer = await library.ask(question)
            assert answer.tweets == found
            assert [str(each) for each in answer.hints][:1] == said[:1] or not found
            assert all(each in map(str, answer.hints) for each in said)


async def test_a_question_is_read_as_a_link_or_as_words(tmp_path: Path, seeds: Path) -> None:
    save_linked_thread(seeds)
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        assert await library.read("hard drives") == Words("hard drives")
        there = await library.read(f"{link(7)} hard drives")
        assert isinstance(there, Followed)
        assert there.location
        assert await library.read(f"{link(99)} hard drives") == Words("hard drives", (NOT_LOADED,))
        gone = await library.read(link(99))
        assert isinstance(gone, Followed)
        assert gone.location is None
        told = await library.ask("drives", hints=[NOT_LOADED])
        assert told.hints[0] == NOT_LOADED


async def test_a_link_leads_to_exactly_its_tweet(tmp_path: Path, seeds: Path) -> None:
    save_linked_thread(seeds)
    async with Library.open(at(tmp_path / "data"), seeds) as library:
        found = await library.locate(f"see {link(25)}, please")
        assert found
        assert found.position == 25
        thread = await library.thread(found.thread_id)
        assert thread.tweets[24].permalink == link(25)
        page = await library.locate(f"https://threadreaderapp.com/thread/{FIRST}.html")
        assert page == Location(found.thread_id, 1)
        assert await library.locate(link(99)) is None
        assert await library.locate("harbour") is None
        with pytest.raises(TweetNotLoaded):
            await library.thread(link(99))
        followed = await library.follow(f"{link(99)} the")
        assert followed
        assert (followed.location, followed.rest) == (None, "")
        assert [each.id for each in followed.threads] == [found.thread_id]


def _post(number: int, text: str, answers: int | None = None) -> dict[str, object]:
    """A tweet as X's first API wrote it."""
    return {
        "id_str": str(1_900_000_000_000_000_000 + number),
        "full_text": text,
        "user": {"screen_name": "ann_field", "id_str": "77"},
        "in_reply_to_status_id_str": str(1_900_000_000_000_000_000 + answers) if answers else None,
        "in_reply_to_user_id_str": "77" if answers else None,
        "in_reply_to_screen_name": "ann_field" if answers else None,
    }


async def test_dumps_that_share_a_tweet_are_one_thread_whose_old_ids_stay_valid(
    tmp_path: Path,
) -> None:
    first = "The port has cut its night shifts, as the ferry owners had asked it to"
    dumps = {
        "a": [_post(1, f"{first}."), _post(2, "Nobody told the dockers.", 1)],
        "b": [_post(2, "Nobody told the dockers."), _post(3, "They meet on Friday.", 2)],
        "c": [_post(1, f"{first} for years."), _post(2, "Nobody told the dockers.", 1)],
    }
    for name, posts in dumps.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(posts), encoding="utf-8")
    (tmp_path / "d.txt").write_text(f"{first[:55]}…", encoding="utf-8")
    async with Library.open(at(tmp_path / "data"), tmp_path / "none", may_be_empty=True) as library:
        known: list[str] = []
        for name in ("b.json", "d.txt", "a.json", "c.json"):
            report = await library.load([tmp_path / name], "me")
            assert report.changed
            known += [each.id for each in library.threads()]
        (one,) = library.threads()
        assert one.tweets == 3
        found = [(await library.thread(each)).id for each in known]
        assert set(found) == {one.id}
        thread = await library.thread(one.id)
        assert thread.tweets[0].text == f"{first} for years."
        assert len(thread.dumps) == 4
        again = await library.preview([tmp_path / "a.json"])
        assert not again.changed
        counts = [(each.added, each.changed, each.unchanged) for each in report.dumps]
        assert counts == [(0, 1, 1)]
