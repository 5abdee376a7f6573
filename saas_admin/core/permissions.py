"""The one table of who may do what, and the door every service verb stands behind."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from saas_admin.core.errors import Forbidden

P = ParamSpec("P")
R = TypeVar("R")


class Role(StrEnum):
    ADMIN = "admin"
    SUPPORT = "support"
    MARKETING = "marketing"


class Sight(StrEnum):
    """Which conversations somebody whose role reads them may see: a narrowing of the role, set per person."""

    ALL = "all"
    UNASSIGNED = "unassigned"
    """Those without an owner, and one's own."""
    OWN = "own"


class Permission(StrEnum):
    """What a role may hold. The order is the order of the table in Settings; the part before the colon is its group."""

    CONVERSATIONS_READ = "conversations:read"
    """One's own conversations; the two below widen it."""
    CONVERSATIONS_READ_UNASSIGNED = "conversations:read_unassigned"
    CONVERSATIONS_READ_ALL = "conversations:read_all"
    CONVERSATIONS_REPLY = "conversations:reply"
    CONVERSATIONS_ASSIGN = "conversations:assign"
    CONVERSATIONS_TAG = "conversations:tag"
    TAGS_MANAGE = "tags:manage"
    CUSTOMERS_READ = "customers:read"
    CHANNELS_READ = "channels:read"
    CHANNELS_MANAGE = "channels:manage"
    BOTS_READ = "bots:read"
    """What the bot knows and how it does."""
    FAQS_MANAGE = "faqs:manage"
    BOTS_MANAGE = "bots:manage"
    MEMBERS_READ = "members:read"
    MEMBERS_MANAGE = "members:manage"
    COMPANY_READ = "company:read"
    COMPANY_MANAGE = "company:manage"
    COMPANY_EXPORT = "company:export"
    COMPANY_DELETE = "company:delete"
    SECURITY_MANAGE = "security:manage"
    AUDIT_READ = "audit:read"
    PROFILE_EDIT = "profile:edit"


_SUPPORT = frozenset(
    {
        Permission.BOTS_READ,
        Permission.CHANNELS_READ,
        Permission.COMPANY_READ,
        Permission.CONVERSATIONS_ASSIGN,
        Permission.CONVERSATIONS_READ,
        Permission.CONVERSATIONS_READ_ALL,
        Permission.CONVERSATIONS_READ_UNASSIGNED,
        Permission.CONVERSATIONS_REPLY,
        Permission.CONVERSATIONS_TAG,
        Permission.CUSTOMERS_READ,
        Permission.FAQS_MANAGE,
        Permission.MEMBERS_READ,
        Permission.PROFILE_EDIT,
        Permission.TAGS_MANAGE,
    }
)

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(Permission),
    Role.SUPPORT: _SUPPORT,
    Role.MARKETING: frozenset(
        {
            Permission.BOTS_READ,
            Permission.CHANNELS_READ,
            Permission.COMPANY_READ,
            Permission.CUSTOMERS_READ,
            Permission.MEMBERS_READ,
            Permission.PROFILE_EDIT,
        }
    ),
}

BOT_PERMISSIONS = frozenset({Permission.CONVERSATIONS_READ, Permission.CONVERSATIONS_REPLY})

WITHHELD: dict[Sight, frozenset[Permission]] = {
    Sight.ALL: frozenset(),
    Sight.UNASSIGNED: frozenset({Permission.CONVERSATIONS_READ_ALL}),
    Sight.OWN: frozenset({Permission.CONVERSATIONS_READ_ALL, Permission.CONVERSATIONS_READ_UNASSIGNED}),
}


def permissions_of(role: Role, sight: Sight = Sight.ALL) -> frozenset[Permission]:
    """What a person holds: the role's row of the table, less what their sight takes away."""
    return ROLE_PERMISSIONS[role] - WITHHELD[sight]


class _HasActor(Protocol):
    @property
    def actor(self) -> Any: ...


W = TypeVar("W", bound=_HasActor)


def requires(permission: Permission) -> Callable[[Callable[Concatenate[W, P], R]], Callable[Concatenate[W, P], R]]:
    """Refuse the call unless the Work's actor holds the permission."""

    def decorate(verb: Callable[Concatenate[W, P], R]) -> Callable[Concatenate[W, P], R]:
        @wraps(verb)
        def guarded(work: W, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if not work.actor.can(permission):
                raise Forbidden(permission=permission.value)
            return verb(work, *args, **kwargs)

        guarded.__door__ = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def system_only(verb: Callable[Concatenate[W, P], R]) -> Callable[Concatenate[W, P], R]:
    """Only jobs, the intake and the command line may call this; never a person's request directly."""

    @wraps(verb)
    def guarded(work: W, /, *args: P.args, **kwargs: P.kwargs) -> R:
        if not work.actor.is_system:
            raise Forbidden(permission="system")
        return verb(work, *args, **kwargs)

    guarded.__door__ = "system"  # type: ignore[attr-defined]
    return guarded


def public(verb: Callable[P, R]) -> Callable[P, R]:
    """Anyone may call this, signed in or not: it checks what it is given (a password, a token) by itself."""
    verb.__door__ = "public"  # type: ignore[attr-defined]
    return verb
