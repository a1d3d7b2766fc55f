"""What the ledger's pages show: entries in words, one of them with what it changed, the chain's state."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from api.chain import HeadsState
from api.console.changes_view import Changes, changes_of, rule_changes, told
from api.console.forms import Choice
from api.console.register_words import Reader
from api.console.texts import TEXTS, Words
from quotawatt.findings import Finding
from quotawatt.ledger.fault_texts import fault_sentence

PAGE = 100
"""Entries of one page."""

_DRAWN_BY_ITSELF = ("before", "after", "changes", "mentions", "attachment", "rule")
_PREFIX = "action_"


class LedgerFilter(BaseModel):
    """What the reader chose in the address; empty: any."""

    start: str = Field(default="", alias="from", max_length=40)
    until: str = Field(default="", max_length=40)
    actor: str = Field(default="", max_length=256)
    action: str = Field(default="", max_length=256)
    subject: str = Field(default="", max_length=256)
    before: int | None = Field(default=None, ge=0, le=2**63 - 1)

    @property
    def names(self) -> dict[str, str]:
        """What selects entries, by the names of the address."""
        said = self.model_dump(by_alias=True, exclude={"before"})
        return {name: value for name, value in said.items() if value}

    def query(self, **changes: object) -> str:
        """The address's part behind ``?``."""
        return urlencode({**self.names, **changes})


@dataclass(frozen=True)
class EntryRow:
    """An entry of a list; ``subject_name`` is of the asset that it is about, empty where it is of none."""

    item: Mapping[str, Any]
    action: str
    subject: str
    subject_name: str


@dataclass(frozen=True)
class EntryPage:
    """One entry: what changed, what else it says, and the whole of it as it was hashed.

    rules
        What changed of the rulebook.
    """

    row: EntryRow
    changes: Changes
    rules: Changes
    told: Sequence[tuple[str, str]]
    mentions: Sequence[tuple[str, str]]
    rule: str
    raw: str


@dataclass(frozen=True)
class ChainState:
    """When the chain was last verified, by whom, and whether it held; None: never."""

    at: datetime
    by: str
    holds: bool
    entries: int
    faults: Sequence[str]
    seq: int


def entry_row(reader: Reader, item: Mapping[str, Any]) -> EntryRow:
    """An entry in words."""
    subject = str(item["subject"])
    code = subject.rpartition(":")[2].partition("/")[0]
    known = code in reader.register.assets
    return EntryRow(
        item=item,
        action=reader.words.known(_PREFIX + item["action"], item["action"]),
        subject=_subject(reader.words, subject),
        subject_name=reader.name(code) if known else "",
    )


def entry_page(reader: Reader, item: Mapping[str, Any]) -> EntryPage:
    """The page of one entry."""
    detail = item["detail"]
    rest = {name: value for name, value in detail.items() if name not in _DRAWN_BY_ITSELF}
    return EntryPage(
        row=entry_row(reader, item),
        changes=changes_of(reader, detail.get("before"), detail.get("after")),
        rules=rule_changes(reader, _rule_entries(detail.get("changes"))),
        told=told(reader, rest),
        mentions=[(code, reader.name(code)) for code in _texts(detail.get("mentions"))],
        rule=str(detail.get("rule", "")),
        raw=json.dumps(detail, ensure_ascii=False, indent=2, sort_keys=True),
    )


def chain_state(words: Words, item: Any) -> ChainState | None:
    """The state that the last entry of a verification tells; None: there is none that can be read."""
    if item is None:
        return None
    try:
        said = json.loads(item.detail)
        faults = [fault_words(words, Finding(**fault)) for fault in said["faults"]]
        return ChainState(item.at, item.actor, said["holds"], said["entries"], faults, item.seq)
    except (ValueError, TypeError, KeyError):
        # Somebody may have written past this program: the page must open all the more.
        return None


def head_faults(words: Words, state: HeadsState) -> list[str]:
    """What is wrong with the signed heads, in words."""
    return [fault_words(words, finding) for finding in state.findings]


def fault_words(words: Words, fault: Finding) -> str:
    """A fault of the chain or of a head in words."""
    return fault_sentence(fault.code, fault.subject, fault.detail, words.language)


def action_choices(words: Words) -> list[Choice]:
    """All that can have been done, by what it is called."""
    keys = [key for key in TEXTS if key.startswith(_PREFIX)]
    found = (Choice(key.removeprefix(_PREFIX), words(key)) for key in keys)
    return sorted(found, key=lambda choice: choice.label)


def _rule_entries(changes: Any) -> list[Mapping[str, Any]]:
    """Changes of the rulebook, where that is what an entry has under this name."""
    names = {"section", "id", "change", "before", "after"}
    found = changes if isinstance(changes, list) else []
    return [one for one in found if isinstance(one, dict) and names <= set(one)]


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _subject(words: Words, subject: str) -> str:
    """What an entry is about: an account by its name, parts of the system by theirs."""
    head, _, rest = subject.partition("/")
    if head == "users":
        return f"{words('subject_users')} {rest}".rstrip()
    return words.known(f"subject_{subject}", subject)
