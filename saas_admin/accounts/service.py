"""Sign up, confirm, sign in, sign out."""

import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from saas_admin.accounts import mails, passwords
from saas_admin.core import doors, secrets
from saas_admin.core.actor import Actor
from saas_admin.core.errors import Invalid, Unauthorised
from saas_admin.core.i18n import LANGS, translate
from saas_admin.core.ids import new_id
from saas_admin.core.permissions import Permission, Role, public, requires
from saas_admin.core.work import Work
from saas_admin.models import Company, LoginSession, Membership, OneTimeToken, Tag, UserAccount
from saas_admin.models.account import Theme, TokenPurpose

CONFIRM_FOR = timedelta(hours=24)
SESSION_FOR = timedelta(hours=12)
KEPT_SESSION_FOR = timedelta(days=30)
EMAIL = re.compile(r"^[^@\s<>\"'(),;:\\]{1,64}@[^@\s<>\"'(),;:\\]+\.[^@\s<>\"'(),;:\\.]{2,}$")

# The three a shop starts with; the company renames, removes and adds its own.
FIRST_TAGS = (("sale", "ok"), ("follow_up", "c3"), ("question", "c2"))


@dataclass(frozen=True)
class Registered:
    company_id: UUID
    user_id: UUID
    is_new: bool


@dataclass(frozen=True)
class SignedIn:
    """`token` goes into the cookie and nowhere else."""

    token: str
    expires_in: int | None
    is_confirmed: bool


@public
def register(
    work: Work, *, company: str, name: str, email: str, password: str, lang: str = "es", confirmed: bool = False
) -> Registered:
    """A company and its first Admin. An address that is taken gets the same answer and a mail that says so.

    `confirmed` is the command line's: whoever runs it has the machine.
    """
    company, name, email = " ".join(company.split()), " ".join(name.split()), email.strip()
    lang = lang if lang in LANGS else "es"
    _ensure_valid(company, name, email, password)
    if login := doors.find_login(work.session, email):
        passwords.spend_time(password)
        mails.queue(work, email, "already_registered", lang, {"email": email})
        return Registered(UUID(int=0), login.user_id, is_new=False)
    company_id, user_id = new_id(), new_id()
    work.act_in(company_id, user_id)
    work.add(Company(id=company_id, name=company, created_at=work.now))
    work.add(
        UserAccount(
            id=user_id,
            email=email,
            name=name,
            password_hash=passwords.hash_password(password),
            language=lang,
            email_confirmed_at=work.now if confirmed else None,
            created_at=work.now,
        )
    )
    try:
        work.flush()
    except IntegrityError as error:
        raise Invalid(fields={"email": "email_taken"}) from error
    work.add(Membership(company_id=company_id, user_id=user_id, role=Role.ADMIN, created_at=work.now))
    for position, (key, color) in enumerate(FIRST_TAGS):
        work.add(Tag(name=translate(f"common.tags.{key}", lang), color=color, position=position))
    work.flush()
    if not confirmed:
        _send_confirmation(work, user_id, email, name, lang)
    return Registered(company_id, user_id, is_new=True)


@public
def resend_confirmation(work: Work, email: str, lang: str = "es") -> None:
    """A fresh link when the address waits for one; the same silence otherwise."""
    login = doors.find_login(work.session, email.strip())
    if login is None or login.is_confirmed or not login.is_active:
        return
    work.act_in_person(login.user_id)
    user = work.get(UserAccount, login.user_id)
    _send_confirmation(work, user.id, user.email, user.name, user.language or lang)


@public
def confirm_email(work: Work, token: str, *, ip: str | None = None, user_agent: str = "") -> SignedIn:
    """Use a confirmation link: once, and before it expires. Signs in, since the mailbox proved who it is."""
    found = (
        doors.find_token(work.session, TokenPurpose.CONFIRM_EMAIL.value, secrets.token_hash(token)) if token else None
    )
    if found is None:
        raise Invalid("link_unknown")
    if found.used_at is not None:
        raise Invalid("link_used")
    if found.expires_at < work.now:
        raise Invalid("link_expired")
    work.act_in_person(found.user_id)
    link = work.session.get(OneTimeToken, found.token_id, with_for_update=True)
    if link is None or link.used_at is not None:
        raise Invalid("link_used")
    link.used_at = work.now
    user = work.get(UserAccount, found.user_id)
    user.email_confirmed_at = user.email_confirmed_at or work.now
    return _open_session(work, user, keep=False, ip=ip, user_agent=user_agent)


