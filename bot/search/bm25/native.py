"""The optional C kernels. Each has an equivalent in NumPy.

Both give the same results to the last bit, which property tests verify. Without the kernels, only
indexing and searching are slower.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bot.search.bm25._kernels import Layer, Searcher, TermIds

VERSION = 8
"""Raise it with every change to the kernels' interface and every fix; other builds are ignored."""

Masks: TypeAlias = "tuple[NDArray[np.bool_], NDArray[np.int32], NDArray[np.int64]]"
"""What is masked of a layer: bool[documents], or bool[0] if none; int32[n], the ids of the terms
that the masked documents contain, ascending; and int64[n], how many contain each."""

log = logging.getLogger(__name__)


class Kernels(NamedTuple):
    """The kernels, as described in `_kernels.pyi`."""

    term_ids: Callable[..., TermIds]
    """Creates the object that turns texts into term ids."""
    term_starts: Callable[..., None]
    """Computes where each term's posting list starts."""
    inverted: Callable[..., tuple[bytes, bytes]]
    """Builds the posting lists of documents."""
    layer: Callable[..., Layer]
    """Creates the object that holds an index's arrays."""
    searcher: Callable[..., Searcher]
    """Creates the object that searches a stack of these."""


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
        _kernels.Layer,
        _kernels.Searcher,
    )


kernels = built()
"""The kernels; None if they are unavailable."""


def layer(*arrays: Any) -> Layer | None:
    """Return an index's `arrays` for a searcher; None without kernels."""
    return kernels.layer(*arrays) if kernels else None


def searcher(layers: Sequence[tuple[Layer | None, *Masks]], documents: int) -> Searcher | None:
    """Return a searcher over a stack of layers; None without kernels.

    Args:
        layers: each layer with its masks.
        documents: how many documents are not masked.
    """
    return kernels.searcher(tuple(layers), documents) if kernels else None
