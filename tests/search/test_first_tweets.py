"""Help from a thread's first tweet."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.analyzer import Analyzer
from bot.search.first_tweets import WEIGHT, add_help
from bot.search.index import Index
from bot.search.query import parse

ANALYZER = Analyzer()
tweets = st.lists(st.sampled_from(["port", "ship", "crane", "rice"]), max_size=4).map(" ".join)


@given(
    st.lists(st.lists(tweets, min_size=1, max_size=4), max_size=5),
    st.sampled_from(["firsts", "others only"]),
)
def test_help_is_the_words_that_the_first_tweet_has_and_the_other_lacks(
    library: list[list[str]], asked_of: str
) -> None:
    index = Index.build((text for thread in library for text in thread), analyzer=ANALYZER)
    starts = np.array(list(accumulate(map(len, library), initial=0))[:-1], dtype=np.int64)
    query = parse("port zebra rice", ANALYZER)
    terms = [each.term for each in query.terms]
    matches = index.match(terms)
    docs, scores = matches.docs, matches.scores.copy()
    firsts = starts[np.searchsorted(starts, docs, side="right") - 1]
    if asked_of == "others only":
        kept = docs != firsts
        docs, scores, firsts = docs[kept], scores[kept], firsts[kept]
    before = scores.copy()
    helped = add_help(index, query.terms, docs, scores, firsts, all_matches=asked_of == "firsts")
    for at, (doc, first) in enumerate(zip(docs.tolist(), firsts.tolist(), strict=True)):
        given_words = [
            index.contribution(term, first) for term in terms if not index.contribution(term, doc)
        ]
        assert scores[at] == pytest.approx(before[at] + WEIGHT * sum(given_words))
        assert helped[at] == sum(each > 0 for each in given_words)
