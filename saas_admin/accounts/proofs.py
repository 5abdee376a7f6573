"""Proof that somebody is who they say: the password again, and what a wrong proof answers."""

from saas_admin.accounts import passwords
from saas_admin.core.errors import Invalid, Unauthorised
from saas_admin.core.work import Work
from saas_admin.models import UserAccount


class WrongProof(Invalid):
    """Counted like a wrong password at sign-in, wherever it was asked."""


def me(work: Work, *, lock: bool = False) -> UserAccount:
    """The row of who acts."""
    if work.actor.user_id is None:
        raise Unauthorised
    return work.get(UserAccount, work.actor.user_id, lock=lock)


def check_password(user: UserAccount, password: str, field: str = "password") -> None:
    is_right, new_hash = passwords.verify_and_update(password, user.password_hash)
    if not is_right:
        raise WrongProof(fields={field: "wrong_password"})
    if new_hash:
        user.password_hash = new_hash
