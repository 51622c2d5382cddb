"""Mutation testing of one module: `python -m tests.mutation bot.search.query`.

Draws a seeded sample of small changes (mutants), and runs the tests that reach the changed line
until one fails. A mutant that no test notices survives: a test is missing, or the change makes no
difference and belongs in survivors.toml with the reason. Exits with 1 if a survivor is unexplained.

`python -m tests.mutation protections` removes each protection of docs/reliability.md instead.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

from tests.mutation import removing
from tests.mutation.core import core_modules, module_of, tests_for
from tests.mutation.judge import Judge
from tests.mutation.mutants import Mutant, sample
from tests.mutation.reach import ROOT, record
from tests.mutation.survivors import explained, key

LIBRARIES = ("aiosqlite", "discord", "numpy", "orjson", "PIL", "regex", "rich")
"""Imported once, for all processes to share."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the mutants of one module."""

    module: str
    mutants: int
    """How many were drawn."""
    survivors: list[tuple[Mutant, str | None, str]]
    """Those that no test noticed, each with its reason if it has one, and its entry's line."""

    @property
    def explained(self) -> int:
        """Count the survivors with a reason."""
        return sum(reason is not None for _, reason, _ in self.survivors)

    @property
    def killed(self) -> int:
        """Count the mutants that a test noticed."""
        return self.mutants - len(self.survivors)

    @property
    def unexplained(self) -> int:
        """Count the survivors without a reason."""
        return len(self.survivors) - self.explained


def main(arguments: Sequence[str]) -> int:
    """Run the command; 0 if every survivor is explained."""
    if arguments[:1] == ["protections"]:
        return removing.main(arguments[1:])
    options = _options(arguments)
    modules = list(core_modules()) if options.all else options.module
    for library in LIBRARIES:
        import_module(library)
    results = []
    for module in modules:
        result = judged(module, options)
        results.append(result)
        if not options.json:
            _show(result, options.seed)
    if options.json:
        sys.stdout.write(json.dumps([_as_json(result) for result in results], indent=1) + "\n")
    elif len(results) > 1:
        _show_table(results)
    return 1 if any(result.unexplained for result in results) else 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("module", nargs="*", help="bot.search.query or bot/query.py")
    parser.add_argument("--all", action="store_true", help="every module of the pure core")
    parser.add_argument("--mutants", type=int, default=40, help="how many to draw from a module")
    parser.add_argument("--seed", type=int, default=0, help="what they are drawn with")
    parser.add_argument("--tests", nargs="+", default=[], help="only these files or folders")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    if not options.module and not options.all:
        parser.error("name a module, or ask for --all")
    return options


def judged(given: str, options: argparse.Namespace) -> Result:
    """Draw the mutants of a module and judge them."""
    module, path = module_of(given)
    source = path.read_text(encoding="utf-8")
    mutants = sample(source, options.mutants, options.seed)
    reach = record(tests_for(module, options.tests))
    reasons = explained()
    alive = Judge(module, path, reach).survivors(mutants, _tick)
    sys.stderr.write("\n")
    where = path.relative_to(ROOT).as_posix()
    survivors = []
    for mutant in alive:
        entry = key(module, source, mutant)
        covered = "" if reach.tests(where, mutant.scope) else "no test runs it: "
        survivors.append((mutant, reasons.get(entry), covered + entry[1]))
    return Result(module, len(mutants), survivors)


def _tick(verdict: str) -> None:
    sys.stderr.write("." if verdict == "killed" else "S")
    sys.stderr.flush()


def _show(result: Result, seed: int) -> None:
    path = module_of(result.module)[1].relative_to(ROOT).as_posix()
    for mutant, reason, line in result.survivors:
        sys.stdout.write(f"{path}:{mutant.line}: {mutant.change}\n    {line}\n")
        if reason:
            sys.stdout.write(f"    explained: {reason}\n")
    sys.stdout.write(
        f"{result.module}: {result.killed} of {result.mutants} killed, "
        f"{len(result.survivors)} survive, {result.explained} explained (seed {seed})\n"
    )
    sys.stdout.flush()


def _show_table(results: Sequence[Result]) -> None:
    sys.stdout.write(
        "\n| module | mutants | killed | explained | survive |\n|---|---|---|---|---|\n"
    )
    for one in results:
        sys.stdout.write(
            f"| {one.module} | {one.mutants} | {one.killed} | {one.explained} "
            f"| {one.unexplained} |\n"
        )


def _as_json(result: Result) -> dict[str, object]:
    return {
        "module": result.module,
        "mutants": result.mutants,
        "killed": result.killed,
        "survivors": [
            {
                "line": mutant.line,
                "source": line,
                "change": mutant.change,
                "reason": reason,
            }
            for mutant, reason, line in result.survivors
        ],
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
