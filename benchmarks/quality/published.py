"""Published results on these collections, to show next to ours. They are not measured here."""

from __future__ import annotations

from dataclasses import dataclass

ANSERINI = (
    "https://github.com/castorini/anserini/blob/04653a52b3a6a157ab6fb1e18f97c580eae9c3c8/"
    "docs/regressions-mb11.md"
)


@dataclass(frozen=True, slots=True)
class Published:
    """A published result of a system on a collection."""

    collection: str
    """The collection's name in this project."""
    system: str
    """The system."""
    average_precision: float
    """Its MAP."""
    precision_30: float
    """Its P@30."""
    source: str
    """The URL of the source."""


WHOLE = "on all of Tweets2011, about 16 million tweets; ours are on the judged tweets only"
PUBLISHED = (
    Published("trec-mb2011", "Anserini, BM25", 0.3384, 0.3959, ANSERINI),
    Published("trec-mb2011", "Anserini, BM25 and RM3", 0.3650, 0.4170, ANSERINI),
    Published("trec-mb2011", "Anserini, QL and axiomatic feedback", 0.4201, 0.4408, ANSERINI),
)
"""The 49 topics of 2011. For the other two collections we know no source that ranks the same
documents: CheckThat! 2020 published results for its test set, which has different tweets."""
