"""What an import would do, row by row, before anything is done. The same plan is then carried out."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from saas_admin.core.errors import Invalid
from saas_admin.core.ids import new_id
from saas_admin.core.text import fold
from saas_admin.faqs import files
from saas_admin.faqs.categories import MAX_CATEGORIES, NAME_LENGTH, name_key
from saas_admin.faqs.content import MAX_FAQS, PHRASING_LENGTH, Content, Phrase, checked, one_line
from saas_admin.faqs.history import answer_difference, differences
from saas_admin.faqs.transfer.reading import Cell, Row, split_phrasings
from saas_admin.faqs.views import Difference
from saas_admin.models.faq import FaqStatus, PhrasingSource

SHOWN = 600
"""Letters of a changed answer that a dry run shows."""
SAID = 80
"""Letters of a cell that is wrong."""
_COLUMN_OF = {
    "phrasings": "question",
    "channel_kinds": "channels",
    "files": "channels",
    "faq_import_sensitive": "sensitive",
    "faq_import_status": "status",
    "faq_import_repeated": "answer",
    "faq_category_name": "category",
    "faq_categories_many": "category",
}
NEW, ADDS, CHANGED, UNCHANGED, ERROR = "new", "adds", "changed", "unchanged", "error"


@dataclass
class Target:
    """A FAQ that rows go to: one that is there, or one that will be."""

    id: UUID
    content: Content
    category: str
    is_published: bool
    version: int
    """0: it is not there yet."""
    media: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    title: str = ""
    added: list[Phrase] = field(default_factory=list[Phrase])
    changes: list[str] = field(default_factory=list[str])
    answered_in: int = 0
    """The row that gave it its answer."""

    @property
    def is_new(self) -> bool:
        return self.version == 0

    @property
    def is_touched(self) -> bool:
        return self.is_new or bool(self.added or self.changes)


@dataclass(frozen=True)
class Planned:
    row: int
    outcome: str
    title: str
    faq_id: str = ""
    faq_title: str = ""
    """Of the FAQ that it goes to, when it is there already."""
    adds: int = 0
    changes: list[str] = field(default_factory=list[str])
    differences: list[Difference] = field(default_factory=list[Difference])
    """The same, with what it says before and after; long texts are cut."""
    is_draft: bool = False
    twin: str = ""
    """A question of another FAQ that is the same, or nearly."""
    is_certain: bool = False
    problem: str = ""
    params: dict[str, Any] = field(default_factory=dict[str, Any])
    wrong: Cell | None = None
    """Where the problem stands in the file, with the beginning of what stands there."""


@dataclass(frozen=True)
class Plan:
    rows: list[Planned]
    targets: list[Target]
    """Those that something happens to, in the order of the file."""

    def count(self, outcome: str) -> int:
        """Rows, as the person sees them."""
        return sum(row.outcome == outcome for row in self.rows)

    @property
    def faqs(self) -> dict[str, int]:
        """FAQs that will be new, learn phrasings only, change, or stay: of several rows of one the most telling counts."""
        new = sum(target.is_new for target in self.targets)
        changed = sum(bool(target.changes) and not target.is_new for target in self.targets)
        touched = {str(target.id) for target in self.targets}
        same = {row.faq_id for row in self.rows if row.outcome == UNCHANGED and row.faq_id not in touched}
        return {NEW: new, ADDS: len(self.targets) - new - changed, CHANGED: changed, UNCHANGED: len(same)}


class Planner:
    """Goes through the rows and remembers what the earlier ones will have done."""

    def __init__(self, known: Sequence[Target], categories: Sequence[str], language: str) -> None:
        self._language = language
        self._room = MAX_FAQS - len(known)
        self._names = frozenset(categories)
        self._categories: dict[str, str] = {}
        for name in categories:
            self._categories.setdefault(name_key(name), name)
        self._by_phrasing: dict[tuple[str, str], Target] = {}
        self._touched: dict[UUID, Target] = {}
        for target in known:
            self._learn(target, target.content.phrasings)

    def plan(self, rows: Sequence[Row]) -> Plan:
        planned: list[Planned] = []
        for row in rows:
            title = one_line(row.phrasings[0])[:300] if row.phrasings else ""
            try:
                planned.append(self._take(row, title))
            except Invalid as problem:
                code = next(iter(problem.fields.values()), problem.code)
                wrong = _wrong(row, next(iter(problem.fields), code))
                planned.append(Planned(row.number, ERROR, title, problem=code, params=problem.params, wrong=wrong))
        return Plan(planned, [target for target in self._touched.values() if target.is_touched])

    def _take(self, row: Row, title: str) -> Planned:
        if row.problem:
            raise Invalid(row.problem)
        language = row.language or self._language
        phrases = _distinct(row.phrasings)
        key = (language, fold(phrases[0].text)) if phrases else None
        target = self._by_phrasing.get(key) if key else None
        return self._add(row, title, language, phrases) if target is None else self._merge(row, title, target, phrases)

    def _add(self, row: Row, title: str, language: str, phrases: Sequence[Phrase]) -> Planned:
        answer = row.answer or ""
        is_published = row.status == FaqStatus.PUBLISHED if row.status else bool(answer.strip())
        content = checked(
            Content(
                tuple(phrases),
                answer,
                language,
                channel_kinds=row.channel_kinds or (),
                is_sensitive=row.is_sensitive or False,
            ),
            is_published=is_published,
        )
        category = self._category(row.category)
        if self._room <= 0:
            raise Invalid("faqs_many", most=MAX_FAQS)
        self._room -= 1
        target = Target(new_id(), content, category, is_published, version=0, title=content.phrasings[0].text)
        target.added, target.answered_in = list(content.phrasings), row.number
        self._touch(target, content.phrasings)
        return Planned(row.number, NEW, title, adds=len(content.phrasings), is_draft=not is_published)

    def _merge(self, row: Row, title: str, target: Target, phrases: Sequence[Phrase]) -> Planned:
        own = {fold(each.text) for each in target.content.phrasings}
        more = [each for each in phrases if fold(each.text) not in own]
        given = self._given(row, target)
        if target.answered_in and given.answer != target.content.answer:
            raise Invalid("faq_import_repeated", row=target.answered_in)
        will_be = row.status == FaqStatus.PUBLISHED if row.status else target.is_published
        content = checked(replace(given, phrasings=(*target.content.phrasings, *more)), is_published=will_be)
        if row.channel_kinds is not None:
            files.ensure_carried(target.media, content.channel_kinds)
        category = self._category(row.category) or target.category
        told = _differences(target, content, category, will_be)
        changes = [each.what if each.what != "is_sensitive" else "sensitive" for each in told]
        is_first = target.answered_in == 0
        target.content, target.category, target.is_published = content, category, will_be
        target.added += more
        target.changes += [each for each in changes if each not in target.changes]
        if is_first and row.answer:
            target.answered_in = row.number
        self._touch(target, more)
        outcome = CHANGED if changes else ADDS if more else UNCHANGED
        return Planned(
            row.number,
            outcome,
            title,
            str(target.id),
            target.title,
            len(more),
            changes,
            told,
            is_draft=not will_be,
        )

    def _given(self, row: Row, target: Target) -> Content:
        content = target.content
        return replace(
            content,
            answer=(row.answer or "").replace("\r\n", "\n").strip() or content.answer,
            channel_kinds=content.channel_kinds if row.channel_kinds is None else row.channel_kinds,
            is_sensitive=content.is_sensitive if row.is_sensitive is None else row.is_sensitive,
        )

    def _category(self, name: str | None) -> str:
        """As it is written already, when there is one of this name."""
        clean = one_line(name or "")
        if not clean:
            return ""
        if len(clean) > NAME_LENGTH:
            raise Invalid("faq_category_name", longest=NAME_LENGTH)
        if clean in self._names:
            return clean
        key = name_key(clean)
        if key not in self._categories and len(self._categories) >= MAX_CATEGORIES:
            raise Invalid("faq_categories_many", most=MAX_CATEGORIES)
        return self._categories.setdefault(key, clean)

    def _touch(self, target: Target, phrases: Sequence[Phrase]) -> None:
        self._touched.setdefault(target.id, target)
        self._learn(target, phrases)

    def _learn(self, target: Target, phrases: Sequence[Phrase]) -> None:
        for phrase in phrases:
            self._by_phrasing.setdefault((target.content.language, fold(phrase.text)), target)


def _wrong(row: Row, what: str) -> Cell | None:
    """`what`: the field of a FAQ that was refused, or the code of a problem that names none."""
    name = what.split(".")[0]
    there = [cell for cell in row.cells if cell.field == _COLUMN_OF.get(name, name)]
    if name == "phrasings":
        there.sort(key=lambda cell: not _is_too_long(cell))
    return replace(there[0], value=_short(there[0].value, SAID)) if there else None


def _is_too_long(cell: Cell) -> bool:
    return any(len(one_line(text)) > PHRASING_LENGTH for text in split_phrasings(cell.value))


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _distinct(texts: Sequence[str]) -> list[Phrase]:
    """A file may say the same twice: once is meant."""
    kept: dict[str, str] = {}
    for text in texts:
        if clean := one_line(text):
            kept.setdefault(fold(clean) or clean, clean)
    return [Phrase(text, PhrasingSource.IMPORTED) for text in kept.values()]


def _differences(target: Target, content: Content, category: str, is_published: bool) -> list[Difference]:
    before = _said(target.content, target.category, target.is_published)
    after = _said(content, category, is_published)
    names = {name: name for name in (target.category, category)}
    return [_cut(each) for each in differences(before, after, names)]


def _said(content: Content, category: str, is_published: bool) -> dict[str, Any]:
    """As a revision has it, but for phrasings and files, which a row only adds or leaves."""
    return {
        "phrasings": [],
        "answer": content.answer,
        "language": content.language,
        "status": (FaqStatus.PUBLISHED if is_published else FaqStatus.DRAFT).value,
        "is_sensitive": content.is_sensitive,
        "category_id": category,
        "channel_kinds": list(content.channel_kinds),
        "media": [],
    }


def _cut(difference: Difference) -> Difference:
    before, after = _short(difference.before, SHOWN), _short(difference.after, SHOWN)
    if difference.what == "answer":
        return answer_difference(before, after)
    return replace(difference, before=before, after=after)
