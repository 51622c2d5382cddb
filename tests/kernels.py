"""With the kernels in C, where they are built, and without: what is made must be the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TypeAlias

import pytest
from hypothesis import strategies as st

from bot import native

Kernels: TypeAlias = Callable[[], AbstractContextManager[None]]


@contextmanager
def without_kernels() -> Iterator[None]:
    """As if they had not been built."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "kernels", None)
        yield


by_name: dict[str, Kernels] = {"with": nullcontext, "without": without_kernels}
by_kernels = st.sampled_from(list(by_name.values()))
