"""All FAQs of a company as a file that `reading` takes again without loss, but for files: of those it has the names."""

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlmodel import col

from saas_admin.core.i18n import translate
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.models import Faq, FaqCategory, FaqPhrasing

DELIMITER = ";"
"""Where a decimal comma is written, spreadsheets take this one to part columns."""
CHANNELS = {"whatsapp_cloud": "whatsapp", "twilio": "sms", "webchat": "web"}
"""As the import page calls them."""
_CALCULATES = re.compile(r"'*[=+\-@\t\r]")


@dataclass(frozen=True)
class Written:
    phrasings: list[str]
    answer: str
    category: str
    language: str
    status: str
    is_sensitive: bool
    channel_kinds: list[str]
    files: list[str] = field(default_factory=list[str])


@requires(Permission.BOTS_READ)
def to_csv(work: Work, lang: str) -> str:
    """Names of columns and what stands in them in the reader's language, as the import page documents them."""
    return as_csv(_read(work), lang)


@requires(Permission.BOTS_READ)
def to_json_lines(work: Work) -> str:
    return as_json_lines(_read(work))


def as_csv(written: Sequence[Written], lang: str) -> str:
    """With the mark by which a spreadsheet knows UTF-8, a column for each phrasing, and no cell that it would calculate."""

    def name(field: str) -> str:
        return translate(f"faqs.import.name.{field}", lang)

    def value(what: str) -> str:
        return translate(f"faqs.export.value.{what}", lang)

    most = max((len(each.phrasings) for each in written), default=1)
    has_files = any(each.files for each in written)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=DELIMITER, lineterminator="\r\n")
    questions = [name("question"), *(f"{name('question')}_{n}" for n in range(2, most + 1))]
    others = ("answer", "category", "language", "status", "sensitive", "channels", *(("files",) if has_files else ()))
    writer.writerow([*questions, *map(name, others)])
    for each in written:
        phrasings = [text.replace("|", "\\|") for text in each.phrasings]
        cells = [*phrasings, *[""] * (most - len(phrasings)), each.answer, each.category]
        flags = [
            each.language,
            value(each.status),
            value("yes" if each.is_sensitive else "no"),
            "|".join(CHANNELS.get(kind, kind) for kind in each.channel_kinds) or value("all"),
        ]
        files = [_guarded("|".join(each.files))] if has_files else []
        writer.writerow([*map(_guarded, cells), *flags, *files])
    return "\ufeff" + out.getvalue()


def as_json_lines(written: Sequence[Written]) -> str:
    return "".join(f"{json.dumps(_plain(each), ensure_ascii=False)}\n" for each in written)


def _plain(each: Written) -> dict[str, object]:
    return {
        "phrasings": each.phrasings,
        "answer": each.answer,
        "category": each.category,
        "language": each.language,
        "status": each.status,
        "sensitive": each.is_sensitive,
        "channels": each.channel_kinds,
        **({"files": each.files} if each.files else {}),
    }


def _guarded(cell: str) -> str:
    """A cell that begins like a formula is run by the spreadsheet that opens it: an apostrophe makes it text."""
    return f"'{cell}" if _CALCULATES.match(cell) else cell


def _read(work: Work) -> Sequence[Written]:
    phrasings: dict[object, list[str]] = {}
    query = select(col(FaqPhrasing.faq_id), col(FaqPhrasing.text)).order_by(col(FaqPhrasing.position))
    for faq_id, text in work.session.execute(query):
        phrasings.setdefault(faq_id, []).append(text)
    names = {each.id: each.name for each in work.all(select(FaqCategory))}
    faqs = work.all(select(Faq).where(col(Faq.deleted_at).is_(None)).order_by(col(Faq.created_at), col(Faq.id)))
    return [
        Written(
            phrasings.get(faq.id, []),
            faq.answer,
            names.get(faq.category_id, "") if faq.category_id else "",
            faq.language,
            faq.status.value,
            faq.is_sensitive,
            list(faq.channel_kinds),
            [str(each["filename"] or each["kind"]) for each in faq.media],
        )
        for faq in faqs
    ]
