"""Whether a profile knows anything in a message, be it without a value or not stored."""

from collectors.extraction import Scene, entry_name
from collectors.groups import Container, Group, Groups
from collectors.paths import children, look_up


def recognised(groups: Groups, root: object, scene: Scene) -> bool:
    """Whether any field knows something in the payload, be it without a value or not stored."""
    return any(
        _knows(group, place.node, scene) for group, place in groups.at_places(root, scene.channel)
    )


def _knows(group: Group, node: object, scene: Scene) -> bool:
    if group.whole:
        return True
    if group.spec.named is not None:
        name = entry_name(group.spec.named, node, scene)
        node = {} if name is None else {name: look_up(node, group.spec.named.value)}
    return any(_holds(c, look_up(node, c.parent)) for c in group.containers)


def _holds(container: Container, holder: object) -> bool:
    if container.table is None:
        return any(key in container.fields for key, _ in children(holder))
    return any(
        raw is None or not field.spec.unit_given
        for _, raw, fits in container.table.matches(holder)
        for field, _ in fits
    )
