"""What is exchanged, as models: their JSON schema is committed beside them, versioned in its name.

A version is never changed once it was used: what is added or dropped makes the next one. Unknown keys are
refused, and every fault of a document is told at once.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from quotawatt.errors import InputError

RETURN_1 = "quotawatt.return/1"
MONTH_1 = "quotawatt.month/1"

Code = Annotated[str, Field(min_length=1, max_length=64)]
Name = Annotated[str, Field(max_length=256)]
Quality = Literal["measured", "estimated", "missing", "by_hand"]
Amount = Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)]


class Strict(BaseModel):
    """Refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FormOf(Strict):
    """Which form a return is on. ``code`` empty: its number is not known."""

    id: Code
    version: Annotated[str, Field(min_length=1, max_length=32)]
    code: Annotated[str, Field(max_length=64)] = ""


class OrganisationOf(Strict):
    """Whose it is, by the code that both platforms know it by."""

    code: Code
    name_zh: Name
    name_en: Name
    kind: Code
    level: Code


class FigureOf(Strict):
    """A cell. ``value`` null: not known, never zero. ``energy``: code of the energy, where it is one."""

    cell: Annotated[str, Field(min_length=1, max_length=160)]
    value: Amount | Annotated[str, Field(max_length=200)] | None
    unit: Annotated[str, Field(max_length=16)]
    decimals: Annotated[int, Field(ge=0, le=6)]
    quality: Quality
    coverage: Annotated[float, Field(ge=0, le=1)]
    energy: Annotated[str, Field(pattern=r"^(\d{2})?$")] = ""


class ReturnDocument(Strict):
    """An accepted return.

    number, sha256
        Of the snapshot at the platform that sends it: the same number is sent once, whatever the tries.
    corrects
        Number of the snapshot that this one corrects; empty: none.
    """

    schema_: Annotated[Literal["quotawatt.return/1"], Field(alias="schema")]
    number: Annotated[str, Field(min_length=1, max_length=160)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    corrects: Annotated[str, Field(max_length=160)] = ""
    form: FormOf
    organisation: OrganisationOf
    period: Annotated[str, Field(pattern=r"^\d{4}(-Q[1-4])?$")]
    issued_at: AwareDatetime
    figures: Annotated[list[FigureOf], Field(min_length=1, max_length=5000)]
    by_hand: dict[str, str] = Field(default_factory=dict)


class UseOf(Strict):
    """What was used of one carrier in a month, with how well it is known."""

    measure: Code
    unit: Annotated[str, Field(max_length=16)]
    value: float
    coverage: Annotated[float, Field(ge=0, le=1)]
    energy: Annotated[str, Field(pattern=r"^(\d{2})?$")] = ""


class MonthDocument(Strict):
    """What an institution used in a month, by itself and all below it; as the data have it now."""

    schema_: Annotated[Literal["quotawatt.month/1"], Field(alias="schema")]
    organisation: OrganisationOf
    month: Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
    as_of: datetime
    uses: list[UseOf]


MODELS: Mapping[str, type[BaseModel]] = MappingProxyType(
    {RETURN_1: ReturnDocument, MONTH_1: MonthDocument}
)
"""Model by the name of its schema."""


def schema_text(name: str) -> str:
    """The JSON schema of this name, as it is committed."""
    schema = {"$id": name, **MODELS[name].model_json_schema(by_alias=True)}
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def read_return_document(raw: Mapping[str, Any]) -> ReturnDocument:
    """A return from plain JSON. Raises InputError with every fault, a line each: place, rule, value."""
    try:
        return ReturnDocument.model_validate(raw)
    except ValidationError as error:
        lines = [
            f"{'.'.join(str(step) for step in fault['loc'])}: {fault['msg']}, "
            f"got {_short(fault['input'])}"
            for fault in error.errors(include_url=False)
        ]
        raise InputError("\n".join(lines)) from None


def _short(value: object) -> str:
    said = repr(value)
    return said if len(said) <= 80 else f"{said[:77]}..."
