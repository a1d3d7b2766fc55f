"""What people do with an asset, as forms: which fields each has, and the operation that it carries out.

Each is done by what the REST routes do it with. A change holds from a day on; a correction says that it was
always so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from api.access import Permit
from api.console.register_fields import (
    Field,
    Filled,
    Wanted,
    cell_text,
    column_field,
    read_columns,
    read_day,
    read_instant,
    read_number,
)
from api.console.register_words import Reader
from api.operation_schemas import Dispose, Move, ReplaceMeter, SetStatus, Transfer
from api.register_keys import record_etag
from api.register_writes import Target, change_deed, change_edit, commit
from api.routes import asset_operations as operations
from api.services import Services
from quotawatt.register.kinds import Asset
from quotawatt.register.operations import DISPOSED, open_bindings
from quotawatt.register.rows import CODED, columns, kind_of
from quotawatt.spans import local_date

Answer = dict[str, Any]
_TRANSFERRED = ("vehicles", "equipment", "buildings")
_END_BINDINGS = "end_bindings"
READINGS = ("end_reading", "start_reading")
"""What the old meter showed at last and the new one at first; no columns of the register."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A form that was sent: for which asset, by whom, with which values."""

    services: Services
    permit: Permit
    asset: Asset
    values: Mapping[str, Any]

    @property
    def code(self) -> str:
        """Of the asset."""
        return self.asset.code


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done with an asset.

    kinds
        Of the assets that it is for.
    dated
        Whether it holds from a day on, which the form asks for.
    run
        Does it; with True only works it out. Answers like the operations of the API.
    """

    kinds: tuple[str, ...]
    dated: bool
    run: Callable[[Asked, bool], Answer]


def _replace(asked: Asked, dry_run: bool) -> Answer:
    body = ReplaceMeter.model_validate({**asked.values, "at": asked.values["at"].isoformat()})
    return operations.replace_a_meter(asked.services, asked.permit, asked.code, body, dry_run)


def _move(asked: Asked, dry_run: bool) -> Answer:
    body = Move.model_validate(asked.values)
    return operations.move_a_room(asked.services, asked.permit, asked.code, body, dry_run)


def _transfer(asked: Asked, dry_run: bool) -> Answer:
    body = Transfer.model_validate(asked.values)
    return operations.transfer_an_asset(asked.services, asked.permit, asked.code, body, dry_run)


def _set_status(asked: Asked, dry_run: bool) -> Answer:
    body = SetStatus.model_validate(asked.values)
    return operations.set_a_status(asked.services, asked.permit, asked.code, body, dry_run)


def _dispose(asked: Asked, dry_run: bool) -> Answer:
    body = Dispose.model_validate(asked.values)
    return operations.dispose_of_an_asset(asked.services, asked.permit, asked.code, body, dry_run)


def _change(asked: Asked, dry_run: bool) -> Answer:
    """Only the columns that differ from what the row says."""
    day = asked.values.get("from")
    cells = {n: v for n, v in asked.values.items() if n != "from" and v != getattr(asked.asset, n)}
    target = Target(kind_of(asked.asset), asked.code, record_etag(asked.asset))
    edit = change_edit(asked.permit, target, cells, day)
    outcome = commit(asked.services, asked.permit, edit, change_deed(target), dry_run=dry_run)
    return operations.operation_answer(asked.services, outcome, applied=not dry_run)


ACTS: Mapping[str, Act] = {
    "replace": Act(("meters",), False, _replace),
    "move": Act(("spaces",), True, _move),
    "transfer": Act(_TRANSFERRED, True, _transfer),
    "change": Act(CODED, True, _change),
    "status": Act(CODED, True, _set_status),
    "dispose": Act(CODED, True, _dispose),
    "correct": Act(CODED, False, _change),
}
"""By the name in the address; in the order of their buttons."""


def acts_of(asset: Asset) -> list[str]:
    """What can be done with an asset; with one that is disposed of hardly anything."""
    if asset.status == DISPOSED:
        return ["status", "correct"]
    return [name for name, act in ACTS.items() if kind_of(asset) in act.kinds]


def wanted_of(name: str, asset: Asset) -> list[Wanted]:
    """The columns that an act's form has fields for."""
    kind = kind_of(asset)
    match name:
        case "replace":
            names = ("device", "channel", "multiplier", "register_size")
            return [Wanted("bindings", column) for column in names]
        case "move":
            return [
                Wanted(kind, "organisation", True),
                Wanted(kind, "post"),
                Wanted(kind, "occupants"),
            ]
        case "transfer":
            place = ("building", "space") if kind == "equipment" else ()
            return [Wanted(kind, column) for column in ("organisation", *place)]
        case "status":
            return [Wanted(kind, "status", True)]
        case "dispose":
            return []
        case "change":
            return [Wanted(kind, column) for column in _columns(kind) if not _has_act(kind, column)]
        case _:
            return [Wanted(kind, column) for column in _columns(kind)]


def _columns(kind: str) -> list[str]:
    return [column.name for column in columns(kind) if column.name != "code"]


