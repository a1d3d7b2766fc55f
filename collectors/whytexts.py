"""The steps of decoding in words, in Chinese and English."""

from collections.abc import Iterable
from typing import Any

_TEXTS: dict[str, tuple[str, str]] = {
    "skipped": (
        "不符：{profile} 第 {message} 种消息，条件 {rule}",
        "not {profile}, message {message}: {rule}",
    ),
    "shapes": (
        "不符：另有 {count} 种按报文特征识别的消息",
        "not: {count} more messages that go by the shape of the payload",
    ),
    "taken": ("采用：{profile} 第 {message} 种消息", "taken: {profile}, message {message}"),
    "ignored": ("已知且忽略：{rule}", "known and ignored: {rule}"),
    "device": ("设备：{value}（来自{source}）", "device: {value} (from {source})"),
    "channel": ("通道：{value}（来自{source}）", "channel: {value} (from {source})"),
    "time": ("时间：{value}（{source}{detail}）", "time: {value} ({source}{detail})"),
    "field": (
        "字段：{path} = {raw} → {quantity} {value}{channel}{by}",
        "field: {path} = {raw} -> {quantity} {value}{channel}{by}",
    ),
    "known": ("已知，不存储：{path}", "known, not stored: {path}"),
    "problem": ("有误：{path}：{reason}：{message}", "wrong: {path}: {reason}: {message}"),
    "unread": ("没有字段读取：{paths}{more}", "no field reads: {paths}{more}"),
    "refused": ("拒绝：{reason}：{message}", "refused: {reason}: {message}"),
}
_WORDS: dict[str, tuple[str, str]] = {
    "topic": ("主题", "topic"),
    "arrival": ("到达时间", "arrival"),
    "empty": ("空报文（删除保留消息）", "an empty payload deletes a retained message"),
    "no_groups": ("配置中没有要读取的字段", "the profile reads nothing of it"),
    "no_value": ("无值", "no value"),
    "none": ("无", "none"),
    "more": ("，另有 {count} 个", ", and {count} more"),
    "channel_of": ("，通道 {name}", ", channel {name}"),
    "by": ("，换算 {by}", ", by {by}"),
}


def words(steps: Iterable[dict[str, Any]], language: str) -> list[str]:
    """A line a step, in ``zh`` or ``en``."""
    return [_line(step, 0 if language == "zh" else 1) for step in steps]


def _line(step: dict[str, Any], language: int) -> str:
    def said(name: str, /, **values: object) -> str:
        return _WORDS[name][language].format(**values)

    def word(value: object) -> object:
        return said(value) if isinstance(value, str) and value in _WORDS else value

    shown = {key: word(value) for key, value in step.items()}
    if step["step"] == "channel":
        shown["value"] = step["value"] or said("none")
    if step["step"] == "field":
        shown["value"] = step.get("problem") or _number(step["value"]) or said("no_value")
        shown["channel"] = said("channel_of", name=step["channel"]) if step.get("channel") else ""
        shown["by"] = said("by", by=step["by"]) if step["by"] else ""
    if step["step"] == "time":
        details = [str(step[key]) for key in ("raw", "zone") if key in step]
        shown["detail"] = "".join(f", {detail}" for detail in details)
    if step["step"] == "unread":
        shown["paths"] = ", ".join(step["paths"])
        shown["more"] = said("more", count=step["more"]) if step["more"] else ""
    return _TEXTS[step["step"]][language].format(**shown)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.15g}"
