"""Which paths of a payload are read, so that the others can be named."""

from collections.abc import Iterator, Sequence

from collectors.fields import Field
from collectors.groups import Group
from collectors.kinds import Kind
from collectors.paths import Path, children

_LEAVES_LIMIT = 2_000


def sources(field: Field, path: Path) -> list[Path]:
    """The paths that a field at a path reads."""
    if field.spec.sum is None:
        return [path]
    return [(*path, *term.removeprefix("-").split(".")) for term in field.spec.sum]


def used_by_message(kind: Kind) -> Iterator[Path]:
    """Paths from the root that say something about the message, its values apart."""
    if kind.time is not None:
        yield from kind.time.paths
    whole = [condition.spec.path for condition in (*kind.shape, *kind.require)]
    whole += [path for t in (kind.device, kind.channel) if t is not None for path in t.paths]
    if kind.spec.frame is not None:
        whole.append(kind.spec.frame.path)
    depth = len(kind.root)
    yield from (path[depth:] for path in whole if path[:depth] == kind.root and path[depth:])


def used(group: Group) -> Iterator[Path]:
    """Paths within a place that say something about it, its values apart."""
    yield from (condition.spec.path for condition in group.when if condition.spec.path)
    if group.time is not None:
        yield from group.time.paths
    if group.channel is not None:
        yield from group.channel.paths
    named = group.spec.named
    if named is not None:
        yield from (path for path in (named.name, named.unit, named.alias, named.value) if path)


def located(at: Sequence[str], captured: Sequence[str]) -> Path:
    """The keys to a place, with what the wildcards of its path stand for."""
    caught = iter(captured)
    found: list[str] = []
    for key in at:
        plain = key
        while plain.endswith("[]"):
            plain = plain[:-2]
        wild = "*" in plain or "{channel}" in plain
        if plain:
            found.append(next(caught) if wild else plain)
        found += [next(caught) for _ in range((len(key) - len(plain)) // 2)]
    return tuple(found)


def leaves(node: object, at: Path = ()) -> Iterator[Path]:
    """Paths of the values that hold no others, at most some thousands."""
    open_: list[tuple[Path, object]] = [(at, node)]
    count = 0
    while open_ and count < _LEAVES_LIMIT:
        path, value = open_.pop()
        inner = [((*path, key), child) for key, child in children(value)]
        if inner:
            open_ += reversed(inner)
        elif path:
            count += 1
            yield path
