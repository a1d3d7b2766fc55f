"""Node-RED as a peer: a flow from MQTT to InfluxDB, one write a message or joined by a thousand.

Node-RED and its nodes for InfluxDB come from npm, once, into a cache folder of the user's:
``$QUOTAWATT_BENCH_CACHE``, else ``~/.cache/quotawatt``. The flows are made here. A message becomes one
point of five fields, a fifth of the points that a collector writes: what people do in such flows.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.collectors_pace import pace_of_rest
from benchmarks.collectors_rates import Run, fresh_influx, loaded_broker, work_folder
from benchmarks.collectors_rig import LIMIT_S, TOPIC
from benchmarks.collectors_stores import DATABASE, InfluxServer
from quotawatt.errors import StateError
from simulators.load import meter_values
from tests.servers import Server, free_port

PACKAGES = ("node-red@4.1", "node-red-contrib-influxdb@0.7")
INSTALL = "apt-get install -y nodejs npm (Node.js 18 or newer)"
JOINED = 1000
_CLIENT_ID = "flow"
_POLL_S = 0.1
_QUIET_S = 10.0
_NPM_LIMIT_S = 600
_COUNTED = next(iter(meter_values(0, 0)))

_POINT = """
const time = new Date(msg.payload.time);
const tags = { device: msg.topic.split("/")[1] };
"""
_ONE = _POINT + "msg.payload = [{ ...msg.payload.values, time }, tags];\nreturn msg;\n"
_MANY = (
    _POINT
    + 'msg.payload = { measurement: "readings", fields: msg.payload.values, tags, timestamp: time };\n'
    "return msg;\n"
)
# No editor, no pages: nothing listens.
_SETTINGS = """
module.exports = {
  httpAdminRoot: false, httpNodeRoot: false, disableEditor: true, uiHost: "127.0.0.1",
  logging: { console: { level: "warn" } }, telemetry: { enabled: false },
};
"""


def node_red(messages: int, joined: bool) -> Run:
    """A flow with one write a message, or a thousand joined for one write.

    Raises StateError where Node.js is missing, or where nothing comes at all.
    """
    program = installed()
    with (
        work_folder() as folder,
        fresh_influx(folder) as store,
        loaded_broker(folder, messages, {_CLIENT_ID: TOPIC}, version=4) as broker,
        _flow(program, folder / "flow", _nodes(broker, store, joined)),
    ):
        count = partial(store.count, _COUNTED)
        pace = pace_of_rest(count, messages, _POLL_S, {}, quiet_limit_s=_QUIET_S)
        return Run(pace.messages_per_s, messages - count())


def installed() -> Path:
    """Node-RED's program, installed if it is not there yet. Raises StateError where that fails."""
    given = os.environ.get("QUOTAWATT_BENCH_CACHE")
    folder = (Path(given) if given else Path.home() / ".cache/quotawatt") / "node-red"
    program = folder / "node_modules/node-red/red.js"
    if program.is_file():
        return program
    npm = shutil.which("npm")
    if npm is None:
        raise StateError(f"npm must be there to compare with Node-RED; install it: {INSTALL}")
    folder.mkdir(parents=True, exist_ok=True)
    command = [npm, "install", "--no-audit", "--no-fund", "--omit=dev", *PACKAGES]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_NPM_LIMIT_S)
    if done.returncode != 0 or not program.is_file():
        raise StateError(f"npm must install {', '.join(PACKAGES)}, it says: {done.stderr[-500:]}")
    return program


@contextmanager
def _flow(program: Path, folder: Path, nodes: list[dict[str, object]]) -> Iterator[None]:
    """Node-RED with these nodes, in a folder of its own."""
    node = shutil.which("node")
    if node is None:
        raise StateError(f"node must be there to compare with Node-RED; install it: {INSTALL}")
    folder.mkdir()
    (folder / "settings.js").write_text(_SETTINGS)
    (folder / "flows.json").write_text(json.dumps(nodes))
    # Nodes are looked for in the user's folder too, and there the cache stands in.
    (folder / "node_modules").symlink_to(program.parents[1])
    command = [node, str(program), "--userDir", str(folder), "--port", str(free_port())]
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [*command, "flows.json"], cwd=folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )
    try:
        yield
    except StateError as error:
        raise StateError(f"{error}\n{(folder / 'log.txt').read_text()[-2000:]}") from None
    finally:
        process.terminate()
        try:
            process.wait(LIMIT_S / 10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _nodes(broker: Server, store: InfluxServer, joined: bool) -> list[dict[str, object]]:
    """The flow: MQTT in, a function that makes points, perhaps a join, InfluxDB out."""
    tab, out = "tab", "batch" if joined else "out"
    return [
        {"id": tab, "type": "tab", "label": "bench"},
        _broker_node(broker),
        _database_node(store),
        {
            "id": "in",
            "type": "mqtt in",
            "z": tab,
            "topic": TOPIC,
            "qos": "1",
            "datatype": "json",
            "broker": "broker",
            "inputs": 0,
            "wires": [["point"]],
        },
        {
            "id": "point",
            "type": "function",
            "z": tab,
            "func": _MANY if joined else _ONE,
            "outputs": 1,
            "wires": [["thousand" if joined else out]],
        },
        *([_join_node(tab, out)] if joined else []),
        {
            "id": out,
            "type": "influxdb batch" if joined else "influxdb out",
            "z": tab,
            "influxdb": "database",
            "measurement": "readings",
            "precision": "",
            "retentionPolicy": "",
            "wires": [],
        },
    ]


def _broker_node(broker: Server) -> dict[str, object]:
    return {
        "id": "broker",
        "type": "mqtt-broker",
        "broker": broker.host,
        "port": str(broker.port),
        "clientid": _CLIENT_ID,
        "autoConnect": True,
        "usetls": False,
        "protocolVersion": "4",
        "keepalive": "60",
        "cleansession": False,
        "autoUnsubscribe": False,
    }


def _database_node(store: InfluxServer) -> dict[str, object]:
    return {
        "id": "database",
        "type": "influxdb",
        "hostname": store.server.host,
        "port": str(store.server.port),
        "protocol": "http",
        "database": DATABASE,
        "usetls": False,
        "influxdbVersion": "1.x",
        "credentials": {"username": "", "password": ""},
    }


def _join_node(tab: str, out: str) -> dict[str, object]:
    return {
        "id": "thousand",
        "type": "join",
        "z": tab,
        "mode": "custom",
        "build": "array",
        "property": "payload",
        "propertyType": "msg",
        "key": "topic",
        "joiner": "",
        "joinerType": "str",
        "accumulate": False,
        "timeout": "1",
        "count": str(JOINED),
        "wires": [[out]],
    }
