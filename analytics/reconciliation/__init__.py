"""Books against reality: where register and telemetry contradict each other. Pure, one module a family."""

from analytics.reconciliation.limits import Limits
from analytics.reconciliation.making import make_world
from analytics.reconciliation.reconcile import reconcile
from analytics.reconciliation.undated import undated_changes
from analytics.reconciliation.world import SeenDevice, World

__all__ = ["Limits", "SeenDevice", "World", "make_world", "reconcile", "undated_changes"]
