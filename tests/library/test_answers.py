"""Answers to questions, from a real library."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.library.library import Library
from tests.conftest import SEEDS


async def test_an_answer_says_how_thin_its_evidence_is(tmp_path: Path) -> None:
    async with Library.open(tmp_path, SEEDS) as library:
        answer = await library.ask("Malaysian robots")
        assert answer.words_matched == 1
        assert answer.tweets_with_most == answer.tweets
        assert [(word.word, word.tweets > 0) for word in answer.words] == [
            ("Malaysian", True),
            ("robots", True),
        ]


QUESTIONS = ["", "   ", "?!", "the", "@", "#", "\x00", "👩\u200d👩\u200d👧", "a" * 5000]


@pytest.mark.parametrize("question", QUESTIONS)
async def test_no_question_breaks_it(tmp_path: Path, question: str) -> None:
    async with Library.open(tmp_path, SEEDS) as library:
        answer = await library.ask(question)
        assert all(hit.best.sources for hit in answer.hits)
        if question == "the":
            assert answer.hits
