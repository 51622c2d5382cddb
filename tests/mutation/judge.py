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
from tests.mutation.plugins import OPTIONS, Chosen, load_profile
from tests.mutation.reach import ROOT, Reach

KILLED, SURVIVED = 10, 11
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
        """Return the mutants that no test notices."""
        where = self.path.relative_to(ROOT).as_posix()
        cases = [Case(mutant, self.reach.tests(where, mutant.scope)) for mutant in mutants]
        tested = [case for case in cases if case.tests]
        unsure = tested
        if any(case.mutant.scope.function for case in tested):
            unsure = self._quickly(tested, heard)
        alive = {id(case.mutant) for case in unsure if not self._killed(case, heard)}
        alive |= {id(case.mutant) for case in cases if not case.tests}
        return [mutant for mutant in mutants if id(mutant) in alive]

    def _quickly(self, cases: Sequence[Case], heard: Callable[[str], None]) -> list[Case]:
        """Collect the tests once, and return the cases not killed by exchanged functions.

        What a module computed when it was imported does not change with its functions.
        So a case that is not killed here is tried again with the module imported anew.
        """
        files = {test.partition("::")[0] for case in cases for test in case.tests}
        killed: set[int] = set()

        def hear(line: str) -> None:
            place, _, verdict = line.partition(" ")
            if verdict == str(KILLED):
                killed.add(int(place))
                heard("killed")

        def work(say: child.Say) -> int:
            def loop(items: dict[str, pytest.Item], chosen: Chosen) -> None:
                def attempt(
                    case: Case, functions: list[FunctionType], code: CodeType, say: child.Say
                ) -> int:
                    fits = _swap(functions, code)
                    return self._verdict(items, case.tests, chosen, say) if fits else SURVIVED

                functions = _functions(str(self.path))
                for place, case in enumerate(cases):
                    code = self._function_code(case.mutant)
                    key = (case.mutant.scope.function, case.mutant.scope.function_line)
                    if code is not None and functions.get(key):
                        swapped = functions[key]
                        say(f"{place} {self._run(partial(attempt, case, swapped, code))}")

            return _pytest(files, Chosen(loop))

        child.run(work, heard=hear)
        return [case for place, case in enumerate(cases) if place not in killed]

    def _killed(self, case: Case, heard: Callable[[str], None]) -> bool:
        """Import the module with the mutant in it and run its tests."""

        code = code_of(self.path.read_text(encoding="utf-8"), case.mutant, str(self.path))

        def work(say: child.Say) -> int:
            verdict = KILLED  # also if the tests cannot even be collected

            def loop(items: dict[str, pytest.Item], chosen: Chosen) -> None:
                nonlocal verdict
                verdict = self._verdict(items, case.tests, chosen, say)

            sys.meta_path.insert(0, Finder(self.name, self.path, code))
            _pytest({test.partition("::")[0] for test in case.tests}, Chosen(loop))
            return verdict

        killed = self._run(work, first=60.0) == KILLED
        heard("killed" if killed else "survived")
        return killed

    def _run(self, work: Callable[[child.Say], int], first: float = PATIENCE) -> int:
        """Run `work` in a child; it is killed too if it crashes or hangs."""
        outcome = child.run(
            work,
            patience=lambda test: (
                first if test is None else PATIENCE + 5 * self.reach.seconds.get(test, 0.0)
            ),
        )
        if outcome.status == child.BROKEN:
            raise RuntimeError(outcome.lines[-1])
        return SURVIVED if outcome.status == SURVIVED else KILLED

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
    load_profile()
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
