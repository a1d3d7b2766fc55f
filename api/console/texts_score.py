"""The words of the page of scores and norms, Chinese and English side by side."""

from collections.abc import Mapping

SCORE_TEXTS: Mapping[str, tuple[str, str]] = {
    "score": ("资产管理绩效", "Care of assets"),
    "score_lead": (
        "各单位本年度得分及其组成；没有数据的项不计入总分，已知权重写在旁边。",
        "Each organisation's score of the year and its parts. A part of which nothing is known is left out; "
        "how much weight is known stands beside.",
    ),
    "score_none": ("没有可评分的单位。", "There is no organisation to be scored."),
    "score_organisation": ("单位", "Organisation"),
    "score_points": ("得分", "Points"),
    "score_known": ("已知权重 {share}", "{share} of the weight known"),
    "score_too_little": ("数据不足，不给总分", "too little is known for a total"),
    "score_parts": ("评分依据", "What it rests on"),
    "score_part": ("组成", "Part"),
    "score_weight": ("权重", "Weight"),
    "score_evidence": ("依据", "Evidence"),
    "score_part_register_complete": (
        "必填 {needed} 项，已填 {filled} 项",
        "{filled} of {needed} needed cells are filled",
    ),
    "score_part_metering_coverage": (
        "计量器具 {meters} 块，无计量的建筑 {buildings_without_meter} 栋",
        "{meters} meters; {buildings_without_meter} buildings without one",
    ),
    "score_part_idle_share": (
        "设备和房间 {held} 项，其中有遥测的 {watched} 项；闲置 {idle} 项",
        "{idle} idle of {held} pieces and rooms; {watched} of them are watched by telemetry",
    ),
    "score_part_within_norms": (
        "对照定额 {judged} 项，超出 {over} 项",
        "{over} above the norm of {judged} judged",
    ),
    "score_part_open_findings": (
        "资产 {assets} 项，其中 {subjects_with_old_findings} 项有长期未处理的问题",
        "{subjects_with_old_findings} of {assets} assets have findings open for long",
    ),
    "score_part_pool_use": (
        "闲置或入仓 {idle_or_offered} 项，其中入仓 {offered} 项",
        "{offered} of {idle_or_offered} idle or offered assets were offered to the pool",
    ),
    "norms": ("实物定额", "Holdings against norms"),
    "norms_lead": (
        "办公用房、公务用车和办公设备的实有数与定额标准；超出的在前。",
        "Offices, official vehicles and equipment that are held, and what the norms allow.",
    ),
    "norms_none_over": ("没有超出定额的资产。", "Nothing is held above its norm."),
    "norms_within": ("定额以内 {count} 项", "{count} within their norms"),
    "norms_unknown": (
        "另有 {count} 项资料不全，无法判断，见账实核对。",
        "{count} cannot be judged for lack of data: see the findings.",
    ),
    "norm_held_for": ("对象", "For"),
    "norm_title": ("定额", "Norm"),
    "norm_held": ("实有", "Held"),
    "norm_allowed": ("标准", "Allowed"),
    "norm_excess": ("超出", "Excess"),
    "norm_people": ("{people} 人 × {each} m²", "{people} people × {each} m²"),
    "norm_clauses": ("依据条款", "Clauses"),
    "norm_unit_office_area": ("{value} m²", "{value} m²"),
    "norm_unit_vehicles": ("{value} 辆", "{value} vehicles"),
    "norm_unit_equipment": ("{value} 台", "{value} pieces"),
}
