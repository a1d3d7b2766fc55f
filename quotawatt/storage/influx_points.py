"""Readings as InfluxDB keeps them: wide, one point for all quantities of a device's channel at an instant.

The server's cost, like ours, goes by points and fields: a message with five values is one point of six
fields, not five points of five. What is ordinary is not written. A point of ``readings`` has the tags

    device, channel     the latter left out where empty
    revision            of corrections only, which are points of their own

and the fields, ``QUANTITY`` being a name of the table of quantities:

    QUANTITY            value (float) of a reading that is not suspect
    QUANTITY_suspect    value (float) of a suspect one; of no account where the field above is there
    QUANTITY_quality    where it is neither measured nor suspect
    QUANTITY_reason     where there is one; always with a suspect value
    arrived             microseconds since 1970 (integer)
    timed_by_server     true where the device gave no time; else absent or false

So whoever asks for a quantity never meets a suspect value, and a good one that follows a suspect one wins
wherever it was written. A reading that takes another one's place is written with all its fields, since a
point keeps those that a later write leaves out.

``arrived`` and ``timed_by_server`` are the point's. Where several messages bring different quantities of one
device, channel and instant (to the microsecond), ``arrived`` is that of the message written last, and all
count as timed by the server where one of them was.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quotawatt.quantities import quantity
from quotawatt.readings import Quality
from quotawatt.storage.frames import Ints, Mask, flags, integers
from quotawatt.storage.influx_lines import tag, text_field

Texts: TypeAlias = "pa.Array[Any]"

SUSPECT = "_suspect"
QUALITY = "_quality"
REASON = "_reason"

# What follows ``arrived``: nothing on whose clock it was, the device's, the server's.
_AFTER_ARRIVED = pa.array(["i ", "i,timed_by_server=f ", "i,timed_by_server=t "])


def fields(quantities: Sequence[str]) -> str:
    """The fields of these quantities, for a SELECT whose answer ``influx_frames`` can read."""
    sides = ("", SUSPECT, QUALITY, REASON)
    own = [name + side for name in quantities for side in sides]
    return ", ".join([*own, "arrived", "timed_by_server"])


def reading_lines(readings: pa.Table, replacing: Mask) -> bytes:
    """The lines of a table of schema READINGS in one chunk, at most one row an identity.

    Neighbouring rows of one point make one line; other rows of that point make further lines, which the
    server joins. ``replacing`` says which rows take the place of stored ones. Raises InputError for a
    quantity that does not exist.
    """
    time_us, arrived = integers(readings["time"]), integers(readings["arrived"])
    by_server = flags(readings["timed_by_server"])
    place = _places(readings)
    starts = _starts(place, time_us, arrived, by_server)
    told = np.logical_or.reduceat(replacing | by_server, starts)
    lines = _joined(
        _heads(readings, place, starts),
        pc.binary_join(_lists(starts, _row_fields(readings, replacing)), ","),
        ",arrived=",
        _arrow(arrived[starts]).cast(pa.string()),
        _AFTER_ARRIVED.take(_arrow(told.astype(np.int64) + by_server[starts])),
        _arrow(time_us[starts]).cast(pa.string()),
    )
    body: Any = pc.binary_join(_lists(np.zeros(1, dtype=np.int64), lines), "\n")
    return bytes(body[0].as_buffer())


def _places(readings: pa.Table) -> Ints:
    """For each row a number that stands for its device, channel and revision."""
    device = readings["device"].combine_chunks().dictionary_encode()
    channel = readings["channel"].combine_chunks().dictionary_encode()
    place = np.asarray(device.indices, dtype=np.int64) * len(channel.dictionary)
    place += np.asarray(channel.indices)
    revisions, code = np.unique(integers(readings["revision"]), return_inverse=True)
    return place * len(revisions) + code


def _heads(readings: pa.Table, place: Ints, starts: Ints) -> Texts:
    """The beginnings, measurement and tags, of the lines that begin at the rows ``starts``."""
    _, firsts, head = np.unique(place[starts], return_index=True, return_inverse=True)
    named = readings.select(["device", "channel", "revision"]).take(starts[firsts]).to_pydict()
    heads = [
        f"readings{tag('device', device)}{tag('channel', channel)}"
        f"{tag('revision', str(revision) if revision else '')} "
        for device, channel, revision in zip(*named.values(), strict=True)
    ]
    column: Texts = _arrow(heads).take(_arrow(head))
    return column


def _starts(*columns: Ints | Mask) -> Ints:
    """The rows at which a column has another value than in the row before, the first row included."""
    differs = np.ones(len(columns[0]), dtype=np.bool_)
    differs[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return np.flatnonzero(differs)


def _lists(starts: Ints, texts: Texts) -> Texts:
    """``texts`` as lists that begin at ``starts``."""
    offsets = np.append(starts, len(texts)).astype(np.int32)
    return pa.ListArray.from_arrays(_arrow(offsets), texts)


def _joined(*parts: Any) -> Texts:
    """The parts of each row as one text; a part is a column or the same for all."""
    joined: Texts = pc.binary_join_element_wise(*parts, "")
    return joined


def _arrow(values: Any) -> Any:
    """A column of numbers or texts."""
    return pa.array(values)


def _row_fields(readings: pa.Table, replacing: Mask) -> Texts:
    """For each row its fields, the point's own apart."""
    encoded: Any = readings["quantity"].combine_chunks().dictionary_encode()
    names = [f"{quantity(name).name}=" for name in encoded.dictionary.tolist()]
    values = readings["value"].combine_chunks().cast(pa.string())
    plain = _joined(_arrow(names).take(encoded.indices), values)
    special = np.flatnonzero(~_ordinary(readings) | replacing)
    if not special.size:
        return plain
    rows = readings.select(["quantity", "quality", "reason"]).take(special).to_pydict()
    texts = [
        _special_fields(*row)
        for row in zip(*rows.values(), values.take(special).to_pylist(), strict=True)
    ]
    mask = np.zeros(len(readings), dtype=np.bool_)
    mask[special] = True
    fields_of_row: Texts = pc.replace_with_mask(plain, _arrow(mask), _arrow(texts))
    return fields_of_row


def _ordinary(readings: pa.Table) -> Mask:
    """Which readings are measured, with nothing more to say."""
    measured: Any = pc.equal(readings["quality"], pa.scalar(Quality.MEASURED.value))
    silent: Any = pc.equal(readings["reason"], pa.scalar(""))
    return flags(measured) & flags(silent)


def _special_fields(name: str, quality: str, reason: str, value: str) -> str:
    """All fields of a reading; quality goes into the name of the value where it is suspect."""
    because = f"{name}{REASON}={text_field(reason)}"
    if quality == Quality.SUSPECT:
        return f"{name}{SUSPECT}={value},{because}"
    return f"{name}={value},{name}{QUALITY}={text_field(quality)},{because}"
