"""Nothing reaches the terminal but through the sink, whatever it is called or says."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.terminal.sink import Sink, install, say, styled
from bot.views.terminal.visible import CONTROL
from tests.conftest import ROOT, Program
from tests.directions import loose
from tests.terminal.on_terminal import on_terminal
from tests.views.terminal.tty import ANSI, Tty

MODULES = sorted(
    path for part in ("terminal", "views/terminal") for path in (ROOT / "bot" / part).glob("*.py")
)
SINK = "sink.py"
ALLOWED = {"lines.py": {"input"}}
PAST = {"__stdout__", "__stderr__", "buffer", "raw"}
"""Attributes that lead past the sink."""
DIRECTLY = {("os", "write"), ("os", "fdopen"), ("os", "system"), ("subprocess", "run")}


def past_the_sink(tree: ast.AST, file: str) -> Iterator[str]:
    """Yield what writes to a terminal without the sink."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            if node.attr in PAST or (owner, node.attr) in DIRECTLY:
                yield f"{file}:{node.lineno}: {owner}.{node.attr}"
            if node.attr == "stream" and owner != "self":
                yield f"{file}:{node.lineno}: a sink's stream"
        elif isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            if name == "input" and not (
                node.args
                and isinstance(node.args[0], ast.Call)
                and getattr(node.args[0].func, "id", "") == "visible"
            ):
                yield f"{file}:{node.lineno}: input without visible"
            if name in ("Console", "Progress"):
                files = [each.value for each in node.keywords if each.arg in ("file", "console")]
                if not any("styled(" in ast.unparse(each) for each in files):
                    yield f"{file}:{node.lineno}: {name} without styled"
            if name == "styled" and file not in ("output.py", "stats_output.py"):
                yield f"{file}:{node.lineno}: styled"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_no_module_writes_past_the_sink(path: Path) -> None:
    if path.name != SINK:
        assert list(past_the_sink(ast.parse(path.read_text(encoding="utf-8")), path.name)) == []


@pytest.mark.parametrize(
    "code",
    [
        "sys.__stdout__.write(a)",
        "sys.stdout.buffer.write(a)",
        "os.write(1, a)",
        "sys.stdout.stream.write(a)",
        "Console(file=stream)",
        "Console()",
        "input(prompt)",
        "styled(stream).write(a)",
    ],
)
def test_the_check_finds_what_writes_past_it(code: str) -> None:
    assert list(past_the_sink(ast.parse(code), "chat.py"))


def test_the_program_puts_the_sink_in_place_before_it_runs() -> None:
    code = (ROOT / "bot/terminal/main.py").read_text(encoding="utf-8")
    (run,) = (
        each
        for each in ast.parse(code).body
        if isinstance(each, ast.FunctionDef) and each.name == "run"
    )
    called = [ast.unparse(each.func) for each in ast.walk(run) if isinstance(each, ast.Call)]
    assert "sink.install" in called
    body = ast.unparse(run)
    assert body.index("sink.install()") < body.index("main(sys.argv")


@given(st.text())
def test_a_sink_writes_no_control_character(text: str) -> None:
    stream = io.StringIO(newline="")
    sink = Sink(stream)
    assert sink.write(text) == len(text)
    sink.writelines([text, text])
    print(text, file=sink)
    say(text, sink)
    assert not CONTROL.search(stream.getvalue())


def test_control_characters_are_those_of_unicode() -> None:
    every = map(chr, range(sys.maxunicode + 1))
    commanding = {each for each in every if unicodedata.category(each) in ("Cc", "Zl", "Zp")}
    assert {each for each in commanding if not CONTROL.fullmatch(each)} == {"\t", "\n"}


