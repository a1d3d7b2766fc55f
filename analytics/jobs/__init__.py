"""The analyser and the check of books against telemetry. Only here analytics uses the stores."""

from analytics.jobs.analyser import Analyser
from analytics.jobs.reconciling import Reconciler
from analytics.jobs.turn import AnalyseReport

__all__ = ["AnalyseReport", "Analyser", "Reconciler"]
