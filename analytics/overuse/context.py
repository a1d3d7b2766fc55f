"""What a sentence about a subject needs beside the anomaly: its name in words, its quota, its price."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from analytics.overuse.words import LANGUAGES, word, words
from analytics.totals.groups import building_of_item
from quotawatt.hand.entries import asset_of
from quotawatt.measures import measure as measure_named
from quotawatt.register.model import Meter, Register, VirtualMeter
from quotawatt.settings import Language


@dataclass(frozen=True, slots=True)
class Context:
    """About one subject and measure.

    what
        The subject as the middle of a sentence has it, by language (``zh``, ``en``): "the air conditioning
        of Block B".
    is_whole
        Whether it is the use of a place, in which something unknown runs, and not itself what runs.
    unit
        Of the measure: ``kWh``, ``m³``.
    zone
        Whose days the sentence names.
    quota
        The year's quota in ``unit``; None: none is known, and no share is said.
    cny_per_unit
        What a unit costs in the hours concerned; None: no money is said.
    """

    what: Mapping[str, str]
    is_whole: bool
    unit: str
    zone: ZoneInfo
    quota: float | None = None
    cny_per_unit: float | None = None


def context_of(
    register: Register,
    subject: str,
    measure: str,
    zone: ZoneInfo,
    *,
    quota: float | None = None,
    cny_per_unit: float | None = None,
) -> Context:
    """The context of a subject as the register has it; one that it does not know goes by its code."""
    names: dict[str, str] = {
        language: _what(register, subject, measure, language) for language in LANGUAGES
    }
    is_whole = not _item_of(register, subject) and _served(register, subject) is None
    unit = measure_named(measure).unit
    return Context(names, is_whole, unit, zone, quota, cny_per_unit)


def _what(register: Register, subject: str, measure: str, language: Language) -> str:
    served = _served(register, subject)
    meter = register.meters.get(subject) or register.virtual_meters.get(subject)
    around = building_of_item(subject) or ("" if meter is None else meter.building)
    place = _name(register, around or asset_of(subject), language)
    if served is not None:
        if served in register.buildings or served in register.organisations:
            return word(
                "of",
                language,
                what=_use(measure, language),
                place=_name(register, served, language),
            )
        return word("served", language, what=_name(register, served, language), place=place)
    item = _item_of(register, subject)
    if item:
        what = word("of", language, what=_item(item, language), place=place)
        return _told_apart(register, subject, item, what, language)
    what = word("of", language, what=_use(measure, language), place=place)
    if meter is None or _is_only_root(register, meter):
        return what
    return word("with", language, what=what, which=_name(register, subject, language))


def _told_apart(register: Register, subject: str, item: str, what: str, language: Language) -> str:
    """With the meter's own name, where the building has several of the same item."""
    meter = register.meters.get(subject)
    if meter is None:
        return what
    same = [m for m in register.meters_of(meter.building) if m.item == item]
    return (
        what
        if len(same) == 1
        else word("with", language, what=what, which=_name(register, subject, language))
    )


def _is_only_root(register: Register, meter: Meter | VirtualMeter) -> bool:
    """Whether the meter is the one that its building's use of the carrier comes from."""
    if isinstance(meter, VirtualMeter):
        return False
    roots = [
        m
        for m in register.meters_of(meter.building)
        if m.carrier == meter.carrier and m.parent is None
    ]
    return roots == [meter]


def _served(register: Register, subject: str) -> str | None:
    """What a meter serves, where the register knows it."""
    meter = register.meters.get(subject) or register.virtual_meters.get(subject)
    served = None if meter is None else meter.serves
    return served if served in register.assets else None


def _item_of(register: Register, subject: str) -> str:
    """The item of sub-metering that a subject is; empty for what is none."""
    if building_of_item(subject) is not None:
        return subject.rpartition(":")[2]
    meter = register.meters.get(subject)
    return "" if meter is None else meter.item


def _item(item: str, language: Language) -> str:
    """An item in words: its own, or those of what it is within."""
    known = words()["items"]
    name = next((item[:n] for n in range(len(item), 0, -1) if item[:n] in known), None)
    return item if name is None else word("items", language, name)


def _use(measure: str, language: Language) -> str:
    return word("uses", language, measure if measure in words()["uses"] else "other")


def _name(register: Register, code: str, language: Language) -> str:
    asset = register.assets.get(code)
    name = None if asset is None else (asset.name_zh if language == "zh" else asset.name_en)
    return name or code
