"""The API over a home with a large register, as a program asks it over TCP."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from fastapi import FastAPI
from pydantic import SecretStr

from benchmarks.ports import free_port
from benchmarks.register_rig import Home
from quotawatt.app.server import ApiServer
from quotawatt.app.system import System, open_system
from quotawatt.clock import system_clock
from quotawatt.settings import Settings

TOKEN = "a-token-of-the-benchmarks"
PREFIX = "/api/v1"
_TIMEOUT_S = 120.0


@dataclass(frozen=True)
class Served:
    """The API that runs: its parts, and a client that keeps its connection and carries the token."""

    system: System
    app: FastAPI
    client: httpx.Client


@contextmanager
def serving(home: Home) -> Iterator[Served]:
    """Serve the home's API in this process until the body ends; how often one may ask is not limited."""
    settings = Settings(
        home=home.folder,
        records_url=home.url,
        series_url="memory",
        api_token=SecretStr(TOKEN),
        api_port=free_port(),
        api_requests_per_minute=10_000_000,
    )
    system = open_system(settings, system_clock)
    app = system.app(health=dict)
    server = ApiServer(app, settings)
    server.start()
    try:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        address = f"http://127.0.0.1:{server.port}{PREFIX}"
        with httpx.Client(
            base_url=address, headers=headers, timeout=_TIMEOUT_S, trust_env=False
        ) as client:
            yield Served(system, app, client)
    finally:
        server.stop()
        system.close()
