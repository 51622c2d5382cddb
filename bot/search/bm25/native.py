"""The index's inner loops in C, where they could be built; each has a twin in NumPy.

What they make is the same to the last bit, and property tests hold both to it: without them an
index is slower to build and to ask, and nothing else.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from bot.search.bm25._kernels import Searcher, TermIds

VERSION = 6
"""Raised with every change to what can be called, and with every fix: older builds are not used."""

log = logging.getLogger(__name__)


class Kernels(NamedTuple):
    """What `bot/_kernels.pyi` describes."""

    term_ids: Callable[..., TermIds]
    """Texts to the numbers of their terms."""
    term_starts: Callable[..., None]
    """Where each term's postings begin."""
    inverted: Callable[..., tuple[int, bytes, bytes]]
    """The postings themselves."""
    merged: Callable[..., tuple[int, bytes, bytes]]
    """Postings of old and of fresh documents, put together."""
    searcher: Callable[..., Searcher]
    """The best of what matches."""


def built() -> Kernels | None:
    """What was built; none where there is nothing, or what another version calls otherwise."""
    try:
        from bot.search.bm25 import _kernels
    except ImportError:  # installed from source on a machine without a compiler
        return None
    if _kernels.VERSION != VERSION:
        log.warning("the kernels are of another version; install again to search faster")
        return None
    return Kernels(
        _kernels.TermIds,
        _kernels.term_starts,
        _kernels.inverted,
        _kernels.merged,
        _kernels.Searcher,
    )


kernels = built()
"""None where they are not there."""


def searcher(*arrays: Any) -> Searcher | None:
    """What answers from an index's `arrays`, if it is there."""
    return kernels.searcher(*arrays) if kernels else None
