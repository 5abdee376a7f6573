"""The list of FAQs and its drawers."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

import reflex as rx

from saas_admin.core.errors import AppError
from saas_admin.core.ids import parse_id
from saas_admin.core.permissions import Permission
from saas_admin.faqs import bulk, categories, queries
from saas_admin.faqs.state.common import first_problem, ids
from saas_admin.faqs.views import FaqFilter
from saas_admin.ui.base_state import GuardedState, handler


class FaqsState(GuardedState, rx.State):
    rows: list[dict[str, Any]] = []
    total: int = 0
    next: str = ""
    chosen: dict[str, Any] = {}
    """The filter that `rows` are of."""
    overview: dict[str, Any] = {}
    is_loaded: bool = False
    failed: str = ""
    """Why there is no list yet: a code of `errors`."""
    error: str = ""
    """Of the category that was just named."""
    error_params: dict[str, str] = {}
    done: int = 0

    @handler(Permission.BOTS_READ, opens_page=True)
    async def load(self) -> None:
        """The list as its address narrows it."""
        self.chosen = asdict(FaqFilter.of_address(self.router.url.query_parameters))
        error = await self._read()
        if error is not None:
            await self._fail(error.code)
            return
        self.is_loaded, self.failed = True, ""

    @handler(Permission.BOTS_READ)
    async def refresh(self) -> None:
        await self._show()

    @handler(Permission.BOTS_READ)
    async def narrow(self, chosen: Any) -> None:
        self.chosen = asdict(FaqFilter.of(chosen))
        await self._show_rows()

    @handler(Permission.BOTS_READ)
    async def more(self) -> None:
        if not self.next:
            return
        page = await self._do(queries.list_faqs, FaqFilter.of(self.chosen), self.next)
        if page is not None:
            known = {row["id"] for row in self.rows}
            self.rows = [*self.rows, *(asdict(row) for row in page.rows if row.id not in known)]
            self.total, self.next = page.total, page.next

    @handler(Permission.FAQS_MANAGE)
    async def publish(self, faq_ids: Any) -> None:
        wanted = ids(faq_ids)
        found = await self._do(bulk.publish_all, wanted)
        if found is None:
            return
        n, left = len(found.done), found.unanswered
        if not n and left:
            await self._notify("faqs.bulk.nothing_published", kind="error", n=len(wanted))
        else:
            words = "faqs.bulk.published_some" if left else "faqs.bulk.published"
            await self._notify(words, undo=(bulk.unpublish_all, found.done), n=n, left=left)
        await self._show()

    @handler(Permission.FAQS_MANAGE)
    async def unpublish(self, faq_ids: Any) -> None:
        await self._act("faqs.bulk.unpublished", bulk.unpublish_all, bulk.publish_all, ids(faq_ids))

    @handler(Permission.FAQS_MANAGE)
    async def remove(self, faq_ids: Any) -> None:
        await self._act("faqs.bulk.deleted", bulk.delete_all, bulk.bring_back_all, ids(faq_ids))

    @handler(Permission.FAQS_MANAGE)
    async def bring_back(self, faq_ids: Any) -> None:
        await self._act("faqs.bulk.brought_back", bulk.bring_back_all, bulk.delete_all, ids(faq_ids))

    @handler(Permission.FAQS_MANAGE)
    async def move(self, faq_ids: Any, category_id: str) -> None:
        await self._act("faqs.bulk.moved", bulk.move_all, bulk.move_back, ids(faq_ids), parse_id(category_id))

    @handler(Permission.FAQS_MANAGE)
    async def add_category(self, name: str) -> None:
        await self._name(categories.create_category, str(name))

    @handler(Permission.FAQS_MANAGE)
    async def rename_category(self, category_id: str, name: str) -> None:
        if key := parse_id(category_id):
            await self._name(categories.rename_category, key, str(name))

    @handler(Permission.FAQS_MANAGE)
    async def remove_category(self, category_id: str) -> None:
        key = parse_id(category_id)
        if key is None or await self._do(categories.delete_category, key) is None:
            return
        if self.chosen.get("category") == str(key):
            self.chosen = {**self.chosen, "category": ""}
        await self._notify("faqs.category.deleted")
        await self._show()

    @handler(Permission.FAQS_MANAGE)
    async def order_categories(self, category_ids: Any) -> None:
        await self._do(categories.order_categories, ids(category_ids))
        await self._read_overview()

    async def _act(
        self, words: str, verb: Callable[..., Any], back: Callable[..., Any], chosen: list[UUID], *more: Any
    ) -> None:
        done = await self._do(verb, chosen, *more)
        if done is None:
            return
        await self._notify(words, undo=(back, done), n=len(done))
        await self._show()

    async def _name(self, verb: Callable[..., Any], *arguments: Any) -> None:
        _, error = await self._ask(verb, *arguments)
        self.error, self.error_params = first_problem(error)
        if error is None:
            self.done += 1
            await self._show()

    async def _show(self) -> None:
        if error := await self._read():
            await self._notify(f"errors.{error.code}", kind="error", **error.params)

    async def _show_rows(self) -> None:
        if error := await self._read_rows():
            await self._notify(f"errors.{error.code}", kind="error", **error.params)

    async def _read(self) -> AppError | None:
        return await self._read_rows() or await self._read_overview()

    async def _read_rows(self) -> AppError | None:
        page, error = await self._ask(queries.list_faqs, FaqFilter.of(self.chosen))
        if error is None:
            self.rows, self.total, self.next = [asdict(row) for row in page.rows], page.total, page.next
        return error

    async def _read_overview(self) -> AppError | None:
        overview, error = await self._ask(queries.find_overview)
        if error is None:
            self.overview = asdict(overview)
        return error

    async def _fail(self, code: str) -> None:
        """A list that is shown stays; before there is one, the page says why."""
        if self.is_loaded:
            await self._notify(f"errors.{code}", kind="error")
        else:
            self.failed = code
