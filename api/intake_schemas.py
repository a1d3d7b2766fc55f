"""Shapes of what came in and found no place: seen devices, dead letters, and the jobs about them."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from quotawatt.register.rivals import IfFed


class Offer(BaseModel):
    """What a device would measure, with its last value in the quantity's unit."""

    channel: str = Field(description="Empty: the one without a name")
    quantity: str
    value: float
    time: datetime


class SeenDevice(BaseModel):
    """A device that sends what no binding names."""

    device: str
    profile: str
    topic: str = Field(description="Of its last message")
    first_seen: datetime
    last_seen: datetime
    messages: int
    payload: str = Field(description="The beginning of its last message as text")
    payload_bytes: int = Field(description="Length of the whole")
    offers: list[Offer] = Field(description="What is not bound, by channel and quantity")
    earliest_reading: datetime | None = Field(
        description="The first plausible one that was kept; null: none was"
    )
    kept: int = Field(description="Messages that wait to be taken in")
    kept_bytes: int
    dropped: int = Field(description="Messages that had to go for newer ones")
    known: bool = Field(description="Whether other channels of it are bound")


class UnknownFamily(BaseModel):
    """Messages that no profile fits. They are dead letters, for nobody can tell which device sent them."""

    messages: int = Field(description="Dead letters with the reason `no_profile`")
    topic: str | None = Field(description="Of the last one; null: there is none")


class SeenDevicePage(BaseModel):
    """A page of seen devices, and what came of devices whose family is not known."""

    total: int
    items: list[SeenDevice]
    unknown_family: UnknownFamily


class DeadLetter(BaseModel):
    """A message that could not become readings."""

    id: int
    arrived: datetime
    topic: str
    payload: str = Field(description="As text; bytes that are none as U+FFFD")
    payload_bytes: int = Field(description="As many as came")
    cut: bool = Field(description="Whether only the beginning was kept: it can't be tried again")
    reason: str = Field(examples=["not_json"])
    message: str = Field(description="The rule that was broken, then the offending value")


class DeadLetterDetail(DeadLetter):
    """A dead letter with its payload."""

    payload_hex: str = Field(description="The bytes that were kept, as a profile's case takes them")


class DeadLetterPage(BaseModel):
    """A page of dead letters, and how many there are in all by reason."""

    total: int
    items: list[DeadLetter]
    by_reason: dict[str, int]


class ChannelAdoption(BaseModel):
    """Which asset a channel of the device feeds."""

    model_config = ConfigDict(extra="forbid")

    asset: str = Field(max_length=64, description="Code of the asset", examples=["MTR-1"])
    channel: str = Field(default="", max_length=64, description="Empty: the one without a name")
    quantity: str = Field(
        default="",
        description="The device's; empty: all of the channel, or its power where it offers no counter",
    )
    point_quantity: str = Field(default="", description="At the asset, where it differs")
    multiplier: float = Field(default=1.0, allow_inf_nan=False, description="CT times PT")
    register_size: float | None = Field(
        default=None,
        allow_inf_nan=False,
        description="First value the counter cannot show, before the multiplier",
    )
    datum: str = Field(default="wgs84", description="Of its positions", examples=["gcj02"])


class AdoptionRequest(BaseModel):
    """Bind a device that was seen."""

    model_config = ConfigDict(extra="forbid")

    device: str = Field(min_length=1, max_length=128, examples=["meter-7"])
    channels: list[ChannelAdoption] = Field(min_length=1, max_length=1000)
    valid_from: str | None = Field(
        default=None,
        max_length=64,
        description="ISO 8601 with a time zone, or a date (local midnight); default: the first "
        "reading that is kept or stored",
        examples=["2023-01-01"],
    )
    if_fed: IfFed = Field(
        default="refuse",
        description="Where another device feeds an asset with the same quantity: 'replace' ends it "
        "where this one begins, 'also' adds both up",
    )


class Adopted(BaseModel):
    """What was bound, and what waits to be taken in."""

    device: str
    bindings: list[dict[str, Any]]
    ended: list[dict[str, Any]] = Field(
        description="Bindings of other devices that end where these begin"
    )
    csv: str = Field(
        description="`ended` and `bindings` as rows of the register's bindings.csv, with its header"
    )
    warnings: list[str] = Field(description="What may be a mistake: channels never offered")
    waiting: int = Field(description="Messages kept of the device when it was bound")
    job: int | None = Field(description="Number of the job that takes them in")


class ForgetRequest(BaseModel):
    """A device to take from the list of seen ones."""

    model_config = ConfigDict(extra="forbid")

    device: str = Field(min_length=1, max_length=128)


class Forgotten(BaseModel):
    """A device that was taken from the list, and how many kept messages went with it."""

    device: str
    messages: int


class RetryRequest(BaseModel):
    """Which dead letters to try again; default: all."""

    model_config = ConfigDict(extra="forbid")

    reason: str | None = Field(default=None, max_length=64, examples=["no_profile"])
    profile: str | None = Field(
        default=None, max_length=64, description="Only those whose topic belongs to this profile"
    )


class JobState(BaseModel):
    """A job; who did it, and what came of it."""

    id: int
    kind: str
    arguments: dict[str, Any]
    state: Literal["waiting", "running", "done", "failed"]
    requested_by: str
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    result: dict[str, Any] = Field(description="How far it is, at the end what came of it")
    error: str
