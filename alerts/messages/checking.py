"""Checking templates before anything is rendered: syntax, names, fields, languages. All errors at once."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError, nodes

from alerts.messages.fields import PLAIN, VIEWS, Shape, shapes_of
from alerts.messages.templates import FORMS, LANGUAGES, MACROS, NAMES, Templates, environment
from quotawatt.errors import TemplateError

Scope = dict[str, Shape]

_KEEP_SHAPE = frozenset({"sort", "list", "reverse", "unique", "selectattr", "rejectattr"})
_ONE_OF = frozenset({"first", "last"})

_GLOBALS = frozenset({"range", "dict", "lipsum", "cycler", "joiner", "namespace", "loop", "caller"})


def load_templates(own: Path | None) -> Templates:
    """The shipped templates with those of a folder of one's own before them.

    Raises TemplateError with every error of that folder, each as ``FILE:LINE: rule, got value``.
    """
    problems = problems_of(own) if own is not None else []
    if problems:
        raise TemplateError(problems)
    return Templates(environment(own), own)


def problems_of(own: Path) -> list[str]:
    """All that is wrong with a folder of templates."""
    if not own.is_dir():
        return [f"a folder of templates must be there, got {own}"]
    loaded = environment(own)
    files = sorted(path.name for path in own.glob("*.j2"))
    found = [*_strangers(files), *_lone_languages(files)]
    for name in files:
        if name in (*NAMES, *MACROS):
            found += _problems_of_file(loaded, own, name)
    return found


def _strangers(files: list[str]) -> Iterator[str]:
    known = (*NAMES, *MACROS)
    for name in files:
        if name not in known:
            yield f"{name}: a template must be called one of {', '.join(known)}, got {name}"


def _lone_languages(files: list[str]) -> Iterator[str]:
    for form in FORMS:
        there = [language for language in LANGUAGES if f"{form}.{language}.j2" in files]
        if len(there) == 1:
            yield f"{form}.{there[0]}.j2: a template must come in zh and en, got {there[0]} alone"


def _problems_of_file(loaded: Environment, folder: Path, name: str) -> Iterator[str]:
    try:
        source = (folder / name).read_text(encoding="utf-8")
        tree = loaded.parse(source, name)
        loaded.compile(source, name)
    except TemplateSyntaxError as error:
        yield f"{name}:{error.lineno}: a template must be Jinja2, got {error.message}"
        return
    except (OSError, ValueError) as error:
        yield f"{name}: a template must be a readable file in UTF-8, got {error}"
        return
    check = _Check(loaded, name)
    check.walk(tree, {"message": Shape(VIEWS["message"])} if name not in MACROS else {})
    yield from check.problems


class _Check:
    """A walk through one template that knows what each name stands for."""

    def __init__(self, loaded: Environment, name: str) -> None:
        self._loaded = loaded
        self._name = name
        self.problems: list[str] = []

    def walk(self, node: nodes.Node, scope: Scope) -> None:
        """Look at a node and all below it; names that it sets are known to what follows in ``scope``."""
        handler = _HANDLERS.get(type(node))
        if handler is not None:
            handler(self, node, scope)
            return
        if isinstance(node, nodes.Expr):
            self.shape(node, scope)
            return
        for child in node.iter_child_nodes():
            self.walk(child, scope)

    def shape(self, node: nodes.Node, scope: Scope) -> Shape:
        """What an expression is; everything in it is looked at."""
        if isinstance(node, nodes.Name):
            return self._named(node, scope)
        if isinstance(node, nodes.Getattr):
            return self._field(node, node.attr, self.shape(node.node, scope))
        if isinstance(node, nodes.Getitem):
            return self._item(node, scope)
        if isinstance(node, nodes.Filter) and node.node is not None:
            return self._filtered(node, scope)
        for child in node.iter_child_nodes():
            self.walk(child, scope)
        return PLAIN

    def _named(self, node: nodes.Name, scope: Scope) -> Shape:
        if node.name not in scope and node.name not in _GLOBALS:
            known = ", ".join(sorted(scope)) or "none"
            self._note(node, f"a name must be known (here: {known}), got {node.name}")
        return scope.get(node.name, PLAIN)

    def _field(self, node: nodes.Node, name: str, of: Shape) -> Shape:
        if of.view is None or of.many:
            return PLAIN
        known = shapes_of(of.view)
        if name not in known:
            word = next(word for word, view in VIEWS.items() if view is of.view)
            fields = ", ".join(known)
            self._note(node, f"a field of {word} must be one of {fields}, got {name}")
        return known.get(name, PLAIN)

    def _item(self, node: nodes.Getitem, scope: Scope) -> Shape:
        of = self.shape(node.node, scope)
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return self._field(node, node.arg.value, of)
        self.walk(node.arg, scope)
        return of if isinstance(node.arg, nodes.Slice) else _one_of(of)

    def _filtered(self, node: nodes.Filter, scope: Scope) -> Shape:
        of = self.shape(node.node, scope) if node.node is not None else PLAIN
        for child in (*node.args, *node.kwargs):
            self.walk(child, scope)
        if node.name in _ONE_OF:
            return _one_of(of)
        return of if node.name in _KEEP_SHAPE else PLAIN

    def for_(self, node: nodes.For, scope: Scope) -> None:
        inner = {**scope, "loop": PLAIN}
        item = _one_of(self.shape(node.iter, scope))
        _bind(node.target, item, inner)
        for child in (node.test, *node.body):
            if child is not None:
                self.walk(child, inner)
        for child in node.else_:
            self.walk(child, scope)

    def assign(self, node: nodes.Assign, scope: Scope) -> None:
        _bind(node.target, self.shape(node.node, scope), scope)

    def assign_block(self, node: nodes.AssignBlock, scope: Scope) -> None:
        for child in node.body:
            self.walk(child, {**scope})
        _bind(node.target, PLAIN, scope)

    def with_(self, node: nodes.With, scope: Scope) -> None:
        inner = {**scope}
        for target, value in zip(node.targets, node.values, strict=True):
            _bind(target, self.shape(value, scope), inner)
        for child in node.body:
            self.walk(child, inner)

    def macro(self, node: nodes.Macro, scope: Scope) -> None:
        """Its arguments are views where they are called so."""
        scope[node.name] = PLAIN
        inner = {**scope}
        for argument in node.args:
            inner[argument.name] = Shape(VIEWS.get(argument.name))
        for child in (*node.defaults, *node.body):
            self.walk(child, inner)

    def import_(self, node: nodes.Import, scope: Scope) -> None:
        self._template(node, node.template)
        scope[node.target] = PLAIN

    def from_import(self, node: nodes.FromImport, scope: Scope) -> None:
        self._template(node, node.template)
        for name in node.names:
            scope[name if isinstance(name, str) else name[1]] = PLAIN

    def other_template(self, node: nodes.Include | nodes.Extends, _scope: Scope) -> None:
        self._template(node, node.template)

    def _template(self, node: nodes.Node, named: nodes.Expr) -> None:
        known = (*MACROS, *NAMES)
        value = named.value if isinstance(named, nodes.Const) else None
        if value not in known:
            self._note(
                node, f"a template to be used must be one of {', '.join(known)}, got {value}"
            )

    def _note(self, node: nodes.Node, problem: str) -> None:
        line = f"{self._name}:{node.lineno}: {problem}"
        if line not in self.problems:
            self.problems.append(line)


_HANDLERS: Mapping[type[nodes.Node], Callable[..., None]] = {
    nodes.For: _Check.for_,
    nodes.Assign: _Check.assign,
    nodes.AssignBlock: _Check.assign_block,
    nodes.With: _Check.with_,
    nodes.Macro: _Check.macro,
    nodes.Import: _Check.import_,
    nodes.FromImport: _Check.from_import,
    nodes.Include: _Check.other_template,
    nodes.Extends: _Check.other_template,
}


def _one_of(shape: Shape) -> Shape:
    return Shape(shape.view) if shape.many else PLAIN


def _bind(target: nodes.Node, shape: Shape, scope: Scope) -> None:
    """Make the names of a target known: one name as what it is, several as plain values."""
    if isinstance(target, nodes.Name):
        scope[target.name] = shape
        return
    for name in target.find_all(nodes.Name):
        scope[name.name] = PLAIN
