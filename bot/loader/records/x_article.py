"""Reads X's articles: a title and a long text in blocks, under a tweet that only links to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bot.loader.records.json_values import Json, as_dict, as_list, as_text
from bot.loader.records.x_media import media_in
from bot.models import Media

NUMBERED, BULLETED = "ordered-list-item", "unordered-list-item"


class Article(NamedTuple):
    """An article on X."""

    text: str
    """Its title and text."""
    media: tuple[Media, ...]
    """Its pictures."""
    is_cut: bool
    """Whether the record has only the beginning of the text."""


def article_of(record: Json) -> Article | None:
    """Return the article of a tweet, as the web client or API v2 gives it, or None."""
    article = as_dict(record.get("article"))
    found = as_dict(as_dict(article.get("article_results")).get("result")) or article
    title = (as_text(found.get("title")) or "").strip()
    content = as_dict(found.get("content_state"))
    body = "".join(_blocks(content)).strip() or (as_text(found.get("plain_text")) or "").strip()
    preview = (as_text(found.get("preview_text")) or "").strip()
    text = f"{title}\n\n{body or preview}".strip()
    return Article(text, media_in(_pictures(found)), is_cut=not body) if text else None


def _blocks(content: Json) -> Iterator[str]:
    """Yield the text of each block, after what separates it from the one above."""
    embedded = _entities(content)
    above = ""
    number = 0
    for block in map(as_dict, as_list(content.get("blocks"))):
        kind = as_text(block.get("type")) or ""
        text = (as_text(block.get("text")) or "").strip()
        if kind == "atomic":
            text = "\n\n".join(_embedded_texts(block, embedded))
        if not text:
            continue
        number = number + 1 if kind == NUMBERED else 0
        mark = f"{number}. " if kind == NUMBERED else "- " if kind == BULLETED else ""
        is_list = above == kind and kind in (NUMBERED, BULLETED)
        yield f"{NEXT_ITEM if is_list else NEXT_BLOCK}{mark}{text}"
        above = kind


NEXT_ITEM, NEXT_BLOCK = "\n", "\n\n"


def _entities(content: Json) -> Mapping[str, Json]:
    """Return what blocks embed, by key: the API has a list of pairs or an object."""
    entities = content.get("entityMap") or content.get("entity_map")
    if isinstance(entities, dict):
        return {key: as_dict(each) for key, each in entities.items()}
    pairs = map(as_dict, as_list(entities))
    return {str(each.get("key")): as_dict(each.get("value")) for each in pairs}


def _embedded_texts(block: Json, entities: Mapping[str, Json]) -> Iterator[str]:
    """Yield the text in a block's entities: code and tables, as Markdown."""
    ranges = as_list(block.get("entityRanges") or block.get("entity_ranges"))
    for each in map(as_dict, ranges):
        data = as_dict(entities.get(str(each.get("key")), {}).get("data"))
        if text := (as_text(data.get("markdown")) or "").strip():
            yield text


def _pictures(article: Json) -> Iterator[Json]:
    """Yield the cover and the pictures in the text, as `media_in` reads them."""
    for each in [article.get("cover_media"), *as_list(article.get("media_entities"))]:
        info = as_dict(as_dict(each).get("media_info"))
        preview = as_dict(info.get("preview_image")).get("original_img_url")
        yield {
            "media_url_https": info.get("original_img_url") or preview,
            "variants": info.get("variants"),
            "alt_text": as_dict(each).get("alt_text") or info.get("alt_text"),
        }
