"""What a reader gets to see of FAQs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from saas_admin.core.ids import parse_id


@dataclass(frozen=True)
class FaqFilter:
    query: str = ""
    category: str = ""
    """An id; `none`: those in no category."""
    status: str = ""
    """draft, published; deleted: those that can be brought back."""
    language: str = ""
    channel: str = ""
    """A kind: those that are given there."""
    is_sensitive: bool = False
    has_few: bool = False
    """Less than three phrasings."""
    is_doubled: bool = False
    """Those that another one seems to repeat."""

    @classmethod
    def of(cls, given: Any) -> "FaqFilter":
        """From whatever a browser sent."""
        values: dict[Any, Any] = given if isinstance(given, dict) else {}
        words = {
            name: str(values.get(name) or "")[:200] for name in ("query", "category", "status", "language", "channel")
        }
        is_sensitive, has_few, is_doubled = (
            values.get(name) is True for name in ("is_sensitive", "has_few", "is_doubled")
        )
        return cls(**words, is_sensitive=is_sensitive, has_few=has_few, is_doubled=is_doubled)

    @classmethod
    def of_address(cls, query: Mapping[str, str]) -> "FaqFilter":
        """From the query string of the list, as `jsx/address.js` writes it."""
        words = {name: query.get(name) for name in ("status", "language", "channel")}
        flags = {"is_sensitive": "sensitive", "has_few": "few", "is_doubled": "alike"}
        category = query.get("category")
        known = category if category == "none" or parse_id(category) else ""
        return cls.of(
            {"query": query.get("q"), "category": known, **words}
            | {name: query.get(short) == "1" for name, short in flags.items()}
        )


@dataclass(frozen=True)
class FaqRow:
    id: str
    version: int
    title: str
    answer: str
    """Its beginning."""
    category_id: str
    category: str
    language: str
    status: str
    is_sensitive: bool
    channel_kinds: list[str]
    phrasings: int
    files: int
    updated_at: str
    twin: str = ""
    """certain, likely: another one seems to repeat it."""
    found: str = ""
    """The phrasing in which the words that were looked for stand, when it is not the title."""


@dataclass(frozen=True)
class FaqPage:
    rows: list[FaqRow]
    total: int
    next: str
    """Where the next page starts; empty on the last."""


@dataclass(frozen=True)
class PhrasingView:
    text: str
    source: str


@dataclass(frozen=True)
class FileView:
    id: str
    kind: str
    mime: str
    filename: str
    size: int
    url: str
    thumb_url: str


@dataclass(frozen=True)
class FaqView:
    id: str
    version: int
    phrasings: list[PhrasingView]
    answer: str
    category_id: str
    language: str
    status: str
    is_sensitive: bool
    channel_kinds: list[str]
    files: list[FileView]
    created_at: str
    updated_at: str
    updated_by: str


@dataclass(frozen=True)
class CategoryView:
    id: str
    name: str
    faqs: int


@dataclass(frozen=True)
class Overview:
    """The side of the list: categories with their counts, what there is in all, what deserves work next."""

    categories: list[CategoryView]
    total: int
    without_category: int
    published: int
    drafts: int
    sensitive: int
    few: int
    """With fewer than three phrasings."""
    below_five: int
    """Of the published ones, as the page of the bot counts them."""
    doubled: int
    deleted: int
    """That can be brought back."""
    languages: list[str]
    todo: list[FaqRow]
    """Published ones with the fewest phrasings."""


@dataclass(frozen=True)
class Twin:
    """Another FAQ that seems to answer the same question."""

    id: str
    title: str
    text: str
    """Its phrasing that is alike."""
    is_certain: bool


@dataclass(frozen=True)
class Difference:
    what: str
    before: str = ""
    after: str = ""
    added: list[str] = field(default_factory=list[str])
    removed: list[str] = field(default_factory=list[str])
    words: list[list[tuple[str, str]]] = field(default_factory=list[list[tuple[str, str]]])
    """Of texts that were reworded, what stayed, went and came (`wording`); of a list, those of its texts."""


@dataclass(frozen=True)
class RevisionView:
    version: int
    change: str
    at: str
    by: str
    differences: list[Difference]
    answer: str
    phrasings: list[str]


@dataclass(frozen=True)
class Proposal:
    """A real question that this FAQ may answer."""

    text: str
    times: int
    last_at: str
    is_open: bool
    """It was left for a person: adding it changes most."""
