"""Files that are made to be slow or large to read, of any size.

The benchmark `hostile` loads them at full size; tests count the work that smaller ones cause.
"""

from __future__ import annotations

import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

SAID = "Plunging trade is leading to production halts"
PIECE = 1 << 20
BOMB = 1 << 30
"""Bytes that a bomb unpacks to."""
DIRECTORY = struct.Struct("<4s6H3I5H2I")
"""An entry of a ZIP archive's directory, without its name."""
LOCAL = struct.Struct("<4s5H3I2H")
"""What stands before an entry's bytes, without its name."""
END = struct.Struct("<4s4H2IH")
ZIP64 = struct.Struct("<4sQ2H2I4Q")
LOCATOR = struct.Struct("<4sIQI")
BZIP2 = 12
LZMA = 14


@dataclass(frozen=True, slots=True)
class Hostile:
    """A kind of file that is made to be slow or large to read."""

    write: Callable[[BinaryIO, int], None]
    """Writes the file with that many of what makes it slow."""
    full: int
    """How many it has at full size."""
    suffix: str
    """The end of the file's name."""

    def at(self, folder: Path, share: float = 1.0) -> Path:
        """Write the file into `folder`, with a share of what it has at full size; return it."""
        path = folder / f"hostile{self.suffix}"
        with path.open("wb") as stream:
            self.write(stream, max(int(self.full * share), 1))
        return path


