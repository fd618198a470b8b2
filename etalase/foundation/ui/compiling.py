"""Templates compiled for one language: its texts are put in, and components are written out where they are used.

A page of twenty cards calls some three hundred components and two hundred texts; in plain Jinja that is most of the time
a page takes. Both are known when a template is compiled. So, before Jinja makes code of a template:

- `_("Save")` and `static("img/mark.svg")` become what they say;
- `ui.badge(status, tone="good")` becomes the component's own markup with its arguments in place, and a test on an
  argument that is constant (`{% if icon %}`) is decided there and then; `{% call %}` likewise.

What cannot be written out (components that pass on `**kwargs`, or that are called within an expression) is called as ever.
The HTML is the same, and a test holds it to that.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, cast

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import markup_join
from markupsafe import escape

from etalase.foundation.i18n import Translator

try:
    from markupsafe._speedups import _escape_inner
except ImportError:  # where markupsafe has no compiled part
    _escape_inner = escape

DEPTH_MAX: Final = 12
_DIRECT: Final = frozenset({"_", "gettext", "ngettext", "static", "media", "current_page"})
"""Functions that want nothing of Jinja's context, so that they are called without it."""
_DECIDABLE: Final = (nodes.Not, nodes.Compare, nodes.Test, nodes.CondExpr, nodes.And, nodes.Or)
_OPEN: Final = frozenset({"_", "gettext", "ngettext", "static", "media", "current_page", "ui", "loop", "caller"})
"""Names a component may use beside its parameters and still be written out elsewhere."""


class CannotWriteOut(Exception):
    """This call of a component stays a call."""


def quick_escape(value: object) -> str:
    """As `markupsafe.escape`, without making Markup of what is joined right away."""
    if type(value) is str:
        return _escape_inner(value)
    return str(value) if type(value) is int else escape(value)


def quick_join(parts: Iterable[object]) -> str:
    """As Jinja's `~`, without looking for markup where there are texts and numbers alone."""
    if all(type(part) in (str, int) for part in parts):
        return "".join(map(str, parts))
    return markup_join(parts)


class PageCode(CodeGenerator):
    """Jinja's code, with cheaper escaping and joining, and plain calls of plain functions."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escape(")

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super().visit_Concat(node, frame)
            return
        self.write("environment.join((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: FBT001, FBT002, N802
        is_direct = isinstance(node.node, nodes.Name) and node.node.name in _DIRECT
        if forward_caller or not is_direct or node.dyn_args or node.dyn_kwargs:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")


class PageEnvironment(jinja2.Environment):
    """An environment whose templates are compiled for one language."""

    code_generator_class = PageCode
    escape = staticmethod(quick_escape)
    join = staticmethod(quick_join)
    writer: "Writer | None" = None

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,  # noqa: FBT001, FBT002 - Jinja's own signature
    ) -> str:
        if self.writer is not None:
            source = self.writer.template(source)
        return super()._generate(source, name, filename, defer_init)


class Block:
    """What stands for `caller` while a component is written out: the statements of the call block, or none."""

    def __init__(self, body: list[nodes.Node] | None) -> None:
        self.body = body

    @property
    def is_given(self) -> bool:
        return self.body is not None

    def written(self, line: int) -> list[nodes.Node]:
        """The block's statements, in a scope of their own where they could set variables."""
        if self.body is None:
            raise CannotWriteOut
        is_text = all(isinstance(node, nodes.Output) for node in self.body)
        return self.body if is_text else [nodes.Scope(self.body, lineno=line)]


Names = Mapping[str, nodes.Expr | Block]


