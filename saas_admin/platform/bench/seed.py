"""A company's inbox of any size: conversations with ten messages each, written with COPY by the owning role."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from saas_admin.core import clock
from saas_admin.core.config import get_settings
from saas_admin.core.ids import new_id
from saas_admin.platform.bench.shop import Shop

MESSAGES = 10
CHUNK = 5000
FULL_PAGE_IN = 2000
"""Conversations of the smallest shop: the tag that hardly one has fills a page there already, so that pages of one length
are compared whatever the size, and is seldom afterwards."""
STEP = timedelta(minutes=3)
WORDS = [
    "hola",
    "buenas",
    "gracias",
    "pedido",
    "café",
    "molido",
    "grano",
    "entrega",
    "mañana",
    "envío",
    "precio",
    "tienda",
    "abierto",
    "domingo",
    "regalo",
    "tostado",
    "suave",
    "descafeinado",
    "bolsa",
    "kilo",
    "factura",
    "talla",
    "color",
    "azul",
    "rojo",
    "cambio",
    "devolución",
    "pago",
    "tarjeta",
    "recibo",
    "recoger",
    "cuándo",
    "cuánto",
    "dónde",
]
RARE = 5000
"""Further words, each in few messages: half of a real vocabulary is."""
NAMES = [
    "Marta",
    "Lucía",
    "Iván",
    "Nerea",
    "Hugo",
    "Inés",
    "Pau",
    "Vera",
    "Óscar",
    "Ángela",
    "Rocío",
    "Álvaro",
    "Elena",
    "Bruno",
    "Clara",
    "Darío",
]
SURNAMES = [
    "Soler",
    "Ferrandis",
    "Pons",
    "Roig",
    "Vidal",
    "Gómez",
    "Núñez",
    "Peris",
    "Català",
    "Ibáñez",
    "Sáez",
    "Marín",
    "Luna",
    "Costa",
    "Ríos",
    "Bosch",
]
WORDS_INDEX = "ix_message_words"


def grow(shop: Shop, start: int, end: int) -> None:
    """Add conversations number `start` to `end`; the same numbers give the same texts each time."""
    with psycopg.connect(get_settings().owner_database_url or "", options="-c synchronous_commit=off") as connection:
        tags = _tags(connection, shop.company_id)
        # A full-text index is cheaper to make than to keep up with a million rows.
        made = connection.execute("SELECT pg_get_indexdef(%s::regclass)", [f"public.{WORDS_INDEX}"]).fetchone()
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(WORDS_INDEX)))
        for first in range(start, end, CHUNK):
            threads = [_Thread(shop, n, tags) for n in range(first, min(first + CHUNK, end))]
            for table, columns in TABLES.items():
                _copy(connection, table, columns, (row for thread in threads for row in getattr(thread, table)()))
        connection.execute((made or ("",))[0].encode())
    with psycopg.connect(get_settings().owner_database_url or "", autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


TABLES = {
    "customer": ("company_id", "id", "name", "phone", "created_at"),
    "customer_identity": ("company_id", "id", "customer_id", "channel_id", "external_id", "created_at"),
    "conversation": (
        *(
            "company_id",
            "id",
            "channel_id",
            "customer_id",
            "state",
            "assignee_id",
            "waiting_since",
            "counter",
            "unread",
        ),
        *("last_message_at", "last_customer_at", "preview", "preview_kind", "preview_author"),
        *("opened_at", "closed_at", "changed_at", "created_at", "voice", "bot_attempts"),
    ),
    "conversation_tag": ("company_id", "conversation_id", "tag_id"),
    "message": (
        *(
            "company_id",
            "id",
            "conversation_id",
            "channel_id",
            "customer_id",
            "direction",
            "kind",
            "text",
            "data",
            "status",
        ),
        *("author_kind", "author_id", "provider_id", "rev", "at", "created_at", "attempts"),
    ),
}


class _Thread:
    """One conversation and everything that hangs on it."""

    def __init__(self, shop: Shop, n: int, tags: list[UUID]) -> None:
        self.shop, self.n = shop, n
        self.chance = random.Random(n)  # noqa: S311 - repeatable, not secret
        self.id, self.customer_id = new_id(), new_id()
        # Fifteen in a hundred wait for us, a quarter is answered, the rest is closed: spread over a year.
        share = self.chance.random()
        self.state = "open" if share < 0.4 else "closed"
        self.is_waiting = share < 0.15
        age = (
            timedelta(hours=self.chance.uniform(0, 20))
            if self.is_waiting
            else timedelta(days=self.chance.uniform(1, 365))
        )
        self.last = clock.now() - age
        self.owner = shop.admin.user_id if self.chance.random() < 0.3 else None
        hardly = 0.06 if n < FULL_PAGE_IN else 0.0005
        self.tags = [tag for tag, odds in zip(tags, (0.2, 0.05, hardly), strict=True) if self.chance.random() < odds]

    def customer(self) -> Iterator[tuple[Any, ...]]:
        name = f"{NAMES[self.n % 16]} {SURNAMES[self.n // 16 % 16]} {self.n}"
        yield self.shop.company_id, self.customer_id, name, f"+34{600_000_000 + self.n}", self._time(0)

    def customer_identity(self) -> Iterator[tuple[Any, ...]]:
        company_id, channel_id = self.shop.company_id, self.shop.whatsapp_id
        yield company_id, new_id(), self.customer_id, channel_id, f"34{600_000_000 + self.n}", self._time(0)

    def conversation(self) -> Iterator[tuple[Any, ...]]:
        closed_at = self.last if self.state == "closed" else None
        asked_at = self.last if self.is_waiting else self._time(MESSAGES - 2)
        waits = (self.last, MESSAGES, 1) if self.is_waiting else (None, MESSAGES, 0)
        yield (
            *(self.shop.company_id, self.id, self.shop.whatsapp_id, self.customer_id, self.state, self.owner, *waits),
            *(self.last, asked_at, "¿Tenéis el Oaxaca en grano?", "text", "customer" if self.is_waiting else "agent"),
            *(self._time(0), closed_at, self.last, self._time(0), "person", 0),
        )

    def conversation_tag(self) -> Iterator[tuple[Any, ...]]:
        for tag in self.tags:
            yield self.shop.company_id, self.id, tag

    def message(self) -> Iterator[tuple[Any, ...]]:
        for i in range(MESSAGES):
            is_in = i % 2 == (MESSAGES - 1) % 2 if self.is_waiting else i % 2 == 0
            sort = (
                ("in", "text", self._text(), "{}", "received") if is_in else ("out", "text", self._text(), "{}", "read")
            )
            author = ("customer", None) if is_in else ("agent", self.shop.admin.user_id)
            yield (
                *(self.shop.company_id, new_id(), self.id, self.shop.whatsapp_id, self.customer_id, *sort, *author),
                *(f"wamid.{self.n}.{i}", i + 1, self._time(i), self._time(i), 0),
            )

    def _text(self) -> str:
        common = self.chance.choices(WORDS, k=self.chance.randint(3, 14))
        return " ".join([*common, f"ref{self.chance.randrange(RARE)}"])

    def _time(self, i: int) -> datetime:
        return self.last - STEP * (MESSAGES - 1 - i)


def _tags(connection: psycopg.Connection[Any], company_id: UUID) -> list[UUID]:
    names = ("bench: often", "bench: seldom", "bench: hardly")
    query = "SELECT name, id FROM tag WHERE company_id = %s AND name LIKE 'bench: %%'"
    known = dict(connection.execute(query, [company_id]).fetchall())
    for position, name in enumerate(names):
        if name not in known:
            known[name] = new_id()
            row = [company_id, known[name], name, "c1", 90 + position]
            connection.execute(
                "INSERT INTO tag (company_id, id, name, color, position) VALUES (%s, %s, %s, %s, %s)", row
            )
    return [known[name] for name in names]


def _copy(
    connection: psycopg.Connection[Any], table: str, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]
) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
