"""Inhibition: a case that makes others superfluous keeps people from being told of them while it fires.

Which does is data of the rulebook (``inhibitions``). A case that is on both sides of an inhibition is not
held by another that is on both, so that no two cases keep each other silent. What a case does not have (a
site, an account) it shares with nobody.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, and_, or_, select, true

from alerts.cases.model import OPEN_STATES
from alerts.people.notices import MATTER_COLUMNS, Matter, matter_of
from quotawatt.rulebook.inhibitions import Inhibition, Side
from quotawatt.storage.case_tables import cases


def read_sources(conn: Connection, inhibitions: Iterable[Inhibition]) -> list[Matter]:
    """Open cases whose condition holds and that are on the source side of any of them, by number."""
    sides = [_is_on(inhibition.source) for inhibition in inhibitions]
    if not sides:
        return []
    statement = (
        select(*MATTER_COLUMNS)
        .where(cases.c.firing, cases.c.state.in_([s.value for s in OPEN_STATES]), or_(*sides))
        .order_by(cases.c.id)
    )
    return [matter_of(row._mapping) for row in conn.execute(statement)]


def inhibited(
    inhibitions: Iterable[Inhibition], sources: Sequence[Matter], targets: Iterable[Matter]
) -> dict[int, int]:
    """Cases of which nobody is told, by number, and the case that is the reason: the oldest there is.

    ``sources`` are in order of their numbers.
    """
    targets = list(targets)
    found: dict[int, int] = {}
    for inhibition in inhibitions:
        by_shared = _by_shared(inhibition, sources)
        for target in targets:
            if not inhibition.target.matches(target.rule, target.severity):
                continue
            source = _first(inhibition, by_shared.get(shared(inhibition.equal, target), ()), target)
            if source is not None:
                found[target.case] = min(source, found.get(target.case, source))
    return found


def shared(equal: Iterable[str], matter: Matter) -> tuple[str, ...]:
    """What a case has of the words of ``EQUAL``; empty where it lacks one, so that it shares with nobody."""
    values = {
        "site": matter.site,
        "asset": matter.asset,
        "organisation": matter.organisation,
        "subject": matter.subject,
        "account": matter.subject if "/" in matter.subject else "",
    }
    found = tuple(values[name] for name in equal)
    return found if all(found) else ()


def _by_shared(
    inhibition: Inhibition, sources: Iterable[Matter]
) -> Mapping[tuple[str, ...], list[Matter]]:
    found: dict[tuple[str, ...], list[Matter]] = {}
    for source in sources:
        if inhibition.source.matches(source.rule, source.severity):
            found.setdefault(shared(inhibition.equal, source), []).append(source)
    found.pop((), None)
    return found


def _first(inhibition: Inhibition, sources: Iterable[Matter], target: Matter) -> int | None:
    both = inhibition.source.matches(target.rule, target.severity)
    for source in sources:
        if source.case == target.case:
            continue
        if not (both and inhibition.target.matches(source.rule, source.severity)):
            return source.case
    return None


def _is_on(side: Side) -> ColumnElement[bool]:
    wanted: list[ColumnElement[bool]] = [true()]
    if side.rules:
        wanted.append(cases.c.rule.in_(side.rules))
    if side.severities:
        wanted.append(cases.c.severity.in_(side.severities))
    return and_(*wanted)
