"""What is wrong with a chain, a signed head or an evidence pack, as a sentence in Chinese or English."""

from collections.abc import Mapping
from typing import Any

_FAULTS: Mapping[str, tuple[str, str]] = {
    "ledger_gap": ("第 {number} 条缺失", "entry {number} is missing"),
    "ledger_altered": ("第 {number} 条被改动", "entry {number} was altered"),
    "ledger_broken": (
        "第 {number} 条与前一条不相接",
        "entry {number} does not follow on the one before it",
    ),
    "ledger_stray": ("有编号之外的条目 {number}", "an entry outside the numbers: {number}"),
    "ledger_cut": (
        "第 {number} 条起缺失，末尾被截去",
        "entries from {number} on are missing: the end was cut",
    ),
    "ledger_head_altered": (
        "链头与第 {number} 条不符：其中之一被改动",
        "the head does not agree with entry {number}: one of them was altered",
    ),
    "ledger_head_missing": (
        "链头缺失或无法读取，现存条目至第 {number} 条",
        "the head is missing or cannot be read; there are entries up to {number}",
    ),
    "ledger_beyond_head": (
        "链头之后有来历不明的第 {number} 条",
        "entry {number} stands behind the head: nobody appended it",
    ),
    "ledger_attachment": (
        "第 {number} 条的附件缺失或被改动",
        "the attachment of entry {number} is missing or was altered",
    ),
    "ledger_mentions": (
        "第 {number} 条的检索代码被改动",
        "the codes that entry {number} is found by were altered",
    ),
    "ledger_head_unreadable": ("链头文件 {number} 无法读取", "{number} is no signed head"),
    "ledger_head_key": (
        "链头 {number} 不是用可信的密钥签名",
        "head {number} was signed with another key",
    ),
    "ledger_head_forged": ("链头 {number} 的签名不符", "the signature of head {number} is wrong"),
    "ledger_cut_since": (
        "台账在签名链头之后被截短：第 {number} 至 {until} 条之间有缺失",
        "the ledger was cut since a signed head: entries are missing from within {number} to {until}",
    ),
    "ledger_rewritten": (
        "台账在签名链头之后被重写：最早的改动在第 {number} 至 {until} 条之间",
        "the ledger was rewritten since a signed head: the first altered entry is within {number} to {until}",
    ),
    "pack_unreadable": (
        "{number} 不是证据包，或已损坏",
        "{number} is no evidence pack, or is damaged",
    ),
    "pack_file": (
        "证据包中的文件 {number} 缺失或被改动",
        "{number} in the pack is missing or was altered",
    ),
    "pack_signature": ("{number} 的签名不符", "the signature of {number} is wrong"),
    "pack_chain": (
        "证据包的第 {number} 条与链不符",
        "entry {number} of the pack does not fit into the chain",
    ),
    "pack_attachment": (
        "证据包中第 {number} 条的附件缺失",
        "the attachment of entry {number} is missing in the pack",
    ),
}


def fault_sentence(code: str, subject: str, detail: Mapping[str, Any], language: str) -> str:
    """A finding of a verification in ``zh`` or ``en``; code and subject where there are no words for it."""
    number = subject.removeprefix("ledger/")
    if code not in _FAULTS:
        return f"{code} {number}"
    words = _FAULTS[code][0 if language == "zh" else 1]
    return words.format(number=number, until=detail.get("until", ""))
