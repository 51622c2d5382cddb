"""Tables of tweets: columns, rows, and broken rows."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given

from bot.errors import DumpError, SettingsError
from bot.loader.line_account import Account
from bot.loader.records import csv_table
from bot.models import Link, Media, Metadata, Thread, Tweet
from tests.loader.records.written import AUTHOR, NAME, Written, as_read, as_written, threads

AT = "2024-03-01T10:00:00Z"


def read(text: str, metadata: Metadata | None = None) -> tuple[list[Thread], Account]:
    account = Account("a.csv", detailed=True)
    header = csv_table.header_of(text)
    assert header is not None
    threads = csv_table.parse(iter([text]), header, metadata or Metadata(), account)
    return list(threads), account


def told(account: Account) -> list[tuple[int | None, str]]:
    return [(each.line, each.message) for each in account.notices]


def only(header: str, row: str, metadata: Metadata | None = None) -> Tweet:
    ((thread,), account) = read(f"{header}\n{row}\n", metadata)
    (tweet,) = thread.tweets
    assert account.notices == []
    return tweet


@pytest.mark.parametrize(
    "header",
    ["id,text", "text;author", "created_at\ttext", "url,text", "\n\nTweet Id,Full-Text",
     '"id","text"', "x,text,y,id,z", "text,id,text", 'a "b";text;id', "text,x;y,id"],
)  # fmt: skip
def test_a_table_names_a_column_of_texts_and_one_more(header: str) -> None:
    assert csv_table.header_of(f"{header}\n1,2\n")


@pytest.mark.parametrize(
    "header",
    ["", "text", "id,author", "text,likes", "text|id", "Some text, an id, and more", 'id,"text',
     "text,reply_to", "XText,id"],
)  # fmt: skip
def test_other_lines_are_no_head_of_a_table(header: str) -> None:
    assert csv_table.header_of(f"{header}\nid,text\n" if header else "") is None


@pytest.mark.parametrize(
    "name",
    ["full_text", "text", "rawContent", "content", "tweet_text", "Tweet", "Tweet Content"],
)
def test_a_text_s_column_has_many_names(name: str) -> None:
    assert only(f"id,{name}", "1,Low tide").text == "Low tide"


@pytest.mark.parametrize(
    "name", ["tweet_id", "id_str", "ID", "status_id", "tweetid", "tweet_id_str", " Tweet-Id "]
)
def test_an_id_s_column_has_many_names(name: str) -> None:
    assert only(f"{name},text", "17,Low tide").tweet_id == "17"


@pytest.mark.parametrize(
    "name",
    ["author.username", "author_username", "username", "screen_name", "User Screen Name",
     "author_handle", "handle", "author", "user", "user_name"],
)  # fmt: skip
def test_an_author_s_column_has_many_names(name: str) -> None:
    assert only(f"{name},text", "anna,Low tide").author == "anna"


@pytest.mark.parametrize(
    "name", ["created_at", "date", "timestamp", "datetime", "tweet date", "Time"]
)
def test_a_moment_s_column_has_many_names(name: str) -> None:
    assert only(f"{name},text", f"{AT},Low tide").created_at == AT
    assert only(f"{name},text", "2024-03-01 11:00:00 +0000,Ebb").created_at == (
        "2024-03-01T11:00:00Z"
    )


@pytest.mark.parametrize(
    "name", ["url", "link", "permalink", "tweet url", "tweet_link", "permanentUrl"]
)
@pytest.mark.parametrize(
    "address", ["https://x.com/anna/status/17", "twitter.com/anna/statuses/17?s=20"]
)
def test_a_tweet_s_address_gives_its_author_and_its_id(name: str, address: str) -> None:
    tweet = only(f"{name},text", f"{address},Low tide", Metadata(author="bob"))
    assert (tweet.author, tweet.tweet_id) == ("anna", "17")


def test_a_row_s_columns_override_its_address() -> None:
    tweet = only("id,author,url,text", "18,bob,https://x.com/anna/status/17,Low tide")
    assert (tweet.author, tweet.tweet_id) == ("bob", "18")


def test_a_row_without_an_author_is_by_the_given_author() -> None:
    tweet = only("id,author,text", "18,not a handle,Low tide", Metadata(author="anna"))
    assert (tweet.author, tweet.permalink) == ("anna", "https://x.com/anna/status/18")


@pytest.mark.parametrize("number", ["", "1.7E+18", "17a", "1" * 21])
def test_what_is_no_number_is_no_id(number: str) -> None:
    ((thread,), _) = read(f"id,text\n{number},Low tide\n")
    assert thread.tweets[0].tweet_id is None
    assert only("id,text", f"{'1' * 20},Low tide").tweet_id == "1" * 20


@pytest.mark.parametrize(
    "name",
    ["in_reply_to_status_id", "in_reply_to_status_id_str", "in_reply_to_tweet_id",
     "in_reply_to_id", "in_reply_to", "inReplyToTweetId", "reply_to_id",
     "referenced_tweets.replied_to.id"],
)  # fmt: skip
def test_answers_to_oneself_make_a_thread(name: str) -> None:
    (thread,), account = read(f"id,author,text,{name}\n2,anna,Ebb,1\n1,anna,Flood,\n")
    assert [tweet.text for tweet in thread.tweets] == ["Flood", "Ebb"]
    assert [tweet.line for tweet in thread.tweets] == [3, 2]
    assert told(account) == []


@pytest.mark.parametrize(
    ("columns", "cells"),
    [
        ("author,in_reply_to_username", "anna,anna"),
        ("author,in_reply_to_screen_name", "anna,anna"),
        ("author,in_reply_to_user", "anna,anna"),
        ("author_id,in_reply_to_user_id", "7,7"),
        ("author.id,in_reply_to_user_id_str", "7,7"),
        ("user_id,in_reply_to_user_id", "7,7"),
        ("user_id_str,in_reply_to_user_id", "7,7"),
    ],
)
def test_a_reply_may_name_an_author_whose_tweet_is_missing(columns: str, cells: str) -> None:
    header = f"id,text,in_reply_to,{columns}"
    (thread,), _ = read(f"{header}\n3,Ebb,2,{cells}\n")
    assert not thread.complete
    none, account = read(f"{header}\n3,Ebb,2,{cells[:-1]}8\n")
    assert none == []
    assert told(account) == [(None, "left out 1 reply to somebody else")]


@pytest.mark.parametrize("name", ["conversation_id", "conversation_id_str", "conversationId"])
def test_a_conversation_makes_a_thread_of_what_begins_elsewhere(name: str) -> None:
    (thread,), _ = read(f"id,author,text,{name}\n3,anna,Ebb,1\n4,anna,Flood,1\n")
    assert (len(thread.tweets), thread.complete) == (2, False)


@pytest.mark.parametrize(
    "name", ["retweeted_status_id", "referenced_tweets.retweeted.id", "retweeted_user_id"]
)
def test_reposts_are_left_out(name: str) -> None:
    threads, account = read(f"id,text,{name}\n1,Low tide,5\n2,RT @bob: Ebb,\n3,RT is short,\n")
    assert [thread.title for thread in threads] == ["RT is short"]
    assert told(account) == [(None, "left out 2 reposts")]


def test_a_text_is_parted_from_its_mentions_and_links() -> None:
    tweet = only("id,text", '1,"@bob Tide &amp; quay, @anna https://a.example/x"')
    assert (tweet.text, tweet.mentions) == ("Tide & quay, @anna", ("bob", "anna"))
    assert tweet.links == (Link("https://a.example/x", "https://a.example/x"),)


def test_links_that_x_shortened_are_put_out_in_full() -> None:
    urls = (
        '"[{""url"": ""https://t.co/a"", ""display_url"": ""a.example/…"",'
        ' ""expanded_url"": ""https://a.example/x""},'
        ' {""url"": ""https://t.co/b"", ""expanded_url"": ""https://b.example""},'
        ' {""url"": ""https://t.co/c"", ""expanded_url"": ""https://c.example""},'
        ' {""url"": ""https://t.co/d""}]"'
    )
    tweet = only("id,text,entities.urls", f"1,See https://t.co/a https://t.co/b now,{urls}")
    assert tweet.text == "See https://a.example/x https://b.example now"
    assert tweet.links == (
        Link("a.example/…", "https://a.example/x"),
        Link("https://b.example", "https://b.example"),
    )


def test_a_short_link_without_its_goal_stays() -> None:
    urls = '"[{""url"": ""https://t.co/d"", ""media_key"": ""3""}]"'
    assert only("id,text,entities.urls", f"1,See https://t.co/d now,{urls}").text == (
        "See https://t.co/d now"
    )
    assert only("id,text,entities.urls", "1,Low tide,[{'url': 1}]").text == "Low tide"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_delimited_by_commas_semicolons_or_tabs(delimiter: str) -> None:
    header, row = delimiter.join(["id", "text"]), delimiter.join(["1", "Low tide"])
    assert only(header, row).text == "Low tide"
    _, account = read(f"{header}\n{row}\n")
    first, second = account.entries(())
    assert (first.line, first.kind, first.what) == (1, "boilerplate", "the column names")
    assert (first.said, second.said) == (header, "Low tide")


def test_of_two_columns_of_a_name_the_first_counts() -> None:
    assert only("id,text,text", "1,Ebb,Flood").text == "Ebb"


def test_rows_are_named_by_the_line_they_start_at() -> None:
    threads, account = read('\n\nid,author,text\n\n1,anna,"Low\ntide"\n,,\n2,bob\n,,Ebb')
    assert [(thread.title, thread.tweets[0].line) for thread in threads] == [("Low", 5), ("Ebb", 9)]
    assert told(account) == [(8, "a row without text; left out")]
    entries = [(each.line, each.kind, each.said) for each in account.entries(())]
    assert (3, "boilerplate", "id,author,text") in entries
    assert (8, "notice", "2,bob") in entries


def test_a_row_that_cannot_be_read_gets_a_notice_and_the_next_one_is_read() -> None:
    long = "x" * (csv.field_size_limit() + 1)
    threads, account = read(f'id,text\n1,{long}\n2,Low tide\n3,"a"b\n4,Ebb')
    assert [thread.tweets[0].line for thread in threads] == [3, 5]
    assert [line for line, _ in told(account)] == [2, 4]
    message = "a row that cannot be read (',' expected after '\"'); left out"
    assert told(account)[1] == (4, message)
    (entry,) = [each for each in account.entries(()) if each.line == 4]
    assert (entry.kind, entry.what, entry.said) == ("notice", message, "")


def test_ids_that_a_spreadsheet_rounded_get_one_notice() -> None:
    text = "id,text\n1.7E+18,Ebb\n1.6e18,Flood\n17,Tide\n"
    threads, account = read(text)
    assert [thread.tweets[0].tweet_id for thread in threads] == [None, None, "17"]
    message = "tweet ids rounded by a spreadsheet (1.2E+18); left out, so these tweets have no link"
    assert told(account) == [(None, message)]


def refused(text: str, given: str | None = None) -> str:
    with pytest.raises(DumpError) as caught:
        csv_table.refuse_unknown(text, "a.csv", given)
    return str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["Nr,Body,When\n1,Low tide,x\n", "Nr;Body\n1;Low tide\n2;Ebb\n", "Nr\tBody\n1\tLow\n2\tEbb",
     '"Nr","Body","x"\n"1","Low, tide","a"\n', "\nNr,Body,When\n1,Low tide,x\n"],
)  # fmt: skip
def test_a_table_without_known_columns_is_refused_with_what_it_lacks(text: str) -> None:
    said = refused(text)
    assert "no known column of tweets’ texts" in said
    assert "Nr, Body" in said
    assert "Name it, text=NAME, with --column or the option columns of /reload" in said


def test_a_table_with_texts_alone_is_refused_with_what_it_lacks() -> None:
    assert "no known column of ids, authors" in refused("text,likes,x\nLow tide,5,a\n")


@pytest.mark.parametrize(
    "text",
    ["Tulips, roses, lilies\nI bought them, all, today\n", "Low,tide\nEbb,flood\n",
     "Nr,Body,When\n",
     "Nr,Body,When\n1,2\n", "Nr,Nr,When\n1,2,3\n", f"{'word ' * 9}end,b,c\n1,2,3",
     "Low tide.\n\nEbb.\n", 'a,"b\n1,2', "", "a,b,\n1,2,3\n", 'a,b,c\n1,2,"3'],
)  # fmt: skip
def test_prose_with_commas_is_no_table(text: str) -> None:
    csv_table.refuse_unknown(text, "a.txt")


def test_a_long_table_s_last_line_may_be_cut() -> None:
    rows = "1,Low tide,x\n" * (csv_table.LOOK_AHEAD // 13 + 1)
    assert refused(f"Nr,Body,When\n{rows}")


def test_columns_may_be_named_by_a_person() -> None:
    text = "Nr;Body;When;Who\n1;Low tide;2009-03-01;anna\n"
    given = csv_table.columns_from_options(["text=Body", "date=when", " Author = WHO "])
    account = Account("a.csv")
    header = csv_table.header_of(text, given)
    assert header is not None
    (thread,) = csv_table.parse(iter([text]), header, Metadata(), account)
    tweet = thread.tweets[0]
    assert (tweet.text, tweet.author, tweet.created_at) == (
        "Low tide",
        "anna",
        "2009-03-01T00:00:00Z",
    )


def test_a_given_column_goes_before_one_with_a_usual_name() -> None:
    header = csv_table.header_of("id,text,Body\n", "text=Body")
    assert header is not None
    assert header.columns["text"] == 2


def test_the_text_alone_will_do_if_it_is_named() -> None:
    assert csv_table.header_of("a,Body\n", "text=Body") is not None
    assert csv_table.header_of("a,Body\n", "text=x") is None


def test_a_column_that_is_not_there_is_refused() -> None:
    text = "Nr,Body,When\n1,Low tide,x\n"
    assert "no column “The x”; it has: Nr, Body, When" in refused(text, "text= The x ")
    assert csv_table.header_of(text, "text=Body\ndate=x") is None
    assert "no column “x”" in refused(text, "text=Body\ndate=x")


@pytest.mark.parametrize("option", ["Body", "text", "text=", "words=Body", "=Body", "text= "])
def test_options_that_name_no_column_are_refused(option: str) -> None:
    with pytest.raises(SettingsError, match="write KEY=NAME") as caught:
        csv_table.columns_from_options(["id=Nr", option])
    assert f"--column {option}:" in str(caught.value)


def test_no_options_are_no_columns() -> None:
    assert csv_table.columns_from_options([]) is None
    assert csv_table.columns_from_text(None, "columns") is None


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("text=Body", "text=Body"),
        ("text=Body, date=Posted on", "text=Body\ndate=Posted on"),
        ("text=Body;reply-to = To ,id=Nr,", "text=Body\nreply-to = To\nid=Nr"),
        ("text=Body, in full, id=Nr", "text=Body, in full\nid=Nr"),
    ],
)
def test_columns_may_be_named_in_one_text(text: str, columns: str) -> None:
    assert csv_table.columns_from_text(text, "columns") == columns


@pytest.mark.parametrize(
    ("text", "wrong"), [("Body", "Body"), ("text=Body, words=X", "words=X"), (" ", "")]
)
def test_a_text_that_names_no_column_is_refused(text: str, wrong: str) -> None:
    with pytest.raises(SettingsError) as caught:
        csv_table.columns_from_text(text, "columns")
    said = f"columns {wrong}: write KEY=NAME, such as text=Body. The keys are text, id, author,"
    assert str(caught.value).startswith(said)


def test_a_row_may_be_a_thread() -> None:
    text = "Tweet 2,tweet-10,TWEET_1,url\nEbb,,Low tide,https://x.com/anna/status/17\n,,,\n,c,a,\n"
    found, account = read(text, Metadata(author="ben"))
    assert [[each.text for each in thread.tweets] for thread in found] == [
        ["Low tide", "Ebb"],
        ["a", "c"],
    ]
    assert [each.tweet_id for each in found[0].tweets] == ["17", None]
    assert {each.author for each in found[0].tweets} == {"anna"}
    assert {each.author for each in found[1].tweets} == {"ben"}
    assert told(account) == []


@pytest.mark.parametrize("header", ["Tweet 1", "Tweet 1,Tweets", "tweet 1,tweet b", "1,2", "a1,a2"])
def test_other_columns_with_numbers_are_no_threads(header: str) -> None:
    assert csv_table.header_of(f"{header}\n") is None


@given(threads())
def test_tables_of_the_web_exporter_are_read_as_they_were_written(
    made: list[list[Written]],
) -> None:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(
        [
            "ID",
            "Date",
            "Content",
            "Media",
            "Screen Name",
            "Profile Name",
            "Replying To",
            "RT Source",
        ]
    )
    for each in (tweet for thread in made for tweet in thread):
        moment = each.moment.strftime("%Y-%m-%d %H:%M:%S +00:00")
        rows.writerow([each.tweet_id, moment, each.text, "[]", AUTHOR, NAME, each.above, ""])
    found, account = read(out.getvalue())
    assert as_read(found) == as_written(made)
    assert told(account) == []


@given(threads())
def test_rows_that_are_threads_are_read_as_they_were_written(made: list[list[Written]]) -> None:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["id", *(f"Tweet {number}" for number in range(1, 5))])
    for thread in made:
        rows.writerow([thread[0].tweet_id, *(each.text for each in thread)])
    found, account = read(out.getvalue(), Metadata(author=AUTHOR))
    assert [[each.text for each in thread.tweets] for thread in found] == [
        [each.text for each in thread] for thread in made
    ]
    assert [thread.tweets[0].tweet_id for thread in found] == [each[0].tweet_id for each in made]
    assert told(account) == []


@pytest.mark.parametrize(
    "name", ["alt_text", "media_alt", "media_alt_text", "image_alt", "alt", "alt_texts"]
)
def test_a_description_s_column_has_many_names(name: str) -> None:
    picture = "https://pbs.twimg.com/media/G.jpg"
    tweet = only(f"id,text,media,{name}", f"17,Low tide,{picture},A mast")
    assert [each.alt for each in tweet.media] == ["A mast"]


def test_all_that_a_person_may_name_is_a_column_that_is_read() -> None:
    assert csv_table.COLUMNS.keys() >= set(csv_table.GIVEN.values())
    header = csv_table.header_of("a,b,c\n", "reply-to-author=a\ntext=b\nauthor-id=c")
    assert header is not None
    assert header.columns == {"reply_to_author": 0, "text": 1, "author_id": 2}


@pytest.mark.parametrize(("rows", "is_table"), [(19, False), (20, True)])
def test_the_first_twenty_rows_of_a_table_are_regular(rows: int, is_table: bool) -> None:  # noqa: FBT001  # pytest passes it by name
    text = "Nr,Body,When\n" + "1,Low tide,x\n" * rows + "1,2\n" * 9
    if is_table:
        assert refused(text)
    else:
        csv_table.refuse_unknown(text, "a.csv")


def test_a_long_row_at_the_end_of_what_is_looked_at_may_be_cut() -> None:
    row = f'1,"{"Low tide, " * 900}",x\n'
    assert refused("Nr,Body,When\n" + row * (csv_table.LOOK_AHEAD // len(row) + 1))


def test_a_row_s_pictures_come_before_its_videos() -> None:
    picture, video = "https://pbs.twimg.com/media/G.jpg", "https://video.twimg.com/v.mp4"
    tweet = only("id,text,videos,media", f"17,Low tide,{video},{picture}")
    assert tweet.media == (Media("photo", picture), Media("video", None, None, video))


def test_what_comes_after_64_kib_does_not_tell_a_table_from_prose() -> None:
    seen = "Nr,Body,When\n" + f"1,{'x' * 32_000},y\n" * 2
    cut = f"2,{'x' * (64 * 1024 - len(seen))},z\n"
    assert refused(f"{seen}{cut}not,regular\n" + "1,Low tide,y\n" * 200)
    csv_table.refuse_unknown(f"{seen}not,regular\n", "a.csv")
