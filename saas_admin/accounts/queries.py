"""Who is signed in."""

from dataclasses import dataclass
from uuid import UUID

from saas_admin.core import doors, secrets
from saas_admin.core.actor import Actor, ActorKind
from saas_admin.core.permissions import ROLE_PERMISSIONS, Role, public


@dataclass(frozen=True)
class SessionView:
    """Identity as the session says it now; never taken from what a client sends."""

    session_id: UUID
    user_id: UUID
    company_id: UUID
    role: Role
    name: str
    email: str
    email_confirmed: bool
    lang: str
    theme: str
    company_name: str
    locale: str
    time_zone: str
    currency: str

    @property
    def permissions(self) -> list[str]:
        return sorted(p.value for p in ROLE_PERMISSIONS[self.role])

    def actor(self, ip: str | None = None) -> Actor:
        return Actor(ActorKind.AGENT, self.company_id, self.user_id, self.role, self.name, self.session_id, ip)


@public
def find_session(token: str | None) -> SessionView | None:
    """The session of a cookie, or None when it is unknown, over or revoked."""
    if not token or len(token) > 200:
        return None
    found = doors.find_session(secrets.token_hash(token))
    if found is None:
        return None
    return SessionView(
        session_id=found.session_id,
        user_id=found.user_id,
        company_id=found.company_id,
        role=found.role,
        name=found.user_name,
        email=found.email,
        email_confirmed=found.is_confirmed,
        lang=found.language,
        theme=found.theme,
        company_name=found.company_name,
        locale=found.locale,
        time_zone=found.time_zone,
        currency=found.currency,
    )
