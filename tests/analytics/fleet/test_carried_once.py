"""Charging in the carbon balance and by sessions: the same energy, once."""

import pytest

from analytics.fleet.charger import ChargerSession
from analytics.fleet.reconciling import ChargedAt, OwnCharger, reconcile
from quotawatt.fleet.trips import EventKind, Place, VehicleEvent
from quotawatt.spans import Span
from tests.analytics.carbon.test_tree import tree_of
from tests.analytics.fleet.driving import at

HOME, AWAY = Place(36.65, 117.0), Place(36.85, 117.0)
OWN = OwnCharger("CHG", HOME, (Span(at(-9000), at(9000)),))


@pytest.mark.parametrize(
    ("at_home", "away", "loss", "stranger"),
    [(10, 0, 0, 0), (10, 6, 0, 0), (0, 6, 0, 0), (10, 6, 1, 0), (10, 6, 0, 3), (10, 6, 1, 30)],
)
def test_what_both_saw_is_in_the_balance_once(
    at_home: float, away: float, loss: float, stranger: float
) -> None:
    """Losses and strangers at one's own charger make less of it count as elsewhere, never more."""
    events, sessions = [], []
    if at_home:
        events.append(VehicleEvent("V", EventKind.CHARGING, at(60), at(180), at_home, place=HOME))
        sessions.append(ChargerSession("CHG", at(60), at(180), at_home + loss))
    if away:
        events.append(VehicleEvent("V", EventKind.CHARGING, at(600), at(660), away, place=AWAY))
    if stranger:
        sessions.append(ChargerSession("CHG", at(900), at(1000), stranger))
    matches = reconcile(events, sessions, [OWN])
    by_sessions = sum(m.elsewhere_kwh or 0 for m in matches)
    assert by_sessions == away
    assert sum(m.charger_kwh or 0 for m in matches if m.place is ChargedAt.OWN) == sum(
        s.kwh for s in sessions
    )
    use = {
        ("ORG-1", "electricity_import_kwh"): 100.0,
        ("MTR-CHG", "electricity_import_kwh"): sum(s.kwh for s in sessions),
        ("VEH-1", "charge_energy_kwh"): at_home + away,
    }
    tree = tree_of("ORG-1", use)
    nodes = [n for scope in tree.location.nodes for n in scope.nodes if n.id == "s2.ev_charging"]
    carried = sum(p.amount or 0 for n in nodes for p in n.parts) / 365
    assert carried == pytest.approx(max(by_sessions - loss - stranger, 0))
    assert carried <= by_sessions
    assert tree.memo["charged_at_own_kwh"] / 365 == pytest.approx(at_home + away - carried)