def _has_act(kind: str, column: str) -> bool:
    """Whether a column is changed by an act of its own."""
    moved = kind in (*_TRANSFERRED, "spaces") and column == "organisation"
    return moved or column == "status"


def start_values(name: str, asset: Asset, asked: Asked, reader: Reader) -> dict[str, str]:
    """What the fields hold at first: what the asset's row says, and today."""
    now = asked.services.clock()
    today = local_date(now, reader.zone).isoformat()
    values = {"from": today, _END_BINDINGS: "true"}
    if name == "replace":
        local = now.astimezone(reader.zone)
        values |= {"at": local.strftime("%Y-%m-%dT%H:%M"), "multiplier": "1", "start_reading": "0"}
        fed = open_bindings(reader.register, asset.code, now)
        if len({(b.device, b.channel) for b in fed}) == 1:
            values |= {"multiplier": f"{fed[0].multiplier:.12g}"}
        return values
    if name in {"change", "correct", "status"}:
        values |= {column: cell_text(getattr(asset, column)) for column in _columns(kind_of(asset))}
    return values


def fields_of(
    name: str, asset: Asset, asked: Asked, reader: Reader, texts: Mapping[str, str]
) -> list[Field]:
    """The fields of an act's form with these texts."""
    words, found = reader.words, []
    if name == "replace":
        at, end, start = (texts.get(n, "") for n in ("at", "end_reading", "start_reading"))
        found += [
            Field("at", words("field_at"), "datetime-local", at, words("field_at_note"), True),
            Field("end_reading", words("field_end_reading"), "number", end, "", True),
            Field("start_reading", words("field_start_reading"), "number", start, "", True),
        ]
    if ACTS[name].dated:
        note = words("field_from_note")
        found.append(Field("from", words("field_from"), "date", texts.get("from", ""), note, True))
    found += [
        column_field(reader, asked.permit, one, texts.get(one.column, ""))
        for one in wanted_of(name, asset)
    ]
    if name == "dispose":
        checked = "true" if texts.get(_END_BINDINGS) == "true" else ""
        note = words("field_end_bindings_note")
        found.append(Field(_END_BINDINGS, words("field_end_bindings"), "checkbox", checked, note))
    return found


def read_form(
    name: str, asset: Asset, asked: Asked, reader: Reader, form: Mapping[str, str]
) -> Filled:
    """The values of an act's form, each checked by itself."""
    wanted = wanted_of(name, asset)
    if name == "replace":
        # A new meter's columns are not those of the row: one that was not sent is empty, not as before.
        form = {**{one.column: "" for one in wanted}, **form}
    filled = read_columns(reader, asked.permit, wanted, form)
    if ACTS[name].dated:
        read_day(reader, filled, "from", form.get("from", ""))
    if name == "dispose":
        filled.values[_END_BINDINGS] = form.get(_END_BINDINGS) == "true"
    if name == "replace":
        read_instant(reader, filled, "at", form.get("at", ""))
        for reading in READINGS:
            read_number(reader, filled, reading, form.get(reading, ""))
        _check_swap(asset, asked, reader, filled)
    if name in {"change", "correct"} and not filled.errors:
        same = all(getattr(asset, n) == v for n, v in filled.values.items() if n != "from")
        if same:
            filled.errors[""] = reader.words("nothing_changed")
    if ACTS[name].dated and not filled.errors:
        _check_later(name, asset, reader, filled)
    return filled


def _check_swap(asset: Asset, asked: Asked, reader: Reader, filled: Filled) -> None:
    """What the operation would refuse in words that only programmers read."""
    at = filled.values.get("at")
    if at is None:
        return
    if at > asked.services.clock():
        filled.errors["at"] = reader.words("swap_ahead")
        return
    fed = {(b.device, b.channel) for b in open_bindings(reader.register, asset.code, at)}
    if len(fed) != 1:
        filled.errors[""] = reader.words("swap_unfed" if not fed else "swap_several")


def _check_later(name: str, asset: Asset, reader: Reader, filled: Filled) -> None:
    """A change must not come before one that was decided already."""
    day = filled.values["from"]
    history = reader.register.history_of(asset.code)
    touched = _touched(name, asset, filled)
    later = [
        (column, step.valid_from)
        for column in touched
        for step in history.get(column, ())
        if step.valid_from is not None and step.valid_from > day
    ]
    if later:
        column, last = later[-1]
        title = reader.title(kind_of(asset), column)
        filled.errors["from"] = reader.words("changed_later", column=title, day=last)


def _touched(name: str, asset: Asset, filled: Filled) -> list[str]:
    if name == "dispose":
        return ["status"]
    if name == "change":
        return [n for n, v in filled.values.items() if n != "from" and getattr(asset, n) != v]
    return [n for n in filled.values if n != "from"]


def invalid_fields(error: ValidationError) -> list[str]:
    """The fields whose values the operation does not take."""
    return [str(one["loc"][0]) if one["loc"] else "" for one in error.errors()]


def with_errors(fields: list[Field], errors: Mapping[str, str]) -> list[Field]:
    """The fields with what is wrong at each."""
    return [replace(field, error=errors.get(field.name, "")) for field in fields]
