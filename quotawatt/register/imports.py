"""Importing a register: what was adopted since the folder was written is not lost by it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Engine

from quotawatt.errors import RegisterError
from quotawatt.register.changes import key_of
from quotawatt.register.editing import problems_with, with_adopted, with_bindings
from quotawatt.register.model import Binding, Register
from quotawatt.register.repository import Change, change_register


@dataclass(frozen=True)
class Import:
    """What an import did.

    change
        See ``repository``.
    kept
        Bindings that an adoption made or ended, and that are kept so though the folder does not say it.
    """

    change: Change
    kept: tuple[Binding, ...]


def import_register(
    engine: Engine, found: Register, actor: str, at: datetime, prune: bool = False
) -> Import:
    """Make the stored register equal to ``found``, but for what was adopted and ``found`` does not name.

    A binding that an adoption made is kept where ``found`` has none of its key; the end that an adoption
    gave a binding is kept where ``found`` leaves it open. What ``found`` names is adopted no more: it is
    the folder's. ``prune`` keeps nothing.

    Raises RegisterError where a kept binding breaks a rule beside ``found`` (its asset is gone, another
    binding overlaps it); then nothing is written.
    """
    kept: tuple[Binding, ...] = ()

    def with_kept(stored: Register) -> Register:
        nonlocal kept
        kept = () if prune else tuple(_not_named(stored.adopted, found))
        _check(found, kept)
        return with_adopted(found, kept)

    change = change_register(engine, with_kept, actor, at)
    return Import(change, kept)


def _not_named(adopted: Sequence[Binding], found: Register) -> list[Binding]:
    named = {key_of("bindings", binding): binding for binding in found.bindings}
    kept: list[Binding] = []
    for binding in adopted:
        theirs = named.get(key_of("bindings", binding))
        if theirs is None:
            kept.append(binding)
        elif theirs.valid_until is None and binding.valid_until is not None:
            kept.append(replace(theirs, valid_until=binding.valid_until))
    return kept


def _check(found: Register, kept: Sequence[Binding]) -> None:
    keys = {key_of("bindings", binding) for binding in kept}
    others = [b for b in found.bindings if key_of("bindings", b) not in keys]
    new = {f"adopted {b.device} -> {b.asset} (--prune removes it)": b for b in kept}
    if problems := problems_with(with_bindings(found, others, ()), new):
        raise RegisterError(problems)
