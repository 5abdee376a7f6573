"""A file of FAQs as people have it: CSV out of any spreadsheet, JSON lines, JSON. Pure: bytes in, rows out."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from saas_admin.core.errors import Invalid
from saas_admin.core.text import clean, cleaned, fold

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 2000
FIELDS = ("question", "answer", "category", "language", "status", "sensitive", "channels")
DEEPEST_HEADER = 10
"""Among so many rows the header is looked for: sheets of people begin with a title or an empty row."""

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
class Cell:
    """What the file itself says in one place, so that a mistake can be pointed at."""

    field: str
    column: str
    """Its name in the file; empty where columns have none."""
    value: str


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
    cells: tuple[Cell, ...] = ()


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
    header_row: int = 0
    """Where the names of the columns stand; 0: nowhere, the first row is a question already."""
    is_header_sure: bool = True
    """Whether one of the names is known; else the reader may say what the first row is."""
    is_below_others: bool = False
    """Rows above the header say something that is not taken over."""


def read(content: bytes, mapping: Mapping[int, str] | None = None, *, has_header: bool | None = None) -> File:
    """Raises Invalid for a file that is none, too large or broken. `mapping`: field by column, over what the header says.

    `has_header`: what the reader says of the first row where no name is known; None: as it looks.
    """
    if len(content) > MAX_BYTES:
        raise Invalid("faq_import_large", limit=MAX_BYTES // 1024 // 1024)
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Invalid("faq_import_excel")
    text = clean(decode(content))
    if not text.strip():
        raise Invalid("faq_import_empty")
    file = _read_json(text) if text.lstrip()[0] in "{[" else _read_csv(text, mapping or {}, has_header)
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


def _read_csv(text: str, mapping: Mapping[int, str], has_header: bool | None) -> File:
    said, offset = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE), 0
    if said:
        text, offset = text[said.end() :], 1
    try:
        delimiter = said[1] if said else _delimiter(text)
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False))
    except csv.Error as error:
        raise Invalid("faq_import_broken") from error
    said_rows = [(number, line) for number, line in enumerate(lines, 1 + offset) if any(map(str.strip, line))]
    if not said_rows:
        raise Invalid("faq_import_empty")
    at = _header_at([line for _, line in said_rows[:DEEPEST_HEADER]])
    is_sure = at is not None
    if at is None and (_is_question(said_rows[0][1]) if has_header is None else not has_header):
        width = max(len(line) for _, line in said_rows)
        fields = [mapping.get(column, _guess(column)) for column in range(width)]
        return _csv_file([""] * width, fields, said_rows, 0, is_sure=False)
    header_row, names = said_rows[at or 0]
    header = [_unguarded(cell).strip() for cell in names]
    fields = [mapping.get(column, _field_of(name)) for column, name in enumerate(header)]
    return _csv_file(header, fields, said_rows[(at or 0) + 1 :], header_row, is_sure=is_sure, is_below_others=bool(at))


def _csv_file(
    header: Sequence[str],
    fields: Sequence[str],
    body: Sequence[tuple[int, list[str]]],
    header_row: int,
    *,
    is_sure: bool,
    is_below_others: bool = False,
) -> File:
    columns = [
        Column(name, field, _sample(body, at)) for at, (name, field) in enumerate(zip(header, fields, strict=True))
    ]
    problem = "" if "question" in fields else "faq_import_no_question"
    rows = [] if problem else [_csv_row(number, header, fields, line) for number, line in body]
    return File("csv", columns, rows, problem, header_row, is_sure, is_below_others)


def _header_at(lines: Sequence[Sequence[str]]) -> int | None:
    """The row that names most columns, the first of several. One name that is not the question's may be chance: None."""
    known = [_worth(line) for line in lines]
    at = known.index(max(known))
    return at if known[at] > 1 or "question" in map(_field_of, lines[at]) else None


def _worth(line: Sequence[str]) -> int:
    return len({field for cell in line if (field := _field_of(cell))})


def _is_question(line: Sequence[str]) -> bool:
    return any("?" in cell for cell in line)


def _guess(column: int) -> str:
    """Without a header: the question, then its answer."""
    return {0: "question", 1: "answer"}.get(column, "")


def _delimiter(text: str) -> str:
    """The one that makes most of a header; without one, the one that cuts every row alike. A comma may be prose."""

    def worth(delimiter: str) -> tuple[int, bool, bool, int]:
        try:
            rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), DEEPEST_HEADER))
        except csv.Error:
            return -1, False, False, 0
        sizes = [len(row) for row in rows if any(map(str.strip, row))]
        most = max(sizes, default=0)
        is_cut = most > 1
        return max(map(_worth, rows), default=0), is_cut and len(set(sizes)) == 1, is_cut and delimiter != ",", most

    return max((";", ",", "\t"), key=worth)


def _field_of(name: str) -> str:
    """«Pregunta 2», `question_2`, «RESPUESTA» …"""
    return _FIELD_OF.get(re.sub(r"\d+", "", fold(name)).strip(), "")


def _sample(body: Sequence[tuple[int, list[str]]], at: int) -> str:
    return next((line[at][:80] for _, line in body if at < len(line) and line[at].strip()), "")


def _csv_row(number: int, header: Sequence[str], fields: Sequence[str], line: Sequence[str]) -> Row:
    values: dict[str, str] = {}
    phrasings: list[str] = []
    cells: list[Cell] = []
    for column, field, cell in zip(header, fields, line, strict=False):
        value = _unguarded(cell).strip()
        if field:
            cells.append(Cell(field, column, value))
        if field == "question":
            phrasings += split_phrasings(value)
        elif field and value and field not in values:
            values[field] = value
    return _row(number, phrasings, values, cells)


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
            values: Any = cleaned(json.loads(text))
        except (ValueError, RecursionError) as error:
            raise Invalid("faq_import_broken") from error
        yield from ((number, value, "") for number, value in enumerate(values, 1))
        return
    # Only \n ends a line of JSON lines: a separator of Unicode may stand inside a text.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            # What is escaped in JSON is not clean before it is parsed.
            yield number, cleaned(json.loads(line)), ""
        except (ValueError, RecursionError):
            yield number, None, "faq_import_json"


def _json_row(number: int, value: Any) -> Row:
    if not isinstance(value, dict):
        return Row(number, problem="faq_import_json")
    given: Mapping[str, Any] = value
    phrasings: list[str] = []
    values: dict[str, str] = {}
    cells: list[Cell] = []
    for name, content in given.items():
        field = _field_of(str(name))
        if field:
            cells.append(Cell(field, str(name), _told(content)))
        if field == "question":
            phrasings += [str(each) for each in content] if isinstance(content, list) else [str(content or "")]
        elif field and content not in (None, "", []) and field not in values:
            values[field] = "|".join(map(str, content)) if isinstance(content, list) else str(content)
        elif field == "channels" and content == []:
            values[field] = "all"
    return _row(number, phrasings, values, cells)


def _told(content: Any) -> str:
    return "|".join(map(str, content)) if isinstance(content, list) else "" if content is None else str(content)


def _row(number: int, phrasings: Sequence[str], values: Mapping[str, str], cells: Sequence[Cell]) -> Row:
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
        tuple(cells),
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
