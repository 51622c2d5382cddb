"""Tests of languages: catalogues are complete, and messages are formatted correctly."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n.catalogues import FOLDER, Translated, language_of, languages
from bot.i18n.messages import ENGLISH, Language, Listed, counted, quoted
from bot.views.wording import short
from tests.conftest import Program
from tests.phrases import Phrase, phrases, placeholders

WANTED = ("de", "es-419", "es-ES", "fr", "ja", "zh-CN")
FILES = sorted(FOLDER.glob("*.json"))
PHRASES = phrases()
MARKUP = re.compile(r"\*\*|[*`→◀▶·]")
LATIN = re.compile(r"[A-Za-z]{4,}")

tongues = st.sampled_from([ENGLISH, *languages().values()])


def catalogue_of(tag: str) -> dict[str, Any]:
    """A catalogue as it is written down; a key that stands in it twice is refused."""

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        twice = [key for key, times in Counter(key for key, _ in found).items() if times > 1]
        assert not twice
        return dict(found)

    text = (FOLDER / f"{tag}.json").read_text(encoding="utf-8")
    made: dict[str, Any] = json.loads(text, object_pairs_hook=pairs)
    return made


def forms(value: str | Mapping[str, str]) -> Iterator[str]:
    """The texts of an entry."""
    yield from [value] if isinstance(value, str) else value.values()


def test_there_is_a_catalogue_for_each_language() -> None:
    assert sorted(languages()) == sorted(WANTED)
    assert all(isinstance(each, Translated) for each in languages().values())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_catalogue_has_the_same_texts_and_all_that_is_said(path: Any) -> None:
    known = catalogue_of(path.stem)
    assert set(known) == set(catalogue_of("de"))
    assert [each for each in PHRASES if each not in known] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_text_has_its_fields_and_its_markup(path: Any) -> None:
    for english, value in catalogue_of(path.stem).items():
        for each in forms(value):
            wanted, given_ = placeholders(english), placeholders(each)
            may_lack = {"count"} if isinstance(value, dict) else set()
            assert given_ <= wanted, english
            assert wanted - given_ <= may_lack, english
            assert Counter(MARKUP.findall(each)) == Counter(MARKUP.findall(english)), english
            assert each.strip() or english == ", ", english
            assert each.endswith("…") == english.endswith("…"), english


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_counted_has_the_plural_forms_of_its_language(path: Any) -> None:
    categories = set(Locale.parse(path.stem, sep="-").plural_form.tags) | {"other"}
    for english, value in catalogue_of(path.stem).items():
        phrase = PHRASES.get(english, Phrase(english, counts=False))
        if phrase.counts:
            assert isinstance(value, dict), english
            assert set(value) == categories, english
            assert "{count}" in value["other"], english
        else:
            assert isinstance(value, str), english


@pytest.mark.parametrize("tag", ["de", "es-ES", "fr"])
def test_no_sentence_is_left_in_english(tag: str) -> None:
    left = [english for english, value in catalogue_of(tag).items() if value == english]
    assert [each for each in left if len(each) > 40] == []


@pytest.mark.parametrize("tag", ["ja", "zh-CN"])
def test_no_sentence_is_left_in_latin_letters(tag: str) -> None:
    for english, value in catalogue_of(tag).items():
        for each in forms(value):
            said = re.sub(r"\{\w+\}|https?://\S+|\w+:\S+", "", each)
            latin = [word for word in LATIN.findall(said) if word not in english]
            assert latin == [], each


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("de", ["1 Tweet", "1.234 Tweets", "0 Tweets"]),
        ("es-ES", ["1 tuit", "1.234 tuits", "0 tuits"]),
        ("es-419", ["1 tuit", "1,234 tuits", "0 tuits"]),
        ("fr", ["1 tweet", "1\u202f234 tweets", "0 tweet"]),
        ("ja", ["1件のツイート", "1,234件のツイート", "0件のツイート"]),
        ("zh-CN", ["1 条推文", "1,234 条推文", "0 条推文"]),
        ("en-US", ["1 tweet", "1,234 tweets", "0 tweets"]),
        ("tlh", ["1 tweet", "1,234 tweets", "0 tweets"]),
    ],
)
def test_things_are_counted_as_people_count_them(tag: str, said: list[str]) -> None:
    say = language_of(tag)
    assert [say.count(n, "{count} tweet", "{count} tweets") for n in (1, 1234, 0)] == said


def test_a_million_has_a_plural_of_its_own_where_it_has_one() -> None:
    many = counted(1_000_000, "{count} tweet", "{count} tweets")
    assert languages()["es-ES"].say(many) == "1.000.000 de tuits"
    assert languages()["fr"].say(many) == "1\u202f000\u202f000 de tweets"


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("de", "Kein Tweet enthält „a“, „b“ oder „c“."),
        ("es-ES", "Ningún tuit contiene «a», «b» o «c»."),
        ("fr", "Aucun tweet ne contient «\xa0a\xa0», «\xa0b\xa0» ou «\xa0c\xa0»."),
        ("ja", "「a」、「b」、または「c」を含むツイートはありません。"),
        ("zh-CN", "没有推文含有“a”、“b”或“c”。"),
        ("en-GB", "No tweet has “a”, “b” or “c”."),
    ],
)
def test_things_are_listed_and_quoted_as_people_do_it(tag: str, said: str) -> None:
    words = Listed([quoted(each) for each in "abc"], "or")
    assert language_of(tag)("No tweet has {words}.", words=words) == said


def test_a_number_has_the_decimal_sign_of_its_language() -> None:
    assert [language_of(tag)("Score {total}", total=4.2) for tag in ("de", "ja", "en-US")] == [
        "Wertung 4,20",
        "スコア 4.20",
        "Score 4.20",
    ]


def test_what_a_catalogue_lacks_is_said_in_english() -> None:
    bare = Translated("de", {})
    assert bare("Nothing matches.") == "Nothing matches."
    assert bare.count(1, "{count} tweet", "{count} tweets") == "1 tweet"


@given(
    said=st.text(max_size=30) | st.sampled_from(["{0}", "{said}", "{", "}", "{a.b}"]), say=tongues
)
def test_what_people_write_is_put_in_as_it_is(said: str, say: Language) -> None:
    assert said in say("No thread here is by @{handle}, so nothing was hidden.", handle=said)
    assert say.say(quoted(said)).strip("“”„«»「」\xa0 ") == said.strip("“”„«»「」\xa0 ")


@pytest.mark.parametrize("tag", [*WANTED, "en-US"])
def test_a_sentence_about_a_button_has_its_label(tag: str) -> None:
    say = language_of(tag)
    assert say("Undo") in say("Undo takes this back: {what}", what="")


def test_french_signs_stay_with_their_words() -> None:
    say = language_of("fr")
    assert isinstance(say, Translated)
    said = [each for entry in say.catalogue.values() for each in forms(entry)]
    assert [each for each in said if re.search(" [»:;!?%]|« ", each)] == []
    assert say("Hide this thread?") == "Masquer ce fil\u202f?"
    assert say.say(quoted("a: b ?")) == "«\xa0a: b ?\xa0»", "what people write stays as it is"
    assert short(say.say(quoted("a\n b"))) == "«\xa0a b\xa0»"


NAME = re.compile(r"/[-\w]{1,32}( [-\w]{1,32})*")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_names_of_commands_are_names_that_discord_takes(path: Any) -> None:
    names = {k: v for k, v in catalogue_of(path.stem).items() if k.startswith("/")}
    for english, name in names.items():
        assert NAME.fullmatch(name), name
        assert name == name.lower()
        assert len(name.split()) == len(english.split())
        if " " in english:
            assert name.split()[0] == names[english.split()[0]], "a part of its group"
    assert len(set(names.values())) == len(names)


ASK = """
import sys
from bot.terminal.main import main
main(["ask", "hard drives"])
main(["load", "no-such-file.txt"])
catalogues = "bot.i18n.catalogues"
print([name for name in sys.modules if name.split(".")[0] == "babel" or name == catalogues])
"""


def test_the_terminal_reads_no_catalogue(threadbot: Program) -> None:
    done = threadbot(program=("-c", ASK))
    assert "tweets in" in done.out
    assert done.out.splitlines()[-1] == "[]"
