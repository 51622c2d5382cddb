"""`python -m tests.fuzz [SECONDS] [FOLDER] [TARGET]`: what strangers send, under a fuzzer.

The fuzzer is guided by coverage. TARGET is one of these:
- `files`, by default: the loader with all its readers;
- `questions`: questions, references to threads, and the answers that are shown;
- `custom-ids`: what a forged button may carry, and which component it reaches.

The loader begins with the dumps in `tests/dumps`, and with real samples where they are there. What
reaches new code is kept in FOLDER. Where an input is JSON, half of its changes replace, leave out,
repeat or exchange whole values, because changed bytes mostly are no JSON; custom ids get other
fields and lines. An input that breaks a promise is written to the current folder as `broken-…`,
once for each place in the code, and the run goes on. A dump goes into `tests/dumps/crashes`, where
a test reads it from then on. Needs the extra `fuzz`.

`python -m tests.fuzz lines FOLDER [TARGET]` tries what is kept in FOLDER again, without the fuzzer,
and prints which lines of the code were never reached.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

SECONDS = 600
SLOW = 5
"""Seconds of the processor that so short an input may take at most."""
HANGS = 900
"""Seconds after which an input is taken to hang, on a machine that is busy with other work, too."""
GUIDES = {
    "files": ("bot.loader",),
    "questions": (
        *("bot.search.query", "bot.search.dates", "bot.search.analyzer", "bot.search.characters"),
        *("bot.search.phrase", "bot.search.ranking", "bot.search.spelling", "bot.search.paging"),
        *("bot.search.query_terms", "bot.search.highlights", "bot.library.answers"),
        *("bot.library.snapshot.links", "bot.library.snapshot.lookup", "bot.library.page_links"),
        *("bot.library.passages", "bot.library.suggestions", "bot.thread_ids", "bot.bidi"),
        *("bot.web_addresses", "bot.views.markdown", "bot.views.wording", "bot.views.answer_text"),
        *("bot.views.discord.answer_layout", "bot.views.discord.hits", "tests.fuzz.targets"),
        *("bot.views.discord.parts", "bot.views.terminal.answer_output"),
        *("bot.views.terminal.next_commands", "bot.views.terminal.visible"),
    ),
    "custom-ids": (
        *("bot.views.discord.custom_id", "bot.views.discord.long_questions"),
        *("bot.app.components", "tests.fuzz.targets"),
    ),
}
"""The modules whose code guides the fuzzer."""


class Finder:
    """Tries inputs, and writes down those that break a promise, one for each place in the code."""

    def __init__(self, check: Callable[[bytes], None]) -> None:
        self._check = check
        self._places: set[tuple[str, str, int]] = set()

    def __call__(self, data: bytes) -> None:
        began = time.process_time()
        try:
            self._check(data)
            took = time.process_time() - began
            assert took < SLOW, f"{took:.0f} seconds"
        except Exception as error:  # noqa: BLE001  whatever should not have been raised
            frame = traceback.extract_tb(error.__traceback__)[-1]
            said = str(error) if isinstance(error, AssertionError) else type(error).__name__
            place = (said, frame.filename, frame.lineno or 0)
            if place not in self._places:
                self._places.add(place)
                file = Path(f"broken-{hashlib.sha1(data, usedforsecurity=False).hexdigest()}")
                file.write_bytes(data)
                sys.stderr.write(f"{file}: {''.join(traceback.format_exception(error))}\n")
                sys.stderr.flush()


def fuzz(seconds: str, folder: Path, target: str) -> None:
    """Fuzz for so many seconds."""
    import atheris

    atheris.enabled_hooks.add("str")
    with atheris.instrument_imports(include=list(GUIDES[target])):
        from tests.fuzz import beginnings, changes
        from tests.fuzz.targets import TARGETS
    change = {"files": changes.changed_file, "custom-ids": changes.changed_ids}.get(target)

    def changed(data: bytes, longest: int, seed: int) -> bytes:
        assert change
        return change(data, longest, seed, lambda one, most: bytes(atheris.Mutate(one, most)))

    kept = folder / "kept"
    kept.mkdir(exist_ok=True, parents=True)
    for name, dump in beginnings.beginnings(target).items():
        (kept / name).write_bytes(dump)
    words = folder / "words"
    words.write_text("".join(f'"{_quoted(each)}"\n' for each in beginnings.words(target)))
    options = [f"-max_total_time={seconds}", f"-max_len={beginnings.LONGEST}"]
    atheris.Setup(
        [sys.argv[0], f"-dict={words}", *options, f"-timeout={HANGS}", str(kept)],
        Finder(TARGETS[target]),
        custom_mutator=changed if change else None,
    )
    atheris.Fuzz()


def _quoted(word: str) -> str:
    """A word as the fuzzer's dictionaries have it."""
    plain = word.replace('"', '\\"')
    return "".join(c if c.isascii() else "".join(f"\\x{b:02x}" for b in c.encode()) for c in plain)


def lines(folder: Path, target: str) -> None:
    """Try again what was kept, and print which lines of the guides it does not reach."""
    import coverage

    measured = coverage.Coverage(
        branch=True, source_pkgs=list(GUIDES[target]), data_file=None, config_file=False
    )
    measured.start()
    from tests.fuzz.targets import TARGETS

    finder = Finder(TARGETS[target])
    for path in sorted((folder / "kept").iterdir()):
        finder(path.read_bytes())
    measured.stop()
    measured.report(show_missing=True)


def main(arguments: list[str]) -> None:
    """Fuzz for as long as is asked for, or say which lines were reached."""
    first, *rest = arguments or [str(SECONDS)]
    target = rest[1] if len(rest) > 1 else "files"
    with tempfile.TemporaryDirectory() as nowhere:
        folder = Path(rest[0] if rest else nowhere)
        if first == "lines":
            lines(folder, target)
        else:
            fuzz(first, folder, target)


if __name__ == "__main__":
    main(sys.argv[1:])
