"""The inbox over many conversations: what the server needs for each thing an agent does, as an agent, policies on."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlmodel import col

from saas_admin.conversations import queries, service
from saas_admin.conversations.views import ConversationFilter
from saas_admin.core.work import Work
from saas_admin.models import Conversation, Tag
from saas_admin.models.conversation import Bucket
from saas_admin.platform.bench import seed, stack
from saas_admin.platform.bench.report import Budget, Report, milliseconds
from saas_admin.platform.bench.shop import Shop, open_shop

BUCKETS = (Bucket.PENDING.value, Bucket.IN_PROGRESS.value, Bucket.CLOSED.value)
OWNERS = ("all", "mine", "unassigned")
MUST, AIM, SEARCH_MUST, SEARCH_AIM, GROWTH = 50, 20, 200, 100, 1.5
# Below this a ratio of two times says more about the clock than about the query.
NOISE_MS = 5.0

Action = Callable[[Work], Any]


@dataclass(frozen=True)
class Size:
    small: int
    large: int
    repeats: int


QUICK, FULL = Size(2_000, 10_000, 20), Size(10_000, 100_000, 60)


def run(quick: bool) -> Report:
    with stack.engines():
        return measure(open_shop(), QUICK if quick else FULL)


def measure(shop: Shop, size: Size) -> Report:
    report = Report("inbox")
    seed.grow(shop, 0, size.small)
    small = _times(shop, size.small, size.repeats)
    began = time.perf_counter()
    seed.grow(shop, size.small, size.large)
    report.figures["seeding_seconds"] = round(time.perf_counter() - began, 1)
    large = _times(shop, size.large, size.repeats)
    report.figures |= {"conversations": {"small": size.small, "large": size.large}, "messages_each": seed.MESSAGES}
    report.figures |= {"small_ms": small, "large_ms": large}
    report.budgets = _budgets(small, large)
    return report


def _budgets(small: dict[str, dict[str, float]], large: dict[str, dict[str, float]]) -> dict[str, Budget]:
    """The worst of each sort. Growth is judged by the median, which a busy machine disturbs least."""
    reads = [name for name in large if not name.startswith("search")]
    growth = [max(large[n]["p50"], NOISE_MS) / max(small[n]["p50"], NOISE_MS) for n in reads]
    return {
        "worst_p95_ms": Budget(max(large[name]["p95"] for name in reads), MUST, AIM),
        "worst_growth": Budget(round(max(growth), 2), GROWTH),
        "search_p95_ms": Budget(max(large[n]["p95"] for n in large if n.startswith("search")), SEARCH_MUST, SEARCH_AIM),
    }


def _times(shop: Shop, size: int, repeats: int) -> dict[str, dict[str, float]]:
    chance = random.Random(size)  # noqa: S311 - repeatable, not secret
    with Work(shop.admin) as work:
        ids = chance.choices(_sample(work), k=200)
        waiting = _sample(work, col(Conversation.bucket) == Bucket.PENDING.value)
    actions = {**_reads(shop, size, ids, chance), **_searches(size, chance), **_writes(waiting, chance)}
    return {name: milliseconds(_repeat(shop, action, repeats), 50, 95) for name, action in actions.items()}


def _repeat(shop: Shop, action: Action, repeats: int) -> list[float]:
    took: list[float] = []
    warming = min(3, repeats)
    for n in range(repeats + warming):
        began = time.perf_counter()
        with Work(shop.admin) as work:
            action(work)
        if n >= warming:  # the first ones compile the statement and warm the cache
            took.append(time.perf_counter() - began)
    return took


def _reads(shop: Shop, size: int, ids: list[UUID], chance: random.Random) -> dict[str, Action]:
    actions: dict[str, Action] = {}
    for bucket in BUCKETS:
        for owner in OWNERS:
            actions[f"list_{bucket}_{owner}"] = _lists(bucket=bucket, owner=owner)
    with Work(shop.admin) as work:
        tags = {tag.name: str(tag.id) for tag in work.all(select(Tag).where(col(Tag.name).startswith("bench: ")))}
        cursors = {bucket: _middle(work, bucket) for bucket in BUCKETS}
    for name, tag_id in tags.items():
        actions[f"list_tag_{name.split()[-1]}"] = _lists(bucket="closed", tag_ids=(tag_id,))
    for bucket, cursor in cursors.items():
        actions[f"list_deep_{bucket}"] = _lists(bucket=bucket, cursor=cursor)
    actions["counts"] = queries.count_by_owner
    actions["heads"] = lambda work: queries.find_heads(work, chance.choice(ids))
    actions["open_thread"] = lambda work: queries.find_thread(work, chance.choice(ids))
    actions["older_messages"] = lambda work: _older(work, chance.choice(ids))
    return actions


def _searches(size: int, chance: random.Random) -> dict[str, Action]:
    def words(pick: Callable[[], str]) -> Action:
        return lambda work: queries.list_conversations(work, ConversationFilter(query=pick()))

    return {
        "search_name": words(lambda: f"{chance.choice(seed.NAMES)} {chance.choice(seed.SURNAMES)}"),
        "search_half_name": words(lambda: chance.choice(seed.SURNAMES)[:3]),
        "search_phone": words(lambda: str(600_000_000 + chance.randrange(size))),
        "search_half_phone": words(lambda: "600 000"),
        "search_common_word": words(lambda: chance.choice(seed.WORDS)),
        "search_two_words": words(lambda: " ".join(chance.sample(seed.WORDS, 2))),
        "search_rare_word": words(lambda: f"ref{chance.randrange(seed.RARE)}"),
        "search_half_word": words(lambda: "ref1"),
        "search_nothing": words(lambda: "zzzyx"),
    }


def _writes(waiting: list[UUID], chance: random.Random) -> dict[str, Action]:
    def reply(work: Work) -> None:
        service.reply(work, chance.choice(waiting), "Sí, lo tenemos", draft_id=uuid4().hex)

    return {"mark_read": lambda work: service.mark_read(work, chance.choice(waiting)), "reply": reply}


def _lists(cursor: str | None = None, **chosen: Any) -> Action:
    return lambda work: queries.list_conversations(work, ConversationFilter(**chosen), cursor)


def _older(work: Work, conversation_id: UUID) -> None:
    thread = queries.find_thread(work, conversation_id, limit=3)
    if thread.cursor:
        queries.list_messages(work, conversation_id, thread.cursor, limit=5)


def _sample(work: Work, *where: Any) -> list[UUID]:
    return list(work.session.scalars(select(col(Conversation.id)).where(*where).limit(2000)))


def _middle(work: Work, bucket: str) -> str | None:
    """A cursor half way down."""
    key: Any = Conversation.waiting_since if bucket == Bucket.PENDING else Conversation.last_message_at
    keys = list(
        work.session.execute(select(key, col(Conversation.id)).where(col(Conversation.bucket) == bucket).order_by(key))
    )
    return f"{keys[len(keys) // 2][0].isoformat()}|{keys[len(keys) // 2][1]}" if keys else None
