"""No word of the interface lives outside the catalogues, and both languages say everything."""

import ast
import json
import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from saas_admin.core.brand import NAME
from saas_admin.core.i18n import LANGS, catalogue, translate

PACKAGE = Path(__file__).parents[2] / "saas_admin"
LOCALES = PACKAGE / "core" / "locales"
SCRIPTS = sorted([*PACKAGE.rglob("jsx/*.jsx"), *PACKAGE.rglob("jsx/*.js")])
PAGES = sorted(
    [
        *PACKAGE.glob("*/components.py"),
        *PACKAGE.glob("*/components/*.py"),
        *PACKAGE.glob("*/pages.py"),
        *(PACKAGE / "ui").glob("*.py"),
    ]
)

# The same in both languages on purpose: names, units, marks.
SAME = re.compile(
    r"^(\W|\d|\{\w+\}|s|min|h|d|WhatsApp|Instagram|Messenger|Telegram|SMS|Mostrador|Marketing|Color|Bot|Emoji|Audio|Sticker|No|Chat|Ctrl|URL|Tokens)*$"
)
WORD = re.compile(r"[^\W\d_]{2,}")
# Each language is called by its own name, whatever the page speaks; keys are engraved on keyboards.
ALLOWED = {"Español", "English", "Esc", "Ctrl", "Ctrl ↵"}


def words_of(lang: str) -> dict[str, str]:
    return catalogue(lang)


def known_keys() -> set[str]:
    return {re.sub(r"\.(one|many)$", "", key) for key in words_of("es")} | set(words_of("es"))


@pytest.mark.parametrize("area", sorted(path.stem for path in (LOCALES / "es").glob("*.toml")))
def test_both_languages_have_the_same_keys(area: str) -> None:
    keys = [{key for key in words_of(lang) if key.startswith(f"{area}.")} for lang in LANGS]

    assert keys[0] == keys[1]


def test_both_languages_fill_the_same_places() -> None:
    different = [key for key, text in words_of("es").items() if places(text) != places(words_of("en")[key])]

    assert different == []


def test_nothing_is_left_empty_or_untranslated() -> None:
    spanish, english = words_of("es"), words_of("en")
    empty = [key for lang in LANGS for key, text in words_of(lang).items() if not text.strip()]
    same = [key for key in spanish if spanish[key] == english[key] and not SAME.match(spanish[key])]

    assert empty == []
    assert same == []


def test_a_plural_has_exactly_one_and_many() -> None:
    wrong = [
        name for path in LOCALES.rglob("*.toml") for name in odd_plurals(path.stem, tomllib.loads(path.read_text()))
    ]

    assert wrong == []


def test_spanish_has_no_exclamation_marks_and_no_forbidden_words() -> None:
    """The panel speaks plainly: no shouting, no «por favor», no «exitosamente»."""
    ours = {
        key: text for key, text in words_of("es").items() if not key.startswith(("widget.", "mail.", "auth.street."))
    }
    loud = [
        key
        for key, text in ours.items()
        if re.search(r"[¡!]|por favor|exitosa|éxito|\bN/A\b|\bnull\b", text, re.IGNORECASE)
    ]

    assert loud == []


def test_the_product_has_its_name_from_one_place() -> None:
    manifest = json.loads((PACKAGE.parent / "assets" / "manifest.webmanifest").read_text())

    assert manifest["name"] == manifest["short_name"] == translate("common.brand", "en") == NAME
    assert [key for key, text in words_of("es").items() if NAME in text and key != "common.brand"] == []


def test_translate_chooses_the_plural_and_fills_the_places() -> None:
    assert translate("channels.remove.text", "es", n=214).endswith("Las 214 conversaciones se quedan y podrás leerlas.")
    assert "La conversación que tiene se queda" in translate("channels.remove.text", "es", n=1)
    assert translate("ui.account.of", "en", name="Nuria") == "Account of Nuria"
    assert translate("common.cancel", "fr") == "Cancelar"
    assert translate("no.such.key", "es") == "no.such.key"


