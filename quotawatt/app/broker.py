"""The demo's own MQTT broker: iotcore in a child process, on loopback only."""

import socket
from pathlib import Path

from iotcore import Broker

from quotawatt.errors import StoreError

# MQTT 5 wants a configuration file; the plain options give 3.1.1 only. A segment is what the broker
# keeps for a slow subscriber; the demo's driver never lets one fall that far behind.
_CONFIG = """\
id = 0

[router]
id = 0
max_connections = 100
max_outgoing_packet_count = 1000
max_segment_size = 10485760
max_segment_count = 10

[v5.1]
name = "quotawatt"
listen = "127.0.0.1:{port}"
next_connection_delay_ms = 1

[v5.1.connections]
connection_timeout_ms = 60000
max_payload_size = {payload_limit_bytes}
max_inflight_count = 1000
"""


def require_free_port(host: str, port: int, what: str, setting: str) -> None:
    """Raise StoreError where something listens on ``host:port`` already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StoreError(
                f"the {what} needs a free port, got {host}:{port} ({error.strerror}); "
                f"choose another by {setting}"
            ) from None


def start_broker(home: Path, port: int, payload_limit_bytes: int) -> Broker:
    """Start a broker on 127.0.0.1. It stops by ``.stop()``, and by itself when this process goes."""
    require_free_port("127.0.0.1", port, "broker", "QUOTAWATT_MQTT_PORT")
    config = home / "broker.toml"
    config.write_text(_CONFIG.format(port=port, payload_limit_bytes=payload_limit_bytes))
    try:
        return Broker(config_path=str(config)).start()
    except (OSError, RuntimeError) as error:
        raise StoreError(f"the broker must start on 127.0.0.1:{port}, got: {error}") from error
