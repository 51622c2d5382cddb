"""Questions that are a link to a page."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.library.library import Library
from bot.models import Answer
from tests.databases import at

pytestmark = pytest.mark.usefixtures("each_database")


PAGE = "https://www.news.example/articles/harbours-grow-quiet-8f3a"
TWEETS = {
    "Harbours grow quiet": PAGE,
    "Cranes rest": "https://edition.news.example/2",
    "Rice is dear": "https://rice.example/queues/at-dawn",
    "Ships come late": "ships.example/late-ships-wai…",
    "No link here": None,
}


@pytest.fixture
async def library(tmp_path: Path) -> AsyncIterator[Library]:
    """A library of a thread whose tweets link to pages."""
    tweets = [
        {
            "position": place,
            "author": "anna",
            "created_at": None,
            "text": text,
            "mentions": [],
            "url": None,
            "links": [{"printed": link, "url": None if link.endswith("…") else link}]
            if link
            else [],
        }
        for place, (text, link) in enumerate(TWEETS.items(), start=1)
    ]
    thread = {
        "id": "0" * 12,
        "title": "Ports",
        "author": "anna",
        "complete": True,
        "source_url": None,
        "dumps": [],
        "tweets": tweets,
    }
    (tmp_path / "a.json").write_text(json.dumps(thread), encoding="utf-8")
    async with Library.open(at(tmp_path / "data"), tmp_path / "none", may_be_empty=True) as opened:
        await opened.load([tmp_path / "a.json"], "me")
        yield opened


def found(answer: Answer) -> list[str]:
    """The texts of an answer's tweets, in the thread's order."""
    passages = [each for hit in answer.hits for each in (hit.best, *hit.more)]
    return [each.tweet.text for each in sorted(passages, key=lambda each: each.position)]


@pytest.mark.parametrize(
    ("question", "texts", "said"),
    [
        (PAGE, ["Harbours grow quiet"], "1 tweet links to this page."),
        (f"{PAGE}?utm=1 from:anna", ["Harbours grow quiet"], "1 tweet links to this page."),
        (
            "https://www.news.example/articles/other",
            ["Harbours grow quiet", "Cranes rest"],
            "No tweet here links to this page. These tweets link to news.example.",
        ),
        (
            "https://edition.rice.example/queues/other",
            ["Rice is dear"],
            "No tweet here links to this page. These tweets link to rice.example.",
        ),
        (
            "https://ships.example/late-ships-wait-outside",
            ["Ships come late"],
            "1 tweet has a link that begins like this one. The file has only its beginning.",
        ),
        (
            "https://ships.example/early",
            ["Ships come late"],
            "No tweet here links to this page. These tweets link to ships.example.",
        ),
        ("https://rice.example/", ["Rice is dear"], None),
        ("www.rice.example", ["Rice is dear"], None),
        ("https://zebra.example", [], "No tweet here links to zebra.example."),
        ("https://zebra.example/a", [], "No tweet here links to zebra.example."),
    ],
)
async def test_a_link_to_a_page_finds_the_tweets_that_link_to_it_or_to_its_site(
    library: Library, question: str, texts: list[str], said: str | None
) -> None:
    answer = await library.ask(question)
    assert found(answer) == texts
    assert [str(each) for each in answer.hints] == ([said] if said else [])
    assert answer.question == question


@pytest.mark.parametrize(
    "question", [f"cranes {PAGE}", "https://[", "1/2", "U.S.", f"{PAGE} {PAGE}/2"]
)
async def test_with_other_words_a_link_is_searched_for_as_words(
    library: Library, question: str
) -> None:
    assert not any("link" in str(each) for each in (await library.ask(question)).hints)