def test_a_sink_is_what_it_writes_to(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert Sink(Tty()).isatty()
    assert Sink(Tty()).writable()
    assert not Sink(io.StringIO()).isatty()
    with (tmp_path / "out").open("w", encoding="utf-8") as file:
        sink = Sink(file)
        assert (sink.fileno(), sink.encoding, sink.errors) == (file.fileno(), "utf-8", "strict")
        assert styled(sink) is file
        assert styled(file) is file
        monkeypatch.setattr("sys.stdout", file)
        monkeypatch.setattr("sys.stderr", None)
        install()
        install()
        say("a\x1b", sys.stdout)
        assert isinstance(sys.stdout, Sink)
        assert sys.stdout.stream is file
        sys.stdout.flush()
    assert (tmp_path / "out").read_text(encoding="utf-8") == "a␛\n"


EVIL = "a\x1b]52;c;ZXZpbA==\x07b\x9b31mc\rd\x08e\x7ff\u202eg\u2066h"
"""Sets the clipboard, colours, overwrites the line, deletes, and reverses what follows."""
STYLES = re.compile(rf"\r?(?:{ANSI.pattern})\r?")
"""What rich writes, with what takes its progress bar to the beginning of the line."""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Path]]:
    """A folder of files with hostile names and texts."""
    folder = tmp_path_factory.mktemp("hostile")
    words = f"Ports {EVIL} sleep\n\nShips {EVIL} do not\n"
    paths = [folder / f"{EVIL}.txt", folder / f"x{EVIL}.zip", folder / f"j{EVIL}.json"]
    paths[0].write_text(words, encoding="utf-8")
    with zipfile.ZipFile(paths[1], "w") as archive:
        archive.writestr(f"in{EVIL}.txt", f"Cranes {EVIL} rest\n\nBerths {EVIL} wait\n")
        archive.writestr(f"bad{EVIL}.pdf", b"%PDF-1.7")
    post = {
        "id_str": "1900000000000000001", "full_text": f"Tides {EVIL} rise https://t.co/a",
        "user": {"screen_name": "anna_ports", "name": f"Anna {EVIL}"},
        "entities": {"urls": [{"url": "https://t.co/a", "display_url": f"a{EVIL}",
                               "expanded_url": f"https://x.com@evil.example/{EVIL}"}]},
    }  # fmt: skip
    broken = '{"id_str": "' + EVIL + '", "full_text": [\n'
    paths[2].write_text(f"{json.dumps(post)}\n{broken}", encoding="utf-8")
    return folder, paths


def commands(paths: list[Path]) -> list[list[str]]:
    """Commands of every kind, with hostile words."""
    files = [str(each) for each in paths]
    return [
        ["check", *files],
        ["check", "--json", *files],
        ["check", f"missing{EVIL}"],
        ["load", "--yes", *files],
        ["load", "--yes", f"--title={EVIL}", f"--date={EVIL}", files[0]],
        ["load", f"--column={EVIL}", files[0]],
        ["ask", "ports"],
        ["ask", "--json", "tides"],
        ["ask", EVIL],
        ["ask", f"--author={EVIL}", "tides"],
        ["ask", f"--since={EVIL}", "tides"],
        ["ask", "--explain", "--sources", "cranes", "tides"],
        ["thread", "tides"],
        ["thread", EVIL],
        ["thread", f"tides {EVIL}", f"--from={EVIL}"],
        ["thread", "tides", "--save", f"/nowhere{EVIL}/a.md"],
        ["thread", "tides", "--save", f"saved{EVIL}.md"],
        ["threads"],
        ["threads", "--json"],
        ["dumps"],
        ["dumps", "--json"],
        ["history"],
        ["stats"],
        ["remove", EVIL],
        ["forget", "--yes", f"--thread={EVIL}"],
        ["forget", "--yes", f"--author={EVIL}"],
        ["remove", "--yes", files[0]],
        ["undo"],
        ["reload"],
        [EVIL],
        [f"--{EVIL}"],
        ["ask", f"--{EVIL}"],
        ["stats", EVIL],
    ]


def leaks(shown: str) -> list[str]:
    """What of an output commands the terminal."""
    return [f"{ord(each):x}" for each in CONTROL.findall(STYLES.sub("", shown))]


def test_no_command_lets_a_name_or_a_text_command_the_terminal(
    threadbot: Program, hostile: tuple[Path, list[Path]]
) -> None:
    for command in commands(hostile[1]):
        done = threadbot(*command)
        for shown in (done.out, done.err):
            assert leaks(shown) == loose(shown) == [], (command[0], shown)
        assert "Traceback" not in done.err, command
        if "--json" in command:
            json.loads(done.out)


@pytest.mark.skipif(os.name == "nt", reason="there is no pty")
@pytest.mark.parametrize("number", range(4))
def test_nor_at_a_terminal(
    threadbot: Program, hostile: tuple[Path, list[Path]], number: int
) -> None:
    threadbot("load", "--yes", *(str(each) for each in hostile[1]))
    every = [each for each in commands(hostile[1]) if each[0] != "load"]
    for command in every[number::4]:
        with on_terminal(threadbot, *command) as terminal:
            terminal.type("q\n" * 3)
            shown = terminal.rest()
        assert leaks(shown) == [], (command[0], shown)
