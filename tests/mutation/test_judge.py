"""Judging the mutants of a real module with its tests."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.mutation.reach import ROOT

COMMAND = (sys.executable, "-m", "tests.mutation", "bot.thread_ids", "--mutants", "6", "--json")


def test_a_module_is_judged_by_its_tests() -> None:
    done = subprocess.run(
        [*COMMAND, "--tests", "tests/test_thread_ids.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    (result,) = json.loads(done.stdout)
    assert result["module"] == "bot.thread_ids"
    assert result["killed"] + len(result["survivors"]) == result["mutants"] == 6
    assert result["killed"] > 0
    assert done.returncode == any(each["reason"] is None for each in result["survivors"])
