"""Messages with positions in GCJ-02 become messages in WGS84."""

from collections.abc import Iterator

from collectors.decoded import Block, Decoded
from quotawatt.geography.datum import gcj02_to_wgs84


def with_wgs84(decoded: Decoded) -> Decoded:
    """A message with its positions in WGS84; as it is where they are that already.

    A latitude is converted with the longitude of its channel and time; one without stays as it is.
    """
    if decoded.datum != "gcj02":
        return decoded
    return decoded._replace(blocks=list(_converted(decoded.blocks)), datum="wgs84")


def _converted(blocks: list[Block]) -> Iterator[Block]:
    latitudes, longitudes = _by_place(blocks, "latitude_deg"), _by_place(blocks, "longitude_deg")
    for block in blocks:
        if block.quantity not in ("latitude_deg", "longitude_deg"):
            yield block
            continue
        axis = 0 if block.quantity == "latitude_deg" else 1
        places = [(block.channel, time_us) for time_us in block.times_us]
        values = [
            gcj02_to_wgs84(latitudes[place], longitudes[place])[axis]
            if place in latitudes and place in longitudes
            else value
            for place, value in zip(places, block.values, strict=True)
        ]
        yield block._replace(values=values)


def _by_place(blocks: list[Block], quantity: str) -> dict[tuple[str, int], float]:
    return {
        (block.channel, time_us): value
        for block in blocks
        if block.quantity == quantity
        for time_us, value in zip(block.times_us, block.values, strict=True)
    }