def _text(
    unit: str, *, before: str = "", after: str = "", encoding: str = "utf-8"
) -> Callable[[BinaryIO, int], None]:
    """Write `unit` as often as asked for; `{n}` in it is its number."""

    def write(stream: BinaryIO, count: int) -> None:
        stream.write(before.encode(encoding, "surrogatepass"))
        if "{n}" in unit:
            for start in range(0, count, 10_000):
                numbers = range(start, min(start + 10_000, count))
                stream.write("".join(unit.replace("{n}", str(n)) for n in numbers).encode(encoding))
        else:
            once = unit.encode(encoding, "surrogatepass")
            many = max(PIECE // len(once), 1)
            for start in range(0, count, many):
                stream.write(once * min(many, count - start))
        stream.write(after.encode(encoding))

    return write


def _lines(unit: str, length: int = 900_000) -> Callable[[BinaryIO, int], None]:
    """Write `unit` as often as asked for, with a blank line after every `length` characters."""

    def write(stream: BinaryIO, count: int) -> None:
        many = length // len(unit)
        line = f"{unit * many}\n\n".encode()
        for _ in range(count // many):
            stream.write(line)
        stream.write((unit * (count % many)).encode())

    return write


def _random(stream: BinaryIO, count: int) -> None:
    dice = random.Random(20)  # noqa: S311
    for start in range(0, count, PIECE):
        stream.write(dice.randbytes(min(PIECE, count - start)))


def _alternating(stream: BinaryIO, count: int) -> None:
    """Lines in one encoding after the other."""
    encodings = ("utf-8", "utf-16-le", "cp1252", "utf-8", "shift_jis", "utf-16-be")
    lines = [f"{SAID}: naïve café.\n", "港は静かだ。\n"]
    for number in range(count):
        line = lines[number % 2]
        stream.write(line.encode(encodings[number % len(encodings)], errors="replace"))


def _laughs(stream: BinaryIO, count: int) -> None:
    """A feed whose entities are each ten of the one before."""
    lines = ['<!ENTITY l0 "ha">']
    lines += [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, count)]
    feed = f"<item><title>a</title><description>&l{count - 1};</description></item>"
    markup = f"<?xml version='1.0'?><!DOCTYPE rss [{''.join(lines)}]>"
    stream.write(f"{markup}<rss version='2.0'><channel>{feed}</channel></rss>".encode())


def _quadratic_laughs(stream: BinaryIO, count: int) -> None:
    """A feed with one long entity, named many times."""
    entity = f"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a \"{'ha' * count}\">]>"
    feed = f"<item><title>a</title><description>{'&a;' * count}</description></item>"
    stream.write(f"{entity}<rss version='2.0'><channel>{feed}</channel></rss>".encode())


def _small_files(stream: BinaryIO, count: int) -> None:
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(count):
            archive.writestr(f"{number}.txt", f"{SAID} {number}\n")


def _bomb(stream: BinaryIO, count: int) -> None:
    """Files of zeros that unpack to a thousand times their size."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("okapis.txt", SAID)
        for number in range(count):
            with archive.open(f"{number}.txt", "w", force_zip64=True) as entry:
                for _ in range(BOMB // PIECE):
                    entry.write(b"a" * PIECE)


def _nested(stream: BinaryIO, count: int) -> None:
    """Archives in archives, each with a file that is a gzip bomb."""
    data = zlib.compress(bytes(1 << 24), wbits=31)
    path = stream
    for _ in range(count):
        import io

        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("inner.zip", data)
            archive.writestr("bomb.gz", data[: 1 << 15])
        data = packed.getvalue()
    path.write(data)


def zip_of(entries: Iterator[tuple[bytes, bytes, int, int, int]]) -> Iterator[bytes]:
    """Yield the bytes of a ZIP archive, which may say anything of its entries.

    Args:
        entries: of each its name, its packed bytes, their CRC-32, its size as the archive says it,
            and the method of its compression. Empty bytes are those of the entry before.
    """
    directory: list[bytes] = []
    at = place = number = length = 0
    for name, packed, crc, size, method in entries:
        number += 1
        if packed:
            place, length = at, len(packed)
            local = LOCAL.pack(b"PK\x03\x04", 20, 0, method, 0, 33, crc, length, size, len(name), 0)
            yield local + name + packed
            at += len(local) + len(name) + length
        directory.append(
            DIRECTORY.pack(
                b"PK\x01\x02", 20, 20, 0, method, 0, 33, crc, length, size,
                len(name), 0, 0, 0, 0, 0, place,
            )
            + name
        )  # fmt: skip
    whole = b"".join(directory)
    yield whole
    yield ZIP64.pack(b"PK\x06\x06", 44, 45, 45, 0, 0, number, number, len(whole), at)
    yield LOCATOR.pack(b"PK\x06\x07", 0, at + len(whole), 1)
    most = min(number, 0xFFFF)
    yield END.pack(b"PK\x05\x06", 0, 0, most, most, len(whole), at, 0)


def _entries(stream: BinaryIO, count: int) -> None:
    """A directory with very many entries, all of them the same bytes."""
    said = SAID.encode()

    def entries() -> Iterator[tuple[bytes, bytes, int, int, int]]:
        for number in range(count):
            yield f"{number:x}.txt".encode(), b"" if number else said, zlib.crc32(said), 45, 0

    stream.writelines(zip_of(entries()))


def _overlapping(stream: BinaryIO, count: int) -> None:
    """Entries that share the same bytes, each of a ratio that text may have."""
    text = b"".join(f"{SAID} {number}\n".encode() * 12 for number in range(6_000))
    packer = zlib.compressobj(9, wbits=-15)
    packed = packer.compress(text) + packer.flush()

    def entries() -> Iterator[tuple[bytes, bytes, int, int, int]]:
        for number in range(count):
            name = b"%d.txt" % number
            yield name, b"" if number else packed, zlib.crc32(text), len(text), zipfile.ZIP_DEFLATED

    stream.writelines(zip_of(entries()))


def _tight(method: int, pack: Callable[[bytes], bytes]) -> Callable[[BinaryIO, int], None]:
    """Write entries that unpack to far more than the directory says."""

    def write(stream: BinaryIO, count: int) -> None:
        packed = pack(bytes(min(BOMB // 4, count)))
        said = len(packed) * 10
        stream.writelines(zip_of(iter([(b"a.txt", packed, 0, said, method)])))

    return write


def _bzip2(data: bytes) -> bytes:
    import bz2

    return bz2.compress(data)


def _deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, wbits=-15)
    return packer.compress(data) + packer.flush()


def _lzma(data: bytes) -> bytes:
    """Pack with a dictionary of 1.5 GB, as the header asks for."""
    import lzma

    size = 3 << 29
    body = lzma.compress(
        data[: 1 << 20],
        format=lzma.FORMAT_RAW,
        filters=[{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16}],
    )
    return struct.pack("<BBHBI", 9, 4, 5, 93, size) + body


def _versions(stream: BinaryIO, count: int) -> None:
    """Two versions of a thread, in which every second tweet is another one."""
    for word in ("sails", "waits"):
        stream.write(f"---\nauthor: anna\n---\n{SAID} in all three harbours.\n\n".encode())
        for number in range(count):
            stream.write(f"Port {number} is quiet.\n\nShip {number} {word}.\n\n".encode())


_BROKEN_JSON = '{"id":"1","text":"one of many", "broken\n'
_JSON_TWEET = '{"id_str":"1900000000000000001","full_text":"'
_CSV = "tweet_id,text,username\n"
_DIV = '<div class="content-tweet" id="tweet_1" data-tweet="19000000000000000">a'
_X = '<article data-testid="tweet"><div data-testid="tweetText">a'
_EMBED = '<blockquote class="twitter-tweet"><p>a'
_FOOTER = "Tweet\n• • •\n"

HOSTILE: dict[str, Hostile] = {
    # archives
    "ZIP of small files": Hostile(_small_files, 4_000, ".zip"),
    "ZIP with a million entries": Hostile(_entries, 1_000_000, ".zip"),
    "ZIP bomb": Hostile(_bomb, 2, ".zip"),
    "ZIP of overlapping entries": Hostile(_overlapping, 2_000, ".zip"),
    "ZIP in a ZIP in a ZIP": Hostile(_nested, 50, ".zip"),
    "deflate bomb that lies": Hostile(_tight(8, _deflated), BOMB // 4, ".zip"),
    "bzip2 bomb that lies": Hostile(_tight(BZIP2, _bzip2), BOMB // 4, ".zip"),
    "LZMA with a huge dictionary": Hostile(_tight(LZMA, _lzma), BOMB // 4, ".zip"),
    # bytes
    "random bytes": Hostile(_random, 50_000_000, ".txt"),
    "random bytes, small": Hostile(_random, 15_000_000, ".txt"),
    "NULs": Hostile(_text("\0"), 50_000_000, ".txt"),
    "NULs in JSON": Hostile(_text('{"a":"\0"}\n'), 5_000_000, ".json"),
    "words between NULs": Hostile(_text("words " * 40 + "\0\n"), 60_000, ".txt"),
    "alternating encodings": Hostile(_alternating, 300_000, ".txt"),
    "UTF-16 of surrogates": Hostile(
        _text("\ud800", before="\ufeff", encoding="utf-16-le"),
        7_000_000,
        ".txt",
    ),
    "a line of 100 MB": Hostile(_text("words and "), 10_000_000, ".txt"),
    "a line of 15 MB": Hostile(_text("words and "), 1_500_000, ".txt"),
    "a line of 60 MB": Hostile(_text("words and "), 6_000_000, ".txt"),
    "a word of 60 MB": Hostile(_text("a"), 60_000_000, ".txt"),
    # JSON
    "broken JSON lines": Hostile(_text(_BROKEN_JSON), 60_000, ".json"),
    "broken JSON lines, large": Hostile(_text(_BROKEN_JSON), 400_000, ".json"),
    "JSON in lines that never close": Hostile(_text('{"a":\n'), 3_000_000, ".json"),
    "JSON of deep arrays": Hostile(_text("[", before='[{"full_text":'), 10_000_000, ".json"),
    "JSON of open brackets": Hostile(_text("["), 10_000_000, ".json"),
    "spaces before no link": Hostile(
        _text(
            " ",
            before=f"{_JSON_TWEET}One",
            after='two","extended_entities":{"media":[{"type":"photo",'
            '"media_url_https":"https://pbs.twimg.com/media/a.jpg"}]}}',
        ),
        900_000,
        ".json",
    ),
    "JSON of escapes": Hostile(
        _text("\\u00e9\\ud800", before=_JSON_TWEET, after='"}'), 800_000, ".json"
    ),
    "JSON of deep objects": Hostile(_text('{"a":'), 3_000_000, ".json"),
    "JSON of deep records": Hostile(_text('{"a":' * 900 + "1" + "}" * 900 + "\n"), 500, ".json"),
    "JSON string of 100 MB": Hostile(_text("words and ", before=_JSON_TWEET), 10_000_000, ".json"),
    "JSON string of 100 MB, closed": Hostile(
        _text("words and ", before=_JSON_TWEET, after='"}'), 10_000_000, ".json"
    ),
    "JSON number of 10 MB": Hostile(_text("9", before='[{"id":'), 10_000_000, ".json"),
    "JSON of spaces": Hostile(_text(" ", before="[{", after='"a":1}]'), 60_000_000, ".json"),
    "JSON of commas": Hostile(_text(",", before='[{"a":1}'), 30_000_000, ".json"),
    "JSON of brackets": Hostile(_text("[]", before='[{"a":1}'), 10_000_000, ".json"),
    "JSON of empty objects": Hostile(_text("{}\n"), 3_000_000, ".json"),
    "tweets in one object of 60 MB": Hostile(
        _text(
            '{"id_str":"19{n}","full_text":"Port {n}' + " waits for a ship" * 60 + '"},',
            before='{"tweets":[',
            after='{"id_str":"1","full_text":"The last"}]}',
        ),
        60_000,
        ".json",
    ),
    "a million tweets in one object of 60 MB": Hostile(
        _text(
            '{"id_str":"1900{n}","full_text":"A port of {n} ships"},',
            before='{"tweets":[',
            after='{"id_str":"1","full_text":"The last"}]}',
        ),
        1_000_000,
        ".json",
    ),
    "JSON lines, two million": Hostile(
        _text('{"id_str":"1900{n}","full_text":"A port of {n} ships"}\n'), 2_000_000, ".jsonl"
    ),
    "JSON key of 60 MB": Hostile(_text("a", before='{"'), 60_000_000, ".json"),
    "JSON of keys": Hostile(_text('"k{n}":1,', before="{", after='"a":1}'), 3_000_000, ".json"),
    "JSON of a thread per tweet": Hostile(
        _text('{"id_str":"{n}","full_text":"a {n}"}\n'), 100_000, ".json"
    ),
    # tables
    "CSV field of 500 MB": Hostile(_text("words and ", before=_CSV + '1,"'), 50_000_000, ".csv"),
    "CSV field of 10 MB": Hostile(
        _text("words and ", before=_CSV + '1,"', after='",a\n'), 1_000_000, ".csv"
    ),
    "CSV field of many lines": Hostile(_text("words\n", before=_CSV + '1,"'), 20_000_000, ".csv"),
    "CSV of quotation marks": Hostile(_text('"', before=_CSV), 30_000_000, ".csv"),
    "CSV of commas": Hostile(_text(",", before=_CSV), 60_000_000, ".csv"),
    "CSV of columns": Hostile(_text("c{n},", before="tweet_id,text,"), 3_000_000, ".csv"),
    "CSV of a million rows": Hostile(
        _text("1900{n},A port of {n} ships,anna\n", before=_CSV), 1_000_000, ".csv"
    ),
    "CSV of broken rows": Hostile(_text('1,"a"b,c\n', before=_CSV), 1_000_000, ".csv"),
    "CSV of empty rows": Hostile(_text("1,,a\n", before=_CSV), 1_000_000, ".csv"),
    # text
    "front matter of two million keys": Hostile(
        _text("key{n}: v\n", before="---\n", after="---\nOne tweet\n"), 2_000_000, ".md"
    ),
    "front matter, unclosed": Hostile(_text("k: v\n", before="---\nauthor: a\n"), 2_000_000, ".md"),
    "front matter of lists": Hostile(_text("- v\n", before="---\ntags:\n"), 2_000_000, ".md"),
    "front matter blocks": Hostile(_text("---\nauthor: a\n"), 500_000, ".md"),
    "front matter blocks, closed": Hostile(
        _text("---\nauthor: a\n---\nWords.\n\n"), 100_000, ".md"
    ),
    "as many tweets as may be": Hostile(_text("A port {n}\n\n"), 199_000, ".txt"),
    "as many lines as may be": Hostile(_text("A port of {n} words.\n"), 399_000, ".txt"),
    "as many keys as may be": Hostile(
        _text("author: a{n}\n", before="---\n", after="---\nOne tweet\n"), 399_000, ".md"
    ),
    "as much text as may be": Hostile(_text("words and " * 10_000 + "\n\n"), 600, ".txt"),
    "a million tweets": Hostile(_text("A port {n}\n\n"), 1_000_000, ".txt"),
    "a million counters": Hostile(_text("{n}/ a port\n"), 1_000_000, ".txt"),
    "a million bullets": Hostile(_text("• one\n\n\ntwo\n"), 1_000_000, ".txt"),
    "blank lines": Hostile(_text("\n", before="One", after="two"), 16_000_000, ".txt"),
    "links in a tweet": Hostile(_lines("https://a.bc/d "), 1_000_000, ".txt"),
    "cut links in a tweet": Hostile(_lines("ab.com/… "), 1_500_000, ".txt"),
    "mentions in a tweet": Hostile(_lines("@ab "), 4_000_000, ".txt"),
    "mentions inside a tweet": Hostile(_lines("x @ab "), 3_000_000, ".txt"),
    "hashtags in a tweet": Hostile(_lines("#ab "), 4_000_000, ".txt"),
    "entities in a tweet": Hostile(_lines("&amp;&lt;&#x41;"), 1_000_000, ".txt"),
    "entities in JSON": Hostile(
        _text("&amp;&lt;@ab https://a.bc/d ", before=_JSON_TWEET, after='"}'), 500_000, ".json"
    ),
    "closers after a link": Hostile(_lines("see http://a.b/" + ")" * 80_000), 180, ".txt"),
    "footers": Hostile(_text("• • •\n", before="Tweet\n"), 1_000_000, ".txt"),
    "a page's own words": Hostile(
        _text("Share\nan advertisement\n", before=_FOOTER), 600_000, ".txt"
    ),
    "names without tweets": Hostile(
        _text("Bob\n@bob\nJan 3, 2024\nwords\n", before=_FOOTER + "More from @a\n"), 400_000, ".txt"
    ),
    "a heading of spaces": Hostile(
        _text(" ", before="---\nauthor: a\n---\nOne.\n# a", after="b\n\nTwo\n"), 900_000, ".md"
    ),
    "dots that end no sentence": Hostile(
        _text(".", before="One two.\n\n", after="_\nthree four\n\nfive six\n"), 900_000, ".txt"
    ),
    "an import of spaces": Hostile(
        _text(" ", before="One\n\nTwo\n\nimport", after="?\n"), 900_000, ".txt"
    ),
    "stars below replies": Hostile(
        _text("*", before="One two\n\nReplies\n", after="\nthree\n"), 900_000, ".txt"
    ),
    "a dash before spaces": Hostile(
        _text(" ", before="One two\n\nthree four\n\n-", after="!x"), 900_000, ".txt"
    ),
    "lines of mentions": Hostile(_text("@ab\n", before="Words\n"), 199_000, ".txt"),
    "buttons between words": Hostile(
        _text("Follow on X\nwords and more\n", before="Words\n"), 99_000, ".txt"
    ),
    "two versions, half the same": Hostile(_versions, 40_000, ".txt"),
    "a million different hashtags": Hostile(
        _text("#aB{n} #bC{n} #cD{n} #dE{n} #eF{n} #fG{n}\n\n"), 166_000, ".txt"
    ),
    "links of Markdown": Hostile(_lines("[a](https://b.c/d) "), 700_000, ".md"),
    "marks of no width": Hostile(_lines("a\u200b\u2060\u200f"), 1_500_000, ".txt"),
    "brackets": Hostile(_lines("[a](b"), 3_000_000, ".txt"),
    "pictures": Hostile(_lines("!["), 7_000_000, ".md"),
    "bold": Hostile(_lines("**a "), 4_000_000, ".md"),
    "dotted words": Hostile(_lines("a."), 7_000_000, ".txt"),
    "hyphens": Hostile(_lines("b-"), 7_000_000, ".txt"),
    "digits": Hostile(_lines("1"), 15_000_000, ".txt"),
    "colons": Hostile(_lines("1:"), 7_000_000, ".txt"),
    "spaces": Hostile(_lines("x" + " " * 90_000), 160, ".txt"),
    "tabs in lines": Hostile(_text("x" + "\t" * 60 + "\n"), 200_000, ".txt"),
    "combining marks": Hostile(_lines("\u0301"), 7_000_000, ".txt"),
    "directional marks": Hostile(_lines("\u202e"), 5_000_000, ".txt"),
    "emoji": Hostile(_lines("👩‍👩‍👧‍👦"), 600_000, ".txt"),
    "fences": Hostile(_text("```\na\n"), 2_000_000, ".md"),
    "quotes": Hostile(_text("> a\n"), 3_000_000, ".md"),
    "deep quotes": Hostile(_lines("> "), 7_000_000, ".md"),
    "headings": Hostile(_text("## Replies\n### 2 @b (B)\n"), 500_000, ".md"),
    "rules": Hostile(_text("---\n"), 3_000_000, ".md"),
    "bylines": Hostile(
        _text("**A** @a [2024-01-03](https://x.com/a/status/1900000000000000001)\n"), 150_000, ".md"
    ),
    # markup
    "unclosed tweet boxes": Hostile(_text(_DIV, before="<html>"), 3_000, ".html"),
    "unclosed tweet boxes, large": Hostile(_text(_DIV, before="<html>"), 50_000, ".html"),
    "unclosed tweet boxes, all different": Hostile(
        _text(_DIV + " {n}", before="<html>"), 50_000, ".html"
    ),
    "unclosed posts of X": Hostile(_text(_X, before="<html>"), 80_000, ".html"),
    "unclosed embedded tweets": Hostile(_text(_EMBED, before="<html>"), 100_000, ".html"),
    "deep HTML": Hostile(_text("<div>a", before="<html>"), 2_000_000, ".html"),
    "deep HTML of X": Hostile(_text("<div>", before="<html>" + _X), 2_000_000, ".html"),
    "open bold paragraphs": Hostile(_text("<b c={n}><p>a", before="<html>"), 800_000, ".html"),
    "open links": Hostile(_text("<a href=x>a", before="<html>"), 1_000_000, ".html"),
    "attributes": Hostile(_text(" a{n}=1", before="<html><p", after=">a"), 1_000_000, ".html"),
    "an attribute of 15 MB": Hostile(
        _text("a", before='<html><p a="', after='">a'), 15_000_000, ".html"
    ),
    "tags that never end": Hostile(_text("<video", before="<html>"), 2_000_000, ".html"),
    "comments that never end": Hostile(_text("<!--", before="<html>"), 3_000_000, ".html"),
    "scripts that never end": Hostile(_text("<script>", before="<html>"), 1_500_000, ".html"),
    "ends without beginnings": Hostile(_text("</p></b>", before="<html>"), 1_500_000, ".html"),
    "tables in tables": Hostile(_text("<table><tr><td>", before="<html>"), 800_000, ".html"),
    "drawings": Hostile(_text("<svg><title>", before="<html>"), 1_000_000, ".html"),
    # feeds
    "billion laughs": Hostile(_laughs, 12, ".xml"),
    "quadratic laughs": Hostile(_quadratic_laughs, 100_000, ".xml"),
    "feed of entries": Hostile(
        _text("<item><title>a {n}</title></item>", before="<rss version='2.0'><channel>"),
        20_000,
        ".xml",
    ),
    "feed of 20 MB": Hostile(
        _text(
            "<item><title>Port {n}</title><description>"
            + "A ship waits for rice. " * 40
            + "</description></item>",
            before="<rss version='2.0'><channel>",
            after="</channel></rss>",
        ),
        20_000,
        ".xml",
    ),
    "feed of attributes": Hostile(
        _text(
            "<item a{n}='1' b{n}='2'><title c{n}='3'>a {n}</title></item>",
            before="<rss version='2.0'><channel>",
            after="</channel></rss>",
        ),
        90_000,
        ".xml",
    ),
    "deep feed": Hostile(_text("<item>", before="<rss version='2.0'><channel>"), 1_000_000, ".xml"),
    "feed of tags": Hostile(
        _text("&lt;p&gt;", before="<rss version='2.0'><channel><item><description>"),
        1_500_000,
        ".xml",
    ),
}
"""The files by what they are made of."""
