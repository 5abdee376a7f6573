"""A file of FAQs as people have it: CSV out of any spreadsheet, JSON lines, JSON. Pure: bytes in, rows out."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from saas_admin.core.errors import Invalid
from saas_admin.core.text import clean, fold

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 2000
FIELDS = ("question", "answer", "category", "language", "status", "sensitive", "channels")

_NAMES: Mapping[str, Sequence[str]] = {
    "question": ("question", "questions", "pregunta", "preguntas", "phrasing", "phrasings", "pergunta", "perguntas", "variante", "q"),
    "answer": ("answer", "respuesta", "resposta", "a"),
    "category": ("category", "categoria", "tema"),
    "language": ("language", "lang", "idioma", "lengua"),
    "status": ("status", "estado", "state"),
    "sensitive": ("sensitive", "sensible", "delicada", "sensivel"),
    "channels": ("channels", "channel", "canales", "canal", "canais"),
}  # fmt: skip
_FIELD_OF = {name: field for field, names in _NAMES.items() for name in names}
_YES = {"1", "si", "yes", "true", "verdadero", "x", "sim"}
_NO = {"0", "no", "false", "falso", "nao"}
_STATUS = {
    **dict.fromkeys(("published", "publicada", "publicado", "si", "yes", "activa", "activo"), "published"),
    **dict.fromkeys(("draft", "borrador", "rascunho", "no", "inactiva", "inactivo"), "draft"),
}
_CHANNELS = {"whatsapp": "whatsapp_cloud", "sms": "twilio", "web": "webchat", "chat_web": "webchat"}
_ALL = {"all", "todos", "todas"}
_LANGUAGES = {
    **dict.fromkeys(("es", "spa", "espanol", "castellano", "spanish"), "es"),
    **dict.fromkeys(("en", "eng", "ingles", "english"), "en"),
    **dict.fromkeys(("pt", "por", "portugues", "portuguese"), "pt"),
}
_FORMULA = re.compile(r"'+[=+\-@\t\r]")
_BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Row:
    """None: the file says nothing about it."""

    number: int
    """As the person sees it: the line of a spreadsheet, of which the header is the first, or of a text file."""
    phrasings: tuple[str, ...] = ()
    answer: str | None = None
    category: str | None = None
    language: str | None = None
    status: str | None = None
    is_sensitive: bool | None = None
    channel_kinds: tuple[str, ...] | None = None
    problem: str = ""
    """Code of what makes no sense in it."""


@dataclass(frozen=True)
class Column:
    name: str
    field: str
    """One of FIELDS; empty: not taken over."""
    sample: str


@dataclass(frozen=True)
class File:
    kind: str
    """csv or json."""
    columns: list[Column]
    rows: list[Row]
    problem: str = ""
    """Why there are no rows: no column holds questions."""


def read(content: bytes, mapping: Mapping[int, str] | None = None) -> File:
    """Raises Invalid for a file that is none, too large or broken. `mapping`: field by column, over what the header says."""
    if len(content) > MAX_BYTES:
        raise Invalid("faq_import_large", limit=MAX_BYTES // 1024 // 1024)
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Invalid("faq_import_excel")
    text = clean(decode(content))
    if not text.strip():
        raise Invalid("faq_import_empty")
    file = _read_json(text) if text.lstrip()[0] in "{[" else _read_csv(text, mapping or {})
    if len(file.rows) > MAX_ROWS:
        raise Invalid("faq_import_rows", most=MAX_ROWS)
    if not file.rows and not file.problem:
        raise Invalid("faq_import_empty")
    return file


def decode(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with it, else what Windows writes in western Europe and Latin America."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # The five bytes that Windows leaves free: read as Latin 1, nothing is lost.
        return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in content)


def split_phrasings(cell: str) -> list[str]:
    """Several in one cell stand on lines of their own or between bars; `\\|` is a bar."""
    parts = [part for line in cell.splitlines() for part in _BAR.split(line)]
    return [part.replace("\\|", "|") for part in parts if part.strip()]


def _read_csv(text: str, mapping: Mapping[int, str]) -> File:
    said, offset = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE), 0
    if said:
        text, offset = text[said.end() :], 1
    delimiter = said[1] if said else _delimiter(text)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False))
    except csv.Error as error:
        raise Invalid("faq_import_broken") from error
    header = [_unguarded(cell).strip() for cell in lines[0]]
    fields = [mapping.get(at, _field_of(name)) for at, name in enumerate(header)]
    body = [(number, line) for number, line in enumerate(lines[1:], 2 + offset) if any(cell.strip() for cell in line)]
    columns = [
        Column(name, field, _sample(body, at)) for at, (name, field) in enumerate(zip(header, fields, strict=True))
    ]
    if "question" not in fields:
        return File("csv", columns, [], "faq_import_no_question")
    return File("csv", columns, [_csv_row(number, fields, line) for number, line in body])


def _delimiter(text: str) -> str:
    """The one that makes most of a header; of two that do as well, the one that cuts more."""
    first = next(csv.reader(io.StringIO(text, newline=""), delimiter="\x1f"), [""])
    line = "\x1f".join(first)

    def worth(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([line], delimiter=delimiter), [])
        return sum(bool(_field_of(cell)) for cell in cells), len(cells)

    return max((";", ",", "\t"), key=worth)


def _field_of(name: str) -> str:
    """«Pregunta 2», `question_2`, «RESPUESTA» …"""
    return _FIELD_OF.get(re.sub(r"\d+", "", fold(name)).strip(), "")


def _sample(body: Sequence[tuple[int, list[str]]], at: int) -> str:
    return next((line[at][:80] for _, line in body if at < len(line) and line[at].strip()), "")


def _csv_row(number: int, fields: Sequence[str], line: Sequence[str]) -> Row:
    values: dict[str, str] = {}
    phrasings: list[str] = []
    for field, cell in zip(fields, line, strict=False):
        value = _unguarded(cell).strip()
        if field == "question":
            phrasings += split_phrasings(value)
        elif field and value and field not in values:
            values[field] = value
    return _row(number, phrasings, values)


def _unguarded(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from calculating (`transfer.writing`)."""
    return cell[1:] if _FORMULA.match(cell) else cell


