"""The console's words, Chinese and English side by side."""

from collections.abc import Mapping
from typing import Literal, get_args

from api.console.texts_access import ACCESS_TEXTS
from api.console.texts_accounts import ACCOUNT_TEXTS
from api.console.texts_anomalies import ANOMALY_TEXTS
from api.console.texts_carbon import CARBON_TEXTS
from api.console.texts_cases import CASE_TEXTS
from api.console.texts_delivery import DELIVERY_TEXTS
from api.console.texts_dispatch import DISPATCH_TEXTS
from api.console.texts_fields import FIELD_TEXTS
from api.console.texts_findings import FINDING_TEXTS
from api.console.texts_fleet import FLEET_TEXTS
from api.console.texts_fleet_accounts import FLEET_ACCOUNT_TEXTS
from api.console.texts_inbox import INBOX_TEXTS
from api.console.texts_ledger import LEDGER_TEXTS
from api.console.texts_library import LIBRARY_TEXTS
from api.console.texts_navigation import NAVIGATION_TEXTS
from api.console.texts_overuse import OVERUSE_TEXTS
from api.console.texts_pool import POOL_TEXTS
from api.console.texts_quota import QUOTA_TEXTS
from api.console.texts_register import REGISTER_TEXTS
from api.console.texts_rules import RULE_TEXTS
from api.console.texts_score import SCORE_TEXTS
from api.console.texts_silences import SILENCE_TEXTS
from api.console.texts_statistics import STATISTICS_TEXTS
from quotawatt.settings import Language

