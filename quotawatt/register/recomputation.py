"""What a change of the register will have computed anew, for whoever is about to make it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from quotawatt.register.changes import affected
from quotawatt.register.formulas import codes_in
from quotawatt.register.model import Register
from quotawatt.settings import Language

_NOTHING = ("不需要重新计算。", "Nothing is computed anew.")
_SOMETHING = (
    "自 {start} 起重新计算：{assets} 个资产（{channels} 个采集通道）及其上级 {totals} 个合计。",
    "Computed anew from {start} on: {assets} assets ({channels} channels of devices) and the {totals} totals"
    " that they are in.",
)


@dataclass(frozen=True, slots=True)
class Recomputation:
    """What results no longer follow the register.

    start
        The earliest instant (UTC) from which they do not; None: all do.
    channels
        Devices and channels whose readings are taken in anew.
    assets
        Codes of the assets that these feed, sorted.
    totals
        Codes of the buildings, organisations, virtual meters and rooms that these are in, or were, sorted.
    """

    start: datetime | None
    channels: tuple[tuple[str, str], ...]
    assets: tuple[str, ...]
    totals: tuple[str, ...]

    def text(self, language: Language, zone: ZoneInfo) -> str:
        """One sentence; times in ``zone``."""
        chinese = language == "zh"
        if self.start is None:
            return _NOTHING[0 if chinese else 1]
        return _SOMETHING[0 if chinese else 1].format(
            start=f"{self.start.astimezone(zone):%Y-%m-%d %H:%M}",
            assets=len(self.assets),
            channels=len(self.channels),
            totals=len(self.totals),
        )


def describe_recomputation(before: Register, after: Register) -> Recomputation:
    """What will be computed anew once ``after`` is stored in the place of ``before``."""
    found = list(affected(before, after))
    fed: set[str] = set()
    made_of_others: set[str] = set()
    for device, channel, _ in found:
        bindings = (*before.bindings_on(device, channel), *after.bindings_on(device, channel))
        fed.update(binding.asset for binding in bindings)
        if not bindings:
            made_of_others.add(device.removeprefix("asset:"))
    totals = {
        total
        for register in (before, after)
        for code in (*fed, *made_of_others)
        for total in _totals_above(register, code)
    }
    return Recomputation(
        start=min((start for _, _, start in found), default=None),
        channels=tuple(
            sorted({(d, c) for d, c, _ in found if d.removeprefix("asset:") not in made_of_others})
        ),
        assets=tuple(sorted(fed - totals)),
        totals=tuple(sorted(totals)),
    )


def _totals_above(register: Register, code: str) -> Iterator[str]:
    asset = register.assets.get(code)
    building = code if code in register.buildings else getattr(asset, "building", None)
    if building is not None:
        yield building
    meter = register.meters.get(code) or register.virtual_meters.get(code)
    if meter is not None and meter.serves in register.spaces:
        yield str(meter.serves)
    for other in register.mentioning(code):
        virtual = register.virtual_meters.get(other)
        if virtual is not None and code in codes_in(virtual.formula):
            yield other
    organisation = register.organisation_of(code)
    yield from register.path_of(organisation, "region")
    yield from register.path_of(organisation, "system")
