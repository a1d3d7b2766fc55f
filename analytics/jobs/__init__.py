"""The analyser: brings results up to date with what was touched. Only here analytics uses the stores."""

from analytics.jobs.analyser import Analyser
from analytics.jobs.turn import AnalyseReport

__all__ = ["AnalyseReport", "Analyser"]
