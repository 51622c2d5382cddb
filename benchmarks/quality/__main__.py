"""Prints the ranking quality of the index and of other systems, on all collections.

Published results follow in a table of their own; they are not measured here.

`python -m benchmarks quality`; the collections' folder is IR_COLLECTIONS.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean

from benchmarks.quality.collections import FOLDER, Collection, collections
from benchmarks.quality.measures import (
    average_precision,
    ndcg,
    precision,
    randomisation,
    reciprocal_rank,
)
from benchmarks.quality.peers import Search, peers
from benchmarks.quality.published import PUBLISHED, WHOLE
from bot.search.index import Index

DEPTH = 1_000
FOLDS = 5
FEEDBACKS = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5)


def main() -> None:
    """Print a table: MAP, MAP@5, P@30, nDCG@10 and MRR by collection and engine.

    The last column is the p-value of the difference in MAP to the first engine.
    """
    found = collections()
    if not found:
        print(f"no collections in {FOLDER}")
        return
    print("| collection | engine | MAP | MAP@5 | P@30 | nDCG@10 | MRR | p |")
    print("|---|---|---|---|---|---|---|---|")
    for one in found:
        _print_rows(one)
    _print_published({each.name for each in found})
    print("\nfeedback chosen on four fifths of the questions, measured on the other fifth:")
    for one in found:
        print(f"{one.name}: MAP {_cross_validated(one):.4f}")


def _print_rows(one: Collection) -> None:
    ours: list[float] = []
    for name, search in _engines(one):
        rankings = {each: search(question) for each, question in one.questions.items()}
        figures = " | ".join(f"{each:.4f}" for each in _measured(one, rankings))
        each_one = [average_precision(found, one.grades[q]) for q, found in rankings.items()]
        chance = f"{randomisation(ours, each_one):.4f}" if ours else ""
        ours = ours or each_one
        print(f"| {one.name} | {name} | {figures} | {chance} |", flush=True)


def _print_published(names: set[str]) -> None:
    """Print published results for the collections with these names."""
    results = [each for each in PUBLISHED if each.collection in names]
    if results:
        print(f"\npublished, not measured here: {WHOLE}")
        print("| collection | system | MAP | P@30 | source |")
        print("|---|---|---|---|---|")
    for each in results:
        figures = f"{each.average_precision:.4f} | {each.precision_30:.4f}"
        print(f"| {each.collection} | {each.system} | {figures} | <{each.source}> |")


def _engines(one: Collection) -> Sequence[tuple[str, Search]]:
    return (
        ("Threadbot", _searching(Index.build(one.texts), one)),
        ("… without feedback", _searching(Index.build(one.texts, feedback=0), one)),
        *peers(one, DEPTH),
    )


def _searching(index: Index, one: Collection) -> Search:
    return lambda question: [one.ids[at] for at in index.search(question, DEPTH)[0].tolist()]


def _measured(one: Collection, rankings: dict[str, list[str]]) -> list[float]:
    pairs = [(rankings[each], one.grades[each]) for each in rankings]
    return [
        mean(average_precision(found, grades) for found, grades in pairs),
        mean(average_precision(found, grades, 5) for found, grades in pairs),
        mean(precision(found, grades, 30) for found, grades in pairs),
        mean(ndcg(found, grades, 10) for found, grades in pairs),
        mean(reciprocal_rank(found, grades) for found, grades in pairs),
    ]


def _cross_validated(one: Collection) -> float:
    index = Index.build(one.texts)
    asked = list(one.questions)
    by_setting: dict[float, dict[str, float]] = {}
    for feedback in FEEDBACKS:
        index.feedback = feedback
        search = _searching(index, one)
        by_setting[feedback] = {
            each: average_precision(search(one.questions[each]), one.grades[each]) for each in asked
        }
    held_out = []
    for fold in range(FOLDS):
        tuned = [each for at, each in enumerate(asked) if at % FOLDS != fold]
        best = max(FEEDBACKS, key=lambda each: mean(by_setting[each][q] for q in tuned))
        held_out += [by_setting[best][q] for q in asked[fold::FOLDS]]
    return mean(held_out)


if __name__ == "__main__":
    main()
