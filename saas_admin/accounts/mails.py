"""Mails of the product: written from the catalogue, kept encrypted in the outbox, sent by a worker."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, select_autoescape

from saas_admin.adapters.mail import smtp
from saas_admin.core import doors, pictures, secrets
from saas_admin.core.brand import NAME
from saas_admin.core.clock import iso
from saas_admin.core.config import get_settings
from saas_admin.core.i18n import translate
from saas_admin.core.jobs import Job
from saas_admin.core.work import Work
from saas_admin.models import Company, OutboundMail

BATCH = 20
OUTBOX_MOST = 100
# Ground and ink of a company's first letter where it has no logo, as in the interface.
TINTS = (
    ("#f4c58d", "#5b2a1c"),
    ("#bcd7ea", "#143a57"),
    ("#cfdca8", "#33440f"),
    ("#f0c3d3", "#5a1a3a"),
    ("#cfc4ee", "#2f2160"),
    ("#b5dcd5", "#0b3f41"),
)


@dataclass(frozen=True)
class MailView:
    id: str
    recipient: str
    subject: str
    text: str
    html: str
    created_at: str


def queue_of_company(work: Work, recipient: str, kind: str, lang: str, params: dict[str, Any]) -> None:
    """A mail that a company sends its people: its name and mark at the head. `role_key` in params is said as `role`."""
    company = work.get(Company, work.company_id)
    said = {"role": translate(f"common.role.{params['role_key']}", lang)} if "role_key" in params else {}
    queue(work, recipient, kind, lang, {"company": company.name, **said, **params}, of=company)


def queue(
    work: Work, recipient: str, kind: str, lang: str, params: dict[str, Any], *, of: Company | None = None
) -> None:
    """Put a mail into the outbox; it leaves after the commit. `path` in params becomes the mail's button."""
    words = {"product": NAME, **params}
    subject = translate(f"mail.{kind}.subject", lang, **words)
    paragraphs = [translate(f"mail.{kind}.{part}", lang, **words) for part in ("hello", "body", "after")]
    link = f"{get_settings().public_url}{params['path']}" if "path" in params else None
    button = translate(f"mail.{kind}.button", lang, **words) if link else None
    text = "\n\n".join([*paragraphs[:2], *([f"{button}: {link}"] if link else []), paragraphs[2], f"— {NAME}"])
    page = _page().render(
        lang=lang,
        product=NAME,
        subject=subject,
        paragraphs=paragraphs,
        link=link,
        button=button,
        head=of.name if of else NAME,
        letter=(of.name if of else NAME)[:1].upper(),
        tint=TINTS[(of.id.int if of else 0) % len(TINTS)],
        logo=f"{get_settings().public_url}{pictures.url_of(of.logo_id)}" if of and of.logo_id else "",
        footer=translate("mail.footer", lang, product=NAME),
        why=translate("mail.button_dead", lang),
    )
    body = secrets.encrypt({"text": text, "html": page})
    mail = work.add(
        OutboundMail(
            recipient=recipient, subject=subject[:200], body=body, created_at=work.now, next_attempt_at=work.now
        )
    )
    work.after_commit(Job.SEND_MAIL, mail_id=str(mail.id))


def send_due(mail_id: UUID | None = None) -> int:
    """Send what waits (or one mail). Without SMTP_URL nothing leaves: the outbox page shows it."""
    settings = get_settings()
    if not settings.smtp_url:
        return 0
    sent = 0
    for mail in _claimed(mail_id):
        body = secrets.decrypt(mail.body)
        try:
            smtp.send(
                settings.smtp_url,
                sender=settings.mail_from,
                recipient=mail.recipient,
                subject=mail.subject,
                text=body["text"],
                html=body["html"],
            )
        except smtp.MailError as error:
            doors.mail_done(mail.id, str(error)[:300])
            continue
        doors.mail_done(mail.id, None)
        sent += 1
    return sent


def _claimed(mail_id: UUID | None) -> Iterator[doors.ClaimedMail]:
    """One at a time: a slow server must not outlast the claim of the mails behind it, or another worker sends them too."""
    for _ in range(BATCH):
        claimed = doors.claim_mail(1, mail_id)
        yield from claimed
        if not claimed:
            return


def list_outbox() -> list[MailView]:
    """What a demo's outbox page shows, newest first."""
    views: list[MailView] = []
    for mail in doors.list_outbox(OUTBOX_MOST):
        body = secrets.decrypt(mail.body)
        views.append(
            MailView(str(mail.id), mail.recipient, mail.subject, body["text"], body["html"], iso(mail.created_at) or "")
        )
    return views


@lru_cache(maxsize=1)
def _page() -> Any:
    folder = Path(__file__).parent / "templates"
    return Environment(loader=FileSystemLoader(folder), autoescape=select_autoescape(["html"])).get_template(
        "mail.html"
    )
