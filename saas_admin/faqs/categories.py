"""Drawers for FAQs. A FAQ is in one or in none; nothing of what customers read depends on them."""

import unicodedata
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from saas_admin.accounts import audit
from saas_admin.core.errors import Invalid
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.faqs import rows
from saas_admin.faqs.content import one_line
from saas_admin.models import Faq, FaqCategory

NAME_LENGTH = 60
MAX_CATEGORIES = 100


@requires(Permission.FAQS_MANAGE)
def create_category(work: Work, name: str) -> str:
    """Its id. Refused where one of this name is there: the error's params say its `name` and `id`."""
    clean = _checked(name)
    if known := _named(work, clean):
        raise _taken(known)
    there = work.session.scalar(select(func.count()).select_from(FaqCategory)) or 0
    if there >= MAX_CATEGORIES:
        raise Invalid("faq_categories_many", most=MAX_CATEGORIES)
    category = work.add(FaqCategory(name=clean, position=_next_position(work), created_at=work.now))
    work.flush()
    audit.record(work, "faq_category.created", target=("faq_category", category.id, clean))
    return str(category.id)


@requires(Permission.FAQS_MANAGE)
def rename_category(work: Work, category_id: UUID, name: str) -> None:
    category = work.get(FaqCategory, category_id, lock=True)
    clean = _checked(name)
    known = _named(work, clean)
    if known is not None and known.id != category.id:
        raise _taken(known)
    if category.name == clean:
        return
    audit.record(
        work,
        "faq_category.renamed",
        target=("faq_category", category.id, clean),
        before={"name": category.name},
        after={"name": clean},
    )
    category.name = clean


@requires(Permission.FAQS_MANAGE)
def delete_category(work: Work, category_id: UUID) -> int:
    """How many FAQs are without one now: a version of each says so, else they stay as they are."""
    category = work.get(FaqCategory, category_id, lock=True)
    held = work.all(select(Faq).where(col(Faq.category_id) == category_id).with_for_update(key_share=True))
    listed = [faq for faq in held if faq.deleted_at is None]
    for faq in held:
        rows.put_in(work, faq, None)
    # The key of a FAQ that points here has to be gone before the category is.
    work.flush()
    audit.record(work, "faq_category.deleted", target=("faq_category", category.id, category.name))
    work.delete(category)
    return len(listed)


@requires(Permission.FAQS_MANAGE)
def order_categories(work: Work, wanted: Sequence[UUID]) -> None:
    """These first, in this order; the others after them as they were."""
    there = {each.id: each for each in work.all(select(FaqCategory).order_by(col(FaqCategory.position)))}
    for category_id in wanted:
        work.get(FaqCategory, category_id)
    order = [*dict.fromkeys(wanted), *(key for key in there if key not in set(wanted))]
    for position, key in enumerate(order):
        there[key].position = position


def name_key(name: str) -> str:
    """Names with one key are one name: case and accents make no difference."""
    letters = unicodedata.normalize("NFD", one_line(name).casefold())
    return "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")


def _taken(known: FaqCategory) -> Invalid:
    fields = {"name": "faq_category_taken"}
    return Invalid("faq_category_taken", fields=fields, name=known.name, id=str(known.id))


def _checked(name: str) -> str:
    clean = one_line(name)
    if not 1 <= len(clean) <= NAME_LENGTH:
        raise Invalid("faq_category_name", fields={"name": "faq_category_name"}, longest=NAME_LENGTH)
    return clean


def _named(work: Work, name: str) -> FaqCategory | None:
    """The one of exactly this name first, where older ones differ by an accent only."""
    key = name_key(name)
    alike = [each for each in work.all(select(FaqCategory)) if name_key(each.name) == key]
    return min(alike, key=lambda each: each.name != name, default=None)


def _next_position(work: Work) -> int:
    return int(work.session.scalar(select(func.max(col(FaqCategory.position)))) or 0) + 1
