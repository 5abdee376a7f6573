"""What a FAQ says, as a form, a file or an earlier version gives it, and the rules it has to keep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.neutral import length
from saas_admin.core.errors import Invalid
from saas_admin.core.i18n import translate
from saas_admin.core.ids import parse_id
from saas_admin.core.text import fold
from saas_admin.faqs.variables import LANGUAGES, unknown_in
from saas_admin.models.faq import PhrasingSource

MAX_FAQS = 2000
MAX_PHRASINGS = 50
PHRASING_LENGTH = 300
ANSWER_LENGTH = 4000
MAX_FILES = 5


@dataclass(frozen=True)
class Phrase:
    text: str
    source: PhrasingSource = PhrasingSource.TYPED


@dataclass(frozen=True)
class Content:
    """`files`: ids of files of the FAQ, and of uploads that become files of it."""

    phrasings: tuple[Phrase, ...] = ()
    answer: str = ""
    language: str = "es"
    category_id: UUID | None = None
    channel_kinds: tuple[str, ...] = ()
    is_sensitive: bool = False
    files: tuple[UUID, ...] = ()

    @classmethod
    def of(cls, form: Any) -> "Content":
        """From whatever a browser sent; what has no sense is left out here and missed by `checked`."""
        given: Mapping[str, Any] = form if isinstance(form, dict) else {}
        return cls(
            phrasings=tuple(_phrase(each) for each in _list(given.get("phrasings"))),
            answer=str(given.get("answer") or ""),
            language=str(given.get("language") or ""),
            category_id=parse_id(given.get("category_id")),
            channel_kinds=tuple(str(each) for each in _list(given.get("channel_kinds"))),
            is_sensitive=given.get("is_sensitive") is True,
            files=tuple(key for each in _list(given.get("files")) if (key := parse_id(each))),
        )


def checked(content: Content, *, is_published: bool) -> Content:
    """The content as it is stored, or Invalid with a code for each field: `phrasings.2` is the third one given."""
    problems: dict[str, str] = {}
    params: dict[str, Any] = {}
    clean = replace(
        content,
        phrasings=_checked_phrasings(content.phrasings, problems, params),
        answer=content.answer.replace("\r\n", "\n").strip(),
        channel_kinds=tuple(kind for kind in registry.kinds() if kind in content.channel_kinds),
        files=tuple(dict.fromkeys(content.files)),
    )
    if code := _answer_problem(clean, is_published, params):
        problems["answer"] = code
    if clean.language not in LANGUAGES:
        problems["language"] = "faq_language"
    if len(clean.channel_kinds) != len(set(content.channel_kinds)):
        problems["channel_kinds"] = "faq_channels"
    if len(clean.files) > MAX_FILES:
        problems["files"], params["most_files"] = "faq_files", MAX_FILES
    if problems:
        raise Invalid("faq_invalid", fields=problems, **params)
    return clean


def _checked_phrasings(given: Sequence[Phrase], problems: dict[str, str], params: dict[str, Any]) -> tuple[Phrase, ...]:
    kept: dict[str, Phrase] = {}
    for at, phrase in enumerate(given):
        text = one_line(phrase.text)
        if not text:
            continue
        key = fold(text) or text
        if len(text) > PHRASING_LENGTH:
            problems[f"phrasings.{at}"] = "faq_phrasing_long"
            params["longest"] = PHRASING_LENGTH
        elif key in kept:
            problems[f"phrasings.{at}"] = "faq_phrasing_twice"
        else:
            kept[key] = Phrase(text, phrase.source)
    if not kept and not problems:
        problems["phrasings"] = "faq_phrasing_missing"
    if len(kept) > MAX_PHRASINGS:
        problems["phrasings"], params["most"] = "faq_phrasings_many", MAX_PHRASINGS
    return tuple(kept.values())


def _answer_problem(content: Content, is_published: bool, params: dict[str, Any]) -> str | None:
    if is_published and not content.answer:
        return "faq_answer_missing"
    if len(content.answer) > ANSWER_LENGTH:
        params["longest_answer"] = ANSWER_LENGTH
        return "faq_answer_long"
    if unknown := unknown_in(content.answer):
        params["variable"] = "{" + unknown[0] + "}"
        return "faq_variable"
    for kind in content.channel_kinds:
        can = registry.get(kind).capabilities
        if length(can, content.answer) > can.text_limit:
            params.update(channel=translate(f"common.channel.{kind}"), limit=can.text_limit)
            return "faq_answer_channel"
    return None


def one_line(text: str) -> str:
    return " ".join(text.split())


def _phrase(given: Any) -> Phrase:
    if not isinstance(given, dict):
        return Phrase(str(given or ""))
    values: Mapping[str, Any] = given
    source = values.get("source")
    known = source in (PhrasingSource.QUESTION.value, PhrasingSource.IMPORTED.value)
    return Phrase(str(values.get("text") or ""), PhrasingSource(str(source)) if known else PhrasingSource.TYPED)


def _list(value: Any) -> list[Any]:
    return value[:200] if isinstance(value, list) else []
