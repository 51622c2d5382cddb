"""What the loader noticed is recognised by its words, and said in any language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from bot.i18n.catalogues import language_of
from bot.i18n.messages import ENGLISH, Sentence
from bot.views.notice_text import KNOWN, NO_TWEETS, noticed, reasons
from tests.conftest import ROOT

FIELD = re.compile(r"{\w*}")
TEXTS = [text for each in KNOWN for text in (each.english, each.one) if text]
COUNTED = re.compile(r"left out {count} (.+)")
"""What the loader counts; it has the words beside the number in one place."""


def filled(text: str) -> str:
    """A notice with a text and all its fields."""
    number = "1" if text in {each.one for each in KNOWN} else "1,234"
    return FIELD.sub("2026", text.replace("{count}", number))


def strings(node: ast.AST, constants: dict[str, str]) -> Iterator[str]:
    """The texts below a node, with {} for their fields; constants of the module are put in."""
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield FIELD.sub("{}", each.value)
        elif isinstance(each, ast.JoinedStr):
            parts = (
                part.value
                if isinstance(part, ast.Constant)
                else constants.get(ast.unparse(part).strip("{}'f"), "{}")
                for part in each.values
            )
            yield "".join(map(str, parts))


def said_by_the_loader() -> set[str]:
    """All texts in the source of the loader."""
    found: set[str] = set()
    for path in (ROOT / "bot" / "loader").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            ast.unparse(each.targets[0]): str(each.value.value)
            for each in tree.body
            if isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant)
        }
        found.update(strings(tree, constants))
    return found


def test_the_loader_says_all_that_is_known() -> None:
    said = said_by_the_loader()
    assert NO_TWEETS.replace("{why}", "{}") in said
    for each in TEXTS:
        counts = COUNTED.fullmatch(each)
        assert (counts[1] if counts else FIELD.sub("{}", each)) in said, each


@pytest.mark.parametrize("text", TEXTS)
def test_a_notice_is_the_same_in_english_and_another_in_other_languages(text: str) -> None:
    for notice in (
        filled(text),
        f"{filled(text)} (1,003 times)",
        f"{filled(text)} (12 times: lines 1, 2, 33 …)",
    ):
        found = noticed(notice)
        assert isinstance(found, Sentence)
        assert ENGLISH.say(found) == notice
        assert language_of("de").say(found) != notice


def test_what_is_not_known_stays_as_it_is() -> None:
    for each in ("a row of okapis; left out", "okapis (3 times: lines 1, 2 …)", "{0} {", ""):
        assert noticed(each) == each


def test_the_notices_of_a_file_without_tweets_are_told_apart() -> None:
    why = (
        "not UTF-8; read as cp1252, a guess (save the file as UTF-8 to be sure); okapis; left out; "
        "a record without a tweet; left out (2 times); and 3 more"
    )
    found = [*reasons(why)]
    assert "; ".join(map(ENGLISH.say, found)) == why
    assert [language_of("de").say(each) for each in found][1:] == [
        "okapis",
        "left out",
        "ein Datensatz ohne Tweet; ausgelassen (2-mal)",
        "and 3 more",
    ]
