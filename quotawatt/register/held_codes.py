"""Codes that records outside of the register name: an asset of such a code is disposed of, not removed.

A target, a contract, a certificate or a return says something of somebody for good. Were its asset gone,
nobody could read it, and no manager could reach it.
"""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, select

from quotawatt.storage.assessment_tables import assessment_confirmations
from quotawatt.storage.assigned_tables import assigned_figures, overrun_explanations
from quotawatt.storage.carbon_tables import green_certificates, scorecard_evidence
from quotawatt.storage.fleet_tables import (
    dispatch_orders,
    drivers,
    duty_vehicles,
    fuel_card_rows,
    vehicle_seals,
    vehicle_services,
)
from quotawatt.storage.issued_tables import issued
from quotawatt.storage.money_tables import money_budgets, supply_contracts
from quotawatt.storage.performance_tables import performance_contracts
from quotawatt.storage.returns_tables import returns

_CHUNK = 500


class Holder(NamedTuple):
    """A column in which codes of assets stand, and what its rows are, in English and in Chinese."""

    column: Column[Any]
    rows: tuple[str, str]


_ORDERS = ("dispatch orders", "派车单")
_FIGURES = ("targets, revised quotas or budgets of months", "下达指标、核定调整或月预算")

HOLDERS = (
    Holder(assigned_figures.c.asset, _FIGURES),
    Holder(assigned_figures.c.assigner, _FIGURES),
    Holder(overrun_explanations.c.asset, ("explanations of overruns", "超定额说明")),
    Holder(green_certificates.c.organisation, ("green certificates", "绿证")),
    Holder(scorecard_evidence.c.asset, ("evidence of a scorecard", "评分表佐证")),
    Holder(supply_contracts.c.subject, ("supply contracts", "供能合同")),
    Holder(performance_contracts.c.subject, ("energy-performance contracts", "合同能源管理合同")),
    Holder(money_budgets.c.organisation, ("budgets of costs", "费用预算")),
    Holder(returns.c.organisation, ("statistics returns", "统计报表")),
    Holder(issued.c.subject, ("what was issued", "已发布的文件")),
    Holder(assessment_confirmations.c.organisation, ("confirmations of an assessment", "考核确认")),
    Holder(dispatch_orders.c.organisation, _ORDERS),
    Holder(dispatch_orders.c.vehicle, _ORDERS),
    Holder(drivers.c.organisation, ("drivers", "驾驶员")),
    Holder(duty_vehicles.c.vehicle, ("entries of the duty list", "值班用车记录")),
    Holder(vehicle_seals.c.vehicle, ("seals", "封存记录")),
    Holder(vehicle_services.c.vehicle, ("services", "维修保养记录")),
    Holder(fuel_card_rows.c.vehicle, ("rows of fuel cards", "加油卡流水")),
)


def held_codes(conn: Connection, codes: Collection[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Of these codes those that are named, each with what names it; one entry a code and kind of rows."""
    asked = sorted(codes)
    found: dict[tuple[str, tuple[str, str]], None] = {}
    for start in range(0, len(asked), _CHUNK):
        some = asked[start : start + _CHUNK]
        for column, rows in HOLDERS:
            query = select(column).where(column.in_(some)).distinct().order_by(column)
            found |= {(code, rows): None for code in conn.execute(query).scalars()}
    yield from found
