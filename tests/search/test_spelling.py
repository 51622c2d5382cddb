"""Repairs of misspelt questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search import spelling
from bot.search.analyzer import Analyzer
from bot.search.bm25.postings import PostingsBuilder
from bot.search.index import Index
from bot.search.query import parse
from bot.search.spelling import MOST_LETTERS, may_be_misspelt, repaired
from tests.search.every_word import EveryWord

ANALYZER = Analyzer()
TWEETS = [
    "Robots run a half marathon in Beijing",
    "Engineers packed suitcases of hard drives",
    "Export controls on chips, said Kendler",
    "Factories stop production, and nobody is ready",
    "They asked for sand and bread",
]
WORDS = sorted({each for text in TWEETS for each in text.split() if each.isalpha()})


def library(texts: list[str]) -> tuple[Index, EveryWord]:
    """An index of `texts`, and its words."""
    builder = PostingsBuilder(ANALYZER)
    for text in texts:
        builder.add(text)
    words = builder.words
    index = Index(builder.done(), analyzer=ANALYZER)
    return index, EveryWord(dict(zip(index.postings, words, strict=True)))


INDEX, KNOWN = library(TWEETS)


def repair(question: str) -> str:
    return repaired(parse(question, ANALYZER), INDEX, KNOWN)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("robts marathn", "robots marathon"),  # missing letters, both unknown
        ("exprot contorls", "export controls"),  # transposed letters
        ("suitcasses", "suitcases"),  # a doubled letter
        ("halfmarathon robots", "half marathon robots"),  # a missing space
        ("waht is robts", "what is robots"),  # a stop word too
        ("prodction from:anna", "production from:anna"),
        ("how are chipz", "how are chips"),
        ("robots sutcases", "robots suitcases"),  # never side by side, but certain
        ("robots suictases", "robots suitcases"),
        ("factories stopp prodction", "factories stop production"),
        ("kendler chps", "kendler chips"),  # a short word without a letter
        ("chps", "chips"),
        ("obots marathon", "robots marathon"),  # without its first letter
    ],
)
def test_typos_are_repaired(asked: str, meant: str) -> None:
    assert repair(asked) == meant


@pytest.mark.parametrize(
    "question",
    [
        "Did nobody read about the robots that ran a half marathon",
        "can the robots stand a marathon",  # no tweet has “sand” and the others
        "zebra",
        "how are chipt",  # only the last letter is another
        "the broad marathon",
        'robots "hrad drives"',
        "robots -suitcses",
        "robots from:marathn",
        "CHISP marathon",
        "robots 12345",
        "kendler chap",  # a short word with another letter
        "kendler hips",  # or without its first one
        "factories shop production",
        "the gobots marathon",  # another first letter
        "kendlar",  # a tweet has “Kendler”, and nothing tells which is misspelt
    ],
)
def test_other_words_are_left_alone(question: str) -> None:
    assert repair(question) == question


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join))
def test_words_of_the_library_are_not_changed(question: str) -> None:
    assert repair(question) == question


@given(st.sampled_from(TWEETS), st.data())
def test_a_repair_finds_something_and_is_not_repaired_again(text: str, data: st.DataObject) -> None:
    words = [each.strip(",") for each in text.split()]
    at = data.draw(st.sampled_from([at for at, each in enumerate(words) if len(each) > 4]))
    place = data.draw(st.integers(1, len(words[at]) - 2))
    words[at] = words[at][:place] + words[at][place + 1 :]
    better = repair(" ".join(words))
    assert len(INDEX.search(better, 5)[0])
    assert repair(better) == better


def test_a_rare_word_is_repaired_only_if_it_fits_nothing_and_the_repair_is_far_more_frequent() -> (
    None
):
    index, known = library(["robots run"] * 900 + ["sailing"] * 200 + ["robuts", "rubots run"])

    def rare(question: str) -> str:
        return repaired(parse(question, ANALYZER), index, known)

    assert rare("robuts run") == "robots run"
    assert rare("rubots run") == "rubots run"
    assert rare("robuts") == "robuts"


def test_the_fewest_typos_win_then_a_word_of_the_library_then_the_most_tweets() -> None:
    texts = ["traveling trade first"] * 2 + ["trade first"] * 3 + ["harbour", "tuesday"]
    texts += ["police find"] * 2 + ["policies find"] * 3
    index, known = library(texts)

    def found(question: str) -> str:
        return repaired(parse(question, ANALYZER), index, known)

    assert found("first traveliing") == "first traveling"
    assert found("poliice find") == "police find"
    assert found("harbuor tuesday") == "harbour tuesday"


def test_another_form_of_a_word_is_meant_if_it_is_nearest() -> None:
    index, known = library(["Companies sell power", "suitcases", "powerful"])
    for asked, meant in (("comapny", "company"), ("suitcas", "suitcase"), ("sutcase", "suitcase")):
        assert repaired(parse(asked, ANALYZER), index, known) == meant


def test_a_stop_word_with_a_typo_is_dropped_and_no_other_word_is_meant() -> None:
    index, known = library(["They want robots", "robots should run there"])
    assert repaired(parse("waht robots", ANALYZER), index, known) == "what robots"
    assert repaired(parse("shoud robots", ANALYZER), index, known) == "should robots"


def test_the_name_of_a_handle_or_a_host_is_not_repaired() -> None:
    index, known = library(
        ["mastadon servers", "ask @mastodon", "see https://chpis.example", "chips"]
    )
    for question in ("mastodon servers", "chpis"):
        assert repaired(parse(question, ANALYZER), index, known) == question


def test_the_name_within_a_handle_is_not_repaired() -> None:
    index, known = library(["field ships", "ask @ann_feild"])
    assert repaired(parse("feild ships", ANALYZER), index, known) == "feild ships"
    index, known = library(["field ships", "ask @ann_feildco"])
    assert repaired(parse("feild ships", ANALYZER), index, known) == "field ships"


def test_a_rare_word_is_no_misspelt_stop_word() -> None:
    index, known = library(["robots run"] * 1_000 + ["waht of it"])
    assert repaired(parse("waht robots", ANALYZER), index, known) == "waht robots"
    index, known = library(["robots run"] * 1_000 + ["of it"])
    assert repaired(parse("waht robots", ANALYZER), index, known) == "what robots"


def test_few_words_are_repaired_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    typos, right = "robts marathn sutcases prodction", "robots marathon suitcases production"
    index, known = library([right])
    assert repaired(parse(typos, ANALYZER), index, known) == right
    monkeypatch.setattr(spelling, "MAX_REPAIRED", 1)
    assert repaired(parse(typos, ANALYZER), index, known) == "robots marathn sutcases prodction"


def test_a_wrong_letter_is_repaired_beside_other_words_or_if_several_tweets_have_the_repair() -> (
    None
):
    index, known = library(["mastadon servers", "harbour", "harbour cranes"])
    for asked, meant in (
        ("mastodon", "mastodon"),
        ("mastodon servers", "mastadon servers"),
        ("harbuur", "harbour"),
    ):
        assert repaired(parse(asked, ANALYZER), index, known) == meant


def test_a_repair_is_about_as_long_as_the_word() -> None:
    index, known = library(["they tolerate robots", "tolerate"])
    assert repaired(parse("tower robots", ANALYZER), index, known) == "tower robots"


def test_of_equally_near_words_the_more_frequent_one_is_meant() -> None:
    texts = ["planner boat", "planter boat", "planter", "plan"]
    query = parse("planler boat", ANALYZER)
    for some in (texts, texts[::-1]):  # whichever is written first
        index = Index.build(some, analyzer=ANALYZER)
        known = EveryWord({term: term for term in index.terms()})
        assert repaired(query, index, known) == "planter boat"


def test_a_word_longer_than_any_is_compared_with_none() -> None:
    """What is one typo away from 4,000 letters would be 800 MB of text."""
    lengths = MOST_LETTERS, MOST_LETTERS + 1, 4_000
    questions = [parse("b" * each, ANALYZER) for each in lengths]
    assert [len(may_be_misspelt(each, INDEX)) for each in questions] == [1, 0, 0]


def test_no_word_is_repaired_to_a_form_that_nobody_writes() -> None:
    index, known = library(["They bring data back", "A bring and a data"] * 3)
    assert repaired(parse("bridges", ANALYZER), index, known) == "bring"  # not “bringes”


@pytest.mark.parametrize(
    "word", ["compass", "paradox", "seltz", "sandwich", "varnish", "volcano", "change", "bridge"]
)
def test_a_form_with_es_is_kept_where_people_write_it(word: str) -> None:
    index, known = library([f"The {word} is old", f"Every {word} has a name"] * 3)
    plural = word.removesuffix("e") + "es"
    typed = word[0] + word[2] + word[1] + plural[3:]
    assert repaired(parse(f"{typed} old", ANALYZER), index, known) == f"{plural} old"
