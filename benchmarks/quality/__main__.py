"""Print how well the index ranks on every collection, beside rank_bm25 as it comes.

`python -m benchmarks quality`; the collections' folder is IR_COLLECTIONS.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import mean

import numpy as np
from rank_bm25 import BM25Okapi

from benchmarks.quality.collections import FOLDER, Collection, collections
from benchmarks.quality.measures import average_precision, ndcg, precision, reciprocal_rank
from bot.index import Index

DEPTH = 1_000
FOLDS = 5
FEEDBACKS = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5)
Search = Callable[[str], list[str]]


def main() -> None:
    """Print a table: MAP, MAP@5, P@30, nDCG@10 and MRR by collection and engine."""
    found = collections()
    if not found:
        print(f"no collections in {FOLDER}")
        return
    print("| collection | engine | MAP | MAP@5 | P@30 | nDCG@10 | MRR |")
    print("|---|---|---|---|---|---|---|")
    for one in found:
        for name, search in _engines(one):
            rankings = {each: search(question) for each, question in one.questions.items()}
            figures = " | ".join(f"{each:.4f}" for each in _measured(one, rankings))
            print(f"| {one.name} | {name} | {figures} |", flush=True)
    print("\nfeedback chosen on four fifths of the questions, measured on the other fifth:")
    for one in found:
        print(f"{one.name}: MAP {_cross_validated(one):.4f}")


def _engines(one: Collection) -> Sequence[tuple[str, Search]]:
    bare = Index.build(one.texts, feedback=0)
    okapi = BM25Okapi([each.lower().split() for each in one.texts])

    def dense(question: str) -> list[str]:
        scores = okapi.get_scores(question.lower().split())
        return [one.ids[at] for at in np.argsort(-scores, kind="stable")[:DEPTH].tolist()]

    return (
        ("Threadbot", _searching(Index.build(one.texts), one)),
        ("… without feedback", _searching(bare, one)),
        ("rank_bm25, split at spaces", dense),
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
