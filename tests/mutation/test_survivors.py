"""The list of explained survivors, held against the code."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.mutation.survivors import explained


@pytest.mark.parametrize("module", sorted({module for module, _, _ in explained()}))
def test_each_explained_survivor_is_about_a_line_that_its_module_has(module: str) -> None:
    spec = find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    lines = {line.strip() for line in Path(spec.origin).read_text(encoding="utf-8").splitlines()}
    listed = {line for named, line, _ in explained() if named == module}
    assert listed <= lines
