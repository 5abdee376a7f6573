"""Sign up, confirm, and one's own profile. Signing in is `sign_in`, passwords and addresses are `credentials`."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from saas_admin.accounts import links, mails, passwords
from saas_admin.accounts.devices import Caller
from saas_admin.accounts.proofs import me
from saas_admin.accounts.rules import is_email
from saas_admin.accounts.sign_in import SignedIn, open_session
from saas_admin.core import doors, pictures
from saas_admin.core.actor import Actor
from saas_admin.core.errors import Invalid
from saas_admin.core.i18n import LANGS, translate
from saas_admin.core.ids import new_id
from saas_admin.core.permissions import Permission, Role, public, requires
from saas_admin.core.work import Work
from saas_admin.models import Company, Membership, Tag, UserAccount
from saas_admin.models.account import Theme, TokenPurpose

# The three a shop starts with; the company renames, removes and adds its own.
FIRST_TAGS = (("sale", "ok"), ("follow_up", "c3"), ("question", "c2"))


@dataclass(frozen=True)
class Registered:
    company_id: UUID
    user_id: UUID
    is_new: bool


@public
def register(
    work: Work, *, company: str, name: str, email: str, password: str, lang: str = "es", confirmed: bool = False
) -> Registered:
    """A company and its first Admin. An address that is taken gets the same answer and a mail that says so.

    `confirmed` is the command line's: whoever runs it has the machine.
    """
    company, name, email = " ".join(company.split()), " ".join(name.split()), email.strip()
    lang = lang if lang in LANGS else "es"
    _ensure_valid(company, name, email, password, is_judged=not confirmed)
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
def confirm_email(work: Work, token: str, *, caller: Caller) -> SignedIn:
    """Use a confirmation link: once, and before it expires. Signs in, since the mailbox proved who it is."""
    link = links.enter(work, TokenPurpose.CONFIRM_EMAIL, token)
    user = work.get(UserAccount, link.user_id, lock=True)
    if user.email_confirmed_at is not None or user.deactivated_at is not None:
        # An older link of a confirmed account is no second way past its password.
        raise Invalid("link_used")
    links.retire(work, user.id, TokenPurpose.CONFIRM_EMAIL)
    user.email_confirmed_at = work.now
    return open_session(work, user, keep=False, caller=caller)


@requires(Permission.PROFILE_EDIT)
def edit_profile(
    work: Work,
    *,
    name: str | None = None,
    language: str | None = None,
    theme: str | None = None,
    has_sounds: bool | None = None,
) -> None:
    """Change one's own name, language, theme and sounds; what is None stays."""
    user = me(work)
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
    if has_sounds is not None:
        user.has_sounds = has_sounds


@requires(Permission.PROFILE_EDIT)
def change_photo(work: Work, content: bytes) -> UUID:
    """A new photo; the old one goes when the new one is in place."""
    user = me(work)
    old, user.photo_id = user.photo_id, pictures.keep(content)
    work.once_committed(lambda: pictures.delete(old))
    return user.photo_id


@requires(Permission.PROFILE_EDIT)
def remove_photo(work: Work) -> None:
    user = me(work)
    old, user.photo_id = user.photo_id, None
    work.once_committed(lambda: pictures.delete(old))


def system_work() -> Work:
    """The Work a request has before anybody is known."""
    return Work(Actor.system())


def _ensure_valid(company: str, name: str, email: str, password: str, *, is_judged: bool) -> None:
    """`is_judged`: whoever runs the command line chooses how strong a password they want; its length is asked all the same."""
    problems: dict[str, str] = {}
    if not 2 <= len(company) <= 80:
        problems["company"] = "company_length"
    if not 1 <= len(name) <= 80:
        problems["name"] = "name_length"
    if not is_email(email):
        problems["email"] = "email_format"
    problem = passwords.judge(password, [company, name, email]).problem
    if problem and (is_judged or problem in ("password_short", "password_long")):
        problems["password"] = problem
    if problems:
        raise Invalid(fields=problems)


def _send_confirmation(work: Work, user_id: UUID, email: str, name: str, lang: str) -> None:
    token = links.issue(work, TokenPurpose.CONFIRM_EMAIL, user_id)
    mails.queue(work, email, "confirm_email", lang, {"name": name, "path": f"/confirm-email?token={token}"})
