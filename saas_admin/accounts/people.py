"""The people of a company: who they are, what they may do, and their way out."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from saas_admin.accounts import audit, mails
from saas_admin.conversations import release
from saas_admin.core import doors, realtime
from saas_admin.core.clock import iso
from saas_admin.core.errors import Conflict, Invalid, NotFound, Unauthorised
from saas_admin.core.permissions import ROLE_PERMISSIONS, Permission, Role, Sight, requires
from saas_admin.core.work import Work
from saas_admin.models import Company, LoginSession, Membership, UserAccount
from saas_admin.models.account import Availability


@dataclass(frozen=True)
class PersonView:
    id: str
    """Of the membership: a person is somebody else in another company."""
    user_id: str
    name: str
    email: str
    role: str
    sight: str
    availability: str
    photo_id: str | None
    has_two_factor: bool
    last_seen_at: str | None
    joined_at: str | None
    is_active: bool
    is_me: bool


@dataclass(frozen=True)
class CompanyChoice:
    id: str
    name: str
    logo_id: str | None
    role: str
    is_here: bool


def reads_conversations(role: Role) -> bool:
    return Permission.CONVERSATIONS_READ in ROLE_PERMISSIONS[role]


def sight_for(role: Role, wanted: Sight) -> Sight:
    """Whose conversations somebody sees narrows a role that reads them. Who administers sees all: they could widen it themselves."""
    return wanted if role is not Role.ADMIN and reads_conversations(role) else Sight.ALL


@requires(Permission.MEMBERS_READ)
def list_people(work: Work) -> list[PersonView]:
    """Active people first, by name. Whether somebody has a second factor is told to who manages people."""
    tells_all = work.actor.can(Permission.MEMBERS_MANAGE)
    seen = doors.last_seen(work.session) if tells_all else {}
    query = (
        select(Membership, UserAccount)
        .join(UserAccount, col(UserAccount.id) == col(Membership.user_id))
        .where(col(Membership.company_id) == work.company_id)
        .order_by(col(Membership.deactivated_at).is_not(None), func.lower(col(UserAccount.name)), col(Membership.id))
    )
    return [
        PersonView(
            id=str(member.id),
            user_id=str(user.id),
            name=user.name,
            email=user.email,
            role=member.role.value,
            sight=member.sight.value,
            availability=member.availability.value,
            photo_id=str(user.photo_id) if user.photo_id else None,
            has_two_factor=tells_all and user.totp_confirmed_at is not None,
            last_seen_at=iso(seen.get(user.id)),
            joined_at=iso(member.created_at),
            is_active=member.deactivated_at is None,
            is_me=user.id == work.actor.user_id,
        )
        for member, user in work.session.execute(query)
        if tells_all or member.deactivated_at is None
    ]


@requires(Permission.MEMBERS_MANAGE)
def change_role(work: Work, member_id: UUID, role: str, sight: str | None = None) -> None:
    """The last active Admin keeps the role. A demoted person's conversations stay theirs only while the role reads them."""
    wanted = _role(role)
    member, user = _locked(work, member_id)
    _ensure_active(member)
    kept = sight_for(wanted, _sight(sight) if sight is not None else member.sight)
    if (wanted, kept) == (member.role, member.sight):
        return
    if wanted is not Role.ADMIN:
        _ensure_another_admin(work, member)
    before = {"role": member.role.value, "sight": member.sight.value}
    changed_role = wanted is not member.role
    member.role, member.sight = wanted, kept
    _end_dashboards(work, member)
    if changed_role and not reads_conversations(wanted):
        release.give_back(work, member.user_id)
    after = {"role": wanted.value, "sight": kept.value}
    audit.record(work, "member.role_changed", target=_target(user), before=before, after=after)
    if changed_role:
        _tell(work, user, "role_changed", role_key=wanted.value)


@requires(Permission.MEMBERS_MANAGE)
def change_sight(work: Work, member_id: UUID, sight: str) -> None:
    """Which conversations a person sees; only of somebody whose role reads some and is not an Admin's."""
    wanted = _sight(sight)
    member, user = _locked(work, member_id)
    _ensure_active(member)
    if wanted is member.sight:
        return
    if sight_for(member.role, wanted) is not wanted:
        raise Conflict("sight_of_role")
    audit.record(
        work,
        "member.sight_changed",
        target=_target(user),
        before={"sight": member.sight.value},
        after={"sight": wanted.value},
    )
    member.sight = wanted
    _end_dashboards(work, member)


@requires(Permission.MEMBERS_MANAGE)
def deactivate(work: Work, member_id: UUID) -> int:
    """Out at once: open conversations go back to nobody. Answers how many did."""
    member, user = _locked(work, member_id)
    if member.user_id == work.actor.user_id:
        raise Conflict("deactivate_yourself")
    if member.deactivated_at is not None:
        return 0
    given = _take_out(work, member, user, "member.deactivated")
    _tell(work, user, "deactivated")
    return given


