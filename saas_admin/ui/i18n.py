"""Words in the browser: one module holds both languages, so that switching needs neither a reload nor the server.

`t("inbox.tabs.pending", n=State.count)` is a Var; local JSX says `const t = useT()` and `t("inbox.tabs.pending", {n})`.
"""

import json
from pathlib import Path
from typing import Any

import reflex as rx
from reflex_base.environment import EnvironmentVariables
from reflex_base.utils.imports import ImportVar
from reflex_base.vars import VarData
from reflex_base.vars.sequence import StringVar

from saas_admin.core.i18n import LANGS, catalogue
from saas_admin.ui.jsx import ASSET_FOLDER, JSX

_ON_THE_SERVER_ONLY = ("mail.", "widget.")
_HOOK = VarData(imports={f"{JSX}/i18n.js": [ImportVar(tag="useT")]}, hooks={"const t_ = useT()": None})


def t(key: str, **params: Any) -> StringVar[str]:
    """The words of `key` in the reader's language. Parameters may be Vars."""
    if key not in catalogue("es") and f"{key}.one" not in catalogue("es"):
        msg = f"no such words: {key}"
        raise KeyError(msg)
    return _call(json.dumps(key), None, params)


def t_var(key: Any, **params: Any) -> StringVar[str]:
    """Like `t` for a key that is data (`errors.` + a code): the catalogue test cannot see these, so keep them few."""
    return _call(str(key), key._get_all_var_data(), params)


def _call(key: str, about_key: VarData | None, params: dict[str, Any]) -> StringVar[str]:
    given = {name: rx.Var.create(value) for name, value in params.items()}
    arguments = "".join(f"{name}:{value!s}," for name, value in given.items())
    data = VarData.merge(_HOOK, about_key, *(value._get_all_var_data() for value in given.values()))
    return rx.Var(f"(t_({key},{{{arguments}}}))", _var_type=str, _var_data=data).to(str)


def write_catalogue() -> None:
    """Both catalogues as one JS module beside the shared JSX, where i18n.js imports it."""
    if EnvironmentVariables.REFLEX_BACKEND_ONLY.get() or EnvironmentVariables.REFLEX_SKIP_COMPILE.get():
        return
    words = {
        lang: {k: v for k, v in catalogue(lang).items() if not k.startswith(_ON_THE_SERVER_ONLY)} for lang in LANGS
    }
    module = f"export const CATALOGUE = {json.dumps(words, ensure_ascii=False, sort_keys=True)};\n"
    target = Path.cwd() / ASSET_FOLDER / "catalogue.js"
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists() or target.read_text("utf-8") != module:
        target.write_text(module, "utf-8")


write_catalogue()
