"""What happened to an alert from one state to the next, by name: what the ledger, cases and people go by.

=====================  ======================================================================
event                  when
=====================  ======================================================================
pending                begins to wait
dropped                clear while it waited
fired                  begins to fire
flapping               that firing was one too many
severity_raised        a step up while firing
severity_lowered       a step down while firing; not while it flaps
settled                quiet again
resolved               has cooled down
no_data                the first evaluation without data, unless it is inactive: what was resolved is
                       not known to be clear any more
data_returned          the first with data after that
retracted, corrected   by data that came late or was corrected (``alerts.engine.rejudging``)
=====================  ======================================================================
"""

from collections.abc import Mapping

from alerts.engine.transition import AlertState, Phase
from quotawatt.rulebook.alert_rules import Rule

_PHASE_EVENTS: Mapping[tuple[Phase, Phase], tuple[str, ...]] = {
    (Phase.INACTIVE, Phase.PENDING): ("pending",),
    (Phase.RESOLVED, Phase.PENDING): ("pending",),
    (Phase.PENDING, Phase.INACTIVE): ("dropped",),
    (Phase.INACTIVE, Phase.FIRING): ("fired",),
    (Phase.PENDING, Phase.FIRING): ("fired",),
    (Phase.RESOLVED, Phase.FIRING): ("fired",),
    (Phase.FIRING, Phase.RESOLVED): ("resolved",),
}


def events_of(old: AlertState, new: AlertState, rule: Rule) -> list[str]:
    """What happened from one state to the next, in order."""
    events = list(_PHASE_EVENTS.get((old.phase, new.phase), ()))
    if new.flapping_since is not None and old.flapping_since is None:
        events.append("flapping")
    if old.flapping_since is not None and new.flapping_since is None:
        events.insert(0, "settled")
    if old.severity is not None and new.severity is not None and old.severity != new.severity:
        names = [one.severity for one in rule.steps]
        down = old.severity in names and names.index(new.severity) < names.index(old.severity)
        events.append("severity_lowered" if down else "severity_raised")
    unknown = (old.no_data_since is None) != (new.no_data_since is None)
    if unknown and {old.phase, new.phase} != {Phase.INACTIVE}:
        events.append("data_returned" if new.no_data_since is None else "no_data")
    return events
