"""The words of the product: `locales/<lang>/<area>.toml`, flattened to `area.table.key`.

One string may hold `{name}` places. A key with plural forms is a table of exactly `one` and `many`, chosen by `n`.
The browser gets the same catalogue (`saas_admin.ui.i18n`); mails, errors and the widget read it here.
"""

import tomllib
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

from saas_admin.core.brand import NAME

LANGS = ("es", "en")
DEFAULT_LANG = "es"

_LOCALES = Path(__file__).parent / "locales"


def translate(key: str, lang: str = DEFAULT_LANG, /, **params: Any) -> str:
    """The sentence in `lang`. An unknown language reads Spanish; an unknown key comes back as it is, so a gap is seen, not fatal."""
    words = catalogue(lang if lang in LANGS else DEFAULT_LANG)
    sentence = words.get(_plural(key, words, params))
    return key if sentence is None else _Lenient().vformat(sentence, (), params)


@lru_cache(maxsize=len(LANGS))
def catalogue(lang: str) -> dict[str, str]:
    files = sorted((_LOCALES / lang).glob("*.toml"))
    words = {key: text for file in files for key, text in _flatten(file.stem, tomllib.loads(file.read_text("utf-8")))}
    return {**words, "common.brand": NAME}


def _flatten(prefix: str, table: dict[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in table.items():
        key = f"{prefix}.{name}"
        found += _flatten(key, value) if isinstance(value, dict) else [(key, str(value))]
    return found


def _plural(key: str, words: dict[str, str], params: dict[str, Any]) -> str:
    if "n" not in params or key in words:
        return key
    return f"{key}.one" if params["n"] in (1, "1") else f"{key}.many"


class _Lenient(Formatter):
    """A place nobody filled stays visible instead of failing a mail."""

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        return kwargs.get(key, "{" + str(key) + "}") if isinstance(key, str) else super().get_value(key, args, kwargs)