class Writer:
    """Puts the texts of one language, static addresses and components into templates."""

    def __init__(
        self,
        environment: jinja2.Environment,
        *,
        translator: Translator,
        static: Callable[[str], str],
        sources: Iterable[str],
    ) -> None:
        self.environment = environment
        self.translator = translator
        self.static = static
        self.macros = {
            macro.name: macro
            for source in sources
            for macro in environment.parse(source).find_all(nodes.Macro)
            if not macro.name.startswith("_")
        }
        self._numbers = itertools.count()
        self._is_gathering = False

    def template(self, tree: nodes.Template) -> nodes.Template:
        """The tree with everything put in that is known."""
        tree.body = self._statements(tree.body, {}, depth=0)
        tree.set_environment(self.environment)
        return tree

    # statements

    def _statements(self, body: Sequence[nodes.Node], names: Names, *, depth: int) -> list[nodes.Node]:
        """The statements with `names` in place of variables; outputs that follow each other are joined."""
        written: list[nodes.Node] = []
        for node in body:
            for made in self._statement(node, names, depth=depth):
                if isinstance(made, nodes.Output) and written and isinstance(written[-1], nodes.Output):
                    written[-1].nodes.extend(made.nodes)
                else:
                    written.append(made)
        return written

    def _statement(self, node: nodes.Node, names: Names, *, depth: int) -> Iterator[nodes.Node]:
        if isinstance(node, nodes.Output):
            yield from self._output(node, names, depth=depth)
        elif isinstance(node, nodes.If):
            yield from self._choice(node, names, depth=depth)
        elif isinstance(node, nodes.CallBlock):
            yield from self._call_block(node, names, depth=depth)
        elif isinstance(node, nodes.For):
            yield self._loop(node, names, depth=depth)
        else:
            yield self._copy(node, names, depth=depth)

    def _loop(self, node: nodes.For, names: Names, *, depth: int) -> nodes.Node:
        """A loop whose output is gathered and handed on once: each piece would else pass through every layout by itself."""
        if self._is_gathering or next(node.find_all(nodes.Block), None):
            return self._copy(node, names, depth=depth)
        self._is_gathering = True
        try:
            loop = self._copy(node, names, depth=depth)
        finally:
            self._is_gathering = False
        handed_on = nodes.Filter(None, "gathered", [], [], None, None, lineno=node.lineno)
        return nodes.FilterBlock([loop], handed_on, lineno=node.lineno)

    def _output(self, node: nodes.Output, names: Names, *, depth: int) -> Iterator[nodes.Node]:
        for child in node.nodes:
            block = names.get("caller")
            if isinstance(block, Block) and isinstance(child, nodes.Call) and _is_caller(child):
                yield from block.written(node.lineno)
                continue
            expr = self._expr(child, names)
            macro = self._macro_of(expr)
            if macro is not None:
                try:
                    yield from self._written_out(macro, cast("nodes.Call", expr), depth=depth)
                    continue
                except CannotWriteOut:
                    pass
            yield nodes.Output([expr], lineno=node.lineno)

    def _choice(self, node: nodes.If, names: Names, *, depth: int) -> Iterator[nodes.Node]:
        """An if with those branches left that can still be taken."""
        branches = [(node.test, node.body), *((branch.test, branch.body) for branch in node.elif_)]
        left: list[tuple[nodes.Expr, list[nodes.Node]]] = []
        otherwise = node.else_
        for test, body in branches:
            decided = self._expr(test, names)
            if isinstance(decided, nodes.Const):
                if not decided.value:
                    continue
                otherwise = body
                break
            left.append((decided, self._statements(body, names, depth=depth)))
        last = self._statements(otherwise, names, depth=depth)
        if not left:
            yield from last
            return
        elifs = [nodes.If(test, body, [], [], lineno=node.lineno) for test, body in left[1:]]
        yield nodes.If(left[0][0], left[0][1], elifs, last, lineno=node.lineno)

    def _call_block(self, node: nodes.CallBlock, names: Names, *, depth: int) -> Iterator[nodes.Node]:
        call = cast("nodes.Call", self._expr(node.call, names))
        macro = self._macro_of(call)
        if macro is not None and not node.args:
            body = self._statements(node.body, names, depth=depth)
            try:
                yield from self._written_out(macro, call, depth=depth, block=body)
                return
            except CannotWriteOut:
                pass
        yield self._copy(node, names, depth=depth)

    def _copy(self, node: nodes.Node, names: Names, *, depth: int) -> nodes.Node:
        """Any other statement, its expressions and bodies seen to."""
        fields: list[Any] = []
        for name in node.fields:
            value = getattr(node, name)
            if name in ("body", "else_") and isinstance(value, list):
                inside = names if not isinstance(node, nodes.CallBlock | nodes.Macro) else _without_block(names)
                fields.append(self._statements(value, inside, depth=depth))
            else:
                fields.append(self._field(value, names))
        return type(node)(*fields, lineno=node.lineno)

    # expressions

    def _field(self, value: Any, names: Names) -> Any:
        if isinstance(value, nodes.Node):
            return self._expr(value, names)
        if isinstance(value, list):
            return [self._field(item, names) for item in value]
        return value

    def _expr(self, node: nodes.Node, names: Names) -> Any:
        """The expression with names and texts put in, decided where it can be."""
        if isinstance(node, nodes.Name):
            return self._name(node, names)
        if isinstance(node, nodes.Const | nodes.TemplateData):
            return node
        made = type(node)(*(self._field(getattr(node, name), names) for name in node.fields), lineno=node.lineno)
        made.set_environment(self.environment)
        if isinstance(made, nodes.Call):
            return self._text(made)
        return _decided(made) if isinstance(made, _DECIDABLE) else made

    def _name(self, node: nodes.Name, names: Names) -> nodes.Expr:
        found = names.get(node.name)
        if found is None:
            return nodes.Name(node.name, node.ctx, lineno=node.lineno)
        if isinstance(found, Block):
            return nodes.Const(found.is_given, lineno=node.lineno)
        if node.ctx != "load":
            assert isinstance(found, nodes.Name)  # noqa: S101 - what a component assigns has been given a name
            return nodes.Name(found.name, node.ctx, lineno=node.lineno)
        return found

    def _text(self, call: nodes.Call) -> nodes.Expr:
        """A call of `_` or `static` with a constant becomes what it answers."""
        name = call.node.name if isinstance(call.node, nodes.Name) else ""
        if call.dyn_args or call.dyn_kwargs or len(call.args) != 1 or not isinstance(call.args[0], nodes.Const):
            return call
        if name == "static" and not call.kwargs:
            return nodes.Const(self.static(call.args[0].value), lineno=call.lineno)
        if name not in ("_", "gettext"):
            return call
        text = nodes.Const(self.translator.gettext(call.args[0].value), lineno=call.lineno)
        if not call.kwargs:
            return text
        values = [nodes.Pair(nodes.Const(word.key), word.value, lineno=call.lineno) for word in call.kwargs]
        return nodes.Mod(text, nodes.Dict(values, lineno=call.lineno), lineno=call.lineno)

    # components

    def _macro_of(self, node: nodes.Node) -> nodes.Macro | None:
        """The component that an expression calls, if that is all it does."""
        if not isinstance(node, nodes.Call) or node.dyn_args or node.dyn_kwargs:
            return None
        target = node.node
        if isinstance(target, nodes.Getattr) and isinstance(target.node, nodes.Name) and target.node.name == "ui":
            return self.macros.get(target.attr)
        return None

    def _written_out(
        self, macro: nodes.Macro, call: nodes.Call, *, depth: int, block: list[nodes.Node] | None = None
    ) -> Iterator[nodes.Node]:
        """The component's markup with the call's arguments in place."""
        if depth >= DEPTH_MAX or not _is_open(macro, block):
            raise CannotWriteOut
        given = _arguments(macro, call)
        stored = {name.name for name in macro.find_all(nodes.Name) if name.ctx == "store"}
        looped = {name.name for loop in macro.find_all(nodes.For) for name in loop.find_all(nodes.Name)}
        number = next(self._numbers)
        names: dict[str, nodes.Expr | Block] = {name: nodes.Name(f"c{number}_{name}", "load") for name in stored}
        names["caller"] = Block(block)
        kept: list[tuple[str, nodes.Expr]] = []
        for name, value in given.items():
            simple = isinstance(value, nodes.Const) or (isinstance(value, nodes.Name) and value.name != "loop")
            uses = sum(used.name == name for used in macro.find_all(nodes.Name) if used.ctx == "load")
            if name not in stored and (simple or (uses <= 1 and name not in looped)):
                names[name] = value
            else:
                names[name] = nodes.Name(f"c{number}_{name}", "load")
                kept.append((f"c{number}_{name}", value))
        body = self._statements(macro.body, names, depth=depth + 1)
        if not kept and not stored:
            return iter(body)
        targets = [nodes.Name(name, "param") for name, _ in kept]
        return iter([nodes.With(targets, [value for _, value in kept], body, lineno=call.lineno)])


