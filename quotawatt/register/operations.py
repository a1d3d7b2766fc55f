"""What people do with assets over their life, each as a register made of a register.

A *change* holds from a day on, local at the asset's place, and what held before becomes a former value; a
*correction* says that the row was wrong. Whether the result keeps the rules is for ``editing.judged``.
"""

from bisect import insort
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.register.changes import key_of
from quotawatt.register.model import (
    Asset,
    Binding,
    Building,
    Equipment,
    FormerValue,
    Register,
    Space,
    Vehicle,
)
from quotawatt.register.rows import KINDS, column_of, format_cell, kind_of, records_of
from quotawatt.spans import local_midnight

DISPOSED = "disposed"


def change(register: Register, code: str, values: Mapping[str, Any], day: date) -> Register:
    """The register in which these columns of an asset hold these values from ``day`` on.

    What held on any day before stays. A column that held the value already is left as it is; one that
    changed on this very day changes to this value instead.

    Raises NotFoundError for an unknown code, InputError for what is no column, and StateError where a
    column has a change after ``day``: nobody knows whether that one is still meant (``take_back``).
    """
    asset = _asset(register, code)
    known = register.formers_of(code)
    former = list(known)
    for name, value in values.items():
        _require_column(asset, name)
        former = _changed_column(asset, name, value, day, former)
    gone, new = set(known) - set(former), [f for f in former if f not in known]
    return _with(register, replace(asset, **values), _formers_with(register, code, gone, new))


def correct(register: Register, code: str, values: Mapping[str, Any]) -> Register:
    """The register in which an asset's row says these values: so it was since the columns' last changes.

    Raises NotFoundError for an unknown code and InputError for what is no column.
    """
    asset = _asset(register, code)
    for name in values:
        _require_column(asset, name)
    return _with(register, replace(asset, **values), register.former_values)


def take_back(register: Register, code: str, column: str, day: date) -> Register:
    """The register without the change of a column on ``day``: what held before holds on.

    Raises NotFoundError for an unknown code or where the column did not change on that day.
    """
    asset = _asset(register, code)
    steps = register.history_of(code).get(column, ())
    index = next((i for i, step in enumerate(steps) if step.valid_until == day), None)
    if index is None:
        raise NotFoundError(f"a column must have changed on the day, got {code} {column} {day}")
    kept, ended = steps[index], steps[index + 1].valid_until
    gone = {
        former
        for former in register.formers_of(code)
        if former.attribute == column and former.valid_until in (day, ended)
    }
    if ended is None:
        held = replace(asset, **{column: kept.value})
        return _with(register, held, _formers_with(register, code, gone, []))
    new = [FormerValue(code, column, format_cell(kept.value), ended)]
    return _with(register, asset, _formers_with(register, code, gone, new))


def move_space(
    register: Register,
    code: str,
    organisation: str,
    day: date,
    *,
    post: str = "",
    occupants: int | None = None,
) -> Register:
    """A room goes to another organisation. Who works in it is unknown unless it is said.

    Raises InputError for what is no room, and as ``change`` does.
    """
    _require_kind(register, code, Space)
    values = {"organisation": organisation, "post": post, "occupants": occupants}
    return change(register, code, values, day)


def transfer(
    register: Register,
    code: str,
    organisation: str,
    day: date,
    *,
    building: str | None = None,
    space: str | None = None,
) -> Register:
    """A vehicle, a piece of equipment or a building goes to another organisation.

    building, space
        Where equipment stands then. It does not stand where it stood, and no longer works for what it
        did: where nothing is said that is unknown.

    Raises InputError for anything else, or a place of what has none, and as ``change`` does.
    """
    asset = _require_kind(register, code, Vehicle, Equipment, Building)
    values: dict[str, Any] = {"organisation": organisation}
    if isinstance(asset, Equipment):
        values |= {"building": building, "space": space, "serves": None}
    elif building is not None or space is not None:
        raise InputError(f"only equipment must be given a place, got {building or space!r}")
    return change(register, code, values, day)


