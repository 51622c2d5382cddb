"""What others have published on these collections: told beside ours, never measured here."""

from __future__ import annotations

from dataclasses import dataclass

ANSERINI = (
    "https://github.com/castorini/anserini/blob/04653a52b3a6a157ab6fb1e18f97c580eae9c3c8/"
    "docs/regressions-mb11.md"
)


@dataclass(frozen=True, slots=True)
class Published:
    """What a source says of a system on a collection."""

    collection: str
    """The collection's name here."""
    system: str
    """What was measured."""
    average_precision: float
    """Its MAP."""
    precision_30: float
    """Its P@30."""
    source: str
    """Where that is written."""


WHOLE = "of all Tweets2011, some sixteen million tweets; ours are the pool of those judged"
PUBLISHED = (
    Published("trec-mb2011", "Anserini, BM25", 0.3384, 0.3959, ANSERINI),
    Published("trec-mb2011", "Anserini, BM25 and RM3", 0.3650, 0.4170, ANSERINI),
    Published("trec-mb2011", "Anserini, QL and axiomatic feedback", 0.4201, 0.4408, ANSERINI),
)
"""The 49 topics of 2011. For the other two collections no source is known that ranks these
documents for these questions: what CheckThat! 2020 published is of other tweets, its test set."""
