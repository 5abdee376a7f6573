"""The work list of questions nobody had an answer for."""

from dataclasses import asdict
from typing import Any

import reflex as rx

from saas_admin.bots import questions, service, unanswered
from saas_admin.bots.state.common import BotFormState
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
    query: str = ""
    channel: str = ""
    channels: list[dict[str, Any]] = []
    found: list[dict[str, str]] = []
    """FAQs to choose from, for the question that is being dealt with."""

    @handler(Permission.CONVERSATIONS_READ, opens_page=True)
    async def load(self) -> None:
        self._start()
        self.query = self.channel = ""
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
            self.total, self.next = page.total, page.next

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
            self.rows, self.total, self.next = [asdict(row) for row in page.rows], page.total, page.next
            self.is_loaded = True
