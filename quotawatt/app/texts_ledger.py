"""What the commands ``ledger`` and ``rules propose`` say, in Chinese and English."""

from collections.abc import Mapping
from typing import Any

from quotawatt.ledger.fault_texts import fault_sentence

_TEXTS: dict[str, tuple[str, str]] = {
    "holds": ("台账完整，共 {count} 条", "the ledger's chain holds, {count} entries"),
    "and_more": (
        "仅列出 {count} 处；其后可能还有",
        "{count} faults are named; there may be more behind them",
    ),
    "checking": ("核验台账", "Checking the ledger"),
    "heads_hold": (
        "与 {count} 个签名链头一致，最早的签于 {first}",
        "it agrees with {count} signed heads, the first of {first}",
    ),
    "no_heads": (
        "没有签名链头可比对：整链重写或末尾截断因此看不出来",
        "there are no signed heads to compare with: a chain made anew or a cut end would not show",
    ),
    "missing_days": ("缺少 {count} 天的链头：{days}", "no head of {count} days: {days}"),
    "own_key": (
        "使用的是本系统自己的公钥；审计时请用 --key 给出事先取得的公钥",
        "checked with this system's own key; for an audit give one you were given before, by --key",
    ),
    "pack_own_key": (
        "使用的是证据包内的公钥，只能说明其自身一致；请用 --key 给出事先取得的公钥",
        "checked with the key in the pack itself, so it agrees with itself only; give one you were "
        "given before, by --key",
    ),
    "pack_holds": (
        "证据包完整：条目 {entries} 条，台账第 {first} 至 {last} 条可核，"
        "签名链头 {heads} 个，最早的签于 {oldest}",
        "the pack holds: {entries} entries, the chain from {first} to {last}, {heads} signed heads, the "
        "first of {oldest}",
    ),
    "pack_written": (
        "证据包已写入 {file}，{bytes} 字节",
        "evidence pack written to {file}, {bytes} bytes",
    ),
    "seq": ("序号", "No."),
    "at": ("时间", "Time"),
    "actor": ("操作者", "Who"),
    "action": ("操作", "What"),
    "subject": ("对象", "On"),
    "day": ("日期", "Day"),
    "entries": ("条目数", "Entries"),
    "hash": ("末条哈希", "Hash of the last"),
    "pack": ("规则包", "Pack"),
    "state": ("状态", "State"),
    "proposed_by": ("提交人", "Proposed by"),
    "proposed_at": ("提交时间", "Proposed at"),
    "decided_by": ("审批人", "Decided by"),
    "comment": ("说明", "Comment"),
    "proposed": ("已提交 {id} 号：{name}，待他人审批", "proposal {id}: {name} waits for approval"),
    "decided": ("{id} 号 {name}：{state}", "proposal {id} {name}: {state}"),
    "packs_right": ("规则包无误", "packs are right"),
    "tests_passed": ("规则包的 {count} 项测试全部通过", "{count} pack tests passed"),
    "counts": (
        "正在运行的各角色数秒内生效",
        "running roles go by it within seconds",
    ),
    "state_proposed": ("待审批", "proposed"),
    "state_approved": ("已批准", "approved"),
    "state_rejected": ("已驳回", "rejected"),
    "state_withdrawn": ("已撤回", "withdrawn"),
    "state_superseded": ("已被取代", "superseded"),
}


def ledger_text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    return _in(_TEXTS[key], language).format(**values)


def finding_line(finding: Mapping[str, Any], language: str) -> str:
    """A finding of a verification as a sentence, with its evidence."""
    detail = {k: v for k, v in finding["detail"].items() if v not in (None, "")}
    said = fault_sentence(finding["code"], finding["subject"], finding["detail"], language)
    evidence = ", ".join(f"{name} {value}" for name, value in detail.items())
    return f"{said} ({evidence})" if evidence else said


def _in(pair: tuple[str, str], language: str) -> str:
    return pair[0] if language == "zh" else pair[1]
