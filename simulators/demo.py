"""The demo's messages in order of time, for 2023 and on into the years after."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count

import numpy as np

from quotawatt.clock import require_utc
from quotawatt.spans import local_date, local_midnight
from simulators.dialects import Message
from simulators.sources import demo_sources
from simulators.timeline import DEMO_START, ZONE
from simulators.world import World, build_world

DEFAULT_SEED = 2672
YEAR_START = local_midnight(DEMO_START, ZONE)

# Messages are sent up to a minute after their last sample, so the year's last ones come after its end.
YEAR_CLOSED = local_midnight(date(DEMO_START.year + 1, 1, 1), ZONE) + timedelta(minutes=5)


def demo_world(seed: int = DEFAULT_SEED, year: int = DEMO_START.year) -> World:
    """The world to the local end of ``year``."""
    return build_world(seed, date(year + 1, 1, 1))


def demo_messages(
    since: datetime = YEAR_START, until: datetime = YEAR_CLOSED, seed: int = DEFAULT_SEED
) -> Iterator[Message]:
    """Messages sent within ``[since, until)``, in order of time.

    Each comes within a minute of its last sample: what was sampled up to a midnight has been sent
    one minute after it.
    """
    until = require_utc(until, "until")
    for message in live_messages(since, seed):
        if message.time >= until:
            return
        yield message


def live_messages(since: datetime, seed: int = DEFAULT_SEED) -> Iterator[Message]:
    """Messages sent from ``since`` on, without end, in order of time."""
    since = max(require_utc(since, "since"), YEAR_START)
    for year in count(local_date(since, ZONE).year):
        # One world serves into the next January; it reaches further, so that what starts before its
        # last message and ends after it (charging over night) is whole.
        until = local_midnight(date(year + 1, 1, 8), ZONE)
        yield from _in_order(build_world(seed, date(year + 1, 1, 15)), since, until)
        since = max(since, until)


def _in_order(world: World, since: datetime, until: datetime) -> Iterator[Message]:
    sources = demo_sources(world)
    times = np.concatenate([source.times_s for source in sources])
    owners = np.concatenate([np.full(len(s.times_s), i) for i, s in enumerate(sources)])
    numbers = np.concatenate([np.arange(len(s.times_s)) for s in sources])
    within = (times >= since.timestamp()) & (times < until.timestamp())
    order = np.flatnonzero(within)[np.argsort(times[within], kind="stable")]
    for time, owner, number in zip(
        times[order].tolist(), owners[order].tolist(), numbers[order].tolist(), strict=True
    ):
        body = sources[owner].body(number)
        yield Message(datetime.fromtimestamp(time, UTC), *body)
