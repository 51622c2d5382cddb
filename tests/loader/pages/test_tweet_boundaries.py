"""Where one tweet ends and the next begins."""

from __future__ import annotations

import pytest

from bot.loader.line_account import Account
from bot.loader.pages.page_items import items_of
from bot.loader.pages.tweet_boundaries import Tweets, segment, text_of, threads_in
from bot.loader.raw.decode import lines_of


def cut(
    text: str, *, declared: int | None = None, from_page: bool = False, markdown: bool = False
) -> tuple[Tweets, bool]:
    """The tweets of the lines in `text`, and whether they were guessed."""
    items = items_of(lines_of(text), Account("a.txt"), None, markdown=markdown)
    return segment([item.piece for item in items], declared, from_page=from_page)


def tweets(
    text: str, *, declared: int | None = None, from_page: bool = False, markdown: bool = False
) -> list[str]:
    """Return the texts of the tweets in `text`."""
    found, _ = cut(text, declared=declared, from_page=from_page, markdown=markdown)
    return [text_of(tweet) for tweet in found]


def words(length: int) -> str:
    """Return words with this number of characters in total."""
    return ("the quay is shut and no ship came " * (length // 34 + 1))[: length - 1] + "."


def blocks(*lengths: int) -> str:
    """Pairs of lines of these lengths, with a blank line between the pairs."""
    pairs = zip(lengths[::2], lengths[1::2], strict=True)
    return "\n\n".join(f"{words(one)}\n{words(two)}" for one, two in pairs)


def each_line(text: str) -> list[str]:
    """The lines of `text` that are not blank."""
    return [line for line in text.split("\n") if line]


def inside(text: str) -> list[str]:
    """Return the tweets of `text`, where line ends separate tweets and blank lines do not."""
    return text.replace("\n\n", "\r").replace("\n", "\v").replace("\r", "\n\n").split("\v")


def test_no_lines_are_no_tweets() -> None:
    assert cut("") == ([], False)


def test_each_line_is_a_tweet_where_no_blank_line_parts_them() -> None:
    assert tweets("Ports\nShips\nCranes") == ["Ports", "Ships", "Cranes"]
    assert tweets("\n\nPorts\nShips\n\n") == ["Ports", "Ships"]


def test_each_line_is_a_tweet_where_a_blank_line_stands_above_every_one() -> None:
    assert tweets("Ports\n\nShips\n\nCranes") == ["Ports", "Ships", "Cranes"]


@pytest.mark.parametrize(
    "line", ["@ben_desk", "news.example/a", "@ben @joe https://news.example/a"]
)
@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n\n\n"])
def test_a_line_of_mentions_and_links_goes_with_the_tweet_above(gap: str, line: str) -> None:
    assert len(tweets(f"Ports{gap}{line}\nShips")) == 2
    assert tweets(f"Ports\nShips{gap}{line}")[0] == "Ports"


# Rules


def test_two_rules_or_more_part_tweets_of_any_length() -> None:
    text = f"Ports\n{words(300)}\n---\nShips\n---\nCranes\nSheds"
    assert tweets(text) == [f"Ports\n{words(300)}", "Ships", "Cranes\nSheds"]


def test_one_rule_parts_tweets_only_if_both_are_short_enough() -> None:
    assert tweets(f"Ports\n{words(274)}\n---\nShips") == [f"Ports\n{words(274)}", "Ships"]
    assert tweets(f"Ports\n{words(275)}\n---\nShips") == ["Ports", words(275), "Ships"]


def test_a_rule_above_everything_parts_nothing() -> None:
    assert tweets("---\nPorts\nShips") == ["Ports", "Ships"]


# Counters


def test_a_tweet_begins_with_each_counter() -> None:
    text = "\n".join(f"{number}/ Quay {number}\n\nIt is shut." for number in range(1, 13))
    assert len(tweets(text)) == 12


@pytest.mark.parametrize(
    "form", ["{}/", "{}/8", "({}/8)", "{}/n", "{}/N", "{}／8", "{} / 8", "🧵 {}/8", "[{}/8]"]
)
def test_a_counter_may_have_many_forms(form: str) -> None:
    text = "\n".join(f"{form.format(number)} Quay\nIt is shut." for number in range(1, 9))
    assert len(tweets(text)) == 8


@pytest.mark.parametrize("form", ["{}/", "{}/8", "({}/8)", "[{}/8]", "{}/n", "{}/8 🧵", "{}/8 end"])
def test_a_counter_may_stand_at_the_end(form: str) -> None:
    text = "\n".join(f"The quay\nis shut {form.format(number)}" for number in range(1, 9))
    assert len(tweets(text)) == 8


@pytest.mark.parametrize("first", ["1", "2"])
def test_counters_begin_at_one_or_two(first: str) -> None:
    assert tweets(f"{first}/ Ports\nShips\n3/ Cranes\nSheds")[-1] == "3/ Cranes\nSheds"


@pytest.mark.parametrize("first", ["0", "3", "4"])
def test_numbers_that_begin_elsewhere_are_no_counters(first: str) -> None:
    assert len(tweets(f"{first}/ Ports\nShips\n5/ Cranes\nSheds")) == 4


def test_one_number_is_no_counter() -> None:
    assert len(tweets("1/ Ports\nShips\nCranes")) == 3


@pytest.mark.parametrize(("number", "found"), [(8, 3), (9, 2)])
def test_a_counter_is_at_most_six_higher_than_the_last(number: int, found: int) -> None:
    assert len(tweets(f"1/ Ports\n2/ Ships\nSheds\n{number}/ Cranes\nQuays")) == found


@pytest.mark.parametrize("line", ["2/ more", "1/ more", "0/ more", "3/5 more", "4/3 more", "1/1"])
def test_a_number_that_does_not_rise_or_has_another_total_is_no_counter(line: str) -> None:
    assert tweets(f"1/4 Ports\n2/4 Ships\n{line}\n3/4 Cranes") == [
        "1/4 Ports",
        f"2/4 Ships\n{line}",
        "3/4 Cranes",
    ]


def test_a_number_that_is_no_counter_sets_no_total() -> None:
    assert len(tweets("1/ Ports\n9/9 Ships\n2/5 Cranes\n3/5 Sheds")) == 3


def test_a_total_may_be_left_out_or_not_be_known() -> None:
    assert len(tweets("1/4 Ports\nQuays\n2/ Ships\n3/n Cranes\n4/4 Sheds")) == 4


def test_most_of_the_numbers_must_be_counters() -> None:
    two = "1/3 Ports\nQuays\n2/3 Ships\n3/4 Cranes"
    assert len(tweets(two)) == 2
    assert len(tweets(f"{two}\n1/4 Sheds")) == 5


def test_words_above_a_counter_of_two_are_one_tweet() -> None:
    assert tweets("Ports\n\nShips\nSheds\n2/ Cranes\n3/ Quays")[0] == "Ports\n\nShips\nSheds"
    assert tweets("Ports\nShips\n1/ Cranes\n2/ Quays")[:2] == ["Ports", "Ships"]
    assert tweets("@ben Ports\n\nShips\n@ben 2/ Cranes\n@ben 3/ Quays")[0] == "@ben Ports\n\nShips"


def test_counters_first_go_before_as_many_at_the_end() -> None:
    text = "Ports\n1/2 Ships\nend 1/2\n2/2 Cranes\nend 2/2"
    assert tweets(text) == ["Ports", "1/2 Ships\nend 1/2", "2/2 Cranes\nend 2/2"]
    assert tweets("1/3 Ports\nend 1/3\nShips\nend 2/3\n3/3 Cranes\nend 3/3")[0] == (
        "1/3 Ports\nend 1/3"
    )


def test_a_counter_at_the_end_ends_its_tweet_and_what_it_mentions() -> None:
    text = "Ports 1/3\n@ben\nnews.example/a\nShips\nSheds\nCranes 2/3\nQuays 3/3\n@joe"
    assert tweets(text) == [
        "Ports 1/3\n@ben\nnews.example/a",
        "Ships\nSheds\nCranes 2/3",
        "Quays 3/3\n@joe",
    ]
    assert tweets("Ports 1/2\nShips\nSheds\nCranes 2/2")[1] == "Ships\nSheds\nCranes 2/2"


def test_what_is_too_long_for_the_last_counter_is_more_tweets() -> None:
    own, over = words(200), words(78)
    head = f"1/ Ports\n2/ {own}"
    assert tweets(f"{head}\n{words(76)}") == ["1/ Ports", f"2/ {own}\n{words(76)}"]
    assert tweets(f"{head}\n{over}\nShips\nCranes") == [
        "1/ Ports",
        f"2/ {own}",
        over,
        "Ships",
        "Cranes",
    ]
    assert tweets(f"{head}\nShips\nCranes\nSheds\n{words(90)}\n{words(91)}") == [
        "1/ Ports",
        f"2/ {own}\nShips\nCranes\nSheds",
        words(90),
        words(91),
    ]


def test_a_byline_below_the_last_counter_is_its_own_however_long_it_is() -> None:
    text = f"1/ Ports\n2/ {words(270)}\n@ben_desk @joe_reporter\nShips"
    assert tweets(text)[1:] == [f"2/ {words(270)}\n@ben_desk @joe_reporter", "Ships"]


def test_a_last_line_that_is_too_long_itself_is_one_tweet() -> None:
    assert tweets(f"1/ Ports\n2/ {words(300)}") == ["1/ Ports", f"2/ {words(300)}"]


def test_where_a_counted_tweet_is_too_long_the_last_one_may_be_so_too() -> None:
    text = f"1/ {words(300)}\n2/ {words(200)}\n{words(100)}"
    assert tweets(text) == [f"1/ {words(300)}", f"2/ {words(200)}\n{words(100)}"]


# Lists


@pytest.mark.parametrize("mark", ["•", "-", "–", "*", "✅", "▶️", "👉"])
@pytest.mark.parametrize("colon", [":", "：", ": "])
def test_a_list_goes_with_the_line_that_announces_it(mark: str, colon: str) -> None:
    text = f"I saw{colon}\n{mark} cranes\n{mark} ships\nAll is well."
    assert tweets(text) == [f"I saw{colon.strip()}\n{mark} cranes\n{mark} ships", "All is well."]


def test_list_items_that_nothing_announces_stand_together_from_the_second_on() -> None:
    assert tweets("Ports\n• cranes\n• ships") == ["Ports", "• cranes\n• ships"]


def test_a_list_item_below_a_blank_line_is_a_tweet() -> None:
    assert tweets("I saw:\n\n• cranes\n\n• ships") == ["I saw:", "• cranes", "• ships"]


@pytest.mark.parametrize("line", ["•cranes", "• ", "1. cranes", "cranes • ships"])
def test_a_line_without_a_mark_and_words_is_no_list_item(line: str) -> None:
    assert len(tweets(f"I saw:\n{line}\nShips")) == 3


@pytest.mark.parametrize(("length", "found"), [(270, 1), (271, 2)])
def test_a_list_item_that_does_not_fit_below_the_line_above_is_a_tweet(
    length: int, found: int
) -> None:
    assert len(tweets(f"I saw:\n• {words(length)}")) == found


# Line ends that Markdown keeps


def test_where_markdown_keeps_line_ends_blank_lines_part_the_tweets() -> None:
    long = f"{words(150)}\n{words(150)}"
    assert tweets(f"Ports  \nShips\n\n{long}", markdown=True) == ["Ports\nShips", long]
    assert tweets(f"Ports  \nShips\n\n{long}")[0] == "Ports"
    assert tweets("Ports  \nShips\nSheds", markdown=True) == ["Ports\nShips\nSheds"]
    assert tweets("Ports\nShips  \nSheds\n\nQuays", markdown=True) == [
        "Ports\nShips\nSheds",
        "Quays",
    ]


def test_a_line_end_that_is_kept_above_the_first_line_joins_it_to_nothing() -> None:
    items = items_of(
        lines_of(f"Above  \nPorts\n\n{words(150)}\n{words(150)}"),
        Account("a.txt"),
        None,
        markdown=True,
    )
    found, _ = segment([item.piece for item in items][1:], None, from_page=False)
    assert [text_of(tweet) for tweet in found] == [f"Ports\n\n{words(150)}", words(150)]


# What the page says


@pytest.mark.parametrize("declared", [2, 3, 4])
def test_the_split_with_the_page_s_number_of_tweets_wins(declared: int) -> None:
    text = "Ports\nShips\n\nCranes\nSheds"
    found = {
        2: ["Ports\nShips", "Cranes\nSheds"],
        3: ["Ports", "Ships\n\nCranes", "Sheds"],
        4: ["Ports", "Ships", "Cranes", "Sheds"],
    }
    for from_page in (False, True):
        assert tweets(text, declared=declared, from_page=from_page) == found[declared]


def test_the_declared_number_separates_wide_gaps_from_narrow_ones() -> None:
    text = f"{words(200)}\n\n{words(200)}\n\n\nShips\n\nQuays"
    long = f"{words(200)}\n\n{words(200)}"
    assert cut(text, declared=2)[1] is False
    assert tweets(text, declared=2) == [long, "Ships\n\nQuays"]
    assert tweets(text, declared=4) == each_line(text)


def test_a_number_that_no_reading_has_is_not_believed() -> None:
    assert tweets("Ports\nShips\n\nCranes\nSheds", declared=9) == ["Ports\nShips", "Cranes\nSheds"]


# Gaps of two sizes


def test_two_blank_lines_part_tweets_if_they_are_tweets_of_a_tweet_s_length() -> None:
    fit = f"{words(112)}\n\n{words(111)}"
    unfit = f"{words(149)}\n\n{words(149)}"
    text = "\n\n\n".join([fit, fit, unfit])
    assert (tweets(text), cut(text)[1]) == ([fit, fit, unfit], True)
    text = "\n\n\n".join([fit, fit, unfit + "."])
    assert (tweets(text), cut(text)[1]) == ([fit, fit, words(149), words(149) + "."], True)


def test_gaps_of_two_lines_and_more_are_of_one_size() -> None:
    text = f"{words(300)}\n\n\n{words(301)}\n\n\n\n{words(302)}"
    assert (tweets(text), cut(text)[1]) == (each_line(text), True)


def test_paragraphs_are_put_together_as_far_as_they_make_a_tweet() -> None:
    chapter = [words(100), words(100), words(76), words(1), words(140), words(139)]
    text = "\n\n".join(chapter) + "\n\n\nShips"
    assert (tweets(text), cut(text)[1]) == (
        ["\n\n".join(chapter[:3]), "\n\n".join(chapter[3:5]), chapter[5], "Ships"],
        True,
    )


def test_a_number_in_a_box_begins_a_tweet_unless_the_whole_makes_one() -> None:
    short, long = "Ports\n\n1️⃣ Ships\n\n2️⃣ Cranes", f"{words(300)}\n\n1️⃣ Quays\n\n(2️⃣) Sheds"
    assert tweets(f"{short}\n\n\n{long}") == [short, words(300), "1️⃣ Quays", "(2️⃣) Sheds"]


# Line ends and blank lines


def test_blank_lines_part_tweets_where_both_readings_do() -> None:
    text = "Ports\nShips\n\nCranes\nSheds"
    assert tweets(text) == ["Ports\nShips", "Cranes\nSheds"]


def test_of_a_page_line_ends_part_tweets_where_both_readings_do() -> None:
    text = "Ports\nShips\n\nCranes\nSheds"
    assert tweets(text, from_page=True) == ["Ports", "Ships\n\nCranes", "Sheds"]


def test_of_a_page_blank_lines_part_tweets_only_if_that_makes_clearly_better_ones() -> None:
    # By line ends, 282 of 2,820 characters are too long for a tweet; by blank lines, none.
    lines = [*[100] * 10, 140, 140, *[100] * 12, 158]
    text = blocks(158, *lines)
    assert sum(map(len, inside(text))) == 2820
    assert len(tweets(text, from_page=True)) == len(inside(text)) + 1
    text = blocks(157, *lines)
    assert tweets(text, from_page=True) == text.split("\n\n")


def test_blank_lines_part_tweets_unless_line_ends_make_clearly_better_ones() -> None:
    # By blank lines, 281 of 2,810 characters are too long for a tweet; by line ends, none.
    lines = [*[100] * 10, 140, 140, *[100] * 10, 129, 129, 129]
    text = blocks(*lines, 130)
    assert sum(map(len, text.split("\n\n"))) == 2810
    assert tweets(text) == text.split("\n\n")
    text = blocks(*lines, 129)
    assert tweets(text) == inside(text)


def test_blank_lines_part_tweets_only_if_most_of_these_fit() -> None:
    text = blocks(24, 200, 200, 24, 149, 150)  # 450 of 750 characters
    assert tweets(text) == text.split("\n\n")
    text = blocks(24, 200, 200, 24, 149, 151)
    assert tweets(text) == each_line(text)


def test_a_blank_line_is_inside_a_tweet_where_only_that_makes_tweets_that_fit() -> None:
    text = blocks(100, 130, 140, 145, 130, 155, 120, 150)
    assert (tweets(text), cut(text)[1]) == (inside(text), True)


def test_a_blank_line_is_inside_a_tweet_only_if_most_of_these_fit() -> None:
    text = blocks(85, 138, 140, 160, 138, 85)  # 450 of 750 characters
    assert tweets(text) == [
        words(85),
        f"{words(138)}\n\n{words(140)}",
        words(160),
        words(138),
        words(85),
    ]
    text = blocks(85, 138, 140, 160, 139, 85)
    assert tweets(text) == each_line(text)


@pytest.mark.parametrize(("lines", "found"), [(4, 4), (5, 6)])
def test_a_blank_line_is_a_slip_if_less_than_a_quarter_of_the_tweets_have_one(
    lines: int, found: int
) -> None:
    text = f"{words(138)}\n\n" + "\n".join([words(138)] * lines)
    assert len(tweets(text)) == found


def test_line_ends_part_tweets_only_if_most_of_these_fit() -> None:
    text = blocks(150, 150, 150, 300)
    assert (tweets(text), cut(text)[1]) == (each_line(text), True)
    text = blocks(150, 150, 150, 301)
    assert (tweets(text), cut(text)[1]) == (text.split("\n\n"), True)


def started(text: str, *, are_previews: bool = False) -> list[list[str]]:
    items = items_of(lines_of(text), Account("a.txt"), None, markdown=False)
    found = threads_in([item.piece for item in items], are_previews=are_previews)
    return [[piece.text for piece in pieces] for pieces in found]


def test_where_the_counters_start_again_another_thread_begins() -> None:
    first = ["1/2 Ports", "2/2 Ships", "1/2 Cranes", "2/2 Sheds"]
    assert started("\n".join(first)) == [first[:2], first[2:]]
    last = ["Ports 1/2", "Ships 2/2", "@ben", "Cranes 1/2", "Sheds 2/2"]
    assert started("\n".join(last)) == [last[:3], last[3:]]
    assert started("1/2 Ports\n1/2 Cranes\n2/2 Sheds") == [["1/2 Ports", "1/2 Cranes", "2/2 Sheds"]]
    assert started("1/2 Ports\n2/2 Ships\n1/2 Cranes") == [["1/2 Ports", "2/2 Ships", "1/2 Cranes"]]
    assert started("(1/3) Ports\n(1/2) Cranes", are_previews=True) == [
        ["(1/3) Ports"],
        ["(1/2) Cranes"],
    ]
    assert started("1/3 Ports\n1/2 Cranes", are_previews=True) == [["1/3 Ports", "1/2 Cranes"]]


def test_another_thread_begins_where_its_first_tweet_does() -> None:
    last = ["Ports", "now 1/2", "Ships", "so 2/2", "Cranes", "now 1/2", "Sheds", "so 2/2"]
    assert started("\n".join(last)) == [last[:4], last[4:]]
    first = ["1/2", "Ports", "2/2", "Ships", "1/2", "Cranes", "2/2", "Sheds"]
    assert started("\n".join(first)) == [first[:4], first[4:]]


def test_numbers_in_other_brackets_than_the_counters_are_none() -> None:
    assert tweets("(1/) Ports\n2/ Ships\n(2/) Cranes\n(3/) Sheds") == [
        "(1/) Ports\n2/ Ships",
        "(2/) Cranes",
        "(3/) Sheds",
    ]


def test_pictures_alone_are_tweets() -> None:
    picture = "![](https://pbs.example/a.jpg)"
    found, guessed = cut(f"Ports\n---\n{picture}\n---\nShips", markdown=True)
    assert ([text_of(tweet) for tweet in found], guessed) == (["Ports", "", "Ships"], False)
    found, _ = cut(f"# 1\n{picture}\n# 2\n{picture}\n# 3", markdown=True)
    assert [text_of(tweet) for tweet in found] == ["", ""]