@requires(Permission.MEMBERS_MANAGE)
def reactivate(work: Work, member_id: UUID) -> None:
    member, user = _locked(work, member_id)
    if member.deactivated_at is None:
        return
    member.deactivated_at = None
    audit.record(work, "member.reactivated", target=_target(user))


@requires(Permission.MEMBERS_MANAGE)
def reset_two_factor(work: Work, member_id: UUID) -> None:
    """For who lost phone and codes. Refused for somebody of another company too: it would weaken that one."""
    member, user = _locked(work, member_id)
    _ensure_active(member)
    if member.user_id == work.actor.user_id:
        raise Conflict("reset_yourself")
    if user.totp_confirmed_at is None:
        raise Conflict("member_two_factor_off")
    if not doors.reset_two_factor(work.session, member.user_id):
        raise Conflict("member_elsewhere", name=user.name)
    _end_dashboards(work, member)
    audit.record(
        work,
        "member.two_factor_reset",
        target=_target(user),
        before={"second_factor": True},
        after={"second_factor": False},
    )
    _tell(work, user, "two_factor_reset")


@requires(Permission.PROFILE_EDIT)
def leave(work: Work) -> None:
    """Go out of the company oneself. The last active Admin stays: hand the role on first, or delete the company."""
    mine = work.first(select(Membership).where(col(Membership.user_id) == work.actor.user_id))
    if mine is None:
        raise NotFound
    member, user = _locked(work, mine.id)
    if member.deactivated_at is None:
        _take_out(work, member, user, "member.left")


@requires(Permission.PROFILE_EDIT)
def list_companies(work: Work) -> list[CompanyChoice]:
    """The companies the person behind this session may work in."""
    if work.actor.user_id is None:
        raise Unauthorised
    return [
        CompanyChoice(
            str(row.company_id),
            row.company_name,
            str(row.logo_id) if row.logo_id else None,
            row.role.value,
            row.company_id == work.company_id,
        )
        for row in doors.list_memberships(work.session, work.actor.user_id)
    ]


@requires(Permission.PROFILE_EDIT)
def switch_company(work: Work, company_id: UUID) -> None:
    """This session looks at another company from now on."""
    if work.actor.user_id is None or work.actor.session_id is None:
        raise Unauthorised
    if company_id not in [row.company_id for row in doors.list_memberships(work.session, work.actor.user_id)]:
        raise NotFound
    session = work.session.get(LoginSession, work.actor.session_id)
    if session is None:
        raise Unauthorised
    session.active_company_id = company_id


@requires(Permission.PROFILE_EDIT)
def choose_availability(work: Work, availability: str) -> None:
    """Available or away, in this company."""
    if availability not in [each.value for each in Availability]:
        raise Invalid
    mine = work.first(select(Membership).where(col(Membership.user_id) == work.actor.user_id))
    if mine is None:
        raise NotFound
    mine.availability = Availability(availability)


def _locked(work: Work, member_id: UUID) -> tuple[Membership, UserAccount]:
    """Under the company's lock: whoever counts Admins sees what the one before them did."""
    work.get(Company, work.company_id, lock=True)
    member = work.get(Membership, member_id, lock=True)
    return member, work.get(UserAccount, member.user_id)


def _take_out(work: Work, member: Membership, user: UserAccount, action: str) -> int:
    _ensure_another_admin(work, member)
    member.deactivated_at = work.now
    member.availability = Availability.AWAY
    _end_dashboards(work, member)
    given = release.give_back(work, member.user_id)
    audit.record(work, action, target=_target(user), before={"role": member.role.value}, after={"conversations": given})
    return given


def _end_dashboards(work: Work, member: Membership) -> None:
    """What is open of theirs ends at once and comes back, if at all, as what they are now."""
    work.once_committed(lambda: realtime.tell_revoked(member.user_id, None))


def _ensure_another_admin(work: Work, member: Membership) -> None:
    if member.role is not Role.ADMIN or member.deactivated_at is not None:
        return
    others = work.session.scalar(
        select(func.count())
        .select_from(Membership)
        .where(
            col(Membership.company_id) == work.company_id,
            col(Membership.id) != member.id,
            col(Membership.role) == Role.ADMIN,
            col(Membership.deactivated_at).is_(None),
        )
    )
    if not others:
        raise Conflict("last_admin")


def _ensure_active(member: Membership) -> None:
    if member.deactivated_at is not None:
        raise Conflict("member_inactive")


def _role(value: str) -> Role:
    if value not in [each.value for each in Role]:
        raise Invalid(fields={"role": "role"})
    return Role(value)


def _sight(value: str) -> Sight:
    if value not in [each.value for each in Sight]:
        raise Invalid(fields={"sight": "sight"})
    return Sight(value)


def _target(user: UserAccount) -> tuple[str, UUID, str]:
    return ("member", user.id, user.name)


def _tell(work: Work, user: UserAccount, kind: str, **params: Any) -> None:
    mails.queue_of_company(work, user.email, kind, user.language, {"name": user.name, "who": work.actor.name, **params})
