"""The words of ``quotawatt overuse``, Chinese and English side by side."""

from collections.abc import Mapping

_TEXTS: Mapping[str, tuple[str, str]] = {
    "unknown": (
        "没有可对照的预期用量：此前的数据不足以推算。",
        "Nothing is known that the use could be held against: there is too little data from before.",
    ),
    "title": ("超出在哪里、什么时候（{unit}）", "Where and when ({unit})"),
    "part": ("分项", "Part"),
    "class": ("时段", "Hours"),
    "use": ("实际", "Used"),
    "expected": ("预期", "Expected"),
    "excess": ("超出", "Excess"),
    "cny": ("元", "CNY"),
    "kgco2": ("kgCO2", "kgCO2"),
    "share": ("占全年定额", "Of the quota"),
    "working": ("工作时间", "working hours"),
    "night": ("工作日夜间", "nights"),
    "weekend": ("周末", "weekends"),
    "holiday": ("节假日", "holidays"),
    "nothing": ("各时段、各分项均未超出预期。", "No part used more than expected at any time."),
    "left_hours": (
        "{hours} 小时用量或预期未知，未计入。",
        "{hours} hours are not known and left out.",
    ),
}


def overuse_text(key: str, language: str, **values: object) -> str:
    """One text with its values filled in."""
    return _TEXTS[key][language == "en"].format(**values)
