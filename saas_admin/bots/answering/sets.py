"""The files of a FAQ set: `faqs*.jsonl` and `queries*.jsonl` in one folder, one object a line.

A FAQ is `{"id", "lang", "answer", "phrasings"}`; a query is `{"text", "gold", "kind"}` with `gold` null when no FAQ
answers it.
"""

import importlib.util
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from saas_admin.bots.answering.index import FaqEntry


class BadSet(Exception):
    """A folder or file that is not a FAQ set; the sentence says which and why."""


@dataclass(frozen=True)
class Query:
    text: str
    gold: str | None
    kind: str


@dataclass(frozen=True)
class FaqSet:
    name: str
    language: str
    faqs: tuple[FaqEntry, ...]
    queries: tuple[Query, ...]

    def rewritten(self, change: Callable[[str], str]) -> "FaqSet":
        return replace(self, queries=tuple(replace(query, text=change(query.text)) for query in self.queries))


def read_sets(
    folder: Path, k: int, *, lang: str | None = None, faqs: Path | None = None, queries: Path | None = None
) -> list[FaqSet]:
    """The set in this folder, or every set in the folders below it; those without queries in `lang` are left out."""
    if not folder.is_dir():
        raise BadSet(f"{folder} is not a folder; it holds no faqs.jsonl.")
    folders = [folder] if _is_set(folder) or faqs else sorted(child for child in folder.iterdir() if _is_set(child))
    if not folders:
        raise BadSet(f"{folder} holds no faqs.jsonl, neither do the folders in it.")
    found = [_read(each, k, lang, faqs, queries) for each in folders]
    sets = [each for each in found if each is not None]
    if not sets:
        raise BadSet(f"{folder} has no queries" + (f" in {lang}." if lang else "."))
    return sets


def noise_of(file: Path) -> Callable[[str], str]:
    """`noisy(text)` of a Python file, which is run: give only files you trust."""
    spec = importlib.util.spec_from_file_location("faq_bench_noise", file)
    if spec is None or spec.loader is None or not file.is_file():
        raise BadSet(f"{file} is not a Python file.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    change = getattr(module, "noisy", None)
    if not callable(change):
        raise BadSet(f"{file} has no function noisy(text).")
    return lambda text: str(change(text))


def _read(folder: Path, k: int, lang: str | None, faqs: Path | None, queries: Path | None) -> FaqSet | None:
    rows = _faq_rows(folder, k, faqs)
    language = str(rows[0].get("lang") or "es")
    file = queries or _queries_file(folder, lang if lang != language else None)
    if file is None:
        return None
    entries = tuple(FaqEntry(row["id"], tuple(row["phrasings"][:k]), row.get("answer") or "") for row in rows)
    asked = tuple(Query(row["text"], row["gold"], row.get("kind") or "") for row in _lines(file, {"text", "gold"}))
    return FaqSet(folder.name, language, entries, asked)


def _faq_rows(folder: Path, k: int, given: Path | None) -> list[dict[str, Any]]:
    """`faqs.jsonl`, unless it holds fewer than k phrasings and `faqs_<k>shot.jsonl` is there."""
    more = folder / f"faqs_{k}shot.jsonl"
    rows = _lines(given or folder / "faqs.jsonl", {"id", "phrasings"})
    if given is None and more.is_file() and max(len(row["phrasings"]) for row in rows) < k:
        return _lines(more, {"id", "phrasings"})
    return rows


def _queries_file(folder: Path, lang: str | None) -> Path | None:
    """`queries_dev*.jsonl` before any other `queries*.jsonl`; `_<lang>` before the ending names another language."""
    files = [file for file in sorted(folder.glob("queries*.jsonl")) if _language_of(file) == lang]
    return min(files, key=lambda file: (not file.name.startswith("queries_dev"), file.name), default=None)


def _language_of(file: Path) -> str | None:
    ending = file.stem.rsplit("_", 1)[-1]
    return ending if len(ending) == 2 and ending.isalpha() else None


def _is_set(folder: Path) -> bool:
    return (folder / "faqs.jsonl").is_file()


def _lines(file: Path, wanted: set[str]) -> list[dict[str, Any]]:
    try:
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line.strip()]
    except OSError as error:
        raise BadSet(f"{file} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise BadSet(f"{file} is not JSON lines: {error}.") from None
    if not rows or any(not isinstance(row, dict) or not wanted <= row.keys() for row in rows):
        raise BadSet(f"{file}: every line needs {', '.join(sorted(wanted))}.")
    return rows