TEXTS: Mapping[str, tuple[str, str]] = {
    # page
    "product": ("Quotawatt 公共机构能耗定额", "Quotawatt energy quotas"),
    "tagline": ("公共机构能耗定额与近零碳", "Energy quotas and near-zero carbon of public bodies"),
    "skip": ("跳到正文", "Skip to content"),
    "year": ("年度", "Year"),
    "as_of": ("截至", "As of"),
    "year_closed": ("全年已结束", "year complete"),
    "year_running": ("年度进行中", "year in progress"),
    "year_closing": (
        "{year} 年度正在结账；新年度见上方年度选择。",
        "The {year} account is being closed; choose the new year above.",
    ),
    "language_other": ("English", "中文"),
    "health_ok": ("系统正常", "System OK"),
    "health_degraded": ("部分异常", "Partly unwell"),
    "new_data": ("有新数据，重新载入", "New data – reload"),
    "sign_out": ("退出", "Sign out"),
    "no_organisations": (
        "名册中尚无机构。请先导入名册。",
        "The register holds no organisation yet. Import one first.",
    ),
    # devices and dead letters
    "intake": ("设备接入", "Devices"),
    "seen": ("未登记的设备与通道", "Devices and channels not bound"),
    "seen_lead": (
        "这些设备的数据不计入任何建筑；未知设备的消息暂存，绑定后自动补录。",
        "Nothing of these is counted for any building. What unknown devices send is kept, and taken in once "
        "they are bound.",
    ),
    "seen_adopt": ("也可用命令认领：", "The command line binds them, too:"),
    "seen_none": ("没有未登记的设备。", "There are no devices that are not bound."),
    "seen_known": ("部分通道已绑定", "other channels are bound"),
    "seen_unknown": ("未知设备", "unknown"),
    "letters": ("死信", "Dead letters"),
    "letters_lead": (
        "无法解析为读数的消息，按原样保留；修正协议模板后可重试：",
        "Messages that could not become readings, kept as they came. After a profile is mended try again:",
    ),
    "letters_none": ("没有死信。", "There are no dead letters."),
    "totals": ("安装以来累计", "Since installation"),
    "col_device": ("设备", "Device"),
    "col_code": ("代码", "Code"),
    "col_profile": ("协议模板与主题", "Profile and topic"),
    "col_last_message": ("最近消息", "Last message"),
    "col_messages": ("消息数", "Messages"),
    "col_kept": ("暂存", "Kept"),
    "col_offers": ("可采集的量与最近值", "What it measures, last value"),
    "col_reason": ("原因", "Reason"),
    "col_count": ("条数", "Count"),
    "col_newest": ("最近一条", "Newest"),
    "col_example": ("示例", "Example"),
    "dropped": ("已丢弃 {count}", "{count} dropped"),
    "more": ("另有 {count} 项", "{count} more"),
    "total_messages_received": ("收到消息", "Messages received"),
    "total_readings_written": ("写入读数", "Readings written"),
    "total_readings_duplicate": ("重复读数", "Repeated readings"),
    "total_messages_kept": ("暂存过的消息", "Messages kept for unknown devices"),
    "total_kept_messages_dropped": ("超限丢弃的暂存消息", "Kept messages that had to go"),
    "total_seen_devices_forgotten": ("超限移除的未知设备", "Seen devices that had to go"),
    "total_dead_letters_dropped": ("超限丢弃的死信", "Dead letters that had to go"),
    "total_messages_flood_dropped": ("限流丢弃的消息", "Messages dropped of flooding devices"),
    "total_positions_exempt": ("免定位车辆未保存的位置", "Positions not kept of exempt vehicles"),
    "reason_too_large": ("消息过大", "Too large"),
    "reason_bad_name": ("名称不合规", "Unusable name"),
    "reason_no_profile": ("没有适用的协议模板", "No profile fits"),
    "reason_not_json": ("不是 JSON", "Not JSON"),
    "reason_not_text": ("不是文本", "Not text"),
    "reason_bad_payload": ("内容不合格式", "Wrong content"),
    "reason_bad_time": ("时间无法识别", "Unreadable time"),
    "reason_bad_value": ("数值无法识别", "Unreadable value"),
    "reason_unknown_quantity": ("未知计量项", "Unknown quantity"),
    "reason_bad_frame": ("报文帧损坏", "Broken frame"),
    "reason_unsupported_frame": ("报文帧版本不支持", "Unsupported frame"),
    "reason_unmapped": ("模板中没有对应字段", "Not mapped by the profile"),
    "reason_unknown_alias": ("别名未曾声明", "Alias never announced"),
    "reason_unknown_unit": ("单位未知", "Unknown unit"),
    "reason_raw_expired": ("早于原始读数保存期限", "Before what is kept"),
    "reason_internal_error": ("程序错误", "Our own mistake"),
    # tiles
    "tile_standing": ("机构定额状况", "Organisations against quota"),
    "tile_buildings": ("建筑", "Buildings"),
    "tile_energy": ("综合用能", "Energy used"),
    "tile_energy_note": ("折标煤（{basis}）", "coal equivalent ({basis})"),
    "tile_electricity": ("电力", "electricity"),
    "tile_carbon": ("碳排放与路径", "Carbon against path"),
    "tile_carbon_note": ("路径允许 {limit}，已用 {share}", "path allows {limit}, {share} used"),
    "tile_carbon_projected": ("预计年末 {share}", "projected year-end {share}"),
    "tile_alerts": ("未结告警", "Open alerts"),
    "tile_alerts_note": ("待确认 {count} 条", "{count} not acknowledged"),
    "basis_equivalent": ("等价值", "equivalent value"),
    "basis_calorific": ("当量值", "calorific value"),
    # standing against a quota
    "standing_over": ("超约束值", "Over constraint"),
    "standing_projected_over": ("预计超约束值", "Heading over"),
    "standing_amber": ("高于基准值", "Above baseline"),
    "standing_within": ("约束值内", "Within constraint"),
    "standing_fine": ("优于基准值", "Better than baseline"),
    "standing_best": ("达到引导值", "Meets guidance"),
    "standing_unknown": ("尚无法预计", "Too early to say"),
    "group_over": ("超标", "over"),
    "group_amber": ("临界", "amber"),
    "group_fine": ("良好", "fine"),
    "group_unknown": ("待定", "open"),
    "tier_constraint": ("约束值", "Constraint"),
    "tier_baseline": ("基准值", "Baseline"),
    "tier_guidance": ("引导值", "Guidance"),
    # table
    "accounts": ("机构与建筑", "Organisations and buildings"),
    "accounts_lead": (
        "每行显示最紧张的一项定额；展开可见全部定额、核算过程与依据条款。",
        "Each row shows its tightest quota; expand it for all of them, the calculation and the clause.",
    ),
    "col_name": ("名称", "Name"),
    "col_use": ("用电 kWh", "Electricity kWh"),
    "col_quota": ("定额", "Quota"),
    "col_used": ("已用", "Used"),
    "col_projected": ("预计年末", "Year-end"),
    "col_whole_year": ("全年", "Whole year"),
    "col_carbon": ("碳 / 路径", "Carbon / path"),
    "col_alerts": ("告警", "Alerts"),
    "legend_used": ("已用", "used"),
    "legend_projected": ("预计年末", "projected year-end"),
    "details": ("核算与依据", "Calculation and clause"),
    "no_account": ("无适用定额", "No quota applies"),
    "share_of_constraint": ("约束值的 {share}", "{share} of constraint"),
    "used_of_limit": ("已用 {used}，年约束值 {limit}", "{used} used of {limit} a year"),
    "used_of_path": (
        "已排放 {used}，年路径值 {limit}",
        "{used} emitted; the path allows {limit} a year",
    ),
    "projected_to": ("预计年末 {value}（{share}）", "projected {value} ({share})"),
    "projection_none": ("尚无法预计年末值", "too early to project"),
    "col_part": ("组成", "Part"),
    "col_amount": ("用量", "Amount"),
    "col_factor": ("系数", "Factor"),
    "col_result": ("折算", "Result"),
    "denominator_gross_area_m2": ("建筑面积", "gross area"),
    "denominator_heated_area_m2": ("供暖面积", "heated area"),
    "denominator_km_100": ("行驶百公里数", "hundreds of km"),
    "denominator_it_electricity_kwh": ("信息设备用电", "electricity of IT equipment"),
    "denominator_none": ("无分母", "divided by nothing"),
    "denominator_headcount": ("用能人数（日均）", "people (daily mean)"),
    "limits": ("限值", "Limits"),
    "coverage": ("数据覆盖率", "Data coverage"),
    "provisional": ("暂用 {year} 年因子", "factor of {year}, provisional"),
    "scope_direct": ("直接排放", "direct"),
    "scope_purchased": ("外购", "purchased"),
    "scope_memo": ("备注，不计排放", "memo, not an emission"),
    "carbon_account": ("碳排放", "Carbon"),
    # trust marks
    "trust_source": ("已核原文", "read in source"),
    "trust_secondary": ("二手来源", "secondary source"),
    "trust_unverified": ("未核实", "unverified"),
    "trust_invented": ("演示虚构", "invented for the demo"),
    # load
    "load": ("建筑负荷", "Building load"),
    "building": ("建筑", "Building"),
    "show": ("查看", "Show"),
    "area": ("建筑面积", "Gross area"),
    "daily": ("逐日用电", "Daily electricity"),
    "daily_hint": ("点选某日可查看其逐时负荷", "Choose a day to see its hours"),
    "hourly": ("逐时用电", "Hourly electricity"),
    "window": ("时段", "Span"),
    "days_14": ("14 天", "14 days"),
    "days_31": ("31 天", "31 days"),
    "from": ("起始日", "From"),
    "earlier": ("前移", "Earlier"),
    "later": ("后移", "Later"),
    "actual": ("实际", "Actual"),
    "expected": ("预期", "Expected"),
    "band": ("预期区间", "Expected band"),
    "excess": ("超出区间", "Above the band"),
    "temperature": ("室外温度 °C", "Outdoor temperature °C"),
    "chart_loading": ("正在读取…", "Loading…"),
    "chart_failed": ("数据未能读取：", "The data could not be read: "),
    "chart_empty": ("该时段尚无数据", "No data in this span"),
    "chart_needs_script": ("图表需要启用 JavaScript。", "The charts need JavaScript."),
    "load_summary": (
        "{year} 年用电 {actual} kWh。建模的 {modelled} 天：用电 {paired} kWh，预期 {expected} kWh，"
        "其中 {days} 天超出预期区间。",
        "{actual} kWh used in {year}. On the {modelled} days modelled: {paired} kWh used, "
        "{expected} kWh expected, {days} days above the band.",
    ),
    "load_summary_plain": ("{year} 年用电 {actual} kWh。", "{actual} kWh used in {year}."),
    "months": ("逐月数据", "Months as a table"),
    "col_month": ("月份", "Month"),
    "col_actual": ("实际 kWh", "Actual kWh"),
    "col_modelled": ("建模天数", "Days modelled"),
    "col_paired": ("建模日用电 kWh", "Used on them kWh"),
    "col_expected": ("建模日预期 kWh", "Expected on them kWh"),
    "col_days_over": ("超出天数", "Days above"),
    "no_buildings": ("名册中尚无建筑。", "The register holds no building yet."),
    # alerts
    "alerts": ("未结告警", "Open alerts"),
    "alerts_none": ("没有未结告警。", "No alert is open."),
    "since": ("自 {date} 起，已 {days} 天", "since {date}, {days} days"),
    "severity_critical": ("严重", "Critical"),
    "severity_warning": ("警告", "Warning"),
    "severity_info": ("提示", "Notice"),
    "value_quota_projected_share_pct": (
        "预计年末为约束值的 {value} %",
        "projected year-end {value} % of the constraint",
    ),
    "value_quota_share_pct": ("已用约束值的 {value} %", "{value} % of the constraint used"),
    "value_carbon_projected_share_pct": (
        "预计年末为路径值的 {value} %",
        "projected year-end {value} % of the path",
    ),
    "value_target_projected_share_pct": (
        "预计达到当年目标允许值的 {value} %",
        "heading for {value} % of what the target allows this year",
    ),
    "value_electricity_excess_pct": (
        "超出预期区间上限，相当于预期值的 {value} %",
        "above the expected band by {value} % of what is expected",
    ),
    "value_silence_h": ("已 {value} 小时无读数", "no reading for {value} h"),
    "advice": ("建议", "Advice"),
    "owner": ("责任人", "Owner"),
    "acknowledge": ("确认", "Acknowledge"),
    "acknowledge_comment": ("处理说明（可不填）", "Comment (optional)"),
    "account_year": ("{year} 年度：{title}", "{year}: {title}"),
    "said": ("处理说明：{comment}", "Comment: {comment}"),
    "acknowledged": ("{date} 已确认（{by}）", "acknowledged {date} ({by})"),
    "no_data": ("自 {date} 起无新数据", "no new data since {date}"),
    **NAVIGATION_TEXTS,
    **QUOTA_TEXTS,
    **CARBON_TEXTS,
    **LIBRARY_TEXTS,
    **FINDING_TEXTS,
    **CASE_TEXTS,
    **OVERUSE_TEXTS,
    **FLEET_TEXTS,
    **FLEET_ACCOUNT_TEXTS,
    **DISPATCH_TEXTS,
    **POOL_TEXTS,
    **SCORE_TEXTS,
    **INBOX_TEXTS,
    **SILENCE_TEXTS,
    **STATISTICS_TEXTS,
    **DELIVERY_TEXTS,
    **LEDGER_TEXTS,
    **RULE_TEXTS,
    **FIELD_TEXTS,
    **ACCOUNT_TEXTS,
    **ANOMALY_TEXTS,
    **REGISTER_TEXTS,
    # signing in and one's own account
    **ACCESS_TEXTS,
    # problems
    "problem": ("无法完成", "That did not work"),
    "back": ("返回首页", "Back to the overview"),
    # measures, as parts of an account
    "measure_electricity_import_kwh": ("外购电", "Electricity"),
    "measure_pv_generation_kwh": ("光伏发电", "Photovoltaics"),
    "measure_heat_gj": ("热力", "Heat"),
    "measure_gas_m3": ("天然气", "Gas"),
    "measure_gas_kwh": ("天然气", "Gas"),
    "measure_petrol_l": ("汽油", "Petrol"),
    "measure_diesel_l": ("柴油", "Diesel"),
    "measure_lpg_kg": ("液化石油气", "LPG"),
    "measure_coal_kg": ("煤", "Coal"),
    "measure_water_m3": ("用水", "Water"),
    "measure_charge_energy_kwh": ("充电", "Charging"),
}

LANGUAGES: tuple[Language, ...] = get_args(Language)


class Words:
    """The texts in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.html_lang: Literal["zh-CN", "en"] = "zh-CN" if language == "zh" else "en"

    def __call__(self, key: str, **values: object) -> str:
        """The text called ``key`` with its ``{placeholders}`` filled; KeyError for an unknown key."""
        text = TEXTS[key][0 if self.language == "zh" else 1]
        return text.format(**values) if values else text

    def name(self, asset: object) -> str:
        """An asset's or text's name in this language."""
        return str(getattr(asset, f"name_{self.language}"))

    def known(self, key: str, fallback: str) -> str:
        """The text called ``key``, or the fallback where there is none."""
        return self(key) if key in TEXTS else fallback
