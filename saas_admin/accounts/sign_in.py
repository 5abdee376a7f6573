"""Signing in: the password, the second step where it is on, the session; and signing out."""

from dataclasses import dataclass
from datetime import timedelta

from saas_admin.accounts import audit, devices, links, passwords, two_factor
from saas_admin.accounts.devices import Caller
from saas_admin.core import doors, realtime, secrets
from saas_admin.core.actor import Actor, ActorKind
from saas_admin.core.errors import Unauthorised
from saas_admin.core.ids import new_id
from saas_admin.core.permissions import public
from saas_admin.core.work import Work
from saas_admin.models import LoginSession, UserAccount
from saas_admin.models.account import TokenPurpose

SESSION_FOR = timedelta(hours=12)
KEPT_SESSION_FOR = timedelta(days=30)


@dataclass(frozen=True)
class SignedIn:
    """`token` and `device` go into cookies and nowhere else."""

    token: str
    expires_in: int | None
    is_confirmed: bool
    device: str
    email: str
    codes_left: int | None = None
    """Recovery codes that remain, when one of them opened the door."""


@dataclass(frozen=True)
class SecondStep:
    """The password was right, which opens nothing yet. `token` goes into a short-lived cookie."""

    token: str
    keep: bool


@public
def sign_in(work: Work, email: str, password: str, *, keep: bool, caller: Caller) -> SignedIn | SecondStep:
    """A session or the question for a code, or one error for every reason: nothing tells whether the address exists."""
    login = doors.find_login(work.session, email.strip())
    if login is None or not login.is_active:
        passwords.spend_time(password)
        raise Unauthorised("wrong_login")
    is_right, new_hash = passwords.verify_and_update(password, login.password_hash)
    if not is_right:
        raise Unauthorised("wrong_login")
    work.act_in_person(login.user_id)
    user = work.get(UserAccount, login.user_id)
    if new_hash:
        user.password_hash = new_hash
    if login.has_two_factor:
        links.retire(work, user.id, TokenPurpose.SECOND_FACTOR)
        return SecondStep(links.issue(work, TokenPurpose.SECOND_FACTOR, user.id), keep)
    return open_session(work, user, keep=keep, caller=caller)


@public
def email_of_challenge(work: Work, token: str) -> str:
    """Whose password was right: the tries at the code count for the same account."""
    link = links.enter(work, TokenPurpose.SECOND_FACTOR, token)
    return work.get(UserAccount, link.user_id).email


@public
def second_step(work: Work, token: str, code: str, *, keep: bool, caller: Caller) -> SignedIn:
    """A code of the app, or a recovery code: opens the session. The challenge is used up by a right one only."""
    link = links.enter(work, TokenPurpose.SECOND_FACTOR, token)
    user = work.get(UserAccount, link.user_id, lock=True)
    if user.deactivated_at is not None:
        raise Unauthorised("wrong_login")
    if user.totp_confirmed_at is None:
        raise Unauthorised("signed_out")
    was_recovery = two_factor.spend(work, user, code)
    link.used_at = work.now
    left = two_factor.count_left(work, user.id) if was_recovery else None
    return open_session(work, user, keep=keep, caller=caller, codes_left=left)


@public
def sign_out(work: Work, token: str) -> None:
    found = doors.find_session(secrets.token_hash(token))
    if found is None:
        return
    work.act_in_person(found.user_id)
    work.get(LoginSession, found.session_id).revoked_at = work.now
    work.once_committed(lambda: realtime.tell_revoked(found.user_id, [found.session_id]))


def open_session(
    work: Work, user: UserAccount, *, keep: bool, caller: Caller, codes_left: int | None = None
) -> SignedIn:
    """Always a fresh id: whatever the browser held before is not taken over."""
    memberships = doors.list_memberships(work.session, user.id)
    if not memberships:
        raise Unauthorised("no_company")
    first, session_id, token = memberships[0], new_id(), secrets.random_token()
    work.act_as(Actor(ActorKind.AGENT, first.company_id, user.id, first.role, user.name, session_id, caller.ip))
    device = devices.remember(work, user, caller)
    lasts = KEPT_SESSION_FOR if keep else SESSION_FOR
    work.add(
        LoginSession(
            id=session_id,
            token_hash=secrets.token_hash(token),
            user_id=user.id,
            active_company_id=first.company_id,
            is_persistent=keep,
            device_hash=secrets.token_hash(device),
            ip=caller.ip,
            user_agent=caller.user_agent[:400],
            created_at=work.now,
            last_used_at=work.now,
            expires_at=work.now + lasts,
        )
    )
    audit.record(work, "session.opened", target=("person", user.id, user.name))
    return SignedIn(
        token,
        int(lasts.total_seconds()) if keep else None,
        user.email_confirmed_at is not None,
        device,
        user.email,
        codes_left,
    )
