"""What the threads of a layer are called."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.arrays.array_file import Arrays
from bot.arrays.gather import Gather
from bot.library.snapshot.thread_names import WORDS, ThreadNames, folded_words
from bot.search.analyzer import Analyzer, fold
from bot.thread_ids import key64, normalised
from tests.library.snapshot.shelf import CAFE, PORTS, RICE, snapshot_of


def names_of_three() -> ThreadNames:
    return snapshot_of(PORTS, RICE, CAFE).parts[0].layer.names


def check(names: ThreadNames, numbers: dict[str, int]) -> None:
    assert names.by_title[key64(normalised(PORTS.title))] == [numbers["ports"]]
    assert names.by_link[key64("x:1900")] == [numbers["ports"]]
    assert names.folded[numbers["cafe"]] == " cafe owners of the port await the ships"
    assert names.titles.match(["port"]).docs.tolist() == sorted(numbers.values())


def test_threads_are_known_by_titles_words_and_links() -> None:
    check(names_of_three(), {"ports": 0, "cafe": 2})


def test_names_come_back_from_their_arrays() -> None:
    check(
        ThreadNames.from_arrays(names_of_three().to_arrays(), Analyzer()), {"ports": 0, "cafe": 2}
    )


def test_names_are_gathered() -> None:
    picks = Gather.of(np.array([2, 0]), [3])
    arrays: Arrays = {}
    for some in ThreadNames.gathered([names_of_three()], picks, [3]):
        arrays.update(some)
    assert arrays.keys() == names_of_three().to_arrays().keys()
    check(ThreadNames.from_arrays(arrays, Analyzer()), {"cafe": 0, "ports": 1})


def test_words_are_folded_and_separated_by_spaces() -> None:
    assert folded_words("  Café—owners, “1,000”") == "cafe owners 1 000"


@given(st.text(st.characters(max_codepoint=127)))
def test_words_in_ascii_are_folded_as_others_are(text: str) -> None:
    assert folded_words(text) == " ".join(fold(word) for word in WORDS.findall(text))
