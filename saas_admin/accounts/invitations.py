"""Invite people by mail; they come in with the link, the mailbox being the proof."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from saas_admin.accounts import audit, lockout, mails, passwords, sign_in
from saas_admin.accounts.devices import Caller
from saas_admin.accounts.people import sight_for
from saas_admin.accounts.proofs import WrongProof
from saas_admin.accounts.rules import is_email
from saas_admin.accounts.sign_in import SecondStep, SignedIn
from saas_admin.core import doors, secrets
from saas_admin.core.actor import ActorKind
from saas_admin.core.clock import iso
from saas_admin.core.doors import FoundInvitation
from saas_admin.core.errors import Conflict, Invalid, Unauthorised
from saas_admin.core.i18n import LANGS
from saas_admin.core.ids import new_id
from saas_admin.core.permissions import Permission, Role, Sight, public, requires
from saas_admin.core.work import Work
from saas_admin.models import Company, Invitation, LoginSession, Membership, UserAccount

LASTS = timedelta(days=7)
AT_ONCE = 20


@dataclass(frozen=True)
class InvitationView:
    id: str
    email: str
    role: str
    sight: str
    invited_by: str
    sent_at: str | None
    expires_at: str | None
    is_expired: bool


@dataclass(frozen=True)
class Offer:
    """What the page behind an invitation's link shows. `state`: open, used, expired, cancelled, unknown, member."""

    state: str
    company: str = ""
    company_id: str = ""
    logo_id: str = ""
    email: str = ""
    role: str = ""
    inviter: str = ""
    has_login: bool = False
    is_me: bool = False
    signed_in_as: str = ""


@dataclass(frozen=True)
class Accepted:
    """`opened` is None where a session exists already, and a SecondStep where a code is still to be asked for."""

    company_id: UUID
    user_id: UUID
    opened: SignedIn | SecondStep | None


@requires(Permission.MEMBERS_MANAGE)
def list_pending(work: Work) -> list[InvitationView]:
    query = (
        select(Invitation, col(UserAccount.name))
        .outerjoin(UserAccount, col(UserAccount.id) == col(Invitation.invited_by))
        .where(
            col(Invitation.company_id) == work.company_id,
            col(Invitation.accepted_at).is_(None),
            col(Invitation.cancelled_at).is_(None),
        )
        .order_by(col(Invitation.sent_at).desc(), col(Invitation.id))
    )
    return [
        InvitationView(
            str(each.id),
            each.email,
            each.role.value,
            each.sight.value,
            name or "",
            iso(each.sent_at),
            iso(each.expires_at),
            each.expires_at <= work.now,
        )
        for each, name in work.session.execute(query)
    ]


@requires(Permission.MEMBERS_MANAGE)
def invite(work: Work, emails: str, role: str, sight: str = Sight.ALL.value) -> list[str]:
    """Invite addresses, one per line or comma. All or none: what is wrong is said, and nothing was sent.

    An address that waits already gets a fresh link with the role chosen now.
    """
    if role not in [each.value for each in Role]:
        raise Invalid(fields={"role": "role"})
    if sight not in [each.value for each in Sight]:
        raise Invalid(fields={"sight": "sight"})
    wanted = _addresses(emails)
    work.get(Company, work.company_id, lock=True)
    _ensure_no_members(work, wanted)
    chosen = Role(role)
    for email in wanted:
        invitation = _waiting(work, email)
        if invitation is None:
            invitation = work.add(
                Invitation(
                    email=email,
                    role=chosen,
                    token_hash=b"",
                    invited_by=_me(work),
                    created_at=work.now,
                )
            )
        invitation.role, invitation.sight = chosen, sight_for(chosen, Sight(sight))
        _send(work, invitation)
        audit.record(
            work,
            "invitation.sent",
            target=("invitation", invitation.id, email),
            after={"role": invitation.role.value, "sight": invitation.sight.value},
        )
    return wanted


@requires(Permission.MEMBERS_MANAGE)
def resend(work: Work, invitation_id: UUID) -> str:
    """A fresh link for seven more days; the old one is dead."""
    invitation = _pending(work, invitation_id)
    _send(work, invitation)
    audit.record(work, "invitation.resent", target=("invitation", invitation.id, invitation.email))
    return invitation.email


@requires(Permission.MEMBERS_MANAGE)
def cancel(work: Work, invitation_id: UUID) -> str:
    invitation = _pending(work, invitation_id)
    invitation.cancelled_at = work.now
    audit.record(work, "invitation.cancelled", target=("invitation", invitation.id, invitation.email))
    return invitation.email


