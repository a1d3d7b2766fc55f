"""Shapes of the tree of use."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class TreeLine(BaseModel):
    """A node of the tree with what it used."""

    subject: str = Field(description="What `/consumption` takes: a code, or BUILDING/item:ITEM")
    kind: str = Field(examples=["building", "meter", "virtual_meter", "space", "item", "by_hand"])
    name_zh: str
    name_en: str
    parent: str | None = Field(description="Null for the one that was asked for")
    depth: int = Field(description="0 for the one that was asked for")
    adds_up: bool = Field(
        description="Part of its parent's sum; false: another view of it (virtual meter, room, item)"
    )
    use: float | None = Field(description="In the measure's unit; null: nothing is known")
    coverage: float = Field(description="Share of the days that rests on measurements, 0..1")
    estimated: float | None = Field(description="Share of the use that is estimated, 0..1")
    gap: float | None = Field(
        description="Use less that of the children that add up to it; null where these are not known"
    )
    gap_pct: float | None = Field(description="The gap in percent of the use")


class ConsumptionTree(BaseModel):
    """Use down the tree, a parent before its children."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "subject": "BLD-1",
                "measure": "electricity_import_kwh",
                "unit": "kWh",
                "from": "2022-12-31T16:00:00Z",
                "until": "2023-01-31T16:00:00Z",
                "timezone": "Asia/Shanghai",
                "items": [
                    {
                        "subject": "BLD-1",
                        "kind": "building",
                        "name_zh": "一号楼",
                        "name_en": "Building 1",
                        "parent": None,
                        "depth": 0,
                        "adds_up": True,
                        "use": 5120.5,
                        "coverage": 1.0,
                        "estimated": 0.0,
                        "gap": 0.0,
                        "gap_pct": 0.0,
                    }
                ],
            }
        }
    )

    subject: str
    measure: str
    unit: str
    from_: datetime = Field(serialization_alias="from")
    until: datetime
    timezone: str = Field(description="Whose days are meant: the subject's")
    items: list[TreeLine]
