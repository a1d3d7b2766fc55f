"""The names of the console's sections, Chinese and English side by side."""

from collections.abc import Mapping

NAVIGATION_TEXTS: Mapping[str, tuple[str, str]] = {
    "nav": ("栏目", "Sections"),
    "nav_overview": ("总览", "Overview"),
    "nav_cases": ("事项督办", "Cases"),
    "nav_quota": ("定额账户", "Quotas"),
    "nav_carbon": ("碳排放", "Carbon"),
    "nav_library": ("法规标准", "Library"),
    "nav_register": ("资产台账", "Register"),
    "nav_findings": ("账实核对", "Findings"),
    "nav_anomalies": ("用能异常", "Anomalies"),
    "nav_silences": ("静默维护", "Silences"),
    "nav_pool": ("公物仓", "Pool"),
    "nav_score": ("管理绩效", "Score"),
    "nav_devices": ("设备接入", "Devices"),
    "nav_delivery": ("消息投递", "Delivery"),
    "nav_rules": ("规则审批", "Rules"),
    "nav_ledger": ("操作台账", "Ledger"),
    "nav_access": ("账号权限", "Access"),
}
