"""A proposal of a pack as a value: what somebody puts up, its states, and who counts as one person."""

import re
from dataclasses import dataclass
from datetime import datetime

from quotawatt.errors import InputError
from quotawatt.rulebook.composing import SIZE_LIMIT_BYTES
from quotawatt.rulebook.loader import BUILTIN_PACKS, TESTS_SUFFIX

PROPOSED, APPROVED, REJECTED, WITHDRAWN, SUPERSEDED = (
    "proposed",
    "approved",
    "rejected",
    "withdrawn",
    "superseded",
)
STATES = (PROPOSED, APPROVED, REJECTED, WITHDRAWN, SUPERSEDED)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,100}\.yaml")


@dataclass(frozen=True, slots=True)
class Draft:
    """A pack that somebody proposes.

    text
        Of the pack; empty: that the pack of this name goes.
    tests
        Of ``NAME.tests.yaml`` beside it; empty: none.
    """

    name: str
    text: str
    tests: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal and what became of it; ``base_sha256`` is of the text that it would replace."""

    id: int
    name: str
    text: str
    tests: str
    sha256: str
    base_sha256: str
    comment: str
    state: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str


def require_draft(draft: Draft) -> None:
    """Raise InputError where the name or size is not that of a pack of one's own."""
    if not _NAME.fullmatch(draft.name) or draft.name.endswith(TESTS_SUFFIX):
        raise InputError(
            "a pack must be called by letters, digits, '.', '_' and '-', and end in .yaml but not in "
            f"{TESTS_SUFFIX}, got {draft.name!r}"
        )
    if (BUILTIN_PACKS / draft.name).exists():
        raise InputError(f"a pack must not go by the name of a built-in one, got {draft.name}")
    for text in (draft.text, draft.tests):
        size = len(text.encode(errors="replace"))
        if size > SIZE_LIMIT_BYTES or "\0" in text:
            raise InputError(
                f"a pack must be text of at most {SIZE_LIMIT_BYTES} bytes, got {size} bytes"
            )


def person_of(actor: str) -> str:
    """Who acts, whichever way: ``li``, ``li/TOKEN`` and ``cli:li`` are one person."""
    return actor.removeprefix("cli:").partition("/")[0]