def _read_json(text: str) -> File:
    rows = [
        _json_row(number, value) if not problem else Row(number, problem=problem)
        for number, value, problem in _json_values(text)
    ]
    names = [name for name in FIELDS if name == "question" or any(_says(row, name) for row in rows)]
    return File("json", [Column(name, name, "") for name in names], rows)


def _json_values(text: str) -> Iterator[tuple[int, Any, str]]:
    if text.lstrip().startswith("["):
        try:
            values: Any = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise Invalid("faq_import_broken") from error
        yield from ((number, value, "") for number, value in enumerate(values, 1))
        return
    # Only \n ends a line of JSON lines: a separator of Unicode may stand inside a text.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line), ""
        except (ValueError, RecursionError):
            yield number, None, "faq_import_json"


def _json_row(number: int, value: Any) -> Row:
    if not isinstance(value, dict):
        return Row(number, problem="faq_import_json")
    given: Mapping[str, Any] = value
    phrasings: list[str] = []
    values: dict[str, str] = {}
    for name, content in given.items():
        field = _field_of(str(name))
        if field == "question":
            phrasings += [str(each) for each in content] if isinstance(content, list) else [str(content or "")]
        elif field and content not in (None, "", []) and field not in values:
            values[field] = "|".join(map(str, content)) if isinstance(content, list) else str(content)
        elif field == "channels" and content == []:
            values[field] = "all"
    return _row(number, phrasings, values)


def _row(number: int, phrasings: Sequence[str], values: Mapping[str, str]) -> Row:
    sensitive = fold(values.get("sensitive", ""))
    status = fold(values.get("status", ""))
    language = re.split(r"[-_ ]", fold(values.get("language", "")))[0]
    channels = _channels(values["channels"]) if "channels" in values else None
    problem = ""
    if sensitive and sensitive not in _YES | _NO:
        problem = "faq_import_sensitive"
    elif status and status not in _STATUS:
        problem = "faq_import_status"
    return Row(
        number,
        tuple(phrasings),
        values.get("answer"),
        values.get("category"),
        (_LANGUAGES.get(language, language) or None) if language else None,
        _STATUS.get(status) if status else None,
        sensitive in _YES if sensitive else None,
        channels,
        problem,
    )


def _channels(value: str) -> tuple[str, ...]:
    names = [fold(each).replace(" ", "_") for each in re.split(r"[|,;\n]", value) if each.strip()]
    return () if set(names) & _ALL or value.strip() == "*" else tuple(_CHANNELS.get(name, name) for name in names)


def _says(row: Row, name: str) -> bool:
    known = {
        "answer": row.answer,
        "category": row.category,
        "language": row.language,
        "status": row.status,
        "sensitive": row.is_sensitive,
        "channels": row.channel_kinds,
    }
    return known.get(name) is not None
