"""Trips while messages come in: bounded state, and the same trips as from all messages at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from analytics.fleet.arrays import last_told
from analytics.fleet.cleaning import clean
from analytics.fleet.parameters import DEFAULTS, FleetParameters
from analytics.fleet.segmenting import Segments, segment
from analytics.fleet.track import Track, instant, joined, microseconds
from quotawatt.findings import Finding
from quotawatt.fleet.trips import Trip

FIRST = datetime(1970, 1, 1, 0, 0, 0).astimezone
