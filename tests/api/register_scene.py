"""The small world with its register in the record store, so that the api can change it."""

from pathlib import Path

from quotawatt.register.model import Register
from quotawatt.register.repository import RegisterSource, save_register
from tests.api.scene import NOW, REGISTER, Scene, build_scene

ANY = {"If-Match": "*"}
PREFIX = "/api/v1/register"


def stored_scene(home: Path, records_url: str = "sqlite", register: Register = REGISTER) -> Scene:
    """The world; its register is what the record store holds."""
    sources: list[RegisterSource] = []
    scene = build_scene(
        home,
        register,
        records_url=records_url,
        register_source=lambda: sources[0](),
        register_changed=lambda: sources[0].refresh(),
    )
    sources.append(RegisterSource(scene.records, check_every_s=0))
    save_register(scene.records, register, "test", NOW)
    return scene
