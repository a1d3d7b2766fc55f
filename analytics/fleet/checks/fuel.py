"""Consumption above the vehicle's quota, fuel that did not fit or did not arrive, fuel that was lost."""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from analytics.fleet.checks.facts import MonthSum
from analytics.fleet.checks.subject import Subject, minutes_of
from quotawatt.fleet.cards import FuelCard
from quotawatt.fleet.trips import Deviation, EventKind, VehicleEvent
from quotawatt.rulebook.vehicle_rules import VehicleRule
from quotawatt.spans import INSTANT, Span, month_span

_FULL_PCT = 100.0
_LEVELS = ("fuel_level_pct", "fuel_level_l")
MATCHED_WITHIN = timedelta(minutes=60)
"""A card's row and a rise of the level within this are one filling: both clocks may be off."""


def over_quota(rule: VehicleRule, subject: Subject) -> Iterator[Deviation]:
    """Whole months in which the vehicle used more than its quota. Value: per 100 km.

    Only over enough kilometres whose fuel or electricity is known, and enough of all its kilometres.
    """
    vehicle = subject.vehicle
    for month in subject.months:
        span = month_span(month.month, subject.zone)
        litres = "L/100 km", vehicle.quota_l_per_100km, month.fuel_l, month.fuelled_km
        kwh = "kWh/100 km", vehicle.quota_kwh_per_100km, month.electricity_kwh, month.charged_km
        for unit, quota, amount, km in (litres, kwh):
            if quota is None or span.end > subject.now or not _enough(rule, month, km):
                continue
            per_100km = 100 * amount / km
            if per_100km > quota * (1 + rule.number("over_pct") / 100):
                yield subject.found(
                    rule,
                    span,
                    value=per_100km,
                    limit=quota,
                    unit=unit,
                    month=f"{month.month:%Y-%m}",
                    amount=amount,
                    known_km=km,
                    distance_km=month.distance_km,
                    over_pct=100 * (per_100km / quota - 1),
                )


def overfilled(rule: VehicleRule, subject: Subject) -> Iterator[Deviation]:
    """Litres filled or billed beyond what the tank could take. Value: litres.

    What was in it is known where its level was told before the filling; else the whole tank counts.
    """
    tank_l = subject.vehicle.tank_l
    if tank_l is None:
        return
    seen = [(e, None) for e in subject.events(EventKind.REFUELLING)]
    billed = [(_filling_of(card, subject), card) for card in subject.cards]
    for event, card in [*seen, *billed]:
        litres = card.litres if card is not None else event.amount if event is not None else None
        before = None if event is None else event.before
        room = tank_l * (_FULL_PCT - (before or 0.0) + rule.number("over_pct")) / 100
        if litres is None or litres <= room:
            continue
        when = Span(card.time, card.time) if card is not None else _span(event)
        yield subject.found(
            rule,
            when,
            value=litres,
            limit=room,
            unit="L",
            place=None if event is None else event.place,
            tank_l=tank_l,
            before_pct=before,
            more=_card(card),
        )


def card_not_in_tank(rule: VehicleRule, subject: Subject) -> Iterator[Deviation]:
    """Rows of cards whose litres the tank's level did not show. Value: litres billed; limit: litres seen.

    Only where the level was told before and after the row's time.
    """
    around = minutes_of(rule.number("minutes"))
    for card in subject.cards:
        event = _filling_of(card, subject)
        seen_l = None if event is None else event.amount
        if event is None and _level_told(card, around, subject):
            seen_l = 0.0
        if seen_l is None or card.litres - seen_l <= rule.number("over_l"):
            continue
        yield subject.found(
            rule,
            Span(card.time, card.time),
            value=card.litres,
            limit=seen_l,
            unit="L",
            place=None if event is None else event.place,
            missing_l=card.litres - seen_l,
            more=_card(card),
        )


def fuel_drop(rule: VehicleRule, subject: Subject) -> Iterator[Deviation]:
    """Levels that fell while nothing was consumed: theft or a leak. Value: litres."""
    for event in subject.events(EventKind.FUEL_DROP):
        if event.amount is not None and event.amount >= rule.number("least_l"):
            yield subject.found(
                rule,
                Span(event.start, event.end),
                value=event.amount,
                limit=rule.number("least_l"),
                unit="L",
                place=event.place,
                before_pct=event.before,
                after_pct=event.after,
            )


def _enough(rule: VehicleRule, month: MonthSum, known_km: float) -> bool:
    """Whether enough kilometres are known, in km and as a share of the month's."""
    share = rule.number("least_known_pct") / 100
    return known_km > 0 and known_km >= max(rule.number("least_km"), share * month.distance_km)


def _filling_of(card: FuelCard, subject: Subject) -> VehicleEvent | None:
    """The nearest refuelling that was seen around a row's time; None: none was."""
    near = [
        (max(event.start - card.time, card.time - event.end, timedelta(0)), event.start, event)
        for event in subject.events(EventKind.REFUELLING)
    ]
    if not near or min(near, key=lambda n: n[:2])[0] > MATCHED_WITHIN:
        return None
    return min(near, key=lambda n: n[:2])[2]


def _level_told(card: FuelCard, around: timedelta, subject: Subject) -> bool:
    """Whether the level was told both before and after the time of a row."""
    before, after = Span(card.time - around, card.time), Span(card.time, card.time + around)
    for span in (before, after):
        track = subject.facts.track(subject.vehicle.code, Span(span.start, span.end + INSTANT))
        if track is None or not any(np.isfinite(track.column(n)).any() for n in _LEVELS):
            return False
    return True


def _span(event: VehicleEvent | None) -> Span:
    assert event is not None
    return Span(event.start, event.end)


def _card(card: FuelCard | None) -> dict[str, str | float | int | None]:
    if card is None:
        return {}
    return {"card_end": card.card[-4:], "station": card.station or None, "cost_cny": card.cost_cny}
