"""Parses the arguments, and explains wrong usage: what was meant, and what to type instead."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from bot.terminal.arguments import FILTERS, SUMMARIES, parser
from bot.terminal.program import called_as, joined

NEAR = 0.6
"""Least similarity of a name to one that it may be a misspelling of, from 0 to 1."""
ALIKE = 0.8
"""The same for options: a word that a question excludes may look a little like one."""
MORE = {"ask": "question", "thread": "reference"}
"""Where words after an option belong, for commands that take any number of words."""
NO_QUESTION = (
    "Type a question, or an option that narrows the search, such as --site wsj.com or --has-link."
)
COMMON = ("--json", "--guild")
"""Options that may be written before the command, too."""
TAKING_WORDS = ("ask", "thread", "load", "check", "remove")
"""Commands that words may follow."""
EXCLUDED = re.compile(r"-[^\W\d_]\S+|-[#@]\S+")
"""A word that a question excludes, such as -rumour. Options of one dash have one letter."""
MINUS = "\N{MINUS SIGN}"
"""Stands for the dash of an excluded word while the arguments are parsed; questions take both."""


def nearest(name: str, known: Iterable[str], least: float = NEAR) -> str | None:
    """Return which of `known` may be meant by `name`, if any is that similar."""
    found = get_close_matches(name.lower(), list(known), n=1, cutoff=least)
    return found[0] if found else None


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse the program's arguments. On wrong usage, explain it and exit with status 2."""
    root = parser()
    words = _command_first(arguments)
    if words and not words[0].startswith("-") and words[0] not in SUMMARIES:
        root.error(_no_command(words))
    if words[:1] == ["ask"]:
        words = _excluding(root, words)
    options, rest = root.parse_known_args(words)
    if rest:
        taken = getattr(options, MORE.get(options.command, ""), [])
        if options.command not in MORE or any(each.startswith("-") for each in rest):
            options.parser.error(_no_option(options, rest))
        taken += rest
    is_empty = options.command == "ask" and not options.question
    if is_empty and not any(getattr(options, each) for each in FILTERS):
        options.parser.error(NO_QUESTION)
    return options


def _command_first(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with options that all commands have after the command, not before it."""
    words = list(arguments)
    at = 0
    while words[at : at + 1] and words[at].partition("=")[0] in COMMON:
        at += 2 if words[at] == "--guild" else 1
    if words[at : at + 1] and words[at] in SUMMARIES:
        return [words[at], *words[:at], *words[at + 1 :]]
    return words


def _excluding(root: argparse.ArgumentParser, words: Sequence[str]) -> list[str]:
    """Return the words of `ask`, such that the parser takes -rumour as a word and no option.

    What is nearly an option's name stays as it is, and is an error. All words after -- are words.
    """
    names = [each.lstrip("-") for each in _options_of(root.parse_args(["ask", "a word"]).parser)]
    until = words.index("--") if "--" in words else len(words)

    def is_word(at: int, word: str) -> bool:
        name = word[1:].partition("=")[0]
        return at < until and bool(EXCLUDED.fullmatch(word)) and not nearest(name, names, ALIKE)

    before = [f"{MINUS}{each[1:]}" if is_word(at, each) else each for at, each in enumerate(words)]
    after = [f"{MINUS}{each[1:]}" if each.startswith("-") else each for each in words[until + 1 :]]
    return [*before[:until], *after]


def _no_command(words: Sequence[str]) -> str:
    """Say that the first word is no command, and which one is meant, or how to ask a question."""
    first, program = words[0], called_as()
    has_words = any(not each.startswith("-") for each in words[1:])
    near = nearest(first, TAKING_WORDS if has_words else SUMMARIES)
    said = f"“{first}” is not a command."
    said += f" Did you mean {near}?" if near else ""
    lines = [f"{said} All commands: {joined([*program, '--help'])}"]
    if near and len(words) > 1:
        lines.append(f"  {joined([*program, near, *words[1:]])}")
    if not near or len(words) > 1:
        lines += ["To ask a question:", f"  {joined([*program, 'ask', ' '.join(words)])}"]
    return "\n".join(lines)


def _no_option(options: argparse.Namespace, rest: Sequence[str]) -> str:
    """Say which words the command does not take, and which options may be meant."""
    known = _options_of(options.parser)
    wrong = [each.partition("=")[0] for each in rest if each.startswith("-")]
    if not wrong:
        return f"{options.command} does not take {joined(rest)} here."
    lines = []
    for each in wrong:
        if options.command is None and each in COMMON:
            example = joined([*called_as(), "stats", each])
            lines.append(f"Write a command before {each}, such as {example}")
            continue
        if each in known:  # it came before the command
            form = joined([*called_as(), options.command, each])
            lines.append(f"Write {each} after the command: {form} …")
            continue
        near = nearest(each, known, ALIKE)
        lines.append(f"{each} is not an option." + (f" Did you mean {near}?" if near else ""))
    if options.command == "ask" and any(not each.startswith("--") for each in wrong):
        words = options.question or [each for each in rest if not each.startswith("-")]
        example = joined([*called_as(), "ask", f"{' '.join(words)} {wrong[0]}"])
        lines.append(f"To exclude a word, put the whole question in quotation marks: {example}")
    return "\n".join(lines)


def _options_of(command: argparse.ArgumentParser) -> list[str]:
    """Return the names of a command's options, as its usage lists them."""
    return re.findall(r"--[a-z-]+", command.format_usage())
