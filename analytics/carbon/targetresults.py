"""Accounts under targets as daily results, for alerts and boards."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import pyarrow as pa

from analytics.carbon.standing import TargetStatus
from analytics.yearly.accounttables import AccountRow, account_results

_PREFIXES: Mapping[str, tuple[str, str]] = {
    "kgCO2": ("carbon", "kgco2"),
    "kgce": ("target", "kgce"),
    "m³": ("target", "m3"),
}
"""How measures name the amounts of a target, by its unit."""


def target_results(statuses: Iterable[TargetStatus], day_start: datetime) -> pa.Table:
    """The accounts as results of grain day (schema RESULTS), subject ``ASSET/TARGET``.

    Those of carbon have ``carbon_used_kgco2``, ``carbon_limit_kgco2``, ``carbon_projected_kgco2``,
    ``carbon_share_pct`` and ``carbon_projected_share_pct``; those of energy and water the same with
    ``target`` and their unit. ``day_start`` is the local midnight (UTC) at which the judged day began. Where
    there is no projection its measures are withdrawn.
    """
    return account_results((_row(status) for status in statuses), day_start)


def _row(status: TargetStatus) -> AccountRow:
    prefix, unit = _PREFIXES[status.amount_unit]
    projected = status.projected
    figures = {
        f"{prefix}_used_{unit}": status.used,
        f"{prefix}_limit_{unit}": status.limit,
        f"{prefix}_projected_{unit}": projected,
        f"{prefix}_share_pct": status.share_pct,
        f"{prefix}_projected_share_pct": None
        if projected is None
        else 100 * projected / status.limit,
    }
    return AccountRow(f"{status.asset}/{status.target}", figures, status.coverage)
