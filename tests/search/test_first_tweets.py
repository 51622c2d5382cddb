"""Help from a thread's first tweet."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.analyzer import Analyzer
from bot.search.first_tweets import WEIGHT, add_help, followers, within_reach
from bot.search.index import Index
from bot.search.query import parse
from bot.search.threads import Threads

ANALYZER = Analyzer()
tweets = st.lists(st.sampled_from(["port", "ship", "crane", "rice"]), max_size=4).map(" ".join)


@given(st.lists(st.lists(tweets, min_size=1, max_size=4), max_size=5), st.floats(0, 3))
def test_help_is_the_words_that_the_first_tweet_has_and_the_other_lacks(
    library: list[list[str]], least: float
) -> None:
    index = Index.build((text for thread in library for text in thread), analyzer=ANALYZER)
    sizes = list(map(len, library))
    threads = Threads.at(np.array([*accumulate(sizes, initial=0)][:-1], np.int64), sum(sizes))
    query = parse("port zebra rice", ANALYZER)
    terms = [each.term for each in query.terms]
    matches = index.match(terms)
    docs, scores = matches.docs, matches.scores.copy()
    rows, leads = followers(docs, threads.of[docs], threads)
    reach = within_reach(scores, rows, leads, least)
    got = add_help(index, query.terms, docs, scores, (rows, leads))
    helped = dict(zip(docs[rows].tolist(), got.tolist(), strict=True))
    lead_of = dict(zip(docs[rows].tolist(), docs[leads].tolist(), strict=True))
    reaching = dict(zip(docs[rows].tolist(), reach.tolist(), strict=True))
    for at, doc in enumerate(docs.tolist()):
        first = int(threads.starts[threads.of[doc]])
        words = [
            index.contribution(term, first) for term in terms if not index.contribution(term, doc)
        ]
        assert scores[at] == pytest.approx(matches.scores[at] + WEIGHT * sum(words))
        assert helped.get(doc, False) == any(words)
        assert (doc in helped) == (doc != first and first in docs)
        assert lead_of.get(doc, first) == first
        if doc in helped and scores[at] >= least:
            assert reaching[doc]
        if reaching.get(doc):
            most = matches.scores[at] + WEIGHT * index.get_scores(terms)[first]
            assert most >= least or most == pytest.approx(least)


def test_a_hashtag_alone_adds_to_the_score_and_counts_as_no_word() -> None:
    index = Index.build(["#PortShip rice", "rice"], analyzer=ANALYZER)
    threads, query = Threads.at(np.array([0]), 2), parse("rice #PortShip", ANALYZER)
    tag = [each for each in query.terms if each.parts]
    assert len(tag) == 1
    matches = index.match([each.term for each in query.terms])
    scores = matches.scores.copy()
    pairs = followers(matches.docs, threads.of[matches.docs], threads)
    assert add_help(index, tag, matches.docs, scores, pairs).tolist() == [False]
    assert scores[1] > matches.scores[1]
    assert add_help(index, query.terms, matches.docs, scores, pairs).tolist() == [True]
