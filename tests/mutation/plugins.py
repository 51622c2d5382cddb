"""The pytest plugins that record what each test runs, and that run chosen tests on a mutant."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from coverage import Coverage
from hypothesis import HealthCheck, is_hypothesis_test, settings

EXAMPLES = 25
QUICK = settings(
    derandomize=True,
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
OPTIONS = (
    *("-q", "-x", "-o", "addopts=", "-p", "no:cacheprovider"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # hypothesis is imported before
    *("-p", "no:randomly", "-p", "no:xdist", "-p", "no:pytest_cov"),
)


def _fewer(own: settings) -> settings:
    return settings(
        QUICK,
        max_examples=min(EXAMPLES, own.max_examples),
        stateful_step_count=own.stateful_step_count,
    )


class Quick:
    """Gives hypothesis the same few examples in each run."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Lower the number of examples, whatever settings a test has of its own."""
        for item in items:
            test: Any = getattr(item, "obj", None)
            function: Any = getattr(test, "__func__", test)
            machine: Any = getattr(item, "cls", None)
            if isinstance(getattr(machine, "settings", None), settings):
                machine.settings = _fewer(machine.settings)
            elif is_hypothesis_test(function):
                own = getattr(function, "_hypothesis_internal_use_settings", None)
                function._hypothesis_internal_use_settings = _fewer(own or QUICK)  # noqa: SLF001 - hypothesis has no public way


@dataclass(slots=True, eq=False)
class Recorder(Quick):
    """Records which lines each test runs, how long it takes and whether it passes."""

    coverage: Coverage
    seconds: dict[str, float] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    fixtures: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The names of the fixtures that each test uses."""
    current: str = ""
    """The test that runs."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Give what runs now to this test."""
        self.current = item.nodeid
        self.fixtures[item.nodeid] = tuple(getattr(item, "fixturenames", ()))
        self.coverage.switch_context(item.nodeid)
        began = time.perf_counter()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = time.perf_counter() - began
            self.coverage.switch_context("")

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any]
    ) -> Generator[None, object, object]:
        """Give what a shared fixture runs to all tests that use it."""
        if fixturedef.scope == "function":
            return (yield)
        self.coverage.switch_context(f"fixture {fixturedef.argname}")
        try:
            return (yield)
        finally:
            self.coverage.switch_context(self.current)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure: such a test can judge no mutant."""
        if report.failed:
            self.failed.add(report.nodeid)


@dataclass(slots=True, eq=False)
class Chosen(Quick):
    """Replaces pytest's loop by a function of the collected tests."""

    loop: Callable[[dict[str, pytest.Item], Chosen], None]
    failed: bool = False

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Hand the collected tests, by their ids, to the function."""
        self.loop({item.nodeid: item for item in session.items}, self)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure."""
        self.failed = self.failed or report.failed

    def passes(self, tests: Sequence[pytest.Item], starts: Callable[[str], None]) -> bool:
        """Run `tests` until one fails; `starts` is called with the id of each first."""
        for test, after in zip(tests, [*tests[1:], None], strict=True):
            starts(test.nodeid)
            test.config.hook.pytest_runtest_protocol(item=test, nextitem=after)
            if self.failed:
                return False
        return True
