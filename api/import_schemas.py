"""Shapes of what an import of the register answers."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.operation_schemas import Recomputation


class ImportProblem(BaseModel):
    """A rule that something in the file breaks."""

    sheet: str
    row: int | None = Field(description="From 1, the header included; null: the sheet as a whole")
    column: str | None
    cell: str | None = Field(examples=["F5"])
    rule: str = Field(description="Which rule, as a stable word", examples=["number"])
    text: str = Field(description="Place, rule and value in the language asked for")


class ColumnDifference(BaseModel):
    """A column of an asset that differs."""

    kind: str
    code: str
    column: str
    before: str
    after: str
    dated: bool = Field(description="Whether it changes from a day on; else it was wrong always")


class ImportAnswer(BaseModel):
    """What an import would do, or did."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "applied": False,
                "plan": "5d0a6a0f0f5b4d0f",
                "problems": [],
                "notes": ["Remarks: a sheet of this name is not read"],
                "difference": {"buildings": {"added": 1, "changed": 1, "removed": 0}},
                "columns": [
                    {
                        "kind": "buildings",
                        "code": "BLD-7",
                        "column": "gross_area_m2",
                        "before": "5800.0",
                        "after": "6200.0",
                        "dated": False,
                    }
                ],
                "columns_total": 1,
                "kept": [],
                "recomputation": None,
            }
        }
    )

    applied: bool = Field(description="Whether it was done; else only worked out")
    plan: str | None = Field(
        description="To be given back with `dry_run=false`; null where there are problems"
    )
    problems: list[ImportProblem] = Field(description="What stands against it, all at once")
    notes: list[str] = Field(description="What was not read, or how something was understood")
    difference: dict[str, dict[str, int]] = Field(
        description="By kind, how many records are added, changed and removed"
    )
    columns: list[ColumnDifference] = Field(description="The first of those that change")
    columns_total: int
    kept: list[dict[str, Any]] = Field(
        description="Bindings made by an adoption that stay though the file does not have them"
    )
    recomputation: Recomputation | None = Field(
        description="What is computed anew; null where there are problems"
    )
