"""Articles on X."""

from __future__ import annotations

from typing import Any

import pytest

from bot.loader.records.x_article import article_of
from bot.models import Media


def article(**found: Any) -> dict[str, Any]:
    return {"article": {"article_results": {"result": {"title": "Tides", **found}}}}


def block(text: str, kind: str = "unstyled", **more: Any) -> dict[str, Any]:
    return {"text": text, "type": kind, **more}


def text_of(*blocks: Any, entities: Any = None) -> str:
    found = article_of(article(content_state={"blocks": list(blocks), "entityMap": entities}))
    assert found is not None
    assert not found.is_cut
    return found.text.removeprefix("Tides\n\n")


def test_blocks_are_paragraphs_and_lists_are_lines() -> None:
    numbered, bulleted = "ordered-list-item", "unordered-list-item"
    assert text_of(
        block("Low"), block(" Head ", "header-one"), block("a", numbered), block("b", numbered),
        block("c", bulleted), block("", "unstyled"), block("d", bulleted), block("e", numbered), 5,
    ) == "Low\n\nHead\n\n1. a\n2. b\n\n- c\n- d\n\n1. e"  # fmt: skip


@pytest.mark.parametrize("is_list", [True, False])
def test_code_is_in_an_entity(is_list: bool) -> None:  # noqa: FBT001  # pytest passes it by name
    value = {"type": "MARKDOWN", "data": {"markdown": "`tide`"}}
    entities = [{"key": "0", "value": value}] if is_list else {"0": value}
    embedding = block(" ", "atomic", entityRanges=[{"key": 0}, {"key": 9}])
    assert (
        text_of(block("Low"), embedding, block(" ", "atomic"), entities=entities) == "Low\n\n`tide`"
    )


def test_a_plain_text_stands_in_for_missing_blocks() -> None:
    found = article_of(article(plain_text="Low\nebb", preview_text="Low"))
    assert found == ("Tides\n\nLow\nebb", (), False)
    assert article_of({"article": {"title": "Tides", "plain_text": "Low"}}) == (
        "Tides\n\nLow", (), False,
    )  # fmt: skip


def test_a_preview_is_only_the_beginning() -> None:
    assert article_of(article(preview_text="Low")) == ("Tides\n\nLow", (), True)
    assert article_of(article()) == ("Tides", (), True)


@pytest.mark.parametrize("record", [{}, {"article": None}, {"article": {"article_results": {}}}])
def test_other_tweets_have_no_article(record: dict[str, Any]) -> None:
    assert article_of(record) is None


def test_pictures_are_the_cover_and_those_in_the_text() -> None:
    cover = {"media_info": {"original_img_url": "https://pbs.twimg.com/media/A.jpg"}}
    video = {
        "media_info": {
            "preview_image": {"original_img_url": "https://pbs.twimg.com/media/B.jpg"},
            "variants": [{"url": "https://video.twimg.com/b.mp4", "content_type": "video/mp4"}],
        }
    }
    found = article_of(article(plain_text="Low", cover_media=cover, media_entities=[video, 5]))
    assert found is not None
    assert found.media == (
        Media("photo", "https://pbs.twimg.com/media/A.jpg"),
        Media("video", "https://pbs.twimg.com/media/B.jpg", None, "https://video.twimg.com/b.mp4"),
    )


def test_a_list_may_come_first_and_a_block_may_embed_several_codes() -> None:
    assert text_of(block("a", "ordered-list-item"), block("b", "ordered-list-item")) == "1. a\n2. b"
    codes = {str(at): {"data": {"markdown": f"`{at}`"}} for at in range(2)}
    embedding = block(" ", "atomic", entity_ranges=[{"key": 0}, {"key": 1}])
    found = article_of(article(content_state={"blocks": [embedding], "entity_map": codes}))
    assert found is not None
    assert found.text == "Tides\n\n`0`\n\n`1`"


def test_a_picture_s_description_is_beside_it_or_within() -> None:
    url = "https://pbs.twimg.com/media/A.jpg"
    for picture in (
        {"media_info": {"original_img_url": url}, "alt_text": "A mast"},
        {"media_info": {"original_img_url": url, "alt_text": "A mast"}},
    ):
        found = article_of(article(plain_text="Low", cover_media=picture))
        assert found is not None
        assert found.media == (Media("photo", url, "A mast"),)
