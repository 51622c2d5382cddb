"""Tests of the analyzer: tokens, their terms and positions."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.search import analyzer
from bot.search.analyzer import STOP_WORDS, Analyzer, fold, parts_of
from tests.strategies import any_text

ANALYZER = Analyzer()


def spoken(text: str) -> list[tuple[str, str]]:
    """The terms of `text`, each with what of the text it stands for."""
    return [(each.term, text[each.start : each.end]) for each in ANALYZER.tokens(text)]


@given(any_text)
def test_every_token_is_a_piece_of_the_text_in_its_place(text: str) -> None:
    for token in ANALYZER.tokens(text):
        assert 0 <= token.start < token.end <= len(text)
        piece = text[token.start : token.end]
        assert piece == piece.strip()
        assert token.term


@pytest.mark.parametrize(
    "text", ["\u0300", "\u0300\u0301", "#\u0300", "@\u0300", "\u0300's", "https://\u0300/"]
)
def test_marks_without_a_letter_are_no_term(text: str) -> None:
    assert ANALYZER.terms(text) == []
    assert ANALYZER.terms(f"ports {text} sleep") == ANALYZER.terms("ports sleep")


@given(any_text)
def test_a_token_alone_is_the_same_term(text: str) -> None:
    for token in ANALYZER.tokens(text):
        piece = text[token.start : token.end]
        if token.term != fold(piece):  # what stands for a whole host is no word of its own
            assert token.term in ANALYZER.terms(piece) or "." in piece


@given(any_text)
def test_terms_are_the_tokens_terms(text: str) -> None:
    assert ANALYZER.terms(text) == [token.term for token in ANALYZER.tokens(text)]


@pytest.mark.parametrize(
    "spellings",
    [
        ("U.S.", "US", "us", "U.S", "u.s.", "U.S.’s", "US's", "US’s"),
        ("A.I.", "AI", "ai"),
        ("Beijing’s", "Beijing's", "Beijing", "beijing", "BEIJING"),
        ("companies’", "company's", "Companies", "company"),
        ("don’t", "don't", "donʼt", "DON'T"),
        ("Café", "cafe", "cafe\u0301", "CAFÉ"),
        ("Straße", "strasse"),
        ("1,000", "1000", "１０００"),
        ("@Reuters", "Reuters", "#Reuters", "https://www.reuters.com/a"),
        ("chips", "chip", "CHIPS"),
        ("ﬁnance", "finance"),
    ],
)
def test_spellings_of_one_word_are_one_term(spellings: tuple[str, ...]) -> None:
    shared = set.intersection(*(set(ANALYZER.terms(each)) for each in spellings))
    assert len(shared) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("port", "part"), ("1.5", "15"), ("resume", "rest"), ("港口", "口港")]
)
def test_other_words_are_other_terms(one: str, other: str) -> None:
    assert not set(ANALYZER.terms(one)) & set(ANALYZER.terms(other))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#ChipWar", [("chipwar", "#ChipWar"), ("chip", "Chip"), ("war", "War")]),
        ("#AIChips", [("aichip", "#AIChips"), ("ai", "AI"), ("chip", "Chips")]),
        ("#chips", [("chip", "#chips")]),
        ("#G20", [("g20", "#G20"), ("g", "G"), ("20", "20")]),
        (
            "#芯片战争",
            [("芯片战争", "#芯片战争"), ("芯片", "芯片"), ("片战", "片战"), ("战争", "战争")],
        ),
        ("#芯片", [("芯片", "#芯片")]),
        ("@Anna_Ports!", [("anna_port", "@Anna_Ports")]),
        ("a@b", [("a", "a"), ("b", "b")]),
        (
            "https://www.news.example/a?b=c.",
            [("news.example", "news.example"), ("news", "news.example")],
        ),
        (
            "(https://news.example).",
            [("news.example", "news.example"), ("news", "news.example")],
        ),
        ("80 terabytes", [("80", "80"), ("terabyt", "terabytes")]),
        ("80TB", [("80", "80"), ("tb", "TB")]),
        ("$1,234.50", [("1234.50", "1,234.50")]),
        ("7%", [("7", "7")]),
        ("GPT4", [("gpt4", "GPT4")]),
        ("“quoted”", [("quot", "quoted")]),
        ("港口安静", [("港口", "港口"), ("口安", "口安"), ("安静", "安静")]),
        ("港", [("港", "港")]),
        ("AI芯片", [("ai", "AI"), ("芯片", "芯片")]),
        ("データ", [("デー", "デー"), ("ータ", "ータ")]),
        ("🔥 … — !", []),
        ("https://…/a https://[::1]/b", []),
    ],
)
def test_what_is_searchable_in_a_text(text: str, expected: list[tuple[str, str]]) -> None:
    assert spoken(text) == expected


def test_thai_is_found_by_pairs_of_its_letters() -> None:
    assert set(ANALYZER.terms("เรือ")) <= set(ANALYZER.terms("ท่าเรือเงียบสงบ"))


def test_accents_of_other_scripts_are_letters() -> None:
    assert ANALYZER.terms("港は") != ANALYZER.terms("港ば")
    assert ANALYZER.terms("ガ") != ANALYZER.terms("カ")


def test_stop_words_are_marked_and_kept() -> None:
    tokens = ANALYZER.tokens("Who is in the port?")
    assert [token.is_stop for token in tokens] == [True, True, True, True, False]


@pytest.mark.parametrize("word", sorted(STOP_WORDS))
def test_a_stop_word_is_one_however_it_begins(word: str) -> None:
    said = f"Ports {word} {word.capitalize()}"
    assert [token.is_stop for token in ANALYZER.tokens(said)][1:] == [True, True]


def test_a_stop_word_with_a_possessive_is_one() -> None:
    assert [token.is_stop for token in ANALYZER.tokens("It’s whose, what's more")] == [True] * 4


def test_a_name_in_capitals_is_no_stop_word() -> None:
    assert [token.is_stop for token in ANALYZER.tokens("What did WHO say?")] == [
        True,
        True,
        False,
        False,
    ]


def test_in_a_text_all_in_capitals_stop_words_stay_stop_words() -> None:
    assert [token.is_stop for token in ANALYZER.tokens("WHO IS IN THE PORT")] == [
        True,
        True,
        True,
        True,
        False,
    ]


def test_another_language_has_another_stemmer() -> None:
    assert Analyzer("german").terms("Häfen") == Analyzer("german").terms("Hafen")


@given(any_text | st.lists(any_text, max_size=4).map("\n ".join))
def test_a_text_is_its_parts_between_spaces(text: str) -> None:
    read_whole = list(ANALYZER._tokens(text, all_caps=text.isupper()))  # noqa: SLF001  # the oracle
    assert ANALYZER.tokens(text) == read_whole
    assert ANALYZER.terms(text) == [token.term for token in read_whole]


def test_a_hashtag_of_words_without_spaces_is_found_by_its_pieces() -> None:
    assert ANALYZER.terms("#芯片") == ["芯片"]
    assert ANALYZER.terms("#芯片出") == ["芯片出", "芯片", "片出"]
    assert ANALYZER.terms("#芯片AI") == ["芯片ai", "芯片", "ai"]
    assert ANALYZER.terms("#芯片XL") == ["芯片xl", "芯片", "xl"]


def test_no_name_is_a_stop_word() -> None:
    tokens = ANALYZER.tokens("IT https://who.example/a https://about/ #who @who U.S. 12 and")
    assert [each.term for each in tokens if each.is_stop] == ["and"]
    assert "about" in [each.term for each in tokens]
    assert ANALYZER.stop_terms >= {"who", "and"}


def test_only_so_many_chunks_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analyzer, "CHUNKS", 3)
    forgetful = Analyzer()
    for number in range(10):
        assert forgetful.terms(f"chips{number}") == ANALYZER.terms(f"chips{number}")
        assert len(forgetful._chunks) <= 3  # noqa: SLF001  # what is remembered shows nowhere else


@given(st.text("abzABZ019sS.,!?;:'", min_size=1, max_size=9))
def test_a_plain_word_is_read_as_the_pattern_reads_it(chunk: str) -> None:
    if analyzer.plain_word(chunk):
        made = Analyzer()
        assert made.read(chunk) == tuple(made._tokens(chunk, all_caps=False))  # noqa: SLF001


SIGNS = "aB1'’ʼ＇.,@#%_éß()[]{}<>|&*=+~^;!?\"“”:/\\-$"
SIGNS += "А漢กカーⅣ²ⓐ‿👩\u0301\u20e3\u200b\u200d\ufe0f\ufffd…"


@settings(max_examples=1_000)
@given(st.text(alphabet=SIGNS, max_size=40))
def test_the_parts_of_a_chunk_have_its_tokens(chunk: str) -> None:
    apart = [token for part in parts_of(chunk) for token in ANALYZER.read(part)]
    whole = ANALYZER.read(chunk)
    assert [each.term for each in apart] == [each.term for each in whole]


@pytest.mark.parametrize("chunk", ["see:http://a.b/c-d", "(https://a.b/c(d)-e)"])
def test_a_chunk_with_an_address_stays_whole(chunk: str) -> None:
    assert parts_of(chunk) == [chunk]
