"""The words of carbon in answers that people read, in Chinese and English."""

from collections.abc import Mapping

NODES: Mapping[str, dict[str, str]] = {
    "location": {"zh": "基于位置", "en": "location-based"},
    "market": {"zh": "基于市场", "en": "market-based"},
    "fixed": {"zh": "固定因子", "en": "fixed factor"},
    "s1": {"zh": "范围一 直接排放", "en": "scope 1, direct"},
    "s1.boilers": {"zh": "锅炉", "en": "boilers"},
    "s1.kitchens": {"zh": "食堂", "en": "kitchens"},
    "s1.generators": {"zh": "发电机", "en": "generators"},
    "s1.vehicles": {"zh": "车辆", "en": "vehicles"},
    "s2": {"zh": "范围二 外购能源", "en": "scope 2, purchased energy"},
    "s2.grid": {"zh": "外购电力", "en": "grid electricity"},
    "s2.heat": {"zh": "外购热力", "en": "heat"},
    "s2.ev_charging": {"zh": "外部充电", "en": "charging elsewhere"},
}

PARTS: Mapping[str, dict[str, str]] = {
    "used": {"zh": "用量", "en": "used"},
    "bought": {"zh": "外购", "en": "bought"},
    "passed_on": {"zh": "转供", "en": "passed on"},
    "taken_over": {"zh": "由他人转供", "en": "taken over"},
    "green": {"zh": "已核销绿电", "en": "green, cancelled"},
    "charged_elsewhere": {"zh": "外部充电", "en": "charged elsewhere"},
}

MARKET_POLICY = {
    "zh": "基于市场：未被已核销绿证覆盖的电量按全国剩余因子计，属本系统的政策选择，标准未规定。",
    "en": (
        "Market-based: power that no cancelled certificate covers counts by the country's residual "
        "factor. That is this system's choice; the guideline does not say so."
    ),
}
"""What must be known of the market ledger; its trust mark is ``unverified``."""
