"""JSON whose keys a person has named: read as a table's rows are, and other records as usual."""

from __future__ import annotations

import json

import pytest

from bot.errors import DumpError
from bot.loader.parser import read_dump
from bot.models import Dump, Metadata

COLUMNS = Metadata(columns="text=Body\nauthor=Who\nid=Number")
OWN = {
    "Number": 1900000000000000001,
    "Body": "Low tide at noon",
    "Who": "@anna",
    "created_at": "2025-03-13T00:00:00Z",
}


def read(value: object, metadata: Metadata = COLUMNS) -> Dump:
    return read_dump(json.dumps(value).encode(), "a.json", metadata)


@pytest.mark.parametrize("value", [OWN, [OWN], {"data": {"posts": [OWN]}}])
def test_named_keys_have_what_the_columns_of_a_table_have(value: object) -> None:
    ((tweet,),) = (each.tweets for each in read(value).threads)
    assert (tweet.text, tweet.author) == ("Low tide at noon", "anna")
    assert tweet.permalink == "https://x.com/anna/status/1900000000000000001"
    assert tweet.created_at == "2025-03-13T00:00:00Z"


def test_a_key_of_an_inner_object_is_named_with_a_point() -> None:
    metadata = Metadata(columns="text=Body\nauthor=who.handle")
    dump = read([OWN | {"who": {"handle": "ben", "flags": [False, None, 2.5]}}], metadata)
    assert dump.threads[0].author == "ben"


def test_records_without_these_keys_are_read_as_usual() -> None:
    usual = {"id_str": "1900000000000000002", "full_text": "High tide", "user": {"name": "Anna"}}
    dump = read([OWN, usual])
    assert [each.tweets[0].text for each in dump.threads] == ["Low tide at noon", "High tide"]


def test_without_the_option_such_records_are_refused() -> None:
    with pytest.raises(DumpError, match="a record without a tweet"):
        read([OWN], Metadata())
