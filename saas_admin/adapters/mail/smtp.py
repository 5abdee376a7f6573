"""Hand a mail to an SMTP server (RFC 5321; STARTTLS by RFC 3207)."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

TIMEOUT = 15.0


class MailError(Exception):
    """Not taken by the server: the text says why, without the address."""


def send(smtp_url: str, *, sender: str, recipient: str, subject: str, text: str, html: str) -> None:
    """`smtp_url` is smtp://user:password@host:587 (STARTTLS when offered, and always before a password) or smtps://…:465."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, recipient, subject
    mail["Date"], mail["Message-ID"] = (
        formatdate(localtime=False),
        make_msgid(domain=sender.rpartition("@")[2].rstrip(">")),
    )
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    parts = urlsplit(smtp_url)
    host, context = parts.hostname or "localhost", ssl.create_default_context()
    try:
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT)
        with server:
            server.ehlo_or_helo_if_needed()
            is_private = parts.scheme == "smtps" or host in ("localhost", "127.0.0.1", "::1")
            if parts.scheme != "smtps" and server.has_extn("starttls"):
                server.starttls(context=context)
                is_private = True
            if parts.username and not is_private:
                # Whoever stands between could have taken the offer out to read the password.
                raise MailError("the server offers no encryption, so the password was not sent")
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(mail)
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise MailError(f"{type(error).__name__}: {getattr(error, 'smtp_code', '')}".strip()) from error
