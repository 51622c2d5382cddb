"""What Threadbot exports it reads back, whatever stands in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.loader import read_dump
from bot.models import Link, Metadata, Thread, Tweet
from bot.views.export import KINDS, exported, file_name
from tests.conftest import SEED
from tests.strategies import handles, thread, tweet

links = st.lists(
    st.builds(Link, st.sampled_from(["wsj.com/tech/china-ai-…", "e.org/a_(b)"]), st.none())
    | st.just(Link("e.org/b", "https://e.org/b?c=d_e")),
    max_size=2,
    unique_by=lambda each: each.printed,
)
tweets = st.builds(
    tweet,
    st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), min_size=1)
    .map(str.strip)
    .filter(bool),
    author=st.none() | handles,
    mentions=st.lists(handles, max_size=2, unique_by=str.lower).map(tuple),
    links=links.map(tuple),
    created_at=st.none() | st.just("2025-06-13T10:00:00+00:00"),
    permalink=st.none() | st.just("https://x.com/anna/status/1901"),
    tweet_id=st.none() | st.just("1901"),
)


def essence(each: Thread) -> tuple[object, ...]:
    """All of a thread but where it was read."""
    told = [replace(one, file="", line=0, author=one.author or each.author) for one in each.tweets]
    return each.title, each.author, each.complete, each.source_url, tuple(told)


@pytest.mark.parametrize("kind", KINDS)
@given(
    said=st.lists(tweets, min_size=1, max_size=4),
    author=st.none() | handles,
    complete=st.booleans(),
    source=st.none() | st.just("https://threadreaderapp.com/thread/1901.html"),
)
def test_any_thread_comes_back_as_it_was(
    kind: str, said: list[Tweet], author: str | None, *, complete: bool, source: str | None
) -> None:
    made = thread(*said, author=author, complete=complete, source_url=source, title="Ports # *a*")
    dump = read_dump(exported(made, kind).encode(), f"a.{kind}", detailed=True)
    assert [essence(each) for each in dump.threads] == [essence(made)]
    assert dump.notices == ()
    assert dump.format.startswith("threadbot-")
    assert dump.threads[0].aliases & made.aliases


@pytest.mark.parametrize("kind", KINDS)
def test_the_seed_comes_back_thread_by_thread(kind: str) -> None:
    for each in read_dump(SEED.read_bytes(), SEED.name).threads:
        (back,) = read_dump(exported(each, kind).encode(), "back").threads
        assert essence(back) == essence(each)
        assert back.id == each.id


def test_a_line_that_is_of_no_export_is_told() -> None:
    text = exported(thread("Ports grow quiet"), "txt") + "who wrote this?\n"
    (notice,) = read_dump(text.encode(), "a.txt").notices
    assert (notice.line, notice.message.split(";")[0]) == (
        text.count("\n"),
        "it is no line of an exported thread",
    )


def test_a_record_that_is_no_thread_is_told_and_the_others_are_read() -> None:
    good = exported(thread("Ports grow quiet"), "json")
    dump = read_dump(f'[{good}, {{"id": 1}}, {good}]'.encode(), "a.json", Metadata(author="anna"))
    assert [each.author for each in dump.threads] == ["anna", "anna"]
    assert [each.message for each in dump.notices] == ["a record that holds no tweet; left out"]


def test_a_file_is_named_by_its_title() -> None:
    made = thread("Ports grow quiet: *what* now?")
    assert file_name(made, "md") == f"ports-grow-quiet-what-now-{made.id}.md"
    assert file_name(thread("…"), "txt").startswith("thread-")
