"""Measures the first page of answers to questions whose right tweet is known.

The questions in `questions/` are by hand, each about one tweet of the seeds or of the sample dumps.
`SAMPLES` is the folder of sample dumps. `IR_COLLECTIONS` has the tweets of trec-mb2011, of which
threads of five are added to the samples, so that they have to be found among others.
`QUESTIONS=even` or `odd` asks every other question, and `TYPOS=1` puts a typo into each.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from benchmarks.quality.collections import FOLDER
from bot.library.library import Library
from bot.models import Answer

HERE = Path(__file__).parent
ROOT = HERE.parent
SAMPLES = Path(os.environ.get("SAMPLES", ROOT.parent / "shared" / "samples"))
NOISE, NOISE_LENGTH = 2_750, 5
"""Threads that are added to the samples, and the tweets of each."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"
LEAST_LETTERS = 5
"""Letters of the shortest word that gets a typo."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its right tweet."""

    text: str
    """What is asked."""
    thread: str
    """The thread's id."""
    position: int
    """The tweet's position in it."""


def main() -> None:
    """Print a table with the figures of the first page, for seeds and samples."""
    asyncio.run(_measure(with_samples=SAMPLES.is_dir()))


async def _measure(*, with_samples: bool) -> None:
    print("| about | questions | first | first three | on screen | excerpts | characters |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        await _print_row("seeds", folder / "seeds", [ROOT / "seeds"])
        if with_samples:
            await _print_row("samples", folder / "samples", [SAMPLES, *_noise(folder)])


async def _print_row(about: str, data: Path, dumps: Sequence[Path]) -> None:
    async with Library.open(data, data / "none", may_be_empty=True) as library:
        await library.load(dumps, "benchmark")
        asked = _questions(about)
        answers = [await library.ask(each.text) for each in asked]
    shown = [list(_shown(each)) for each in answers]
    right = [(each.thread, each.position) for each in asked]
    places = [_place(one, tweets) for one, tweets in zip(right, shown, strict=True)]
    if os.environ.get("VERBOSE"):
        for one, place, answer in zip(asked, places, answers, strict=True):
            if place >= int(os.environ["VERBOSE"]):
                print(f"{place}: {one.text} → {answer.question}; {one.thread} {one.position}")
    first, three, any_place = (sum(place <= most for place in places) for most in (1, 3, 999))
    excerpts = mean(len(each) for each in shown)
    size = mean(sum(len(text) for _, text in each) for each in shown)
    print(
        f"| {about} | {len(asked)} | {first} | {three} | {any_place} "
        f"| {excerpts:.1f} | {size:.0f} |"
    )


def _questions(about: str) -> list[Question]:
    """Return the questions of a file, all or every other, with typos if wanted."""
    lines = (HERE / "questions" / f"{about}.tsv").read_text(encoding="utf-8").splitlines()
    which = {"even": slice(0, None, 2), "odd": slice(1, None, 2)}
    chosen = lines[which.get(os.environ.get("QUESTIONS", ""), slice(None))]
    typos = random.Random(os.environ["TYPOS"]) if os.environ.get("TYPOS") else None  # noqa: S311
    found = []
    for line in chosen:
        text, thread, position = line.split("\t")
        found.append(Question(with_typo(text, typos) if typos else text, thread, int(position)))
    return found


def with_typo(text: str, chance: random.Random) -> str:
    """Return `text` with one typo in one of its longer words."""
    words = text.split()
    long = [at for at, each in enumerate(words) if len(each) >= LEAST_LETTERS and each.isalpha()]
    if not long:
        return text
    at = chance.choice(long)
    word, place = words[at], chance.randrange(1, len(words[at]) - 1)
    before, here, after = word[:place], word[place], word[place + 1 :]
    words[at] = chance.choice(
        (
            before + after,
            before + here + here + after,
            before + chance.choice(LETTERS) + after,
            before + after[0] + here + after[1:],
        )
    )
    return " ".join(words)


def _shown(answer: Answer) -> Iterable[tuple[tuple[str, int], str]]:
    """Yield the tweets on a page, each as its thread and position, and its text."""
    for hit in answer.hits:
        for each in (hit.best, *hit.more):
            yield (hit.thread.id, each.position), each.tweet.text


def _place(right: tuple[str, int], shown: Sequence[tuple[tuple[str, int], str]]) -> int:
    """Return the place of the right tweet among those shown, from 1; 1,000 if it is not."""
    where = [each for each, _ in shown]
    return where.index(right) + 1 if right in where else 1_000


def _noise(folder: Path) -> list[Path]:
    """Write threads of tweets from trec-mb2011, if it is there."""
    corpus = FOLDER / "trec-mb2011" / "corpus.jsonl"
    if not corpus.is_file():
        return []
    texts = [json.loads(line)["text"] for line in corpus.read_text(encoding="utf-8").splitlines()]
    posts = []
    for number, text in enumerate(texts[: NOISE * NOISE_LENGTH]):
        within = number % NOISE_LENGTH
        posts.append(
            {
                "id_str": str(10**9 + number),
                "full_text": text,
                "user": {"screen_name": f"member{number // NOISE_LENGTH}"},
                "created_at": "Tue Feb 01 10:00:00 +0000 2011",
                "in_reply_to_status_id_str": str(10**9 + number - 1) if within else None,
                "in_reply_to_screen_name": f"member{number // NOISE_LENGTH}" if within else None,
            }
        )
    path = folder / "noise.json"
    path.write_text(json.dumps(posts), encoding="utf-8")
    return [path]


if __name__ == "__main__":
    main()
