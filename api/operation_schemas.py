"""What the operations on assets take and answer."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from api.register_schemas import text_only
from quotawatt.register.recomputation import Recomputation as Described
from quotawatt.settings import Language

Day = Annotated[date, BeforeValidator(text_only)]
Code = Annotated[str, Field(min_length=1, max_length=64)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
FROM = Field(alias="from", description="The first day on which it is so, local at its place")


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ReplaceMeter(_Body):
    """The old meter was taken out and a new one put in."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "at": "2024-05-06T10:30:00+08:00",
                "device": "meter-00993",
                "end_reading": 48211.5,
                "start_reading": 0.0,
                "multiplier": 80.0,
                "register_size": 1000000.0,
            }
        }
    )

    at: Annotated[AwareDatetime, BeforeValidator(text_only)] = Field(
        description="When the old one stopped and the new one began to count"
    )
    device: str = Field(min_length=1, max_length=128, description="Of the new meter")
    channel: str = Field(default="", max_length=64, description="Of the new meter")
    end_reading: Number = Field(ge=0, description="What the old one showed, before the multiplier")
    start_reading: Number = Field(ge=0, description="What the new one showed")
    multiplier: Number = Field(default=1.0, gt=0, description="CT × PT (倍率) of the new one")
    register_size: Number | None = Field(
        default=None, gt=0, description="The first value that the new one cannot show"
    )


class Move(_Body):
    """A room goes to another organisation."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"organisation": "ORG-2", "from": "2024-07-01", "occupants": 2}
        }
    )

    organisation: Code
    from_: Day = FROM
    post: str = Field(default="", max_length=64, description="Of those who work in it from then on")
    occupants: Annotated[int, Field(strict=True, ge=0, le=100_000)] | None = Field(
        default=None, description="How many work in it from then on; null: unknown"
    )


class Transfer(_Body):
    """A vehicle, a piece of equipment or a building goes to another organisation."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"organisation": "ORG-2", "from": "2024-07-01"}}
    )

    organisation: Code
    from_: Day = FROM
    building: Code | None = Field(default=None, description="Where equipment stands from then on")
    space: Code | None = Field(default=None, description="The room in which it stands then")


class SetStatus(_Body):
    """An asset goes on to another stage of its life."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"status": "idle", "from": "2024-07-01"}}
    )

    status: Literal["planned", "in_use", "idle", "transferred", "disposed"]
    from_: Day = FROM


class Dispose(_Body):
    """An asset is disposed of. It stays in the register, and its code is never another's."""

    model_config = ConfigDict(json_schema_extra={"example": {"from": "2024-07-01"}})

    from_: Day = FROM
    end_bindings: Annotated[bool, Field(strict=True)] = Field(
        default=True, description="Whether what feeds it ends with the beginning of the day"
    )


class Recomputation(BaseModel):
    """Which results are computed anew."""

    text: str = Field(
        description="In a sentence, in the language asked for or that of the settings"
    )
    start: datetime | None = Field(
        description="The earliest instant; null: nothing is computed anew"
    )
    channels: int = Field(description="Of devices, whose readings are taken in anew")
    assets: int = Field(description="That these feed")
    totals: int = Field(description="Of buildings and organisations that these are in")


def recomputation_item(anew: Described, language: Language, zone: ZoneInfo) -> dict[str, Any]:
    """What is computed anew, as ``Recomputation`` has it; the times of its text are in ``zone``."""
    return {
        "text": anew.text(language, zone),
        "start": anew.start,
        "channels": len(anew.channels),
        "assets": len(anew.assets),
        "totals": len(anew.totals),
    }


class OperationAnswer(BaseModel):
    """What an operation changes, or would change."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "applied": True,
                "before": {"vehicles": [{"code": "VEH-7", "status": "in_use"}]},
                "after": {"vehicles": [{"code": "VEH-7", "status": "idle"}]},
                "recomputation": {
                    "text": "Nothing is computed anew.",
                    "start": None,
                    "channels": 0,
                    "assets": 0,
                    "totals": 0,
                },
            }
        }
    )

    applied: bool = Field(description="Whether it was done; else only worked out")
    before: dict[str, list[dict[str, Any]]] = Field(description="Records that change, by kind")
    after: dict[str, list[dict[str, Any]]] = Field(description="What they become, and new ones")
    recomputation: Recomputation
