"""The tables of a savings report, from its content."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from analytics.savings.report_texts import KEYS, savings_text
from analytics.savings.result import MONTH_LEVEL
from quotawatt.documents.model import Align, Table

NONE = "—"

_RIGHT: list[Align] = ["right"]

Row = Mapping[str, Any]

_MONTH_COLUMNS = (
    "actual",
    "expected",
    "adjustment",
    "adjusted",
    "savings",
    "savings_pct",
    "half_width",
    "cumulative",
    "cumulative_half_width",
)
_SETTLED: Mapping[str, tuple[str, ...]] = {
    "shared": ("saved_cny", "provider_cny", "client_cny"),
    "guaranteed": (
        "guaranteed_use",
        "shortfall_use",
        "saved_cny",
        "compensation_cny",
        "provider_cny",
        "client_cny",
    ),
    "custody": ("adjusted_cny", "used_cny", "fee_cny", "provider_cny", "client_cny"),
}


def figure(value: float | None, decimals: int = 0) -> str:
    """A number with its thousands apart; a dash where it is not known."""
    if value is None:
        return NONE
    return f"{round(value, decimals) + 0.0:,.{decimals}f}"


def model_name(kind: str, language: str) -> str:
    """A model in words; one that has none is its own."""
    key = f"model_{kind}"
    return savings_text(key, language) if key in KEYS else kind


def period_days(period: Mapping[str, str | None], language: str) -> dict[str, str]:
    """``first`` and ``last`` day of a period, as people write them."""
    return {name: _day(period[f"{name}_day"], language) for name in ("first", "last")}


def _day(text: str | None, language: str) -> str:
    if text is None:
        return NONE
    day = date.fromisoformat(text)
    return savings_text("day", language, year=day.year, month=day.month, day=day.day)


def fit_table(model: Row, language: str) -> Table:
    """How well the model fits, on what it learnt from and on blocks left out."""
    return _table(
        ("basis", "r2", "cv_rmse", "nmbe", "points", "parameters"),
        [
            (
                savings_text(key, language),
                figure(model[key]["r2"], 4),
                figure(model[key]["cv_rmse_pct"], 2),
                figure(model[key]["nmbe_pct"], 2),
                figure(model[key]["n"]),
                figure(model[key]["p"]) if key == "in_sample" else NONE,
            )
            for key in ("in_sample", "cross_validated")
        ],
        language,
        caption=savings_text("fit", language),
    )


def month_table(content: Row, language: str) -> Table:
    """Each month and the whole period."""
    widths = {band["level"]: band["half_width"] for band in content["uncertainty"]}
    total = {
        **content["total"],
        "month": None,
        "half_width": widths.get(MONTH_LEVEL),
        "cumulative": content["total"]["savings"],
        "cumulative_half_width": widths.get(MONTH_LEVEL),
    }
    rows = [*content["months"], total]
    return _table(
        ("month", *_MONTH_COLUMNS),
        [
            (
                row["month"] or savings_text("total", language),
                *(figure(row[name], 1 if name == "savings_pct" else 0) for name in _MONTH_COLUMNS),
            )
            for row in rows
        ],
        language,
        caption=f"{savings_text('savings', language)}, {content['unit']}",
    )


def uncertainty_table(content: Row, language: str) -> Table:
    """The savings' interval at each level."""
    return _table(
        ("level", "interval", "half_width_plain", "fsu", "fsu_constant", "with_drift"),
        [
            (
                f"{100 * band['level']:.0f} %",
                f"{figure(band['low'])} ~ {figure(band['high'])} {content['unit']}",
                figure(band["half_width"]),
                figure(band["fsu_pct"], 1),
                figure(band["fsu_constant_pct"], 1),
                figure(band["with_drift"]),
            )
            for band in content["uncertainty"]
        ],
        language,
    )


def event_table(events: Sequence[Row], unit: str, language: str) -> Table:
    """Non-routine events with what they add."""
    return _table(
        ("event_days", "event_effect", "event_reason", "event_evidence"),
        [
            (
                f"{event['first_day']} ~ {event['last_day']}",
                savings_text(
                    f"effect_{event['kind']}", language, amount=event["amount"] or 0.0, unit=unit
                ),
                event["reason"],
                event["evidence"] or NONE,
            )
            for event in events
        ],
        language,
        align=("left", "right", "left", "left"),
    )


def settlement_table(settled: Row, unit: str, language: str) -> Table:
    """The lines of a settlement that its kind of contract has."""
    return _table(
        ("line", "value"),
        [
            (savings_text(key, language, unit=unit), figure(settled[key], 2))
            for key in _SETTLED[settled["kind"]]
        ],
        language,
    )


def _table(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    language: str,
    *,
    caption: str = "",
    align: Sequence[Align] = (),
) -> Table:
    return Table(
        [savings_text(head, language) for head in heads],
        rows,
        align or ("left", *(_RIGHT * (len(heads) - 1))),
        caption,
    )
