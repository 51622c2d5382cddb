"""The optional C kernels. Each has an equivalent in NumPy.

Both give the same results to the last bit, which property tests verify. Without the kernels, only
indexing and searching are slower.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from bot.search.bm25._kernels import Searcher, TermIds

VERSION = 7
"""Raise it with every change to the kernels' interface and every fix; other builds are ignored."""

log = logging.getLogger(__name__)


class Kernels(NamedTuple):
    """The kernels, as described in `_kernels.pyi`."""

    term_ids: Callable[..., TermIds]
    """Creates the object that turns texts into term ids."""
    term_starts: Callable[..., None]
    """Computes where each term's posting list starts."""
    inverted: Callable[..., tuple[bytes, bytes]]
    """Builds the posting lists of documents."""
    searcher: Callable[..., Searcher]
    """Creates the object that finds the best documents."""


def built() -> Kernels | None:
    """Return the kernels; None if they are not built or have another version."""
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
        _kernels.Searcher,
    )


kernels = built()
"""The kernels; None if they are unavailable."""


def searcher(*arrays: Any) -> Searcher | None:
    """Return a searcher over an index's `arrays`; None without kernels."""
    return kernels.searcher(*arrays) if kernels else None
