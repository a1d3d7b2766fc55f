"""The words of quota accounts and of what they are made of on the command line, in Chinese and English."""

from collections.abc import Mapping
from typing import Any

_INDICATORS: Mapping[str, tuple[str, str]] = {
    "non_heating_kgce_per_m2": ("非供暖", "non-heating"),
    "electricity_kwh_per_m2": ("电耗", "electricity"),
    "energy_kgce_per_head": ("人均综合", "per head"),
    "water_m3_per_head": ("人均用水", "water"),
}
"""Short words of the indicators that listings show most."""

_TEXTS: Mapping[str, tuple[str, str]] = {
    "unfold_title": (
        "{asset} {title}（截至 {as_of}）：{used} {unit}，单位值 {intensity} {intensity_unit}",
        "{asset} {title} (as of {as_of}): {used} {unit}, that is {intensity} {intensity_unit}",
    ),
    "formula": ("公式：{words}", "Formula: {words}"),
    "in_numbers": ("代入：{words}", "In numbers: {words}"),
    "subject": ("对象", "What"),
    "amount": ("用量", "Amount"),
    "unit": ("单位", "Unit"),
    "factor": ("系数", "Factor"),
    "value": ("计入", "Counts"),
    "coverage": ("数据覆盖率", "Data coverage"),
    "note": ("说明", "Note"),
    "leaves_out": ("扣除", "left out"),
    "takes_in": ("计入分项", "taken in"),
    "shared_in": ("共用建筑分入", "part of a shared building"),
    "shared_out": ("共用建筑分出", "another's part"),
    "carrier": ("", ""),
    "hand": ("手工录入", "by hand"),
    "rest": ("其余（无分表）", "rest (no meter below)"),
    "hidden": ("无权查看", "not yours to see"),
    "billed_by_area": ("按面积计费，非计量", "billed by area, not metered"),
    "estimated": ("含估算", "part estimated"),
    "held_title": ("分母", "Denominator"),
    "component": ("项目", "Of"),
    "first": ("自", "From"),
    "until": ("至（不含）", "Until"),
    "days": ("天数", "Days"),
    "adjustment_leaves_out": (
        "扣除 {name}：用量 {amount} {unit}，面积 {area} m²",
        "Left out, {name}: {amount} {unit} and {area} m²",
    ),
    "adjustment_correction": ("修正 {name}：× {factor}", "Corrected, {name}: x {factor}"),
    "adjustment_assumed": (
        "修正 {name}（台账未填，按工作日历每日 8 小时）：× {factor}",
        "Corrected, {name} (not in the register; 8 h a working day): x {factor}",
    ),
    "adjustment_not_corrected": (
        "未修正 {name}：台账未填",
        "Not corrected, {name}: the register does not say",
    ),
    "adjustment_partly_metered": (
        "未计量面积 {area} m² 不参与计算",
        "{area} m² without meters is not divided by",
    ),
    "months": ("各月：{words}", "By month: {words}"),
    "days_of_month": ("各日：{words}", "By day: {words}"),
    "tier_constraint": ("约束值", "constraint"),
    "tier_baseline": ("基准值", "baseline"),
    "tier_guidance": ("引导值", "guidance"),
    "tier_product": (
        "{tier}{trust} {value} × {by} = {limit}；已用 {used}",
        "{tier}{trust} {value} × {by} = {limit}; used {used}",
    ),
    "tier_line": ("{tier}{trust} {limit}；已用 {used}", "{tier}{trust} {limit}; used {used}"),
    "standing": ("状况：{words}", "Standing: {words}"),
    "ahead": ("预算至今 {budget}，超前 {amount}", "Budget to date {budget}, {amount} ahead of it"),
    "behind": ("预算至今 {budget}，节余 {amount}", "Budget to date {budget}, {amount} behind it"),
    "year_end": (
        "预计年末 {value}，为约束值的 {share}（80% 区间 {low}–{high}）",
        "Year-end {value}, {share} of the constraint (80 % interval {low}–{high})",
    ),
    "year_end_unknown": ("尚无法预计年末", "Too early to say what the year comes to"),
    "probability": ("；超{tier}概率 {share}", "; chance above {tier} {share}"),
    "coal": (
        "已用折标准煤 {kgce} kgce（{tce} tce），按 {by}",
        "Used in coal equivalent: {kgce} kgce ({tce} tce) by {by}",
    ),
    "coal_by": ("{factor_set}，电力{basis}值", "{factor_set}, electricity {basis}"),
    "coal_note": (
        "[{letter}] 折标准煤按 {by}；1 tce = 1000 kgce",
        "[{letter}] Coal equivalent by {by}; 1 tce = 1000 kgce",
    ),
    "basis_当量": ("当量", "by its calorific value (当量)"),
    "basis_等价": ("等价", "by its equivalent value (等价)"),
}


def quota_text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    chinese, english = _TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)


def indicator_word(row: Mapping[str, Any], language: str) -> str:
    """A short word for a row's indicator; the pack's own title for one that has none."""
    word = _INDICATORS.get(row["indicator"])
    if word is not None:
        return word[0] if language == "zh" else word[1]
    title = row.get("indicator_title") or {}
    return str(title.get(language, row["indicator"]))
