"""With the kernels in C, where they are built, and without: what is made must be the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.search.bm25 import native

Kernels: TypeAlias = Callable[[], AbstractContextManager[None]]

few = settings(max_examples=15)
"""For tests of large examples, which `tests.sanitized` also runs with its slow kernels."""


@contextmanager
def without_kernels() -> Iterator[None]:
    """As if they had not been built."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "kernels", None)
        yield


by_name: dict[str, Kernels] = {"with": nullcontext, "without": without_kernels}
by_kernels = st.sampled_from(list(by_name.values()))


def built() -> native.Kernels:
    """The kernels; the test is skipped where they are not built."""
    if native.kernels is None:
        pytest.skip("the kernels are not built")
    return native.kernels


def assert_refuses(call: Any, sizes: Sequence[int], more: Sequence[object] = ()) -> None:
    """Whatever takes arrays with items of such `sizes`, and `more`, refuses anything else."""
    right: list[NDArray[Any]] = [np.zeros(256, f"V{size}") for size in sizes]
    with pytest.raises(TypeError):
        call()
    for at, size in enumerate(sizes):
        before, after = right[:at], right[at + 1 :]
        with pytest.raises(TypeError):
            call(*before, None, *after, *more)
        if size > 1:
            with pytest.raises(ValueError, match="items of another size"):
                call(*before, np.zeros(size + 1, np.uint8), *after, *more)
