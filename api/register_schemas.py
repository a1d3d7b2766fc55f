"""Shapes of the register's records over HTTP, made of its columns: there is one source of what they are."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic import create_model as make

from api.register_examples import EXAMPLES
from api.register_keys import address_key, cells_of, record_etag
from quotawatt.register.headings import headings
from quotawatt.register.rows import KEYS, KINDS, Column, Record, columns
from quotawatt.register.rules import POSITIVE, RANGES, VOCABULARIES

RESERVED = ("search", "under", "tree", "as_of", "sort", "limit", "offset")
"""Parameters of a listing beside the columns; no column goes by such a name."""


def text_only(value: Any) -> Any:
    """Dates are text in JSON; a bare number would be taken for seconds since 1970."""
    if not isinstance(value, str | date):
        raise ValueError("must be text in ISO 8601")
    return value


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("must be a time that exists in UTC") from None


_TYPES: Mapping[type, Any] = {
    str: Annotated[str, Field(strict=True)],
    float: Annotated[float, Field(strict=True, allow_inf_nan=False)],
    int: Annotated[int, Field(strict=True, ge=-999_999_999, le=999_999_999)],
    bool: Annotated[bool, Field(strict=True)],
    date: Annotated[date, BeforeValidator(text_only)],
    datetime: Annotated[AwareDatetime, BeforeValidator(text_only), AfterValidator(_in_utc)],
}


@cache
def item_model(kind: str) -> type[BaseModel]:
    """A record as it is answered: its key and tag, then all its columns."""
    fields: dict[str, Any] = {
        "key": (str, Field(description="By what it goes in an address")),
        "etag": (str, Field(description="Of this content; a change must name it in `If-Match`")),
    }
    for column in columns(kind):
        fields[column.name] = (_annotation(column), Field(**_about(kind, column)))
    return make(_name(kind), __config__=_config(item_of(kind, EXAMPLES[kind])), **fields)


@cache
def page_model(kind: str) -> type[BaseModel]:
    """A page of records."""
    item: Any = item_model(kind)
    total = (int, Field(description="Records that fit, on all pages"))
    return make(f"{_name(kind)}Page", total=total, items=(list[item], ...))


@cache
def input_model(kind: str) -> type[BaseModel]:
    """A record as it is handed in: all its columns, of which those with a default may be left out."""
    fields: dict[str, Any] = {}
    for column in columns(kind):
        about = _about(kind, column)
        if not column.required:
            about["default"] = column.default
        elif column.type is str:
            about["min_length"] = 1
        fields[column.name] = (_annotation(column), Field(**about))
    return make(f"{_name(kind)}Input", __config__=_config(cells_of(EXAMPLES[kind])), **fields)


@cache
def change_model(kind: str) -> type[BaseModel]:
    """Some columns of a record, none of those that its key is made of."""
    fields: dict[str, Any] = {}
    for column in columns(kind):
        if column.name not in KEYS[kind]:
            # What is left out is told by ``model_fields_set``; the description shows no default for it.
            about = {**_about(kind, column), "default_factory": _nothing}
            fields[column.name] = (_annotation(column), Field(**about))
    last = next(reversed(fields))
    example = {last: cells_of(EXAMPLES[kind])[last]}
    return make(f"{_name(kind)}Change", __config__=_config(example), **fields)


@cache
def query_model(kind: str) -> type[BaseModel]:
    """The parameters of a listing: a column's value, and those of ``RESERVED``."""
    fields: dict[str, Any] = {
        column.name: (
            str | None,
            Field(default=None, max_length=500, description=f"Only with this {column.name}"),
        )
        for column in columns(kind)
    }
    names = tuple(column.name for column in columns(kind))
    orders: Any = Literal[names + tuple(f"-{name}" for name in names)]
    return make(f"{_name(kind)}Query", __base__=ListQuery, sort=(orders | None, _SORT), **fields)


class ListQuery(BaseModel):
    """What every listing of the register takes."""

    model_config = ConfigDict(extra="forbid")

    search: str = Field(
        default="", max_length=100, description="Part of any text of the record, in either language"
    )
    under: str | None = Field(
        default=None, description="Only what this organisation and those below it answer for"
    )
    tree: Literal["region", "system"] = Field(
        default="region", description="By which parents `under` is meant: 属地 or 主管部门"
    )
    as_of: str | None = Field(
        default=None, description="The values of this day, YYYY-MM-DD; default: the present ones"
    )
    limit: int = Field(default=100, ge=1, le=1000, description="Rows of one page")
    offset: int = Field(default=0, ge=0, le=10_000_000, description="Rows left out before it")
    sort: str | None = None


_SORT = Field(default=None, description="Column to order by; with - before it: backwards")


def item_of(kind: str, record: Record) -> dict[str, Any]:
    """A record as it is answered, as plain JSON."""
    return {
        "key": address_key(kind, record),
        "etag": record_etag(record),
        **cells_of(record),
    }


def _name(kind: str) -> str:
    return f"Register{KINDS[kind].__name__}"


def _config(example: Mapping[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"example": dict(example)})


def _annotation(column: Column) -> Any:
    plain = _TYPES[column.type]
    return plain if column.required or column.default is not None else plain | None


def _about(kind: str, column: Column) -> dict[str, Any]:
    """What the description says of a column: unit, words, range, length. The register's rules check them."""
    heading = headings(kind)[column.name]
    unit = f" In {heading.unit}." if heading.unit else ""
    about: dict[str, Any] = {"description": f"{heading.zh}. {heading.note('en')}{unit}"}
    if column.length is not None:
        about["max_length"] = column.length
    place = (kind, column.name)
    extra: dict[str, Any] = {}
    if place in VOCABULARIES:
        extra["enum"] = list(VOCABULARIES[place])
    if place in POSITIVE:
        extra["exclusiveMinimum"] = 0
    if place in RANGES and column.type in (int, float):
        extra["minimum"], extra["maximum"] = RANGES[place]
    return {**about, "json_schema_extra": extra}


def _nothing() -> None:
    return None
