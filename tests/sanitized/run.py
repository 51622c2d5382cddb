"""`python -m tests.sanitized.run LIBRARY ARGUMENTS…`: pytest, with the kernels of `LIBRARY`."""

from __future__ import annotations

import importlib.util
import sys

import pytest

NAME = "bot.search.bm25._kernels"


def load(library: str) -> None:
    """Have `LIBRARY` be the kernels, before anything imports others.

    Raises:
        RuntimeError: others were imported before.
    """
    spec = importlib.util.spec_from_file_location(NAME, library)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[NAME] = module
    spec.loader.exec_module(module)
    from bot.search.bm25 import native

    if native.kernels is None or native.kernels.inverted is not module.inverted:
        raise RuntimeError(f"{library} is not what the tests would use")


if __name__ == "__main__":
    load(sys.argv[1])
    sys.exit(pytest.main(sys.argv[2:]))
