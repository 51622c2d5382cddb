"""The mutants of a module: which there are, and which are drawn."""

from __future__ import annotations

import ast

from hypothesis import given
from hypothesis import strategies as st

from tests.mutation.mutants import all_mutants, mutated, sample
from tests.mutation.reach import mirrors

TOY = '''
"""A docstring."""
from __future__ import annotations

LIMIT: "Annotated" = 3


def first(words: list["str"], least: int = 2) -> "str":
    """Another."""
    log.info("looked")
    for word in words[1:]:
        if len(word) < least:
            continue
        show(sentence("A word is {length} letters long.", length=len(word)))
        return word + "!"
    return ""
'''


def changes(source: str) -> set[str]:
    """Return all changes of `source`."""
    return {mutant.change for mutant in all_mutants(source)}


def test_each_kind_of_change_is_made() -> None:
    assert changes(TOY) >= {
        "3 → 4",
        "2 → 3",
        "len(word) < least → len(word) <= least",
        "if len(word) < least: → if True:",
        "if len(word) < least: → if False:",
        "continue → break",
        "word + '!' → word - '!'",
        "return word + '!' → return None",
        "1: → :",
    }


def test_docstrings_annotations_logs_and_wording_stay() -> None:
    for mutant in all_mutants(TOY):
        changed = ast.unparse(mutated(TOY, mutant))
        assert '"""A docstring."""' in changed
        assert '"""Another."""' in changed
        assert "LIMIT: 'Annotated'" in changed
        assert "words: list['str']" in changed
        assert "log.info('looked')" in changed
        if "show(" in changed and "sentence(" in changed:
            assert "'A word is {length} letters long.'" in changed


def test_a_mutant_differs_in_the_place_that_it_names() -> None:
    (swapped,) = [one for one in all_mutants(TOY) if one.after == "len(word) <= least"]
    assert TOY.splitlines()[swapped.line - 1].strip() == "if len(word) < least:"
    before, after = ast.unparse(ast.parse(TOY)), ast.unparse(mutated(TOY, swapped))
    assert after == before.replace("len(word) < least", "len(word) <= least")


def test_every_mutant_compiles_and_differs() -> None:
    original = ast.unparse(ast.parse(TOY))
    for mutant in all_mutants(TOY):
        tree = mutated(TOY, mutant)
        compile(tree, "toy", "exec")
        assert ast.unparse(tree) != original


@given(st.integers(0, 30), st.integers())
def test_a_seed_always_draws_the_same_mutants(count: int, seed: int) -> None:
    drawn = sample(TOY, count, seed)
    assert drawn == sample(TOY, count, seed)
    assert len({one.place for one in drawn}) == min(count, len(all_mutants(TOY)))


def test_a_default_argument_is_judged_by_the_tests_that_run_the_body() -> None:
    (default,) = [one for one in all_mutants(TOY) if one.change == "2 → 3"]
    lines = [TOY.splitlines()[line - 1] for line in default.scope.lines or ()]
    assert lines[0].strip() == '"""Another."""'
    assert lines[-1].strip() == 'return ""'


def test_the_nearest_tests_are_those_in_the_mirrored_file() -> None:
    assert mirrors("bot/query.py") == "tests/test_query.py::"
    assert mirrors("bot/loader/pages/segment.py") == "tests/loader/pages/test_segment.py::"
