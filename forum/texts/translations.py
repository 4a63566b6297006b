"""The texts of the templates in another language, and how they get into a template.

A template marks its Dutch texts as Jinja's i18n extension wants: `{% trans %}` and `_()`. They are looked up
when the template is compiled, once per language and process, so that a page costs the same as without.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from gettext import c2py
from importlib import resources
from io import BytesIO

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from jinja2 import TemplateAssertionError, nodes
from jinja2.visitor import NodeTransformer

PLURAL_FORM = "plural_form"
"""The name under which a template finds which form goes with a number."""

_PLACEHOLDER = re.compile(r"%(?:\((?P<name>\w+)\)s|%)")


@dataclass(frozen=True, slots=True)
class Translations:
    """Texts by the Dutch ones, those with a number by the Dutch singular; what is not there stays Dutch.

    `form_of` returns the place, from 0, of the form that goes with a number.
    """

    texts: Mapping[str, str]
    forms: Mapping[str, Sequence[str]]
    form_of: Callable[[int], int]


def _dutch_form(number: int) -> int:
    return 0 if number == 1 else 1


DUTCH_ITSELF = Translations({}, {}, _dutch_form)


def read_translations(language: str) -> Translations:
    """Read the PO files of a language, one per folder of templates; what is "fuzzy" is not translated.

    Raises:
        ValueError: two files translate a text differently, or count differently.
    """
    forms: dict[str, Sequence[str]] = {}
    rules: set[str] = set()
    for file in sorted(
        resources.files("forum.texts").joinpath(language).iterdir(), key=lambda file: file.name
    ):
        if file.name.endswith(".po"):
            catalogue = read_po(BytesIO(file.read_bytes()), locale=language)
            _add(forms, catalogue, file.name)
            rules.add(catalogue.plural_expr)
    (rule,) = rules
    done = {text: translated for text, translated in forms.items() if all(translated)}
    return Translations(
        texts={text: translated[0] for text, translated in done.items() if len(translated) == 1},
        forms={text: translated for text, translated in done.items() if len(translated) > 1},
        form_of=c2py(rule),
    )


def _add(forms: dict[str, Sequence[str]], catalogue: Catalog, file: str) -> None:
    for message in catalogue:
        if message.id and not message.fuzzy:
            text = message.id if isinstance(message.id, str) else message.id[0]
            translated = _forms(message)
            if forms.setdefault(text, translated) != translated:
                fault = f"{text!r} is {forms[text]} in one file and {translated} in {file}"
                raise ValueError(fault)


def _forms(message: Message) -> Sequence[str]:
    return message.string if isinstance(message.string, tuple | list) else [message.string or ""]


def translate(tree: nodes.Template, translations: Translations) -> nodes.Template:
    """Return a parsed template with its texts in a language, as if they had been written in it.

    Raises:
        TemplateAssertionError: a text is made by the template itself, so that nobody can look it up.
    """
    translated: nodes.Template = _Translator(translations).visit(tree)
    if tree.environment is not None:
        translated.set_environment(tree.environment)
    return translated


class _Translator(NodeTransformer):
    """Puts translations where Jinja's i18n extension would call gettext."""

    def __init__(self, translations: Translations) -> None:
        self.translations = translations

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802 - the name Jinja looks for
        """Write the pieces of a text one after the other, as the texts around them."""
        self.generic_visit(node)
        node.nodes = [piece for child in node.nodes for piece in _pieces(child)]
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - the name Jinja looks for
        """Replace a call that stands for a text."""
        self.generic_visit(node)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        if name in ("_", "gettext"):
            text = _constant(node, 0)
            return _filled(self.translations.texts.get(text, text), node)
        if name == "ngettext":
            forms = self.translations.forms.get(_constant(node, 0), [_constant(node, 0), _constant(node, 1)])
            return _counted(forms, node)
        return node


def _constant(node: nodes.Call, place: int) -> str:
    argument = node.args[place] if len(node.args) > place else None
    if isinstance(argument, nodes.Const) and isinstance(argument.value, str):
        return argument.value
    message = "a text to translate is written out in full"
    raise TemplateAssertionError(message, node.lineno)


def _filled(text: str, node: nodes.Call) -> nodes.Expr:
    """Return a text with the values of a call, escaped as any other; its number is `num` as well."""
    values = {"num": node.args[2]} if len(node.args) > 2 else {}
    values |= {keyword.key: keyword.value for keyword in node.kwargs}
    pieces = list(_split(text, values))
    return pieces[0] if len(pieces) == 1 else nodes.Concat(pieces, lineno=node.lineno)


def _split(text: str, values: Mapping[str, nodes.Expr]) -> Iterator[nodes.Expr]:
    written, end = "", 0
    for found in _PLACEHOLDER.finditer(text):
        written += text[end : found.start()]
        end = found.end()
        if found["name"] is None:
            written += "%"
            continue
        yield nodes.TemplateData(written)
        yield values[found["name"]]
        written = ""
    yield nodes.TemplateData(written + text[end:])


def _counted(forms: Sequence[str], node: nodes.Call) -> nodes.Expr:
    """Return the form that goes with the number of a call."""
    form = nodes.Call(nodes.Name(PLURAL_FORM, "load"), [node.args[2]], [], None, None)
    chosen = _filled(forms[-1], node)
    for place in range(len(forms) - 2, -1, -1):
        is_this = nodes.Compare(form, [nodes.Operand("eq", nodes.Const(place))])
        chosen = nodes.CondExpr(is_this, _filled(forms[place], node), chosen)
    return chosen


def _pieces(node: nodes.Expr) -> Sequence[nodes.Expr]:
    if isinstance(node, nodes.Concat) and any(isinstance(piece, nodes.TemplateData) for piece in node.nodes):
        return node.nodes
    return [node]
