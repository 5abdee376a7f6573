"""The second factor: a code of an app (RFC 6238), proven before it counts, and ten recovery codes for who lost the phone."""

import secrets as random
from dataclasses import dataclass
from hmac import compare_digest
from uuid import UUID

import pyotp
import segno
from pyotp.totp import TOTP
from sqlalchemy import func, select
from sqlmodel import col

from saas_admin.accounts import audit, mails
from saas_admin.accounts.proofs import WrongProof, check_password, me
from saas_admin.core import doors, secrets
from saas_admin.core.brand import NAME
from saas_admin.core.errors import Conflict, Forbidden
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.models import RecoveryCode, UserAccount

STEP = 30
WINDOW = 1
"""Steps to either side: clocks of phones differ by half a minute."""
CODES = 10
FEW = 3
# No letter that is read as a digit.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class Setup:
    """Shown once, to its owner: the secret to type, and the QR as the path of an SVG of `size` modules."""

    secret: str
    path: str
    size: int


@dataclass(frozen=True)
class Status:
    is_on: bool
    since: str
    codes_left: int
    is_required: bool


@requires(Permission.PROFILE_EDIT)
def start(work: Work) -> Setup:
    """A fresh secret, kept sealed. It counts for nothing until a code of it was right."""
    user = me(work, lock=True)
    if user.totp_confirmed_at is not None:
        raise Conflict("two_factor_on")
    secret = pyotp.random_base32()
    user.totp_secret = secrets.encrypt({"totp": secret})
    user.totp_last_step = None
    uri = TOTP(secret).provisioning_uri(name=user.email, issuer_name=NAME)
    path, size = _drawn(uri)
    return Setup(secret, path, size)


@requires(Permission.PROFILE_EDIT)
def confirm(work: Work, code: str) -> list[str]:
    """The app is set up right: from now on sign-in asks for it. Ten recovery codes, told this once."""
    user = me(work, lock=True)
    if user.totp_confirmed_at is not None:
        raise Conflict("two_factor_on")
    if user.totp_secret is None:
        raise Conflict("two_factor_start")
    _take_step(work, user, code)
    user.totp_confirmed_at = work.now
    audit.record(work, "two_factor.turned_on", target=("person", user.id, user.name))
    mails.queue(work, user.email, "two_factor_on", user.language, {"name": user.name, "path": "/account"})
    return _fresh_codes(work, user.id)


@requires(Permission.PROFILE_EDIT)
def regenerate(work: Work, code: str) -> list[str]:
    """Ten new recovery codes; the old ones stop working."""
    user = me(work, lock=True)
    _ensure_on(user)
    spend(work, user, code)
    audit.record(work, "two_factor.codes_renewed", target=("person", user.id, user.name))
    return _fresh_codes(work, user.id)


@requires(Permission.PROFILE_EDIT)
def disable(work: Work, password: str, code: str) -> None:
    """Password and a code. Not while a company they belong to asks it of their role."""
    user = me(work, lock=True)
    _ensure_on(user)
    if _is_required(work, user.id):
        raise Forbidden("two_factor_required")
    check_password(user, password)
    spend(work, user, code)
    user.totp_secret, user.totp_confirmed_at, user.totp_last_step = None, None, None
    _forget_codes(work, user.id)
    audit.record(work, "two_factor.turned_off", target=("person", user.id, user.name))
    mails.queue(work, user.email, "two_factor_off", user.language, {"name": user.name, "path": "/forgot"})


@requires(Permission.PROFILE_EDIT)
def status(work: Work) -> Status:
    user = me(work)
    since = user.totp_confirmed_at.isoformat() if user.totp_confirmed_at else ""
    return Status(bool(since), since, count_left(work, user.id) if since else 0, _is_required(work, user.id))


def spend(work: Work, user: UserAccount, code: str) -> bool:
    """Take a code of the app or a recovery code, each once; True for the latter. `user` is locked. Raises WrongProof."""
    plain = "".join(code.split()).replace("-", "").lower()
    if len(plain) == 6 and plain.isascii() and plain.isdigit():
        _take_step(work, user, plain)
        return False
    unused = select(RecoveryCode).where(
        col(RecoveryCode.user_id) == user.id,
        col(RecoveryCode.code_hash) == _hash(user.id, plain),
        col(RecoveryCode.used_at).is_(None),
    )
    found = work.first(unused.with_for_update())
    if found is None:
        raise WrongProof(fields={"code": "wrong_code"})
    found.used_at = work.now
    work.flush()
    left = count_left(work, user.id)
    params = {"name": user.name, "n": left, "path": "/account"}
    mails.queue(work, user.email, "recovery_code_used", user.language, params)
    return True


def prove(work: Work, user: UserAccount, code: str) -> None:
    """Where a sensitive change asks it of who has a second factor."""
    if user.totp_confirmed_at is not None:
        spend(work, user, code)


def count_left(work: Work, user_id: UUID) -> int:
    unused = select(func.count()).where(col(RecoveryCode.user_id) == user_id, col(RecoveryCode.used_at).is_(None))
    return int(work.session.scalar(unused) or 0)


def _take_step(work: Work, user: UserAccount, code: str) -> None:
    """A code works once: the step it belongs to, and every earlier one, is spent (RFC 6238 §5.2)."""
    totp = TOTP(secrets.decrypt(user.totp_secret)["totp"])
    plain = "".join(code.split())
    now = int(work.now.timestamp()) // STEP
    last = user.totp_last_step if user.totp_last_step is not None else -1
    right = [
        step
        for step in range(now - WINDOW, now + WINDOW + 1)
        if compare_digest(totp.generate_otp(step).encode(), plain.encode())
    ]
    fresh = [step for step in right if step > last]
    if not fresh:
        raise WrongProof(fields={"code": "code_used" if right else "wrong_code"})
    user.totp_last_step = fresh[0]


def _fresh_codes(work: Work, user_id: UUID) -> list[str]:
    _forget_codes(work, user_id)
    codes = ["".join(random.choice(_LETTERS) for _ in range(12)) for _ in range(CODES)]
    for code in codes:
        work.add(RecoveryCode(user_id=user_id, code_hash=_hash(user_id, code), created_at=work.now))
    return ["-".join((code[:4], code[4:8], code[8:])) for code in codes]


def _forget_codes(work: Work, user_id: UUID) -> None:
    for row in work.all(select(RecoveryCode).where(col(RecoveryCode.user_id) == user_id)):
        work.delete(row)
    work.flush()


def _hash(user_id: UUID, code: str) -> bytes:
    """Sixty random bits, salted by their owner."""
    return secrets.token_hash(f"recovery:{user_id}:{code}")


def _ensure_on(user: UserAccount) -> None:
    if user.totp_confirmed_at is None:
        raise Conflict("two_factor_off")


def _is_required(work: Work, user_id: UUID) -> bool:
    return any(each.needs_two_factor for each in doors.list_memberships(work.session, user_id))


def _drawn(uri: str) -> tuple[str, int]:
    """The QR as one SVG path of runs, with the quiet zone of four modules it needs."""
    matrix = [list(row) for row in segno.make(uri, error="m", micro=False).matrix_iter(border=4)]
    runs: list[str] = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                runs.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
            x += 1
    return "".join(runs), len(matrix)
