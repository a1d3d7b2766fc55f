"""What an import of the register did, in words: how much differs, what was removed, what was kept."""

from zoneinfo import ZoneInfo

from quotawatt.app.console import say, stdout
from quotawatt.register.changes import key_of
from quotawatt.register.imports import Import
from quotawatt.register.model import Binding
from quotawatt.register.rows import Record
from quotawatt.settings import Settings


def print_import(done: Import, settings: Settings) -> None:
    """The counts of each kind that differs, then each record removed and each binding kept by name."""
    zone = ZoneInfo(settings.timezone)
    counts = done.change.counts
    for kind, of_kind in counts.items():
        stdout.print(f"{kind}: " + ", ".join(f"{n} {what}" for what, n in of_kind.items() if n))
    if not counts:
        stdout.print("nothing differs from what is stored")
    for kind, change in done.change.kinds.items():
        for record in change.removed:
            say("import_removed", settings, kind=kind, record=_name(kind, record, zone))
    for binding in done.kept:
        key = "import_kept" if binding.valid_until is None else "import_kept_end"
        say(key, settings, record=_name("bindings", binding, zone))


def _name(kind: str, record: Record, zone: ZoneInfo) -> str:
    """What tells the record from others of its kind."""
    if isinstance(record, Binding):
        return _binding_name(record, zone)
    return " ".join(str(part) for part in key_of(kind, record))


def _binding_name(binding: Binding, zone: ZoneInfo) -> str:
    """Device, channel and quantity where it has them, asset, and when it holds in the zone's time."""
    source = " ".join(filter(None, (binding.device, binding.channel, binding.quantity)))
    times = (binding.valid_from, binding.valid_until)
    shown = ["" if t is None else f"{t.astimezone(zone):%Y-%m-%d %H:%M}" for t in times]
    return f"{source} -> {binding.asset} ({' – '.join(shown).rstrip()} {zone.key})"