def _is_caller(call: nodes.Call) -> bool:
    return isinstance(call.node, nodes.Name) and call.node.name == "caller"


def _without_block(names: Names) -> Names:
    return {name: value for name, value in names.items() if name != "caller"}


def _arguments(macro: nodes.Macro, call: nodes.Call) -> dict[str, nodes.Expr]:
    """Each parameter's value in this call."""
    order = [arg.name for arg in macro.args]
    if len(call.args) > len(order):
        raise CannotWriteOut
    given: dict[str, nodes.Expr] = dict(zip(order, call.args, strict=False))
    given |= {word.key: word.value for word in call.kwargs}
    defaults = dict(zip(order[len(order) - len(macro.defaults) :], macro.defaults, strict=True))
    missing = {name: defaults[name] for name in order if name not in given and name in defaults}
    if len(given) + len(missing) != len(order) or any(name not in order for name in given):
        raise CannotWriteOut
    if not all(isinstance(value, nodes.Const | nodes.Tuple | nodes.List) for value in missing.values()):
        raise CannotWriteOut
    return given | missing


def _is_open(macro: nodes.Macro, block: list[nodes.Node] | None) -> bool:
    """Whether the component can stand elsewhere: it uses nothing of its file, and passes nothing on."""
    if any(True for _ in macro.find_all((nodes.Macro, nodes.CallBlock, nodes.With, nodes.Import, nodes.FromImport))):
        return False
    own = {arg.name for arg in macro.args} | {n.name for n in macro.find_all(nodes.Name) if n.ctx == "store"}
    free = {name.name for name in macro.find_all(nodes.Name)} - own
    if not free <= _OPEN:
        return False
    called = [call for call in macro.find_all(nodes.Call) if _is_caller(call)]
    if block is None or len(called) == 1:
        return not (
            called and any(_is_caller(c) for loop in macro.find_all(nodes.For) for c in loop.find_all(nodes.Call))
        )
    return False


def _decided(node: nodes.Expr) -> nodes.Expr:
    """A constant where nothing is left to be known; `a and x` is x where a is true."""
    if isinstance(node, nodes.And | nodes.Or) and isinstance(node.left, nodes.Const):
        stops = bool(node.left.value) is isinstance(node, nodes.Or)
        return node.left if stops else node.right
    if isinstance(node, nodes.CondExpr) and isinstance(node.test, nodes.Const):
        chosen = node.expr1 if node.test.value else node.expr2
        return chosen if chosen is not None else node
    if isinstance(node, nodes.Test) and node.name == "defined" and isinstance(node.node, nodes.Const):
        return nodes.Const(True, lineno=node.lineno)  # noqa: FBT003 - Jinja takes it so
    assert node.environment is not None  # noqa: S101 - set when it was made
    try:
        value = node.as_const(nodes.EvalContext(node.environment))
    except Exception:  # noqa: BLE001 - not constant, or wrong: the page will say so
        return node
    return nodes.Const(value, lineno=node.lineno) if isinstance(value, bool | str | int | type(None)) else node
