"""What a message says, in the forms that channels send, and how it is made to fit their limits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quotawatt.rulebook.basics import Text

MOST_PARTS = 4
"""Into so many messages one is split; what does not fit even so is left to the link."""

_MORE = Text("……其余 {lines} 行见平台", "… {lines} more lines: see the console")


@dataclass(frozen=True, slots=True)
class Said:
    """A message's words in one language. What a form has no words of its own for is its ``text``.

    short
        One or two sentences, for a phone.
    link
        Where to answer; empty: none.
    """

    language: str
    title: str
    text: str
    html: str
    markdown: str
    short: str
    link: str


def said(body: Mapping[str, Any], language: str = "zh") -> Said:
    """The words of a message; ``language`` is for one of version 1, which has both."""
    if "title" not in body:  # version 1
        words = body[language]
        title, text = words["title"], words["text"]
        return Said(language, title, text, "", text, title, "")
    return Said(
        language=body.get("language", language),
        title=body["title"],
        text=body["text"],
        html=body.get("html", ""),
        markdown=body.get("markdown") or body["text"],
        short=body.get("short") or body["title"],
        link=body.get("link", ""),
    )


def parts(text: str, limit_bytes: int, words: Said) -> list[str]:
    """The text in at most ``MOST_PARTS`` pieces of at most ``limit_bytes`` in UTF-8, cut between lines.

    What is left over is counted at the end of the last piece, beside the link. One line that is too long
    is cut.
    """
    pieces = list(_pieces(text.split("\n"), limit_bytes))
    if len(pieces) <= MOST_PARTS:
        return ["\n".join(piece) for piece in pieces]
    kept = [list(piece) for piece in pieces[:MOST_PARTS]]
    left = sum(len(piece) for piece in pieces[MOST_PARTS:])
    last = kept[-1]
    while last and _size([*last, _more(left, words)]) > limit_bytes:
        last.pop()
        left += 1
    last.append(_more(left, words))
    return ["\n".join(piece) for piece in kept]


def clipped(text: str, limit_bytes: int) -> str:
    """The text cut to ``limit_bytes`` in UTF-8, never within a character; ``…`` marks the cut."""
    raw = text.encode()
    if len(raw) <= limit_bytes:
        return text
    mark = "…"
    return raw[: limit_bytes - len(mark.encode())].decode(errors="ignore") + mark


def _pieces(lines: Sequence[str], limit_bytes: int) -> Iterator[Sequence[str]]:
    piece: list[str] = []
    used = 0
    for line in lines:
        fitting = clipped(line, limit_bytes)
        size = len(fitting.encode()) + 1
        if piece and used + size - 1 > limit_bytes:
            yield piece
            piece, used = [], 0
        piece.append(fitting)
        used += size
    yield piece


def _size(lines: Sequence[str]) -> int:
    return len("\n".join(lines).encode())


def _more(lines: int, words: Said) -> str:
    counted = _MORE.in_language("en" if words.language == "en" else "zh").format(lines=lines)
    return f"{counted} {words.link}".rstrip()
