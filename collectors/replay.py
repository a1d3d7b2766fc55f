"""Taking in what was kept of devices that were unknown when it came and are bound by now."""

from collections.abc import Iterator

from sqlalchemy import Engine

from collectors.decoded import Message
from collectors.exempt import bare_seen
from collectors.pipeline import Pipeline
from quotawatt.register.model import Register
from quotawatt.storage.seen import (
    KeptMessage,
    devices_with_kept,
    kept_page,
    remove_kept,
    settle_seen,
)

PAGE = 200
"""Messages of one step: few, since live ones wait meanwhile, and each may be large."""


def known_with_kept(records: Engine, register: Register) -> list[str]:
    """The devices that the register knows and of which messages are kept."""
    with records.connect() as conn:
        return [name for name in devices_with_kept(conn) if name in register.bound_channels]


def replay_kept(
    records: Engine, pipeline: Pipeline, register: Register
) -> Iterator[dict[str, int]]:
    """Run the kept messages of all devices that ``register`` knows through the pipeline, step by step.

    Each device's messages come in their order, with the times of their arrival. Yields after each step how
    many messages were ``replayed``, how many ``readings`` of them were written and how many messages were
    ``refused`` (they are dead letters now). A step's messages are forgotten once they are durable, so it
    can break off anywhere and begin again. Raises StoreError where a store fails.
    """
    done = {"replayed": 0, "readings": 0, "refused": 0}
    for device in known_with_kept(records, register):
        while page := _page(records, device):
            intake = pipeline.begin("messages_replayed", register)
            for message in page:
                intake.add(Message(message.topic, message.payload, message.arrived))
            written = pipeline.commit(intake).written
            with records.begin() as conn:
                remove_kept(conn, page)
            done["replayed"] += len(page)
            done["readings"] += written
            done["refused"] += len(intake.letters)
            yield dict(done)
    with records.begin() as conn:
        settle_seen(conn, register.bound_channels)
        bare_seen(conn, pipeline.exempt_devices())


def _page(records: Engine, device: str) -> list[KeptMessage]:
    with records.connect() as conn:
        return kept_page(conn, device, PAGE)
