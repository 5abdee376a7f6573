"""Carry out an import in one transaction: all of it or nothing, in a handful of statements however many rows."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from saas_admin.accounts import audit
from saas_admin.core.errors import Conflict, Invalid
from saas_admin.core.ids import new_id
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.faqs import alike, knowledge, queries
from saas_admin.faqs.content import Content, Phrase
from saas_admin.faqs.transfer import planning
from saas_admin.faqs.transfer.planning import Plan, Planned, Planner, Target
from saas_admin.faqs.transfer.reading import Column, File, Row, read
from saas_admin.faqs.variables import LANGUAGES
from saas_admin.models import Company, Faq, FaqCategory, FaqPhrasing, FaqRevision
from saas_admin.models.faq import FaqChange, FaqStatus

OUTCOMES = (planning.NEW, planning.ADDS, planning.CHANGED, planning.UNCHANGED, planning.ERROR)


@dataclass(frozen=True)
class Report:
    """What an import would do or did: how many rows of each outcome, and every row."""

    kind: str
    columns: list[Column]
    counts: dict[str, int]
    """Rows by outcome."""
    faqs: dict[str, int]
    """FAQs by outcome: several rows may go to one."""
    rows: list[Planned]
    problem: str
    is_done: bool
    language: str
    header_row: int
    is_header_sure: bool
    is_below_others: bool

    def json(self) -> dict[str, Any]:
        return asdict(self)


@requires(Permission.FAQS_MANAGE)
def preview(
    work: Work,
    content: bytes,
    language: str = "",
    mapping: Mapping[int, str] | None = None,
    *,
    has_header: bool | None = None,
) -> Report:
    """The dry run. Near duplicates are looked for here only: an import does what its preview said."""
    file = read(content, mapping, has_header=has_header)
    chosen = _language(work, language)
    plan, known = _plan(work, file.rows, chosen)
    return _report(file, plan, _with_twins(plan, known), chosen)


@requires(Permission.FAQS_MANAGE)
def run(
    work: Work,
    content: bytes,
    language: str = "",
    mapping: Mapping[int, str] | None = None,
    *,
    has_header: bool | None = None,
    only_good: bool = True,
    name: str = "",
) -> Report:
    """`only_good` False: nothing at all when one row is wrong. Doing it twice changes nothing the second time."""
    # Two imports at once would both find that a question is new.
    work.get(Company, work.company_id, lock=True)
    file = read(content, mapping, has_header=has_header)
    if file.problem:
        raise Invalid(file.problem)
    chosen = _language(work, language)
    plan, _ = _plan(work, file.rows, chosen)
    if plan.count(planning.ERROR) and not only_good:
        raise Invalid("faq_import_has_errors", n=plan.count(planning.ERROR))
    try:
        _store(work, plan.targets)
        work.flush()
    except IntegrityError as error:
        # Somebody saved one of these FAQs, or created one of these categories, since they were read.
        raise Conflict("faq_import_conflict") from error
    if plan.targets:
        told = {outcome: n for outcome, n in _counts(plan).items() if n}
        audit.record(work, "faq.imported", target=("faq", None, name), after=told)
    return _report(file, plan, plan.rows, chosen, is_done=True)


def _report(file: File, plan: Plan, rows: list[Planned], language: str, *, is_done: bool = False) -> Report:
    return Report(
        file.kind,
        file.columns,
        _counts(plan),
        plan.faqs,
        rows,
        file.problem,
        is_done,
        language,
        file.header_row,
        file.is_header_sure,
        file.is_below_others,
    )


def _plan(work: Work, rows: Sequence[Row], language: str) -> tuple[Plan, list[Target]]:
    known = _known(work)
    names = list(work.session.scalars(select(col(FaqCategory.name))))
    before = [replace(target) for target in known]
    return Planner(known, names, language).plan(rows), before


def _known(work: Work) -> list[Target]:
    phrases: dict[UUID, list[Phrase]] = {}
    query = select(col(FaqPhrasing.faq_id), col(FaqPhrasing.text), col(FaqPhrasing.source))
    for faq_id, text, source in work.session.execute(query.order_by(col(FaqPhrasing.position))):
        phrases.setdefault(faq_id, []).append(Phrase(text, source))
    names: dict[UUID | None, str] = {each.id: each.name for each in work.all(select(FaqCategory))}
    faqs = work.all(select(Faq).where(col(Faq.deleted_at).is_(None)).order_by(col(Faq.created_at), col(Faq.id)))
    return [_target(faq, tuple(phrases.get(faq.id, ())), names.get(faq.category_id, "")) for faq in faqs]


def _target(faq: Faq, phrases: tuple[Phrase, ...], category: str) -> Target:
    content = Content(phrases, faq.answer, faq.language, faq.category_id, tuple(faq.channel_kinds), faq.is_sensitive)
    is_published = faq.status is FaqStatus.PUBLISHED
    title = phrases[0].text if phrases else ""
    return Target(faq.id, content, category, is_published, faq.version, list(faq.media), title)


def _with_twins(plan: Plan, known: Sequence[Target]) -> list[Planned]:
    """Each row that makes a new FAQ, with the question of another FAQ or row that is most like one of its own."""
    new = {target.answered_in: target for target in plan.targets if target.is_new}
    texts = [(target, phrase.text) for target in (*known, *new.values()) for phrase in target.content.phrasings]
    best: dict[UUID, tuple[str, float]] = {}
    for pair in alike.pairs([text for _, text in texts]):
        (first, said), (second, _) = texts[pair.first], texts[pair.second]
        if first.id == second.id or first.content.language != second.content.language or not second.is_new:
            continue
        best.setdefault(second.id, (said, pair.score))
    rows: list[Planned] = []
    for row in plan.rows:
        target = new.get(row.row) if row.outcome == planning.NEW else None
        said, score = best.get(target.id, ("", 0.0)) if target else ("", 0.0)
        rows.append(replace(row, twin=said, is_certain=score == 1.0) if said else row)
    return rows


def _counts(plan: Plan) -> dict[str, int]:
    return {outcome: plan.count(outcome) for outcome in OUTCOMES}


def _language(work: Work, given: str) -> str:
    return given if given in LANGUAGES else queries.find_language(work)


def _store(work: Work, targets: Sequence[Target]) -> None:
    if not targets:
        return
    categories = _categories(work, [target.category for target in targets if target.category])
    faqs = [_faq_values(work, target, categories) for target in targets]
    new = [values for target, values in zip(targets, faqs, strict=True) if target.is_new]
    old = [values for target, values in zip(targets, faqs, strict=True) if not target.is_new]
    _insert(work, Faq, [{**values, "created_at": work.now} for values in new])
    if old:
        work.session.execute(update(Faq), old)
    _insert(work, FaqPhrasing, [values for target in targets for values in _phrasing_values(work, target)])
    _insert(work, FaqRevision, [_revision_values(work, t, v) for t, v in zip(targets, faqs, strict=True)])
    if any(target.is_published or "status" in target.changes for target in targets):
        knowledge.touch(work)


def _categories(work: Work, names: Sequence[str]) -> dict[str, UUID]:
    there = {each.name: each for each in work.all(select(FaqCategory))}
    position = max((each.position for each in there.values()), default=0)
    for name in dict.fromkeys(names):
        if name not in there:
            position += 1
            there[name] = work.add(FaqCategory(name=name, position=position, created_at=work.now))
    work.flush()
    return {name: each.id for name, each in there.items()}


def _faq_values(work: Work, target: Target, categories: Mapping[str, UUID]) -> dict[str, Any]:
    return {
        "company_id": work.company_id,
        "id": target.id,
        "category_id": categories.get(target.category),
        "language": target.content.language,
        "answer": target.content.answer,
        "media": target.media,
        "channel_kinds": list(target.content.channel_kinds),
        "status": FaqStatus.PUBLISHED if target.is_published else FaqStatus.DRAFT,
        "is_sensitive": target.content.is_sensitive,
        "version": target.version + 1,
        "updated_at": work.now,
        "updated_by": work.actor.user_id,
    }


def _phrasing_values(work: Work, target: Target) -> list[dict[str, Any]]:
    first = len(target.content.phrasings) - len(target.added)
    return [
        {
            "company_id": work.company_id,
            "id": new_id(),
            "faq_id": target.id,
            "text": phrase.text,
            "position": first + at,
            "source": phrase.source,
            "created_at": work.now,
        }
        for at, phrase in enumerate(target.added)
    ]


def _revision_values(work: Work, target: Target, values: Mapping[str, Any]) -> dict[str, Any]:
    data = {
        "phrasings": [{"text": each.text, "source": each.source.value} for each in target.content.phrasings],
        "category_id": str(values["category_id"]) if values["category_id"] else None,
        "status": values["status"].value,
        **{name: values[name] for name in ("answer", "language", "channel_kinds", "is_sensitive", "media")},
    }
    return {
        "company_id": work.company_id,
        "id": new_id(),
        "faq_id": target.id,
        "version": values["version"],
        "change": FaqChange.IMPORTED,
        "data": data,
        "actor_id": work.actor.user_id,
        "at": work.now,
    }


def _insert(work: Work, table: type[Any], values: Sequence[dict[str, Any]]) -> None:
    if values:
        work.session.execute(insert(table), values)
