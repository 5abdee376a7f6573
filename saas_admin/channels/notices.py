"""News of templates and accounts: what the provider tells about us, not about a customer."""

from sqlalchemy import or_, select
from sqlmodel import col

from saas_admin.adapters.channels.events import AccountNotice, Severity, TemplateChanged
from saas_admin.channels import templates
from saas_admin.channels.facts import call_for_attention
from saas_admin.core.permissions import system_only
from saas_admin.core.work import Work
from saas_admin.models import Channel, MessageTemplate
from saas_admin.models.channel import ChannelState


@system_only
def apply_template_change(work: Work, channel: Channel, change: TemplateChanged) -> bool:
    """A template was approved, refused, paused, or moved to another category. One we do not know waits for the next sync."""
    known = work.first(
        select(MessageTemplate).where(
            col(MessageTemplate.channel_id) == channel.id,
            or_(
                col(MessageTemplate.provider_id) == change.provider_id,
                (col(MessageTemplate.name) == change.name) & (col(MessageTemplate.language) == change.language),
            ),
        )
    )
    if known is None:
        templates.sync_soon(work, channel)
        return True
    if known.changed_at > change.at:
        return True
    if (change.template, change.status, change.category, change.quality) == (None, None, None, None):
        # Other contents that did not come along.
        templates.sync_soon(work, channel)
    if change.template is not None:
        templates.take_over(work, known, change.template)
    if change.category is not None and change.category.value != known.category:
        known.former_category, known.category = known.category, change.category.value
    if change.status is not None:
        known.status = change.status.value
        known.reason = (change.reason or "")[:300]
    if change.quality is not None:
        known.quality = change.quality
    known.changed_at = change.at
    return True


@system_only
def apply_notice(work: Work, channel: Channel, notice: AccountNotice) -> bool:
    """Quality, limits, restrictions: kept with the channel and said on its card."""
    locked = work.get(Channel, channel.id, lock=True)
    locked.facts = {**locked.facts, **notice.facts}
    if notice.severity is Severity.INFO:
        return True
    locked.last_error_code = f"notice_{notice.code}"[:64]
    locked.last_error_text = notice.detail[:300]
    locked.last_error_at = notice.at
    if notice.severity is Severity.SERIOUS and locked.state is ChannelState.CONNECTED:
        call_for_attention(locked, notice.at)
    return True
