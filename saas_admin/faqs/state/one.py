"""One FAQ, or the one about to be."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

import reflex as rx

from saas_admin.bots import questions
from saas_admin.core.ids import parse_id
from saas_admin.core.permissions import Permission
from saas_admin.faqs import categories, history, proposals, queries, service, twins
from saas_admin.faqs.state.common import LIST, first_problem
from saas_admin.faqs.variables import LANGUAGES
from saas_admin.ui.base_state import GuardedState, handler


class FaqState(GuardedState, rx.State):
    faq: dict[str, Any] = {}
    """As it is stored; empty ids for one that is not there yet."""
    categories: list[dict[str, Any]] = []
    samples: dict[str, dict[str, str]] = {}
    """What each variable is right now, by language."""
    proposals: list[dict[str, Any]] = []
    twins: dict[str, Any] = {}
    """`{"asked": [texts], "found": [[…]]}`: other FAQs that have those phrasings."""
    history: list[dict[str, Any]] = []
    history_problem: str = ""
    """`loading`, or the code of what went wrong; empty when `history` is what there is."""
    is_ready: bool = False
    trouble: dict[str, str] = {}
    """Why nothing is shown: `{"of": last part of the address, "code": …}`."""
    is_busy: bool = False
    errors: dict[str, str] = {}
    params: dict[str, Any] = {}
    problem: str = ""
    done: int = 0
    """Counts what was saved, so that the form knows that its words are stored."""
    saved: dict[str, Any] = {}
    """The id and version that the last save made."""

    @handler(Permission.BOTS_READ, opens_page=True)
    async def load(self) -> None:
        """The FAQ of the address. A foreign or mistyped id is a missing one."""
        self._start()
        key = parse_id(self._place())
        found, error = await self._ask(queries.find_faq, key) if key else (None, None)
        if error is not None and error.code != "not_found":
            await self._fail(error.code)
        elif found is None:
            self.faq, self.is_ready = {}, False
            await self._fail("not_found")
        else:
            self.faq, self.is_ready = asdict(found), True
            await self._show_around()

    @handler(Permission.FAQS_MANAGE, opens_page=True)
    async def start(self) -> None:
        """An empty one, in the company's language; `?category=` puts it into a drawer, `?question=` is its first phrasing, `?answer=` the receipt that asked it."""
        self._start()
        language, error = await self._ask(queries.find_language)
        if error is not None:
            await self._fail(error.code)
            return
        asked = self.router.url.query_parameters
        question = str(asked.get("question", ""))
        self.faq = {
            "id": "",
            "version": 0,
            # By this the page knows for which address it was begun; after a reconnect it is the same again.
            "asked": self.router.url.query,
            # The unanswered question that it is written for: it is settled with it.
            "answers": str(parse_id(asked.get("answer")) or ""),
            "phrasings": [{"text": question, "source": "question"}] if question else [],
            "answer": "",
            "category_id": str(parse_id(asked.get("category")) or ""),
            "language": language,
            "status": "draft",
            "is_sensitive": False,
            "channel_kinds": [],
            "files": [],
            "updated_at": "",
            "updated_by": "",
        }
        self.is_ready = True
        await self._show_around()

    @handler(Permission.FAQS_MANAGE)
    async def save(self, form: Any) -> Any:
        """`publish` in the form: true, false, or nothing to leave it as it is; `answers`: the receipt a new one settles."""
        given: dict[str, Any] = form if isinstance(form, dict) else {}
        publish = given.get("publish") if isinstance(given.get("publish"), bool) else None
        content, key = service.Content.of(given), parse_id(given.get("id"))
        self.is_busy = True
        yield
        if key is None and (answers := parse_id(given.get("answers"))):
            saved, error = await self._ask(questions.write_faq, answers, content, is_published=publish is True)
        elif key is None:
            saved, error = await self._ask(service.create, content, is_published=publish is True)
        else:
            version = given.get("version")
            seen = version if isinstance(version, int) else 0
            saved, error = await self._ask(service.change, key, content, seen, is_published=publish)
        self.is_busy = False
        if error is not None:
            self.errors, self.params = dict(error.fields), {k: str(v) for k, v in error.params.items()}
            self.problem = error.code
            if key is not None and error.code == "faq_conflict":
                # Who gives up their own words finds the other person's.
                await self._read(key)
            return
        self._start()
        self.done += 1
        self.saved = {"id": saved.id, "version": saved.version}
        was_published = key is not None and self.faq.get("status") == "published"
        words = "draft" if saved.status != "published" else "live" if was_published else "published"
        await self._notify(f"faqs.saved.{words}")
        if key is None:
            yield rx.redirect(f"{LIST}/{saved.id}")
        else:
            await self._read(key)

    @handler(Permission.BOTS_READ)
    async def look_for_twins(self, asked: Any) -> None:
        """While somebody types: `{"texts": […], "language": …, "id": …}`."""
        given: dict[str, Any] = asked if isinstance(asked, dict) else {}
        texts = [str(each)[:300] for each in given.get("texts") or [] if each][:60]
        found, _ = await self._ask(twins.list_twins, texts, str(given.get("language", "")), parse_id(given.get("id")))
        if found is not None:
            self.twins = {"asked": texts, "found": [[asdict(twin) for twin in each] for each in found]}

    @handler(Permission.BOTS_READ)
    async def show_history(self) -> Any:
        """The latest versions."""
        if key := parse_id(self.faq.get("id")):
            self.history, self.history_problem = [], "loading"
            yield
            await self._read_history(key)

    @handler(Permission.BOTS_READ)
    async def show_more_history(self) -> None:
        """Those before the ones that are shown."""
        if (key := parse_id(self.faq.get("id"))) and self.history:
            await self._read_history(key, before=int(self.history[-1]["version"]))

    @handler(Permission.FAQS_MANAGE)
    async def restore(self, version: Any) -> None:
        key = parse_id(self.faq.get("id"))
        if key is None or not isinstance(version, int):
            return
        saved = await self._do(service.restore_version, key, version, int(self.faq.get("version", 0)))
        if saved is not None:
            self._start()
            self.done += 1
            await self._notify("faqs.history.restored", version=version)
            await self._read(key)

    @handler(Permission.FAQS_MANAGE)
    async def unpublish(self) -> None:
        if key := parse_id(self.faq.get("id")):
            _, error = await self._ask(service.unpublish, key)
            if error is not None:
                await self._notify(f"errors.{error.code}", kind="error", **error.params)
                return
            await self._notify("faqs.bulk.unpublished", undo=(service.publish, key), n=1)
            await self._read(key)

    @handler(Permission.FAQS_MANAGE)
    async def remove(self) -> Any:
        if key := parse_id(self.faq.get("id")):
            _, error = await self._ask(service.delete, key)
            if error is not None:
                await self._notify(f"errors.{error.code}", kind="error", **error.params)
                return None
            await self._notify("faqs.bulk.deleted", undo=(service.bring_back, key), n=1)
            return rx.redirect(LIST)
        return None

    @handler(Permission.FAQS_MANAGE)
    async def add_category(self, name: str) -> None:
        """The form chooses it when it sees it; one of this name that is there already is chosen instead."""
        made, error = await self._ask(categories.create_category, str(name))
        if error is not None:
            code, params = first_problem(error)
            if code != "faq_category_taken":
                await self._notify(f"errors.{code}", kind="error", **params)
                return
            made = params["id"]
            await self._notify("faqs.category.chosen", name=params["name"])
        await self._show_categories()
        self.faq = {**self.faq, "made_category": made}

    @handler(Permission.BOTS_READ)
    async def refresh(self) -> None:
        """After an undo: read again what may have changed."""
        if key := parse_id(self.faq.get("id")):
            await self._read(key)

    def _start(self) -> None:
        self.errors, self.params, self.problem, self.is_busy = {}, {}, "", False
        self.twins, self.history, self.history_problem, self.trouble = {}, [], "", {}

    def _place(self) -> str:
        return self.router.url.path.rstrip("/").rsplit("/", 1)[-1]

    async def _fail(self, code: str) -> None:
        self.trouble = {"of": self._place(), "code": code}

    async def _read(self, key: UUID) -> None:
        found, _ = await self._ask(queries.find_faq, key)
        if found is not None:
            self.faq = asdict(found)
            await self._show_proposals()

    async def _read_history(self, key: UUID, before: int | None = None) -> None:
        found, error = await self._ask(history.list_history, key, before)
        self.history_problem = error.code if error else ""
        self.history = [*self.history, *(asdict(each) for each in found or [])]

    async def _show_around(self) -> None:
        await self._show_categories()
        self.samples = {lang: await self._do(queries.find_sample, lang) or {} for lang in LANGUAGES}
        await self._show_proposals()

    async def _show_categories(self) -> None:
        self.categories = [asdict(each) for each in await self._do(queries.list_categories) or []]

    async def _show_proposals(self) -> None:
        key = parse_id(self.faq.get("id"))
        if key is None or Permission.FAQS_MANAGE not in self._session().permissions:
            self.proposals = []
            return
        found, _ = await self._ask(proposals.list_proposals, key)
        self.proposals = [asdict(each) for each in found or []]