@public
def find_offer(work: Work, token: str, *, user_id: UUID | None = None, signed_in_as: str = "") -> Offer:
    """What the link offers, to whoever holds it. `user_id`: who is signed in there, as the session says."""
    found = doors.find_invitation(work.session, secrets.token_hash(token)) if token else None
    if found is None:
        return Offer("unknown", signed_in_as=signed_in_as)
    is_me = found.user_id is not None and found.user_id == user_id
    return Offer(
        state=_state(work, found),
        company=found.company_name,
        company_id=str(found.company_id),
        logo_id=str(found.logo_id or ""),
        email=found.email,
        role=found.role.value,
        inviter=found.inviter_name,
        has_login=found.user_id is not None,
        is_me=is_me,
        signed_in_as=signed_in_as,
    )


@public
def accept(
    work: Work,
    token: str,
    *,
    name: str = "",
    password: str = "",
    lang: str = "es",
    user_id: UUID | None = None,
    session_id: UUID | None = None,
    caller: Caller | None = None,
) -> Accepted:
    """Join. Who is signed in as the invited address just joins; a login proves itself by password; a new address makes one.

    `user_id` and `session_id` are what the caller's session says, never what a form says.
    """
    found = doors.find_invitation(work.session, secrets.token_hash(token)) if token else None
    if found is None:
        raise Invalid("invitation_unknown")
    caller = caller or Caller()
    if found.user_id is None:
        if user_id is not None:
            raise Conflict("invitation_of_another", email=found.email)
        return _join_as_new(work, found, name, password, lang, caller)
    if user_id is not None and user_id != found.user_id:
        raise Conflict("invitation_of_another", email=found.email)
    if user_id is None:
        _prove(work, found, password, caller)
    _join(work, found, found.user_id, caller.ip)
    opened = None
    if user_id is not None and session_id is not None:
        _look_at(work, session_id, found.company_id)
    else:
        opened = _sign_in(work, found, password, caller)
    return Accepted(found.company_id, found.user_id, opened)


def _prove(work: Work, found: FoundInvitation, password: str, caller: Caller) -> None:
    """The mailbox and the password let somebody join; what is inside still asks for the second factor.

    Counted with the guesses at sign-in: a link is no second way to try passwords.
    """
    login = doors.find_login(work.session, found.email)
    if login is None or not login.is_active:
        raise Unauthorised("wrong_password")
    with lockout.counted(found.email, caller.ip) as tries:
        is_right, _ = passwords.verify_and_update(password, login.password_hash)
        if not is_right:
            raise WrongProof(fields={"password": "wrong_password"})
        if not login.has_two_factor:
            tries.forget()


def _join_as_new(work: Work, found: FoundInvitation, name: str, password: str, lang: str, caller: Caller) -> Accepted:
    name = " ".join(name.split())
    problems: dict[str, str] = {}
    if not 1 <= len(name) <= 80:
        problems["name"] = "name_length"
    if code := passwords.judge(password, (found.email, found.company_name, name)).problem:
        problems["password"] = code
    if problems:
        raise Invalid(fields=problems)
    user_id = new_id()
    work.act_in(found.company_id, user_id)
    work.add(
        UserAccount(
            id=user_id,
            email=found.email,
            name=name,
            password_hash=passwords.hash_password(password),
            language=lang if lang in LANGS else "es",
            email_confirmed_at=work.now,
            created_at=work.now,
        )
    )
    try:
        work.flush()
    except IntegrityError as error:
        raise Invalid("invitation_used") from error
    _join(work, found, user_id, caller.ip)
    return Accepted(found.company_id, user_id, _sign_in(work, found, password, caller))


def _sign_in(work: Work, found: FoundInvitation, password: str, caller: Caller) -> SignedIn | SecondStep:
    """A session that looks at the company just joined, or the question for a code."""
    opened = sign_in.sign_in(work, found.email, password, keep=False, caller=caller)
    if isinstance(opened, SecondStep):
        return opened
    work.flush()
    session = work.first(select(LoginSession).where(col(LoginSession.token_hash) == secrets.token_hash(opened.token)))
    if session is not None:
        session.active_company_id = found.company_id
    return opened


