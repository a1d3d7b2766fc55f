"""Before a purchase: what of the pool, or of what stands idle, would do instead.

Pure: offers and idle assets in, ranked matches out. The words of kinds are data (``asset_kinds``).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from quotawatt.errors import InputError
from quotawatt.register.model import Equipment, Register, Space, Vehicle
from quotawatt.rulebook.norms import AssetKind

MAX_QUANTITY = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody would buy.

    kind
        A kind of equipment or use of a room, as identifier or in the words people have for it.
    organisation
        Who needs it; what is near in the tree of regions comes first.
    least_power_kw, least_area_m2
        None: any.
    """

    kind: str
    organisation: str
    quantity: int = 1
    least_power_kw: float | None = None
    least_area_m2: float | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """An asset that would do, or might.

    offer
        Number of its offer; None: it stands idle and nobody has offered it yet.
    reasons
        One each of: ``kind`` or ``name`` (what it goes by); ``power`` or ``power_unknown`` and ``area`` or
        ``area_unknown``, where asked for; ``own``, ``near`` or ``far``; ``offered`` or ``not_offered``.
    steps_away
        Through the tree of regions, from who needs it to who holds it.
    """

    asset: str
    offer: int | None
    holder: str
    reasons: tuple[str, ...]
    steps_away: int


def kinds_called(word: str, kinds: Iterable[AssetKind]) -> list[AssetKind]:
    """The kinds that people call so: several where a word is wide (打印机 is any printer)."""
    return [kind for kind in kinds if kind.is_called(word)]


def match(
    wanted: Wanted,
    register: Register,
    kinds: Collection[AssetKind],
    offers: Mapping[str, int],
    idle: Collection[str],
) -> tuple[Match, ...]:
    """What fits, best first: offered before not offered, known before unknown fit, near before far.

    register
        As it stands now.
    offers
        Numbers of the offers that can be asked for, by asset.
    idle
        Codes of assets that stand idle.

    A word that no kind has is looked for in kinds and names as they are. The organisation's own assets
    come too where they stand idle: nothing is nearer. Raises InputError for a word or number that asks for
    nothing.
    """
    _require(wanted)
    called = kinds_called(wanted.kind, kinds)
    found = []
    for code in sorted({*offers, *idle}):
        asset = register.assets.get(code)
        holder = register.organisation_of(code)
        if not isinstance(asset, Equipment | Space | Vehicle) or holder is None:
            continue
        if code in offers and holder == wanted.organisation:
            continue
        by = _called_by(asset, wanted.kind, called)
        sizes = _sizes(asset, wanted)
        if by is not None and sizes is not None:
            away = _steps_away(wanted.organisation, holder, register)
            reasons = (by, *sizes, _nearness(away), "offered" if code in offers else "not_offered")
            found.append(Match(code, offers.get(code), holder, reasons, away))
    return tuple(sorted(found, key=_rank))


def _require(wanted: Wanted) -> None:
    if not wanted.kind.strip():
        raise InputError(f"a search must name a kind, got {wanted.kind!r}")
    if not 1 <= wanted.quantity <= MAX_QUANTITY:
        raise InputError(f"a quantity must be 1 to {MAX_QUANTITY}, got {wanted.quantity}")


def _called_by(
    asset: Equipment | Space | Vehicle, word: str, called: Sequence[AssetKind]
) -> str | None:
    """``kind`` where the asset's kind or use is one that is called so, ``name`` where its name says it."""
    if isinstance(asset, Space):
        what, kind = "space", asset.use
    else:
        what, kind = ("equipment" if isinstance(asset, Equipment) else "vehicle"), asset.kind
    if any(k.asset == what and k.id == kind for k in called):
        return "kind"
    sought = word.strip().casefold()
    if called or not sought:
        return None
    names = f"{kind}\n{asset.name_zh}\n{asset.name_en}".casefold()
    return "name" if sought in names else None


def _sizes(asset: Equipment | Space | Vehicle, wanted: Wanted) -> tuple[str, ...] | None:
    """What is said of power and area; None where one is known to be too small."""
    power = asset.rated_power_kw if isinstance(asset, Equipment) else None
    area = asset.area_m2 if isinstance(asset, Space) else None
    said: list[str] = []
    asked = (("power", wanted.least_power_kw, power), ("area", wanted.least_area_m2, area))
    for name, least, size in asked:
        if least is None:
            continue
        if size is None:
            said.append(f"{name}_unknown")
        elif size < least:
            return None
        else:
            said.append(name)
    return tuple(said)


def _steps_away(mine: str, theirs: str, register: Register) -> int:
    """Steps through the tree of regions from one organisation to the other; far where nothing joins them."""
    upwards = list(_upwards(mine, register))
    for steps, code in enumerate(_upwards(theirs, register)):
        if code in upwards:
            return steps + upwards.index(code)
    return len(register.organisations) + 1


def _upwards(code: str, register: Register) -> Iterator[str]:
    seen: set[str] = set()
    step: str | None = code
    while step is not None and step in register.organisations and step not in seen:
        seen.add(step)
        yield step
        step = register.organisations[step].region_parent


def _nearness(steps: int) -> str:
    """0: one's own; 1 or 2: parent, child or sibling."""
    if steps == 0:
        return "own"
    return "near" if steps <= 2 else "far"


def _rank(found: Match) -> tuple[bool, bool, int, int, str]:
    unknown = sum(reason.endswith("_unknown") for reason in found.reasons)
    own = found.steps_away == 0
    return (
        found.offer is None and not own,
        "name" in found.reasons,
        unknown,
        found.steps_away,
        found.asset,
    )
