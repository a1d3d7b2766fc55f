"""The words of rankings, scores and reports on the command line, in Chinese and English."""

from collections.abc import Mapping

_TEXTS: Mapping[str, tuple[str, str]] = {
    "rank_title": (
        "{title}（{unit}，{period}）：{group}，参与排名 {ranked} 家，中位数 {median}",
        "{title} ({unit}, {period}): {group}, {ranked} ranked, median {median}",
    ),
    "rank_none": ("没有可比较的单位或建筑。", "There is nobody to be compared."),
    "rank_notes": (
        "名次由低到高；“同类不足”“数据不足”等不排名。指标为全口径，不作定额标准中的扣除。",
        "Ranks go from the lowest up. Figures are gross: nothing that a quota leaves out is taken off.",
    ),
    "group_organisation": ("单位", "organisations"),
    "group_building": ("建筑", "buildings"),
    "joint": ("·", ", "),
    "zone": ("{zone} 类分区", "quota zone {zone}"),
    "several_quota_zone": ("跨定额分区", "several quota zones"),
    "several_climate_zone": ("跨气候区", "several climate zones"),
    "scores_title": ("{title}{trust}，{year} 年", "{title}{trust}, {year}"),
    "scores_none": ("没有可评分的单位。", "There is no organisation to be scored."),
    "scores_unknown": (
        "“–”表示无数据，该项不计入总分；约束性指标无数据时等次待定，未完成则总评为末等。",
        "A dash is not known and left out. A binding item (★) that is not known leaves the grade open.",
    ),
    "confirmed": (
        "已确认：{organisation} {year} 年 {item}，得 {share:.0%}。",
        "Confirmed: {organisation}, {year}, {item}: {share:.0%}.",
    ),
    "reports_title": ("已发布的报告：{count} 份", "Issued reports: {count}"),
    "reports_none": ("没有符合条件的报告。", "There is no such report."),
    "report_issued": ("已发布：{number}", "Issued: {number}"),
    "report_written": ("已写入 {path}", "Written to {path}"),
    "rank": ("名次", "Rank"),
    "name": ("名称", "Name"),
    "value": ("指标值", "Figure"),
    "percentile": ("优于同类", "Better than"),
    "change": ("同比", "Year on year"),
    "coverage": ("覆盖", "Coverage"),
    "tier": ("与约束值", "To constraint"),
    "benchmark": ("与参考值", "To benchmark"),
    "organisation": ("单位", "Organisation"),
    "points": ("得分", "Points"),
    "grade": ("等次", "Grade"),
    "known": ("已知", "Known"),
    "number": ("编号", "Number"),
    "kind": ("类型", "Kind"),
    "period": ("期间", "Period"),
    "issued_at": ("发布时间", "Issued at"),
    "issued_by": ("发布人", "By"),
    "late": ("补发", "Late"),
    "yes": ("是", "yes"),
    "circular": ("月度通报", "circular"),
    "publication": ("季度公示", "publication"),
    "analysis": ("年度分析", "analysis"),
    "apart_coverage": ("数据不足", "too little data"),
    "apart_too_few": ("同类不足", "too few peers"),
    "apart_use_missing": ("无用能数据", "no use known"),
    "apart_denominator_missing": ("缺面积或人数", "no area or people"),
    "apart_factor_missing": ("缺系数", "no factor"),
    "apart_grid_region_ambiguous": ("电网区域不明", "grid unclear"),
    "apart_grid_factor_missing": ("缺电网因子", "no grid factor"),
    "grade_open": ("待定", "open"),
}


def assessment_text(key: str, language: str, **values: object) -> str:
    """The words for a key in ``zh`` or ``en``, filled in."""
    return _TEXTS[key][language != "zh"].format(**values)
