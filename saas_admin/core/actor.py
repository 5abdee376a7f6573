"""Who does something: a person of a company, a visitor, the bot, the system or the platform's operator."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from saas_admin.core.permissions import BOT_PERMISSIONS, Permission, Role, Sight, permissions_of


class ActorKind(StrEnum):
    AGENT = "agent"
    VISITOR = "visitor"
    BOT = "bot"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """Read from the session or the job, never from an argument a client can choose."""

    kind: ActorKind
    company_id: UUID | None = None
    user_id: UUID | None = None
    role: Role | None = None
    name: str = ""
    session_id: UUID | None = None
    ip: str | None = None
    sight: Sight = Sight.ALL

    @classmethod
    def system(cls, company_id: UUID | None = None) -> "Actor":
        return cls(ActorKind.SYSTEM, company_id)

    @classmethod
    def bot(cls, company_id: UUID, name: str = "") -> "Actor":
        return cls(ActorKind.BOT, company_id, name=name)

    @property
    def is_system(self) -> bool:
        return self.kind is ActorKind.SYSTEM

    def can(self, permission: Permission) -> bool:
        """The system may do what its caller already checked; a person what the role's table says; the bot answers."""
        if self.is_system:
            return True
        if self.kind is ActorKind.BOT:
            return permission in BOT_PERMISSIONS
        return self.role is not None and permission in permissions_of(self.role, self.sight)
