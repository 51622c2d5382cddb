"""The log of the running bot: text on a terminal, else a JSON object per line.

Each answer has an id. It is in every line that is logged while the answer is made, so lines of the
same answer are found together. The id says nothing about who asked.
"""

from __future__ import annotations

import json
import logging
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

TEXT = "%(asctime)s %(levelname)-8s %(name)s: %(message)s"
ANSWER: ContextVar[str | None] = ContextVar("answer", default=None)
"""The id of the answer that is being made, if any."""
FACTS = "facts"
"""The attribute of a log record with what JSON shows as fields of its own."""


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        moment = datetime.fromtimestamp(record.created, UTC)
        fields: dict[str, object] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if answer := getattr(record, "answer", None):
            fields["answer"] = answer
        fields |= getattr(record, FACTS, {})
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            fields["stack"] = record.stack_info
        return json.dumps(fields, ensure_ascii=True, default=str)


class TextFormatter(logging.Formatter):
    """Writes a record as a line for people, with the answer's id and the facts at its end."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = super().format(record)
        facts = {"answer": getattr(record, "answer", None), **getattr(record, FACTS, {})}
        shown = " ".join(f"{key}={value}" for key, value in facts.items() if value is not None)
        first, newline, rest = line.partition("\n")
        return f"{first} [{shown}]{newline}{rest}" if shown else line


def is_json(style: str, stream: TextIO) -> bool:
    """Whether a log of that style is JSON on that stream; see `set_up`."""
    return style == "json" or (style == "auto" and not stream.isatty())


def json_line(name: str, message: str) -> str:
    """Return an error as a line of a log in JSON."""
    return JsonFormatter().format(
        logging.LogRecord(name, logging.ERROR, "", 0, message, None, None)
    )


def set_up(level: str, style: str = "auto", stream: TextIO | None = None) -> logging.Handler:
    """Log to `stream`, by default stderr, from `level` on; return the handler.

    Args:
        level: a name of logging's levels.
        style: `text`, `json`, or `auto`: JSON unless the stream is a terminal.
        stream: where to write.
    """
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter() if is_json(style, stream) else TextFormatter(TEXT))
    handler.addFilter(_with_answer)
    root = logging.getLogger()
    for each in [each for each in root.handlers if getattr(each, "is_ours", False)]:
        root.removeHandler(each)
    handler.is_ours = True  # type: ignore[attr-defined]  # so that a second call replaces it
    root.addHandler(handler)
    root.setLevel(level)
    return handler


def _with_answer(record: logging.LogRecord) -> bool:
    """Note which answer a record belongs to; a filter that lets all records pass."""
    record.answer = ANSWER.get()
    return True


def new_id() -> str:
    """Return an id for an answer: random, so it says nothing about who asked."""
    return secrets.token_hex(4)


@contextmanager
def answering(answer: str | None = None) -> Iterator[str]:
    """While inside, an answer is being made. Yields its id."""
    made = answer or new_id()
    token = ANSWER.set(made)
    try:
        yield made
    finally:
        ANSWER.reset(token)
