"""The electricity that an asset answers for, day by day: what the tree, targets and accounts count.

    net = bought - passed on + taken over + charged elsewhere

Nothing counts twice. Vehicles that charge at a charger of their organisation draw from the building's own
electricity; only what they charged elsewhere is added:

    elsewhere = max(energy that the vehicles say they charged - energy that the chargers' meters show, 0)

and nothing where a charger has no meter, for then all of it may have been drawn there. Electricity of rooms
that somebody else occupies is passed on (转供电) and deducted; that of rooms which one's own organisations
occupy in others' buildings is added.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.carbon.emissions import ELECTRICITY
from analytics.carbon.reach import CHARGED, PowerReach, power_reach
from analytics.carbon.yeartable import Row, YearTable, inside
from analytics.totals.segments import Segment


@dataclass(frozen=True)
class PowerDays:
    """Electricity of an asset by day of a year [kWh].

    bought
        NaN where it is not known; in all other lines a day that is not known counts nothing.
    passed_on
        Never more than was bought on the day.
    """

    bought: Row
    passed_on: Row
    taken_over: Row
    charged_elsewhere: Row
    charged_at_own: Row

    @property
    def grid(self) -> Row:
        """Grid electricity: drawn, not passed on, and taken over; a day not known counts nothing."""
        return np.nan_to_num(self.bought) - self.passed_on + self.taken_over

    @property
    def net(self) -> Row:
        """All that the asset answers for; NaN where nothing is known of the day."""
        total = self.grid + self.charged_elsewhere
        return np.where(np.isnan(self.bought) & (total == 0), np.nan, total)


def power_days(asset: str, pieces: Sequence[Segment], table: YearTable) -> PowerDays:
    """The electricity of an organisation or building over the days of the pieces, one year's at most."""
    bought = inside(table.row((asset, ELECTRICITY)), pieces, table.year)
    nothing = np.zeros(table.length)
    lines = [nothing, nothing, nothing, nothing]
    for piece in pieces:
        reach = power_reach(asset, piece.register)
        if reach != PowerReach():
            lines = [
                line + more for line, more in zip(lines, _beside(reach, piece, table), strict=True)
            ]
    passed_on, taken_over, elsewhere, charged = lines
    return PowerDays(
        bought=bought,
        passed_on=np.minimum(passed_on, np.nan_to_num(bought)),
        taken_over=taken_over,
        charged_elsewhere=elsewhere,
        charged_at_own=charged - elsewhere,
    )


def _beside(reach: PowerReach, piece: Segment, table: YearTable) -> tuple[Row, Row, Row, Row]:
    """Of one piece what was passed on, taken over, charged elsewhere, and charged in all."""
    charged = table.over(piece, ((v, CHARGED) for v in reach.vehicles))
    return (
        table.over(piece, ((s, ELECTRICITY) for s in reach.passed_on)),
        table.over(piece, ((s, ELECTRICITY) for s in reach.taken_over)),
        charged * _share_elsewhere(reach, charged, piece, table),
        charged,
    )


def _share_elsewhere(reach: PowerReach, charged: Row, piece: Segment, table: YearTable) -> float:
    """The part of the charging that one's own chargers did not give.

    Over the whole piece: a night's charging may end on the next day at one of the two.
    """
    whole = float(charged.sum())
    if reach.chargers is None or whole <= 0:
        return 0.0
    given = float(table.over(piece, ((m, ELECTRICITY) for m in reach.chargers)).sum())
    return max(whole - given, 0.0) / whole
