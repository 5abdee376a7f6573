"""The password and the address one signs in with: forgotten, changed, confirmed where they lead to."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError

from saas_admin.accounts import audit, links, mails, passwords, sessions, two_factor
from saas_admin.accounts.proofs import check_password, me
from saas_admin.accounts.rules import ensure_email, is_email
from saas_admin.core import doors
from saas_admin.core.actor import Actor, ActorKind
from saas_admin.core.errors import Invalid
from saas_admin.core.permissions import Permission, public, requires
from saas_admin.core.work import Work
from saas_admin.models import UserAccount
from saas_admin.models.account import TokenPurpose


@public
def request_reset(work: Work, email: str, lang: str = "es") -> None:
    """A link to the address when it has an account; the same silence otherwise."""
    email = email.strip()
    login = doors.find_login(work.session, email) if is_email(email) else None
    if login is None or not login.is_active:
        return
    work.act_in_person(login.user_id)
    user = work.get(UserAccount, login.user_id)
    links.retire(work, user.id, TokenPurpose.RESET_PASSWORD)
    token = links.issue(work, TokenPurpose.RESET_PASSWORD, user.id)
    params = {"name": user.name, "path": f"/reset-password?token={token}"}
    mails.queue(work, user.email, "reset_password", user.language or lang, params)


@public
def reset_password(work: Work, token: str, password: str, *, ip: str | None = None) -> str | None:
    """A new password by the link of the mail. Every session ends; a second factor is asked at the next sign-in as ever.

    The address whose wrong tries no longer count; None where a code is asked too, or each reset would buy more guesses at it.
    """
    link = links.enter(work, TokenPurpose.RESET_PASSWORD, token)
    user = work.get(UserAccount, link.user_id, lock=True)
    if user.deactivated_at is not None:
        raise Invalid("link_unknown")
    _ensure_strong(work, user, password)
    memberships = doors.list_memberships(work.session, user.id)
    if memberships:
        first = memberships[0]
        work.act_as(Actor(ActorKind.AGENT, first.company_id, user.id, first.role, user.name, None, ip))
    links.retire(work, user.id, TokenPurpose.RESET_PASSWORD, TokenPurpose.SECOND_FACTOR, TokenPurpose.CONFIRM_EMAIL)
    # Whoever follows a link of the mailbox has the mailbox.
    user.email_confirmed_at = user.email_confirmed_at or work.now
    _put(work, user, password)
    sessions.end_all(work, user.id)
    return user.email if user.totp_confirmed_at is None else None


@requires(Permission.PROFILE_EDIT)
def change_password(work: Work, current: str, password: str) -> None:
    """Asks the one of now. Other sessions end, this one goes on."""
    user = me(work, lock=True)
    check_password(user, current, "current")
    _ensure_strong(work, user, password)
    links.retire(work, user.id, TokenPurpose.RESET_PASSWORD, TokenPurpose.SECOND_FACTOR)
    _put(work, user, password)
    sessions.end_all(work, user.id, but=work.actor.session_id)


@requires(Permission.PROFILE_EDIT)
def request_email_change(work: Work, email: str, password: str, code: str = "") -> str:
    """Write to the new address, and tell the old one. The answer is the same when the new one has an account already."""
    user = me(work, lock=True)
    email = email.strip()
    ensure_email(email)
    if email.lower() == user.email.lower():
        raise Invalid(fields={"email": "email_same"})
    check_password(user, password)
    two_factor.prove(work, user, code)
    links.retire(work, user.id, TokenPurpose.CHANGE_EMAIL)
    user.pending_email = email
    taken = doors.find_login(work.session, email)
    if taken is not None:
        mails.queue(work, email, "address_in_use", user.language, {"email": email})
    else:
        token = links.issue(work, TokenPurpose.CHANGE_EMAIL, user.id)
        params = {"name": user.name, "email": email, "path": f"/confirm-change?token={token}"}
        mails.queue(work, email, "confirm_new_email", user.language, params)
    warned = {"name": user.name, "email": email, "path": "/account"}
    mails.queue(work, user.email, "email_change_asked", user.language, warned)
    audit.record(work, "email.change_asked", target=("person", user.id, user.name), after={"email": email})
    return email


@requires(Permission.PROFILE_EDIT)
def cancel_email_change(work: Work) -> None:
    user = me(work, lock=True)
    links.retire(work, user.id, TokenPurpose.CHANGE_EMAIL)
    user.pending_email = None


@public
def confirm_email_change(work: Work, token: str, *, ip: str | None = None) -> str:
    """The link that went to the new address: from now on one signs in with it."""
    link = links.enter(work, TokenPurpose.CHANGE_EMAIL, token)
    user = work.get(UserAccount, link.user_id, lock=True)
    old, new = user.email, user.pending_email
    if new is None or user.deactivated_at is not None:
        raise Invalid("link_unknown")
    link.used_at = work.now
    links.retire(work, user.id, TokenPurpose.RESET_PASSWORD, TokenPurpose.CONFIRM_EMAIL)
    user.email, user.pending_email, user.email_confirmed_at = new, None, work.now
    try:
        work.flush()
    except IntegrityError as error:
        # Somebody made an account with it in the meantime.
        raise Invalid("link_unknown") from error
    memberships = doors.list_memberships(work.session, user.id)
    if memberships:
        first = memberships[0]
        work.act_as(Actor(ActorKind.AGENT, first.company_id, user.id, first.role, user.name, None, ip))
        changes = {"before": {"email": old}, "after": {"email": new}}
        audit.record(work, "email.changed", target=("person", user.id, user.name), **changes)
    mails.queue(work, old, "email_changed", user.language, {"name": user.name, "email": new})
    return new


def own_words(work: Work, user: UserAccount) -> list[str]:
    """What somebody who knows this person would try first."""
    return [user.name, user.email, *_company_names(work, user.id)]


def _company_names(work: Work, user_id: UUID) -> list[str]:
    return [each.company_name for each in doors.list_memberships(work.session, user_id)]


def _ensure_strong(work: Work, user: UserAccount, password: str) -> None:
    if problem := passwords.judge(password, own_words(work, user)).problem:
        raise Invalid(fields={"password": problem})


def _put(work: Work, user: UserAccount, password: str) -> None:
    user.password_hash = passwords.hash_password(password)
    user.password_changed_at = work.now
    if work.actor.company_id:
        audit.record(work, "password.changed", target=("person", user.id, user.name))
    mails.queue(work, user.email, "password_changed", user.language, {"name": user.name, "path": "/forgot"})
