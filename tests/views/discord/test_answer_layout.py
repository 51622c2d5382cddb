"""Answers as Discord messages."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.i18n.messages import Language
from bot.models import (
    Answer,
    Passage,
)
from bot.views.discord.answer_layout import answer_layout, found_layout, why_layout
from bot.views.discord.share_layout import share_layout, shared_layout
from tests.views.discord.anything import (
    answers,
    anything,
    check,
    long_texts,
    passages,
    tongues,
)


@given(answer=answers(), by=anything, say=tongues)
def test_any_answer(answer: Answer, by: str, say: Language) -> None:
    check(answer_layout(answer, say, stale=True))
    check(why_layout(answer, say))
    if answer.hits:
        check(share_layout(answer, say))
        check(shared_layout(answer, answer.hits[0], by, say))


@given(answer=answers(), words=long_texts, more=st.lists(passages, max_size=7), say=tongues)
def test_any_find_in_a_thread(
    answer: Answer, words: str, more: list[Passage], say: Language
) -> None:
    distinct = [replace(each, position=1_000 + place) for place, each in enumerate(more)]
    found = [
        replace(
            each,
            best=replace(each.best, position=1),
            more=tuple(distinct),
            more_in_thread=len(more),
        )
        for each in answer.hits[:1]
    ]
    check(found_layout(replace(answer, hits=tuple(found)), words, say))