@public
def sign_in(
    work: Work, email: str, password: str, *, keep: bool, ip: str | None = None, user_agent: str = ""
) -> SignedIn:
    """A session, or one error for every reason: nothing tells whether the address exists."""
    login = doors.find_login(work.session, email.strip())
    if login is None or not login.is_active:
        passwords.spend_time(password)
        raise Unauthorised("wrong_login")
    is_right, new_hash = passwords.verify_and_update(password[: passwords.MAX_LENGTH], login.password_hash)
    if not is_right:
        raise Unauthorised("wrong_login")
    work.act_in_person(login.user_id)
    user = work.get(UserAccount, login.user_id)
    if new_hash:
        user.password_hash = new_hash
    return _open_session(work, user, keep=keep, ip=ip, user_agent=user_agent)


@public
def sign_out(work: Work, token: str) -> None:
    found = doors.find_session(secrets.token_hash(token))
    if found is None:
        return
    work.act_in_person(found.user_id)
    work.get(LoginSession, found.session_id).revoked_at = work.now


@requires(Permission.PROFILE_EDIT)
def edit_profile(work: Work, *, name: str | None = None, language: str | None = None, theme: str | None = None) -> None:
    """Change one's own name, language and theme; what is None stays."""
    if work.actor.user_id is None:
        raise Unauthorised
    user = work.get(UserAccount, work.actor.user_id)
    if name is not None:
        name = " ".join(name.split())
        if not 1 <= len(name) <= 80:
            raise Invalid(fields={"name": "name_length"})
        user.name = name
    if language is not None:
        if language not in LANGS:
            raise Invalid(fields={"language": "language"})
        user.language = language
    if theme is not None:
        if theme not in [t.value for t in Theme]:
            raise Invalid(fields={"theme": "theme"})
        user.theme = Theme(theme)


def system_work() -> Work:
    """The Work a request has before anybody is known."""
    return Work(Actor.system())


def _ensure_valid(company: str, name: str, email: str, password: str) -> None:
    problems: dict[str, str] = {}
    if not 2 <= len(company) <= 80:
        problems["company"] = "company_length"
    if not 1 <= len(name) <= 80:
        problems["name"] = "name_length"
    if len(email) > 254 or not EMAIL.match(email):
        problems["email"] = "email_format"
    if len(password) < passwords.MIN_LENGTH:
        problems["password"] = "password_short"  # noqa: S105 (an error code)
    elif len(password) > passwords.MAX_LENGTH:
        problems["password"] = "password_long"  # noqa: S105 (an error code)
    elif password.lower() in (email.lower(), company.lower(), name.lower()) or len(set(password)) < 4:
        problems["password"] = "password_weak"  # noqa: S105 (an error code)
    if problems:
        raise Invalid(fields=problems)


def _send_confirmation(work: Work, user_id: UUID, email: str, name: str, lang: str) -> None:
    token = secrets.random_token()
    work.add(
        OneTimeToken(
            token_hash=secrets.token_hash(token),
            purpose=TokenPurpose.CONFIRM_EMAIL,
            user_id=user_id,
            created_at=work.now,
            expires_at=work.now + CONFIRM_FOR,
        )
    )
    mails.queue(work, email, "confirm_email", lang, {"name": name, "path": f"/confirm-email?token={token}"})


def _open_session(work: Work, user: UserAccount, *, keep: bool, ip: str | None, user_agent: str) -> SignedIn:
    memberships = doors.list_memberships(work.session, user.id)
    if not memberships:
        raise Unauthorised("no_company")
    token = secrets.random_token()
    lasts = KEPT_SESSION_FOR if keep else SESSION_FOR
    work.add(
        LoginSession(
            token_hash=secrets.token_hash(token),
            user_id=user.id,
            active_company_id=memberships[0].company_id,
            is_persistent=keep,
            ip=ip,
            user_agent=user_agent[:400],
            created_at=work.now,
            last_used_at=work.now,
            expires_at=work.now + lasts,
        )
    )
    return SignedIn(token, int(lasts.total_seconds()) if keep else None, user.email_confirmed_at is not None)
