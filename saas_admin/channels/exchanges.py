"""The log of what a channel and its provider said to each other: redacted, bounded, readable by the company."""

from uuid import UUID

from saas_admin.adapters.channels.base import Failure
from saas_admin.adapters.http import redact
from saas_admin.core.work import Work
from saas_admin.models import Exchange


def words_of(failure: Failure) -> str:
    """The provider's own words, without anything secret."""
    return redact(f"{failure.provider_code} {failure.provider_text}".strip())


def note(
    work: Work,
    channel_id: UUID,
    action: str,
    failure: Failure | None = None,
    *,
    milliseconds: int | None = None,
    message_id: UUID | None = None,
) -> None:
    """One call of ours and how it ended."""
    work.add(
        Exchange(
            channel_id=channel_id,
            direction="out",
            action=action,
            is_ok=failure is None,
            code=failure.code.value if failure else "",
            words=words_of(failure) if failure else "",
            milliseconds=milliseconds,
            message_id=message_id,
            at=work.now,
        )
    )


def note_call(work: Work, channel_id: UUID, code: str, words: str = "", *, is_ok: bool = False) -> None:
    """A webhook that was turned away, or the first one that was not."""
    work.add(
        Exchange(
            channel_id=channel_id,
            direction="in",
            action="webhook",
            is_ok=is_ok,
            code=code[:64],
            words=redact(words),
            at=work.now,
        )
    )
