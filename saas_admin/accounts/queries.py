"""Who is signed in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from saas_admin.accounts import sessions
from saas_admin.accounts.proofs import me
from saas_admin.core import clock, doors, secrets
from saas_admin.core.actor import Actor, ActorKind
from saas_admin.core.permissions import Permission, Role, Sight, permissions_of, public, requires
from saas_admin.core.work import Work


@dataclass(frozen=True)
class SessionView:
    """Identity as the session says it now; never taken from what a client sends."""

    session_id: UUID
    user_id: UUID
    company_id: UUID
    role: Role
    sight: Sight
    name: str
    email: str
    email_confirmed: bool
    has_two_factor: bool
    two_factor_due: datetime | None
    lang: str
    theme: str
    has_sounds: bool
    photo_id: UUID | None
    availability: str
    company_name: str
    logo_id: UUID | None
    locale: str
    time_zone: str
    currency: str
    delete_after: datetime | None

    @property
    def permissions(self) -> list[str]:
        return sorted(p.value for p in permissions_of(self.role, self.sight))

    @property
    def must_set_up_two_factor(self) -> bool:
        """The company's grace is over: until it is done, nothing else is reachable."""
        return self.two_factor_due is not None and self.two_factor_due <= clock.now()

    def actor(self, ip: str | None = None) -> Actor:
        return Actor(
            ActorKind.AGENT, self.company_id, self.user_id, self.role, self.name, self.session_id, ip, self.sight
        )


@dataclass(frozen=True)
class OwnLogin:
    """What the account page shows of one's login."""

    email: str
    pending_email: str
    password_changed_at: str


@requires(Permission.PROFILE_EDIT)
def find_own_login(work: Work) -> OwnLogin:
    user = me(work)
    return OwnLogin(user.email, user.pending_email or "", clock.iso(user.password_changed_at) or "")


@public
def find_session(token: str | None) -> SessionView | None:
    """The session of a cookie, or None when it is unknown, over or revoked."""
    if not token or len(token) > 200:
        return None
    found = doors.find_session(secrets.token_hash(token))
    if found is None:
        return None
    sessions.note_use(found)
    return SessionView(
        session_id=found.session_id,
        user_id=found.user_id,
        company_id=found.company_id,
        role=found.role,
        sight=found.sight,
        name=found.user_name,
        email=found.email,
        email_confirmed=found.is_confirmed,
        has_two_factor=found.has_two_factor,
        two_factor_due=found.two_factor_due,
        lang=found.language,
        theme=found.theme,
        has_sounds=found.has_sounds,
        photo_id=found.photo_id,
        availability=found.availability,
        company_name=found.company_name,
        logo_id=found.logo_id,
        locale=found.locale,
        time_zone=found.time_zone,
        currency=found.currency,
        delete_after=found.delete_after,
    )
