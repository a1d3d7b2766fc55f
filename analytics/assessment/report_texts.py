"""The words of reports, in Chinese and English."""

from collections.abc import Mapping

_TEXTS: Mapping[str, tuple[str, str]] = {
    "title_circular": (
        "关于{period}能源资源消费情况的通报",
        "Energy and Resource Circular, {period}",
    ),
    "title_publication": (
        "{period}能源资源消费情况公示",
        "Publication of Energy and Resource Use, {period}",
    ),
    "title_analysis": ("{period}能源资源消费分析报告", "Energy and Resource Analysis, {period}"),
    "year": ("{year}年", "{year}"),
    "quarter": ("{year}年第{quarter}季度", "Quarter {quarter} of {year}"),
    "month": ("{year}年{month}月", "{year}-{month:02d}"),
    "number": ("编号：{number}", "Number {number}"),
    "draft": ("（未发布）", "(not issued)"),
    "seal": ("（盖章）", "(seal)"),
    "day": ("{year}年{month}月{day}日", "{year}-{month:02d}-{day:02d}"),
    "late": (
        "本期报告于{day}补发，晚于期末后的首夜。",
        "This report was issued late, on {day}; it was due on the first night after its period.",
    ),
    "overall": ("总体情况", "Overall"),
    "overall_text": (
        "{first}至{last}，{name}及所属单位共{count}家纳入统计。{energy}",
        "From {first} to {last}, {name} and those below it, {count} in all, are counted. {energy}",
    ),
    "energy_text": (
        "综合能耗{tce}吨标准煤{change}（{factor_set}，电力按{electricity}值折算）。",
        "Energy came to {tce} tce{change} ({factor_set}, electricity {electricity}).",
    ),
    "energy_unknown": (
        "综合能耗未能折算：用能数据或折标系数不全。",
        "Energy cannot be given in coal equivalent: use or a factor is missing.",
    ),
    "rose": ("，同比上升{percent}%", ", {percent} % more than a year before"),
    "fell": ("，同比下降{percent}%", ", {percent} % less than a year before"),
    "equivalent": ("等价", "by equivalent value"),
    "calorific": ("当量", "by calorific value"),
    "carriers": ("分品种消费量", "Use by carrier"),
    "units": ("各单位消费情况", "Use by unit"),
    "quotas": ("定额执行情况", "Quotas"),
    "assigned": ("下达指标：{title}（{document}）", "Assigned: {title} ({document})"),
    "quotas_text": (
        "共{count}项定额和下达指标，其中超约束值或指标值{over}项，预计年末超{likely}项。",
        "Of {count} quotas and assigned targets {over} are over, and {likely} are likely to end over.",
    ),
    "quotas_none": ("本期没有可判定的定额。", "No quota could be judged in the period."),
    "carbon": ("碳排放目标", "Carbon targets"),
    "carbon_none": (
        "本期没有可判定的碳排放目标。",
        "No carbon target could be judged in the period.",
    ),
    "rankings": ("同类排名", "Ranking among peers"),
    "ranking_head": (
        "{title}（{unit}）：参与排名{ranked}家，中位数{median}",
        "{title} ({unit}): {ranked} ranked, median {median}",
    ),
    "ranking_few": (
        "可比的同类不足{least}家，不排名。",
        "Fewer than {least} are comparable: nobody is ranked.",
    ),
    "findings": ("告警与数据问题", "Alerts and findings"),
    "findings_text": (
        "本期新增告警{raised}条，期末未解除{firing}条；未处理的数据问题{open}项。",
        "{raised} alerts began in the period and {firing} still fired at its end; {open} findings are open.",
    ),
    "months": ("逐月消费量", "Use by month"),
    "scores": ("年度考核", "Yearly assessment"),
    "score_text": (
        "{name}：{points}分，{grade}（已知{known}%）。",
        "{name}: {points} points, {grade} ({known} % known).",
    ),
    "grade_open": ("等次待定", "grade open"),
    "scores_none": ("尚无考核结果。", "There is no assessment yet."),
    "carrier": ("品种", "Carrier"),
    "amount": ("消费量", "Use"),
    "change": ("同比", "Year on year"),
    "kgce": ("折标准煤 kgce", "kgce"),
    "coverage": ("数据覆盖", "Coverage"),
    "unit_name": ("单位", "Unit"),
    "intensity": ("单位面积 kgce/m²", "kgce/m²"),
    "quota": ("定额", "Quota"),
    "used": ("已用", "Used"),
    "share": ("占约束值", "Of the constraint"),
    "projected": ("预计年末", "Likely at year's end"),
    "standing": ("至今状况", "Standing so far"),
    "target": ("目标", "Target"),
    "share_of_path": ("占当年允许值", "Of this year's path"),
    "rank": ("名次", "Rank"),
    "figure": ("指标值", "Figure"),
    "percentile": ("优于同类", "Better than"),
    "item": ("考核项", "Item"),
    "points": ("得分", "Points"),
    "full": ("满分", "Full"),
    "rule": ("规则", "Rule"),
    "raised": ("新增", "Began"),
    "firing": ("未解除", "Still firing"),
    "month_column": ("月份", "Month"),
    "over_constraint": ("超约束值", "over constraint"),
    "over_baseline": ("高于基准值", "above baseline"),
    "over_guidance": ("优于基准值", "better than baseline"),
    "within_constraint": ("约束值内", "within constraint"),
    "within_guidance": ("达到引导值", "meets guidance"),
    "apart_coverage": ("数据不足", "too little data"),
    "apart_too_few": ("同类不足", "too few peers"),
    "apart_use_missing": ("无用能数据", "no use known"),
    "apart_denominator_missing": ("缺面积或人数", "area or people unknown"),
    "apart_factor_missing": ("缺系数", "factor missing"),
    "apart_grid_region_ambiguous": ("电网区域不明", "grid region unclear"),
    "apart_grid_factor_missing": ("缺电网因子", "grid factor missing"),
    "unverified": ("（未核实）", " (unverified)"),
    "secondary": ("（二手来源）", " (second hand)"),
    "invented": ("（虚构）", " (invented)"),
    "source": ("", ""),
    "provisional": ("（电网因子暂用）", " (provisional grid factor)"),
    "note_coverage": (
        "注：“数据覆盖”为本期有数据的天数占比；“—”表示数据不足，不以零代替。",
        "Coverage is the share of the period that data stand for; a dash is what is not known, never zero.",
    ),
    "note_trust": (
        "注：标“未核实”“二手来源”的数值未与原文核对，不作为处理依据。",
        "Figures marked unverified or second hand were not held against their source.",
    ),
    "note_ranks": (
        "注：名次按指标值由低到高；数据覆盖不足的单位另列，不参与排名。",
        "Ranks go from the lowest figure up; who has too little data stands apart and is not ranked.",
    ),
    "electricity_import_kwh": ("电力", "Electricity"),
    "gas_m3": ("天然气", "Gas"),
    "heat_gj": ("热力", "Heat"),
    "coal_kg": ("煤炭", "Coal"),
    "petrol_l": ("汽油", "Petrol"),
    "diesel_l": ("柴油", "Diesel"),
    "water_m3": ("水", "Water"),
}

KEYS = frozenset(_TEXTS)
"""The keys of all words."""


def report_text(key: str, language: str, **values: object) -> str:
    """The words for a key in ``zh`` or ``en``, filled in."""
    return _TEXTS[key][language != "zh"].format(**values)
