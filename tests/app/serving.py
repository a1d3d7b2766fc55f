"""A running API over a home folder, so that many commands need not open the system anew each."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from quotawatt.app.home import prepare_home
from quotawatt.app.server import ApiServer
from quotawatt.app.system import open_system
from quotawatt.app.token import with_token
from quotawatt.clock import Clock, system_clock
from quotawatt.settings import load_settings


@contextmanager
def serving(home: Path, clock: Clock = system_clock) -> Iterator[None]:
    """Commands over this home folder are answered by one running system, which goes by this clock."""
    settings = with_token(load_settings(home=prepare_home(home), api_port=0, series_url="memory"))
    system = open_system(settings, clock)
    server = ApiServer(system.app(dict), settings)
    server.start()
    try:
        yield
    finally:
        server.stop()
        system.close()
