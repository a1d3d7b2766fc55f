"""An anomaly in one sentence: since when, what, how much, what share of the quota, what to do."""

from analytics.anomalies.event import Anomaly
from analytics.overuse.context import Context
from quotawatt.settings import Language


def statement(found: Anomaly, context: Context, language: Language) -> str:
    """Since when, what, how much; without what to do."""
    day = found.start.astimezone(context.zone).date().isoformat()
    return f"{day}: {context.what[language]}: {found.likely.value}, {found.size:,.0f} {context.unit}"


def advice(found: Anomaly, language: Language) -> str:
    """What to do about an anomaly of this kind."""
    return ""


def sentence(found: Anomaly, context: Context, language: Language) -> str:
    """The statement, and what to do."""
    return f"{statement(found, context, language)} {advice(found, language)}".strip()
