"""Runs the tests on each mutant and finds those that no test notices."""

from __future__ import annotations

import gc
import importlib.util
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, FunctionType

import pytest

from tests.mutation import child
from tests.mutation.mutants import Mutant, code_of
from tests.mutation.plugins import OPTIONS, Chosen
from tests.mutation.reach import ROOT, Reach

KILLED, SURVIVED, UNFIT = 10, 11, 12
NAMES = {KILLED: "killed", SURVIVED: "survived"}
PATIENCE = 10.0
"""Seconds that a test on a mutant may take, and five times what it takes otherwise."""


@dataclass(frozen=True, slots=True)
class Case:
    """A mutant and the tests that could notice it."""

    mutant: Mutant
    tests: list[str]


@dataclass(frozen=True, slots=True)
class Judge:
    """Decides for the mutants of one module."""

    name: str
    """The module's dotted name."""
    path: Path
    """Its file."""
    reach: Reach

    def survivors(self, mutants: Sequence[Mutant], heard: Callable[[str], None]) -> list[Mutant]:
        """Return the mutants that no test notices; `heard` is called with each verdict."""
        where = self.path.relative_to(ROOT).as_posix()
        cases = [Case(mutant, self.reach.tests(where, mutant.scope)) for mutant in mutants]
        quick = self._exchanged([case for case in cases if case.tests], heard)
        alive = []
        for case in cases:
            verdict = quick.get(case.mutant, 0) if case.tests else SURVIVED
            late = self.reach.at_import(where, case.mutant.scope)
            if not verdict or (verdict == SURVIVED and case.tests and late):
                verdict = self._imported(case)
            if verdict == SURVIVED:
                alive.append(case.mutant)
            if quick.get(case.mutant) != KILLED:
                heard(NAMES[verdict])
        return alive

    def _exchanged(self, cases: Sequence[Case], heard: Callable[[str], None]) -> dict[Mutant, int]:
        """Collect the tests once, then judge each mutant by exchanging the function it is in.

        What a module computed when it was imported does not change with its functions, so a
        mutant of what ran then may survive here wrongly.
        """
        verdicts: dict[Mutant, int] = {}

        def hear(line: str) -> None:
            place, verdict = map(int, line.split())
            if verdict in NAMES:
                verdicts[cases[place].mutant] = verdict
            if verdict == KILLED:
                heard(NAMES[verdict])

        def loop(say: child.Say, items: dict[str, pytest.Item], chosen: Chosen) -> None:
            def attempt(
                case: Case, functions: list[FunctionType], code: CodeType, say: child.Say
            ) -> int:
                if not _swap(functions, code):
                    return UNFIT
                return self._verdict(items, case.tests, chosen, say)

            functions = _functions(str(self.path))
            for place, case in enumerate(cases):
                code = self._function_code(case.mutant)
                swapped = functions.get(
                    (case.mutant.scope.function, case.mutant.scope.function_line)
                )
                if code is not None and swapped:
                    say(f"{place} {self._run(partial(attempt, case, swapped, code))}")

        files = {test.partition("::")[0] for case in cases for test in case.tests}
        if any(case.mutant.scope.function for case in cases):
            child.run(lambda say: _pytest(files, Chosen(partial(loop, say))), heard=hear)
        return verdicts

    def _imported(self, case: Case) -> int:
        """Judge a mutant by importing its module anew."""
        code = code_of(self.path.read_text(encoding="utf-8"), case.mutant, str(self.path))

        def work(say: child.Say) -> int:
            verdict = KILLED  # also if the tests cannot even be collected

            def loop(items: dict[str, pytest.Item], chosen: Chosen) -> None:
                nonlocal verdict
                verdict = self._verdict(items, case.tests, chosen, say)

            sys.meta_path.insert(0, Finder(self.name, self.path, code))
            _pytest({test.partition("::")[0] for test in case.tests}, Chosen(loop))
            return verdict

        return self._run(work, first=60.0)

    def _run(self, work: Callable[[child.Say], int], first: float = PATIENCE) -> int:
        """Run `work` in a child; a mutant that makes it crash or hang is killed."""
        outcome = child.run(
            work,
            patience=lambda test: (
                first if test is None else PATIENCE + 5 * self.reach.seconds.get(test, 0.0)
            ),
        )
        if outcome.status == child.BROKEN:
            raise RuntimeError(outcome.lines[-1])
        return outcome.status if outcome.status in (SURVIVED, UNFIT) else KILLED

    def _verdict(
        self, items: dict[str, pytest.Item], tests: Sequence[str], chosen: Chosen, say: child.Say
    ) -> int:
        found = [items[test] for test in tests if test in items]
        return SURVIVED if found and chosen.passes(found, say) else KILLED

    def _function_code(self, mutant: Mutant) -> CodeType | None:
        """Return the code of the function around `mutant`, with the mutant in it."""
        if mutant.scope.function is None:
            return None
        module = code_of(self.path.read_text(encoding="utf-8"), mutant, str(self.path))
        for code in _codes(module):
            if (code.co_qualname, code.co_firstlineno) == (
                mutant.scope.function,
                mutant.scope.function_line,
            ):
                return code
        return None


class Finder(SourceFileLoader):
    """Finds one module, changed."""

    def __init__(self, name: str, path: Path, code: CodeType) -> None:
        """Give `code` to whoever imports `name`."""
        super().__init__(name, str(path))
        self.code = code

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        """Find the module if it is the changed one."""
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=self)

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 - the loader's protocol
        """Return the changed code."""
        return self.code


def _pytest(files: set[str], plugin: Chosen) -> int:
    return int(pytest.main([*OPTIONS, *sorted(files)], plugins=[plugin]))


def _codes(code: CodeType) -> list[CodeType]:
    inner = [one for one in code.co_consts if isinstance(one, CodeType)]
    return [code, *(deeper for one in inner for deeper in _codes(one))]


def _functions(path: str) -> dict[tuple[str | None, int], list[FunctionType]]:
    """Return all functions of the file at `path` by their qualified name and line."""
    found: dict[tuple[str | None, int], list[FunctionType]] = {}
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename == path:
            key = (one.__code__.co_qualname, one.__code__.co_firstlineno)
            found.setdefault(key, []).append(one)
    return found


def _swap(functions: Sequence[FunctionType], code: CodeType) -> bool:
    """Exchange the code of `functions`, if it closes over the same variables."""
    fits = all(each.__code__.co_freevars == code.co_freevars for each in functions)
    if fits:
        for function in functions:
            function.__code__ = code
    return fits