def _join(work: Work, found: FoundInvitation, user_id: UUID, ip: str | None) -> None:
    """The membership, new or woken; the invitation is used up under its lock."""
    work.act_in(found.company_id, user_id)
    work.get(Company, found.company_id, lock=True)
    invitation = work.get(Invitation, found.invitation_id, lock=True)
    _ensure_open(work, invitation)
    user = work.get(UserAccount, user_id)
    user.email_confirmed_at = user.email_confirmed_at or work.now
    member = work.first(select(Membership).where(col(Membership.user_id) == user_id, _here(work)))
    if member is None:
        member = work.add(
            Membership(user_id=user_id, role=invitation.role, invited_by=invitation.invited_by, created_at=work.now)
        )
    elif member.deactivated_at is None:
        raise Conflict("already_in")
    member.role, member.sight, member.deactivated_at = invitation.role, invitation.sight, None
    invitation.accepted_at, invitation.accepted_by = work.now, user_id
    work.actor = replace(work.actor, kind=ActorKind.AGENT, role=member.role, name=user.name, ip=ip)
    audit.record(
        work,
        "member.joined",
        target=("member", user_id, user.name),
        after={"role": member.role.value, "sight": member.sight.value},
    )
    inviter = work.find(UserAccount, invitation.invited_by)
    if inviter is not None:
        mails.queue_of_company(
            work,
            inviter.email,
            "joined",
            inviter.language,
            {"name": inviter.name, "who": user.name, "role_key": member.role.value, "path": "/settings/people"},
        )
    work.flush()


def _look_at(work: Work, session_id: UUID, company_id: UUID) -> None:
    session = work.session.get(LoginSession, session_id)
    if session is not None:
        session.active_company_id = company_id


def _state(work: Work, found: FoundInvitation) -> str:
    if found.user_id is not None:
        memberships = doors.list_memberships(work.session, found.user_id)
        if found.company_id in [each.company_id for each in memberships]:
            return "member"
    if found.accepted_at is not None:
        return "used"
    if found.cancelled_at is not None:
        return "cancelled"
    return "expired" if found.expires_at <= work.now else "open"


def _ensure_open(work: Work, invitation: Invitation) -> None:
    if invitation.accepted_at is not None:
        raise Invalid("invitation_used")
    if invitation.cancelled_at is not None:
        raise Invalid("invitation_cancelled")
    if invitation.expires_at <= work.now:
        raise Invalid("invitation_expired")


def _addresses(emails: str) -> list[str]:
    found: dict[str, str] = {}
    for part in re.split(r"[\s,;]+", emails):
        email = part.strip().strip("<>")
        if email:
            found.setdefault(email.lower(), email)
    if not found:
        raise Invalid(fields={"emails": "emails_none"})
    if len(found) > AT_ONCE:
        raise Invalid(fields={"emails": "emails_many"}, most=AT_ONCE)
    bad = [email for email in found.values() if not is_email(email)]
    if bad:
        raise Invalid(fields={"emails": "emails_format"}, which=", ".join(bad)[:200])
    return list(found.values())


def _ensure_no_members(work: Work, emails: Sequence[str]) -> None:
    lowered = [email.lower() for email in emails]
    known = work.session.scalars(
        select(col(UserAccount.email))
        .join(Membership, col(Membership.user_id) == col(UserAccount.id))
        .where(_here(work), col(Membership.deactivated_at).is_(None), func.lower(col(UserAccount.email)).in_(lowered))
    ).all()
    if known:
        raise Invalid(fields={"emails": "already_member"}, which=", ".join(sorted(known))[:200])


def _here(work: Work) -> ColumnElement[bool]:
    return col(Membership.company_id) == work.company_id


def _waiting(work: Work, email: str) -> Invitation | None:
    return work.first(
        select(Invitation)
        .where(
            col(Invitation.company_id) == work.company_id,
            func.lower(col(Invitation.email)) == email.lower(),
            col(Invitation.accepted_at).is_(None),
            col(Invitation.cancelled_at).is_(None),
        )
        .with_for_update()
    )


def _pending(work: Work, invitation_id: UUID) -> Invitation:
    invitation = work.get(Invitation, invitation_id, lock=True)
    if invitation.accepted_at is not None:
        raise Conflict("invitation_used")
    if invitation.cancelled_at is not None:
        raise Conflict("invitation_cancelled")
    return invitation


def _send(work: Work, invitation: Invitation) -> None:
    token = secrets.random_token()
    invitation.token_hash = secrets.token_hash(token)
    invitation.sent_at, invitation.expires_at = work.now, work.now + LASTS
    me = work.get(UserAccount, _me(work))
    work.flush()
    mails.queue_of_company(
        work,
        invitation.email,
        "invitation",
        me.language,
        {"who": me.name, "role_key": invitation.role.value, "path": f"/invite?token={token}"},
    )


def _me(work: Work) -> UUID:
    if work.actor.user_id is None:
        raise Unauthorised
    return work.actor.user_id
