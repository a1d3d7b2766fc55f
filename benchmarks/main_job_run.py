"""One run of the demo, measured from within: prints one JSON line of figures."""

import io
import json
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path

from benchmarks.ports import free_port
from quotawatt.app.demo import running_demo
from quotawatt.app.demo_table import print_report
from quotawatt.app.memory import PeakMemory
from quotawatt.settings import load_settings


def main(home: Path) -> None:
    """Run ``demo --once`` over an empty home folder."""
    settings = load_settings(home=home, language="en", mqtt_port=free_port(), api_port=free_port())
    began = time.monotonic()
    with PeakMemory() as memory, running_demo(settings) as demo:
        with redirect_stdout(io.StringIO()):
            print_report(settings, demo.clock)
        figures = {
            "wall_s": time.monotonic() - began,
            "peak_mb": memory.peak_mb(),
            "readings": demo.published.readings,
            "messages": demo.published.messages,
            **{f"s_{name}": seconds for name, seconds in demo.seconds.items()},
        }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
