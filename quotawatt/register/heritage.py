"""What a register that was made of another one need not derive anew.

An edit touches a few records of many. Look-ups over kinds that it leaves alone are those of the register
before it, and of the others only what it touched is grouped anew.
"""

from collections.abc import Iterator, Mapping

from quotawatt.register.changes import Changes
from quotawatt.register.former import formers_of
from quotawatt.register.kinds import FormerValue
from quotawatt.register.mentions import mentions_in, plates_in, with_pairs
from quotawatt.register.model import Register
from quotawatt.register.rows import Record

_MADE_OF: Mapping[str, tuple[str, ...]] = {
    "bindings": ("_by_channel", "_by_asset", "bound_channels", "gcj02_channels"),
    "headcounts": ("_headcounts_by_organisation",),
    "base_values": ("_base_values_by_asset",),
    "duties": ("_duties_by_asset", "duties_by_account"),
    "former_values": ("_formers", "_all_change_days"),
}
"""Look-ups by the only kind that they are made of."""


def inherit(after: Register, before: Register, changes: Changes) -> None:
    """Give ``after`` what ``before`` has derived already, as far as ``changes`` between them allow."""
    old, new = vars(before), vars(after)
    for kind, names in _MADE_OF.items():
        if kind not in changes:
            new.update({name: old[name] for name in names if name in old})
    made = list(_made(changes))
    for name, pairs_in in (("_mentioning", mentions_in), ("_bearing", plates_in)):
        if name in old:
            new[name] = with_pairs(old[name], pairs_in(made))
    if "former_values" in changes and "_formers" in old:
        codes = {
            r.asset for c in changes.values() for r in c.records() if isinstance(r, FormerValue)
        }
        anew = formers_of(former for former in after.former_values if former.asset in codes)
        new["_formers"] = {**old["_formers"], **{code: {} for code in codes}, **anew}


def _made(changes: Changes) -> Iterator[Record]:
    for change in changes.values():
        yield from change.added
        yield from (new for _, new in change.changed)
