"""Shapes of what goes out of message templates."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Form = Literal["title", "text", "html", "markdown", "short"]
Language = Literal["zh", "en"]


class TemplateOut(BaseModel):
    """A template of messages."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"name": "short.zh.j2", "form": "short", "language": "zh", "own": False}
        }
    )

    name: str
    form: str = Field(description="Empty: macros that templates share")
    language: str
    own: bool = Field(description="Whether it stands in for the shipped one")


class TemplateList(BaseModel):
    """All templates that count, and what they can name."""

    items: list[TemplateOut]
    fields: list[str] = Field(examples=[["message.title", "case.code"]])


class TemplateSource(TemplateOut):
    """One template with its text."""

    source: str


class MessagePreview(BaseModel):
    """A message as it would be written now."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "form": "short",
                "language": "en",
                "title": "[warning] Projected to exceed the yearly quota: Main building (notice)",
                "text": "warning (notice): Projected to exceed the yearly quota, Main building, 104.2 %.",
                "case": 12,
            }
        }
    )

    form: str
    language: str
    title: str
    text: str
    case: int | None = Field(description="null: a sample that is shipped")
