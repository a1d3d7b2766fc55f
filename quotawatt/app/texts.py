"""What the command line says, in Chinese and English."""

_TEXTS: dict[str, tuple[str, str]] = {
    "publishing": ("设备发布读数", "Devices publish"),
    "analysing": ("分析与预警", "Analysis and alerts"),
    "days": ("天", "days"),
    "title": (
        "{year} 年能耗定额执行情况(截至 {as_of})",
        "Use against quota {year} (as of {as_of})",
    ),
    "asset": ("单位 / 建筑", "Organisation, building"),
    "use": ("用电 kWh", "kWh electric"),
    "non_heating_kgce_per_m2": ("非供暖", "non-heating"),
    "electricity_kwh_per_m2": ("电耗", "electricity"),
    "energy_kgce_per_head": ("人均综合", "per head"),
    "water_m3_per_head": ("人均用水", "water"),
    "where": ("《{instrument}》{clause}", "{instrument}, {clause}"),
    "silent_days": ("静默 {days:.1f} 天", "silent {days:.1f} d"),
    "quota": ("最紧定额(约束值)", "Tightest quota"),
    "tier": ("等级", "Tier"),
    "share": ("已用", "Used"),
    "projected": ("年末预计", "Year-end"),
    "carbon": ("碳 tCO2", "tCO2"),
    "carbon_share": ("占碳目标", "of path"),
    "alerts": ("告警", "Alerts"),
    "open_alerts": ("未关闭告警 {count} 条", "{count} open alerts"),
    "rule": ("规则", "Rule"),
    "subject": ("对象", "Subject"),
    "since": ("起始", "Since"),
    "value": ("数值", "Value"),
    "clause": ("依据条款", "Clause"),
    "over": ("超约束值", "over"),
    "amber": ("超基准值", "amber"),
    "within_baseline": ("达基准值", "within baseline"),
    "within_guidance": ("达引导值", "within guidance"),
    "published": (
        "经 MQTT 收到 {readings:,} 个读数({messages:,} 条消息),用时 {seconds:.0f} 秒,内存峰值 {memory:.0f} MB。",
        "{readings:,} readings in {messages:,} MQTT messages took {seconds:.0f} s, peak memory {memory:.0f} MB.",
    ),
    "trust": (
        "条款后的标记:〔二手〕〔未核实〕表示尚未核对原文;演示中的单位、面积与基准值均为虚构。",
        "Marks behind a clause: (secondary), (unverified) were not checked against the original. "
        "The demo's institutions, areas and base values are invented.",
    ),
    "console": ("控制台:{url}", "Console: {url}"),
    "live": (
        "演示时钟以 {speed:g} 倍速继续运行;按 Ctrl+C 结束。",
        "The demo's clock goes on at {speed:g} times real time; Ctrl+C ends it.",
    ),
    "source": ("", ""),
    "secondary": ("〔二手〕", " (secondary)"),
    "unverified": ("〔未核实〕", " (unverified)"),
    "invented": ("〔虚构〕", " (invented)"),
}


def text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    chinese, english = _TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)
