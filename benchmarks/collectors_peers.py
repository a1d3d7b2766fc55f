"""What collectors are measured against, each a process of its own: scripts as people write them.

``python -m benchmarks.collectors_peers bare|script --port P --client-id C --messages N [--url U]``
connects to a session that holds messages, takes so many, and prints how many a second:

bare
    An unmodified paho subscriber that parses each message with msgspec and acknowledges it. It stores
    nothing: what any subscriber on paho can do at most.
script
    A paho subscriber that writes each message with influxdb-client's SYNCHRONOUS interface.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from typing import Any

import msgspec
from influxdb_client import InfluxDBClient, Point
from influxdb_client.client.write_api import SYNCHRONOUS
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from benchmarks.collectors_pace import SHARE_MEASURED
from benchmarks.collectors_rig import TOPIC

BUCKET, ORG = "bench", "bench"

Handle = Callable[[str, dict[str, Any]], None]
"""Does something with a topic and the parsed message."""


def take(port: int, client_id: str, messages: int, handle: Handle | None) -> float:
    """Take so many messages from a session; messages a second over the last nine tenths."""
    client = Client(
        CallbackAPIVersion.VERSION2,
        client_id=client_id,
        clean_session=False,
        protocol=MQTTProtocolVersion.MQTTv311,
        manual_ack=True,
    )
    parse = msgspec.json.Decoder().decode
    first = messages - int(messages * SHARE_MEASURED)
    taken, began, ended = 0, 0.0, 0.0

    def on_message(client: Client, _data: object, message: MQTTMessage) -> None:
        nonlocal taken, began, ended
        content = parse(message.payload)
        if handle is not None:
            handle(message.topic, content)
        client.ack(message.mid, message.qos)
        taken += 1
        if taken == first:
            began = time.monotonic()
        elif taken == messages:
            ended = time.monotonic()
            client.disconnect()

    client.on_connect = lambda client, *_: client.subscribe(TOPIC, qos=1)
    client.on_message = on_message
    client.connect("127.0.0.1", port)
    client.loop_forever()
    return (messages - first) / (ended - began)


def write_each(url: str) -> Handle:
    """Writes each message as one point of five fields, and waits for the answer."""
    client = InfluxDBClient(url=url, token="none", org=ORG)
    writer = client.write_api(write_options=SYNCHRONOUS)

    def write(topic: str, content: dict[str, Any]) -> None:
        point = Point("readings").tag("device", topic.split("/")[1]).time(content["time"])
        for name, value in content["values"].items():
            point = point.field(name, value)
        writer.write(BUCKET, ORG, point)

    return write


def main(arguments: list[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="benchmarks.collectors_peers")
    parser.add_argument("kind", choices=["bare", "script"])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--client-id", required=True)
    parser.add_argument("--messages", type=int, required=True)
    parser.add_argument("--url", default="")
    options = parser.parse_args(arguments)
    handle = write_each(options.url) if options.kind == "script" else None
    rate = take(options.port, options.client_id, options.messages, handle)
    sys.stdout.write(json.dumps({"messages_per_s": rate}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
