"""The work list of questions nobody had an answer for."""

from dataclasses import asdict
from typing import Any
from uuid import uuid4

import reflex as rx

from saas_admin.bots import questions, service, unanswered
from saas_admin.bots.state.common import BotFormState
from saas_admin.bots.state.overview import BotState
from saas_admin.bots.views import UnansweredPage
from saas_admin.channels import queries as channels
from saas_admin.core.ids import parse_id
from saas_admin.core.permissions import Permission
from saas_admin.faqs import queries as faqs
from saas_admin.faqs.views import FaqFilter
from saas_admin.ui.base_state import handler

FOUND = 8


class UnansweredState(BotFormState, rx.State):
    rows: list[dict[str, Any]] = []
    total: int = 0
    next: str = ""
    coming: int = 0
    """How many the next page holds."""
    query: str = ""
    channel: str = ""
    opened: str = ""
    """Another one with each look from the start: what was typed into the search goes then."""
    channels: list[dict[str, Any]] = []
    found: list[dict[str, str]] = []
    """FAQs to choose from, for the question that is being dealt with."""

    @handler(Permission.CONVERSATIONS_READ, opens_page=True)
    async def load(self) -> None:
        self._start()
        self.query = self.channel = ""
        self.opened = uuid4().hex
        if Permission.CHANNELS_READ in self._session().permissions:
            self.channels = [asdict(each) for each in (await self._ask(channels.list_choices))[0] or []]
        await self._show()

    @handler(Permission.CONVERSATIONS_READ)
    async def refresh(self) -> None:
        await self._show()

    @handler(Permission.CONVERSATIONS_READ)
    async def narrow(self, query: str, channel_id: str) -> None:
        self.query, self.channel = str(query)[:200], str(parse_id(channel_id) or "")
        await self._show()

    @handler(Permission.CONVERSATIONS_READ)
    async def more(self) -> None:
        if not self.next:
            return
        page = await self._do(unanswered.list_unanswered, self.query, parse_id(self.channel), self.next)
        if page is not None:
            known = {row["id"] for row in self.rows}
            self.rows = [*self.rows, *(asdict(row) for row in page.rows if row.id not in known)]
            self._count(page)

    @handler(Permission.FAQS_MANAGE)
    async def search_faqs(self, query: str) -> None:
        page = await self._do(faqs.list_faqs, FaqFilter(query=str(query)[:200], status="published"), "", FOUND)
        self.found = [{"faq_id": row.id, "title": row.title} for row in page.rows] if page else []

    @handler(Permission.FAQS_MANAGE)
    async def teach(self, answer_id: str, faq_id: str, text: str) -> None:
        answer, faq = parse_id(answer_id), parse_id(faq_id)
        if answer is None or faq is None:
            return
        taught, error = await self._ask(questions.teach, answer, faq, str(text))
        if taught is None:
            await self._finish(error, "")
            return
        words = "bots.unanswered.taught" if taught.is_new else "bots.unanswered.known"
        await self._finish(None, words, title=taught.title, n=taught.settled)
        await self._show()

    @handler(Permission.FAQS_MANAGE)
    async def dismiss(self, answer_id: str) -> None:
        answer = parse_id(answer_id)
        settled = await self._do(service.dismiss_question, answer) if answer else None
        if settled is not None:
            await self._notify("bots.unanswered.dismissed", undo=(service.reopen_question, answer), n=settled)
            await self._show()

    async def _show(self) -> None:
        page = await self._read(unanswered.list_unanswered, self.query, parse_id(self.channel))
        if page is not None:
            self.rows, self.is_loaded = [asdict(row) for row in page.rows], True
            self._count(page)
        await (await self.get_state(BotState))._count()

    def _count(self, page: UnansweredPage) -> None:
        self.total, self.next = page.total, page.next
        self.coming = min(unanswered.PAGE, page.total - len(self.rows))
