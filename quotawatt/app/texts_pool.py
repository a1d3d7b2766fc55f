"""The words of the pool, of norms and of scores on the command line, in Chinese and English."""

from collections.abc import Mapping

_TEXTS: Mapping[str, tuple[str, str]] = {
    "offers_title": ("公物仓：{count} 件", "The pool: {count} offers"),
    "offers_none": ("公物仓中没有符合条件的资产。", "There is no such offer in the pool."),
    "candidates_title": ("闲置而未入仓的资产：{count} 件", "Idle and not offered: {count}"),
    "candidates_none": ("没有未入仓的闲置资产。", "Nothing idle is left to be offered."),
    "matches_title": ("查询 {number}：{count} 件可用", "Search {number}: {count} would do"),
    "matches_none": (
        "公物仓中没有可用资产。查询编号 {number}，可在采购申请中引用。",
        "The pool has nothing that would do. The search is number {number}, to be cited when buying.",
    ),
    "matches_cite": (
        "查询编号 {number}：采购前须先说明这些资产为何不适用。",
        "The search is number {number}: say why none of these will do before buying.",
    ),
    "matches_few": (
        "需要 {wanted} 件，只有 {found} 件；其余可凭编号 {number} 采购。",
        "{wanted} are wanted and {found} are there; the rest may be bought, citing number {number}.",
    ),
    "scores_title": (
        "{year} 年资产管理绩效（截至 {as_of}）",
        "Asset management {year} (as of {as_of})",
    ),
    "scores_none": ("没有可评分的单位。", "There is no organisation to be scored."),
    "scores_scheme": ("评分办法：{title}", "Scheme: {title}"),
    "scores_unknown": (
        "“–”表示无数据，该项不计入总分；“已知”为有数据项的权重占比。",
        "A dash is what is not known: it is left out of the total. 'Known' is the weight that is known.",
    ),
    "norms_title": ("实物定额：{count} 项（{as_of}）", "Holdings against norms: {count} ({as_of})"),
    "norms_none": ("没有可对照定额的资产。", "There is no holding that a norm limits."),
    "norms_missing": (
        "另有 {count} 项因资料不全无法判断，见 quotawatt findings。",
        "{count} more cannot be judged for lack of data: quotawatt findings.",
    ),
    "asset": ("资产", "Asset"),
    "kind": ("类别", "Kind"),
    "holder": ("提供单位", "Holder"),
    "taker": ("接收单位", "Taker"),
    "organisation": ("单位", "Organisation"),
    "term": ("方式", "Term"),
    "term_lend": ("出借", "lent"),
    "term_lend_until": ("出借至 {until}", "lent until {until}"),
    "term_transfer": ("调拨", "transferred"),
    "state": ("状态", "State"),
    "state_offered": ("可申请", "offered"),
    "state_reserved": ("已分配", "reserved"),
    "state_handed_over": ("已移交", "handed over"),
    "state_received": ("已接收", "received"),
    "state_returned": ("已归还", "returned"),
    "state_withdrawn": ("已撤回", "withdrawn"),
    "state_asked": ("待审", "asked"),
    "state_accepted": ("已同意", "accepted"),
    "state_declined": ("已谢绝", "declined"),
    "state_taken_back": ("已撤销", "taken back"),
    "state_lapsed": ("已失效", "lapsed"),
    "state_fulfilled": ("已完成", "fulfilled"),
    "location": ("存放地点", "Location"),
    "number": ("编号", "No."),
    "evidence": ("依据", "Evidence"),
    "evidence_register": ("台账登记为闲置", "idle by the register"),
    "evidence_measured": (
        "{days:.0f} 天 {measured}：{shown:g} {unit}，上限 {limit:g}；覆盖 {coverage:.0%}",
        "{measured} {shown:g} {unit} in {days:.0f} days, limit {limit:g}; {coverage:.0%} heard",
    ),
    "why": ("理由", "Why"),
    "reason_kind": ("类别相符", "the kind"),
    "reason_name": ("名称相符", "by its name"),
    "reason_power": ("功率足够", "enough power"),
    "reason_power_unknown": ("功率不详", "power not known"),
    "reason_area": ("面积足够", "enough area"),
    "reason_area_unknown": ("面积不详", "area not known"),
    "reason_own": ("本单位", "one's own"),
    "reason_near": ("邻近单位", "near"),
    "reason_far": ("其他单位", "elsewhere"),
    "reason_offered": ("已入仓", "offered"),
    "reason_not_offered": ("闲置未入仓", "idle, not offered yet"),
    "points": ("得分", "Points"),
    "known": ("已知", "Known"),
    "norm": ("定额", "Norm"),
    "held": ("实有", "Held"),
    "allowed": ("标准", "Allowed"),
    "excess": ("超出", "Excess"),
    "clause": ("依据条款", "Clause"),
    "unit_office_area": ("{value:,.1f} m²", "{value:,.1f} m²"),
    "unit_vehicles": ("{value:,.0f} 辆", "{value:,.0f} vehicles"),
    "unit_equipment": ("{value:,.0f} 台", "{value:,.0f} pieces"),
    "done_offer": ("已入仓：编号 {id}，{asset}。", "Offered: no. {id}, {asset}."),
    "done_withdraw": ("已撤回：编号 {id}，{asset}。", "Withdrawn: no. {id}, {asset}."),
    "done_request": (
        "已申请：申请编号 {id}，资产编号 {offer}。",
        "Asked for: request {id} for offer {offer}.",
    ),
    "done_take_back": (
        "已撤销：申请 {id}，资产编号 {offer}。",
        "Taken back: request {id} for offer {offer}.",
    ),
    "done_decide": ("申请 {id}：{state}。", "Request {id}: {state}."),
    "done_hand_over": (
        "已移交：编号 {id}，{asset} → {taker}；台账已变更。",
        "Handed over: no. {id}, {asset} to {taker}; the register follows.",
    ),
    "done_receive": ("已接收：编号 {id}，{asset}。", "Received: no. {id}, {asset}."),
    "done_return": (
        "已归还：编号 {id}，{asset} → {holder}；台账已变更。",
        "Returned: no. {id}, {asset} to {holder}; the register follows.",
    ),
}


def pool_text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    chinese, english = _TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)