def set_status(register: Register, code: str, status: str, day: date) -> Register:
    """An asset goes on to another stage of its life; as ``change``."""
    return change(register, code, {"status": status}, day)


def dispose(
    register: Register, code: str, day: date, zone: ZoneInfo, *, end_bindings: bool = True
) -> Register:
    """An asset is disposed of; it stays in the register, and its code is never another's.

    zone
        Of the day where the asset stands at no site.
    end_bindings
        Whether what feeds it ends with the beginning of the day.

    As ``change``.
    """
    disposed = set_status(register, code, DISPOSED, day)
    if not end_bindings:
        return disposed
    instant = local_midnight(day, register.zone_of_asset(code) or zone)
    return with_binding_changes(
        disposed,
        {b: replace(b, valid_until=instant) for b in open_bindings(disposed, code, instant)},
    )


def open_bindings(register: Register, code: str, instant: datetime) -> tuple[Binding, ...]:
    """Bindings of an asset that hold just before the instant and would go on."""
    return tuple(
        b
        for b in register.bindings_of(code)
        if b.valid_from < instant and (b.valid_until is None or b.valid_until > instant)
    )


def with_binding_changes(register: Register, changed: Mapping[Binding, Binding]) -> Register:
    """The register with other bindings in the places of some; marks of adoption stay."""
    records: dict[str, Any] = dict(records_of(register))
    records["bindings"] = [changed.get(b, b) for b in register.bindings]
    return Register(**records, adopted=[changed.get(b, b) for b in register.adopted])


def _changed_column(
    asset: Asset, name: str, value: Any, day: date, former: list[FormerValue]
) -> list[FormerValue]:
    """The former values of an asset once one column holds another value from ``day`` on."""
    mine = sorted((f for f in former if f.attribute == name), key=lambda f: f.valid_until)
    if mine and mine[-1].valid_until > day:
        rule = f"a change of {asset.code} {name} must not come before the one on {mine[-1].valid_until}"
        raise StateError(f"{rule} (take that one back first), got {day}")
    text, now = format_cell(value), format_cell(getattr(asset, name))
    if mine and mine[-1].valid_until == day:
        return [f for f in former if f != mine[-1]] if mine[-1].value == text else former
    return former if text == now else [*former, FormerValue(asset.code, name, now, day)]


def _asset(register: Register, code: str) -> Asset:
    try:
        return register.assets[code]
    except KeyError:
        raise NotFoundError(f"an asset must be in the register, got {code!r}") from None


def _require_column(asset: Asset, name: str) -> None:
    try:
        known = name != "code" and column_of(kind_of(asset), name)
    except KeyError:
        known = False
    if not known:
        rule = f"what changes must be a column of {kind_of(asset)} other than code"
        raise InputError(f"{rule}, got {name!r}")


def _require_kind(register: Register, code: str, *types: type[Asset]) -> Asset:
    asset = _asset(register, code)
    if not isinstance(asset, types):
        kinds = " or ".join(kind for kind, record in KINDS.items() if record in types)
        raise InputError(f"it must be one of {kinds}, got {code!r} of {kind_of(asset)}")
    return asset


def _formers_with(
    register: Register, code: str, gone: Collection[FormerValue], new: Iterable[FormerValue]
) -> Sequence[FormerValue]:
    """The former values without some of an asset's and with others, which stand where the store has them."""
    formers = list(register.former_values)
    if gone:
        formers = [f for f in formers if f.asset != code or f not in gone]
    for former in new:
        insort(formers, former, key=_former_key)
    return formers


def _former_key(former: FormerValue) -> tuple[Any, ...]:
    return key_of("former_values", former)


def _with(register: Register, asset: Asset, former: Sequence[FormerValue]) -> Register:
    """The register with an asset in the place of the one of its code, and these former values."""
    kind = kind_of(asset)
    records: dict[str, Any] = dict(records_of(register))
    records[kind] = {**getattr(register, kind), asset.code: asset}.values()
    records["former_values"] = former
    return Register(**records, adopted=register.adopted)