@pytest.mark.parametrize("path", [*PAGES, *SCRIPTS], ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_key_that_is_asked_for_exists(path: Path) -> None:
    missing = [
        key for key in keys_in(path) if not is_known(key, scope="inbox." if "conversations" in path.parts else "")
    ]

    assert missing == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_pages_have_no_words_of_their_own(path: Path) -> None:
    assert list(python_literals(ast.parse(path.read_text()))) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_scripts_have_no_words_of_their_own(path: Path) -> None:
    assert [text for text in script_literals(path.read_text()) if text not in ALLOWED] == []


def test_the_scanners_see_what_they_are_for() -> None:
    page = 'rx.el.p("Hola"); rx.el.div(button("Guardar"), aria_label="Cerrar"); rx.el.p(t("a.b"), class_name="title")'
    script = '<p className="x">Hola</p>; <b aria-label="Cerrar">{t("a.b")}</b>; const f = (a) => a > 1 ? <i /> : null'

    assert list(python_literals(ast.parse(page))) == ["Hola", "Cerrar", "Guardar"]
    assert list(script_literals(script)) == ["Hola", "Cerrar"]


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def odd_plurals(prefix: str, table: dict[str, object]) -> Iterator[str]:
    for name, value in table.items():
        if not isinstance(value, dict):
            continue
        if {"one", "many"} & set(value) and set(value) != {"one", "many"}:
            yield f"{prefix}.{name}"
        yield from odd_plurals(f"{prefix}.{name}", value)


def keys_in(path: Path) -> set[str]:
    """Literal keys, and keys with a computed part as a pattern (`channels.${kind}.pitch` → `channels.*.pitch`)."""
    text = without_comments(path.read_text())
    found = set(re.findall(r"\bt\(\s*[\"']([\w.]+)[\"']", text))
    found |= {re.sub(r"\$\{[^}]*\}", "*", key) for key in re.findall(r"\bt\(\s*`([^`]+)`", text)}
    found |= {key for pair in re.findall(r"\bt\([^`(\"']*\?\s*\"([\w.]+)\"\s*:\s*\"([\w.]+)\"\)", text) for key in pair}
    return {key for key in found if "." in key}


def is_known(key: str, scope: str) -> bool:
    keys = known_keys()
    if "*" not in key:
        return bool({key, scope + key} & keys)
    pattern = re.compile("|".join(re.escape(each).replace(r"\*", r"[\w.]+") for each in (key, scope + key)))
    return any(pattern.fullmatch(known) for known in keys)


def without_comments(text: str) -> str:
    text = re.sub(r"\"\"\".*?\"\"\"", "", text, flags=re.DOTALL)
    return re.sub(r"(^|\s)//[^\n]*|/\*.*?\*/", " ", text, flags=re.DOTALL)


# Between the end of one element and the start of the next stands code as often as text.
CODE = re.compile(r"\s*[:,?|&]|\s*\w+:\s*$")
SHOWN_BY = {"button", "link_button", "page_link", "page_head", "back_link", "chip", "card", "banner"}
SHOWN_AS = {"title", "text", "placeholder", "alt", "aria_label", "label", "hint", "verb"}


def python_literals(tree: ast.AST) -> Iterator[str]:
    """String constants that a component would show: children of elements, and attributes a person reads or hears."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        is_element = called.startswith("rx.el.") or called.split(".")[-1] in SHOWN_BY or called.endswith(".create")
        if not is_element:
            continue
        for child in node.args if called != "back_link" else node.args[1:]:
            yield from words_in(child)
        for keyword in node.keywords:
            if keyword.arg in SHOWN_AS and called != "PageFrame.create":
                yield from words_in(keyword.value)


def words_in(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and WORD.search(node.value):
        yield node.value


def script_literals(text: str) -> Iterator[str]:
    """Text between tags, and attributes a person reads or hears."""
    text = without_comments(text)
    for found in re.findall(r"(?<![=\-])>([^<>{}();=]*)</?[A-Za-z]", text):
        if WORD.search(found) and not CODE.match(found):
            yield found.strip()
    for _, found in re.findall(r"\b(aria-label|title|placeholder|alt|label|hint|data-tip|text)=\"([^\"]*)\"", text):
        if WORD.search(found):
            yield found
