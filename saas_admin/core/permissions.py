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


class Permission(StrEnum):
    CHANNELS_READ = "channels:read"
    CHANNELS_MANAGE = "channels:manage"
    COMPANY_EXPORT = "company:export"
    CONVERSATIONS_ASSIGN = "conversations:assign"
    CONVERSATIONS_READ = "conversations:read"
    CONVERSATIONS_REPLY = "conversations:reply"
    CONVERSATIONS_TAG = "conversations:tag"
    CUSTOMERS_READ = "customers:read"
    MEMBERS_READ = "members:read"
    PROFILE_EDIT = "profile:edit"
    TAGS_MANAGE = "tags:manage"


_SUPPORT = frozenset(
    {
        Permission.CHANNELS_READ,
        Permission.CONVERSATIONS_ASSIGN,
        Permission.CONVERSATIONS_READ,
        Permission.CONVERSATIONS_REPLY,
        Permission.CONVERSATIONS_TAG,
        Permission.CUSTOMERS_READ,
        Permission.MEMBERS_READ,
        Permission.PROFILE_EDIT,
        Permission.TAGS_MANAGE,
    }
)

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(Permission),
    Role.SUPPORT: _SUPPORT,
    Role.MARKETING: frozenset(
        {Permission.CHANNELS_READ, Permission.CUSTOMERS_READ, Permission.MEMBERS_READ, Permission.PROFILE_EDIT}
    ),
}


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
