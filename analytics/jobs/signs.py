"""Reading from the series store what shows whether equipment and rooms are used."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from analytics.assets.idle import ENERGY, POWER, SIGNS, judged_assets, rules_for
from quotawatt.readings import Grain, Quality, SeriesKey
from quotawatt.register.model import Binding, Equipment, Register, Space
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import DAY, Span
from quotawatt.storage.port import SeriesStore

SERIES_AT_ONCE = 50
"""So many sensors are read at a time: memory is bounded by them, not by how many there are."""


def read_signs(
    series: SeriesStore,
    register: Register,
    rulebook: Rulebook,
    now: datetime,
    default_zone: ZoneInfo,
) -> pd.DataFrame:
    """Signs (columns ``SIGNS``) of all equipment and rooms that an idle rule is for, up to ``now``.

    Energy comes from the daily results of the meters that serve an asset and of what is bound to it
    directly; the peaks of switches and sensors from the readings of what is bound to it.
    """
    assets = {a.code: a for a in judged_assets(register) if any(rules_for(a, rulebook))}
    longest = max((r.unused_for for r in rulebook.idle_rules.values()), default=timedelta(0))
    if not assets or not longest:
        return pd.DataFrame(columns=list(SIGNS))
    # A day more: the asset's own day may begin earlier than that of UTC.
    span = Span(now - longest - 2 * DAY, now)
    parts = [_energy(series, register, assets, span)]
    parts += _peaks(series, register, rulebook, assets, span, default_zone)
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else parts[0]


def _energy(
    series: SeriesStore, register: Register, assets: Collection[str], span: Span
) -> pd.DataFrame:
    serving = {
        meter.code: meter.serves
        for meter in register.meters.values()
        if meter.serves in assets and meter.carrier == "electricity"
    }
    asset_of = {**serving, **{code: code for code in assets if register.bindings_of(code)}}
    table = series.read_results(Grain.DAY, sorted(asset_of), [ENERGY], span)
    days = table.to_pandas()
    return pd.DataFrame(
        {
            "asset": days["subject"].map(asset_of),
            "source": days["subject"],
            "quantity": ENERGY,
            "start": days["start"],
            "value": days["value"],
            "coverage": days["coverage"],
        }
    )


def _peaks(
    series: SeriesStore,
    register: Register,
    rulebook: Rulebook,
    assets: dict[str, Equipment | Space],
    span: Span,
    default_zone: ZoneInfo,
) -> Iterator[pd.DataFrame]:
    sources = [
        (asset.code, binding, quantity)
        for asset in assets.values()
        for binding in register.bindings_of(asset.code)
        for quantity in _watched(asset, rulebook)
        if binding.quantity in ("", quantity) and _overlaps(binding, span)
    ]
    for first in range(0, len(sources), SERIES_AT_ONCE):
        some = sources[first : first + SERIES_AT_ONCE]
        keys = {SeriesKey(b.device, b.channel, quantity) for _, b, quantity in some}
        frame = series.read_readings(keys, span).to_pandas()
        for code, binding, quantity in some:
            zone = register.zone_of_asset(code) or default_zone
            yield _daily_peaks(frame, code, binding, quantity, zone)


def _watched(asset: Equipment | Space, rulebook: Rulebook) -> set[str]:
    return {POWER, *(name for rule in rules_for(asset, rulebook) for name in rule.peaks)}


def _overlaps(binding: Binding, span: Span) -> bool:
    return binding.valid_from < span.end and (
        binding.valid_until is None or span.start < binding.valid_until
    )


def _daily_peaks(
    frame: pd.DataFrame, code: str, binding: Binding, quantity: str, zone: ZoneInfo
) -> pd.DataFrame:
    """The highest value of each local day, and the share of its hours in which anything was heard."""
    mine = (
        (frame["device"] == binding.device)
        & (frame["channel"] == binding.channel)
        & (frame["quantity"] == quantity)
        & (frame["quality"] != Quality.SUSPECT.value)
        & (frame["time"] >= binding.valid_from)
    )
    if binding.valid_until is not None:
        mine &= frame["time"] < binding.valid_until
    rows = frame[mine]
    local = rows["time"].dt.tz_convert(zone)
    by_day = rows.assign(day=local.dt.normalize(), hour=local.dt.floor("h")).groupby("day")
    peaks = by_day.agg(value=("value", "max"), hours=("hour", "nunique"))
    return pd.DataFrame(
        {
            "asset": code,
            "source": binding.device,
            "quantity": quantity,
            "start": pd.DatetimeIndex(peaks.index).tz_convert("UTC"),
            "value": peaks["value"].to_numpy() * _multiplier(binding, quantity),
            "coverage": (peaks["hours"].to_numpy() / 24).clip(max=1.0),
        }
    )


def _multiplier(binding: Binding, quantity: str) -> float:
    return binding.multiplier if quantity == POWER else 1.0
