"""Guessing a password or a code: ten wrong ones within fifteen minutes lock the account for fifteen more, and its owner is told.

Tries are counted before they are judged, so that a hundred at once are no way around. What is kept is a hash of the address,
and an address without an account is counted alike.
"""

import logging
from collections.abc import Generator
from contextlib import contextmanager

import redis

from saas_admin.accounts import audit, mails
from saas_admin.accounts.proofs import WrongProof
from saas_admin.core import doors, realtime, secrets
from saas_admin.core.actor import Actor, ActorKind
from saas_admin.core.errors import Throttled, Unauthorised
from saas_admin.core.work import Work
from saas_admin.models import UserAccount

log = logging.getLogger(__name__)

MOST = 10
SECONDS = 15 * 60


class Tries:
    """The count of one account."""

    def __init__(self, email: str) -> None:
        self._key = f"guesses:{secrets.token_hash(email.strip().lower()).hex()[:32]}"
        self.count = 0

    def add(self) -> None:
        """Count one more. Raises Throttled while the account is locked."""
        try:
            with realtime.sync_client().pipeline(transaction=True) as pipe:
                pipe.incr(self._key)
                pipe.expire(self._key, SECONDS, nx=True)
                pipe.ttl(self._key)
                count, _, left = pipe.execute()
        except redis.RedisError as error:
            # Without a counter the password is still asked for: locking everybody out would be the worse failure.
            log.warning("a guess could not be counted: %s", type(error).__name__)
            return
        self.count = int(count)
        if self.count > MOST:
            left = max(int(left), 1)
            raise Throttled("throttled", retry_after=left, minutes=max(1, round(left / 60)))

    def lock(self) -> None:
        """From the last wrong one on, the whole time."""
        try:
            realtime.sync_client().expire(self._key, SECONDS)
        except redis.RedisError as error:
            log.warning("an account could not be locked: %s", type(error).__name__)

    def forget(self) -> None:
        """Somebody proved who they are in full: their earlier tries no longer count."""
        try:
            realtime.sync_client().delete(self._key)
        except redis.RedisError as error:
            log.warning("guesses could not be cleared: %s", type(error).__name__)


@contextmanager
def counted(email: str, ip: str | None) -> Generator[Tries]:
    """Around one proof. Forgetting the count is up to the caller: a password alone is no full proof where a code is asked too."""
    tries = Tries(email)
    tries.add()
    try:
        yield tries
    except (Unauthorised, WrongProof):
        if tries.count == MOST:
            tries.lock()
            _tell_owner(email, ip)
        raise


def _tell_owner(email: str, ip: str | None) -> None:
    with Work(Actor.system()) as work:
        login = doors.find_login(work.session, email.strip())
        if login is None or not login.is_active:
            return
        work.act_in_person(login.user_id)
        user = work.get(UserAccount, login.user_id)
        if memberships := doors.list_memberships(work.session, user.id):
            work.act_as(Actor(ActorKind.SYSTEM, memberships[0].company_id, user.id, ip=ip))
            audit.record(work, "account.locked", target=("person", user.id, user.name))
        mails.queue(
            work, user.email, "somebody_tries", user.language, {"name": user.name, "ip": ip or "?", "path": "/forgot"}
        )
