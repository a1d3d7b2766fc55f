"""Making what callers hand in fit an entry: odd characters, names that are too long, large details."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from quotawatt.errors import InputError
from quotawatt.ledger.entry import canonical_json, sha256_of

LARGEST_DETAIL = 16_384
"""Bytes of a detail that stands in its entry; of a larger one the large members become an attachment."""

LARGEST_MEMBER = 1_024
"""Bytes of a member that stays in the entry when others go."""

LIMITS: Mapping[str, int] = {"actor": 128, "action": 64, "subject": 256, "mention": 64}
"""Characters that the columns hold."""

# What the ledger itself puts into a detail.
ATTACHMENT, IN_FULL, MENTIONS = "attachment", "in_full", "mentions"
_OWN = {ATTACHMENT, IN_FULL, MENTIONS}


@dataclass(frozen=True, slots=True)
class Sealed:
    """A detail as it is kept.

    detail
        Canonical JSON that stands in the entry.
    attachment
        Canonical JSON of the members that are too large for it; empty: none.
    """

    detail: str
    attachment: str = ""


def fitting(name: str, words: str) -> str:
    """``words`` such that the column of that name can hold them.

    NUL and halves of surrogate pairs become their escapes. Of what is too long the beginning stays, with
    a part of the hash of the whole, so that two long names remain two.
    """
    clean = words.replace("\0", "\\u0000").encode(errors="backslashreplace").decode()
    limit = LIMITS[name]
    if len(clean) <= limit:
        return clean
    return f"{clean[: limit - 17]}…{sha256_of(clean)[:16]}"


def fitting_mentions(codes: Collection[str]) -> list[str]:
    """The codes as their column can hold them, each once, in order."""
    return sorted({fitting("mention", code) for code in codes})


def whole_detail(
    detail: Mapping[str, object],
    given: Mapping[str, object],
    names: Mapping[str, str],
    mentions: Collection[str],
) -> dict[str, object]:
    """The detail with rule, before and after in it, with names in full that had to be cut, and mentions.

    Raises InputError where the detail has a key that the ledger sets.
    """
    added = {key: value for key, value in given.items() if value not in (None, "")}
    cut = {name: words for name, words in names.items() if fitting(name, words) != words}
    if cut:
        added[IN_FULL] = cut
    if mentions:
        added[MENTIONS] = fitting_mentions(mentions)
    if taken := sorted(set(detail) & (_OWN | set(added))):
        raise InputError(
            f"a detail must not have keys that the ledger sets, got {', '.join(taken)}"
        )
    return {**detail, **added}


def sealed(whole: Mapping[str, object]) -> Sealed:
    """The detail as it is kept: what is too large for the entry goes into an attachment."""
    text = canonical_json(whole)
    if len(text.encode()) <= LARGEST_DETAIL:
        return Sealed(text)
    large = {
        name: value
        for name, value in whole.items()
        if len(canonical_json({name: value}).encode()) > LARGEST_MEMBER
    } or dict(whole)
    attached = canonical_json(large)
    named = {"sha256": sha256_of(attached), "bytes": len(attached.encode())}
    small = {name: value for name, value in whole.items() if name not in large}
    return Sealed(canonical_json({**small, ATTACHMENT: named}), attached)


@dataclass(frozen=True, slots=True)
class Named:
    """The attachment that an entry names: SHA-256 (hex) of its JSON, and how many bytes it has."""

    sha256: str
    size_bytes: int


def attachment_named(detail: str) -> Named | None:
    """The attachment of an entry with this detail; None: it has none."""
    # Most entries have none, and are spared the parsing.
    if f'"{ATTACHMENT}":' not in detail:
        return None
    found = json.loads(detail).get(ATTACHMENT)
    return None if found is None else Named(found["sha256"], found["bytes"])


def opened(detail: str, attachment: str) -> dict[str, Any]:
    """The detail with its attachment's members in their places."""
    inside = json.loads(detail)
    return {**inside, **json.loads(attachment)} if attachment else inside
