"""FAQs made through the product's own verbs."""

from typing import Any
from uuid import UUID

import pytest

from saas_admin.core.work import Work
from saas_admin.faqs import service
from saas_admin.faqs.content import Content, Phrase
from tests.shop import Shop, open_shop


@pytest.fixture
def shop(db: object, valkey: object) -> Shop:
    del db, valkey
    return open_shop()


def content(*texts: str, answer: str = "Sí, a toda España.", **more: Any) -> Content:
    return Content(tuple(Phrase(text) for text in texts), answer, **{"language": "es", **more})


def write_faq(shop: Shop, *texts: str, is_published: bool = True, **more: Any) -> UUID:
    with Work(shop.support) as work:
        return UUID(service.create(work, content(*texts, **more), is_published=is_published).id)
