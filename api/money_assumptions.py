"""What the what-ifs of money take for granted, as people read it."""

_COMMON = (
    (
        "只计已知用量的小时；电价为当时的电价。基本电费、力调电费不变。",
        "Only hours with known use count, at the prices of their time; basic charge and power factor stay.",
    ),
)
_ASSUMPTIONS = {
    "shift": (
        *_COMMON,
        (
            "每天最多把 {kw:g} kW 从尖、峰时段移到当天的谷、深谷时段，电量不变。",
            "At most {kw:g} kW leave sharp and peak time for the valley of the same day; energy stays.",
        ),
    ),
    "save": (
        *_COMMON,
        (
            "每天 {first:02d}:00–{until:02d}:00 节约 {percent:g} %。",
            "{percent:g} % is saved from {first:02d}:00 to {until:02d}:00 of every day.",
        ),
    ),
}


def assumptions(kind: str, **values: object) -> list[dict[str, str]]:
    """What a what-if takes for granted, as people read it."""
    return [{"zh": zh.format(**values), "en": en.format(**values)} for zh, en in _ASSUMPTIONS[kind]]
