"""Runs a switched load on a broker: it listens to its commands and reports, at once and every few seconds.

``python -m simulators.obeying --port P --device ac-1 --dialect native --power-kw 2.4`` runs until it is
interrupted. With ``--faults`` it is deaf: it hears commands and does not obey.
"""

import argparse
import contextlib
import sys
import threading

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from quotawatt.clock import Clock, system_clock
from quotawatt.errors import QuotawattError, StoreError
from simulators.faults import FaultKind
from simulators.switched import Dialect, SwitchedLoad

_ANSWER_LIMIT_S = 30.0


class Obeying:
    """A load on a broker, from ``start`` to ``stop``.

    every_s
        Between two reports that nobody asked for.
    """

    def __init__(
        self, load: SwitchedLoad, host: str, port: int, every_s: float, clock: Clock
    ) -> None:
        self._load = load
        self._address = (host, port)
        self._every_s = every_s
        self._clock = clock
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._subscribed = threading.Event()
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, f"switched-{load.device}", protocol=mqtt.MQTTv311
        )
        self._client.on_connect = lambda client, *_: client.subscribe(load.command_topic, qos=1)
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = lambda _client, _data, message: self._told(bytes(message.payload))
        self._thread = threading.Thread(target=self._report_on, name=load.device, daemon=True)

    @property
    def load(self) -> SwitchedLoad:
        """Where the load stands."""
        with self._lock:
            return self._load

    def start(self) -> None:
        """Connect, listen, report. Raises StoreError where the broker does not answer."""
        host, port = self._address
        try:
            self._client.connect(host, port)
        except OSError as error:
            raise StoreError(f"the broker must answer, got {error} from {host}:{port}") from None
        self._client.loop_start()
        if not self._subscribed.wait(_ANSWER_LIMIT_S):
            self.stop()
            raise StoreError(f"the broker must grant the topic of commands, got none at {host}")
        self._thread.start()

    def stop(self) -> None:
        """Say nothing more and disconnect."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self._client.disconnect()
        self._client.loop_stop()

    def wait(self) -> None:
        """Until ``stop`` is called, or the program is interrupted."""
        self._stopping.wait()

    def _told(self, payload: bytes) -> None:
        with self._lock:
            self._load = self._load.told(payload, self._clock())
        self._report()

    def _report_on(self) -> None:
        while not self._stopping.is_set():
            self._report()
            self._stopping.wait(self._every_s)

    def _report(self) -> None:
        with self._lock:
            bodies = self._load.report(self._clock())
        for body in bodies:
            self._client.publish(body.topic, body.payload, qos=1)


def main(arguments: list[str] | None = None) -> int:
    """The command line; the exit status."""
    options = _options(arguments)
    load = SwitchedLoad(
        device=options.device,
        dialect=Dialect(options.dialect),
        power_kw=options.power_kw,
        since=system_clock(),
        fault=FaultKind.DEAF if options.faults else None,
    )
    running = Obeying(load, options.host, options.port, options.every_s, system_clock)
    try:
        running.start()
        with contextlib.suppress(KeyboardInterrupt):
            running.wait()
        running.stop()
    except QuotawattError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulators.obeying", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=1883)
    parser.add_argument("--device", required=True)
    parser.add_argument("--dialect", choices=list(Dialect), default=Dialect.NATIVE)
    parser.add_argument("--power-kw", type=float, default=2.4)
    parser.add_argument("--every-s", type=float, default=10.0)
    parser.add_argument("--faults", action="store_true", help="hear commands and do not obey")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
