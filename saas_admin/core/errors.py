"""Errors a person can be told. `code` names the sentence (`errors.<code>`), `status` the HTTP answer."""

from typing import Any


class AppError(Exception):
    status = 400

    def __init__(self, code: str, /, *, fields: dict[str, str] | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields or {}
        """Field name → error code, for a form to show beside the field."""
        self.params = params


class Invalid(AppError):
    status = 422

    def __init__(self, code: str = "invalid", /, *, fields: dict[str, str] | None = None, **params: Any) -> None:
        super().__init__(code, fields=fields, **params)


class Unauthorised(AppError):
    status = 401

    def __init__(self, code: str = "signed_out", /, **params: Any) -> None:
        super().__init__(code, **params)


class Forbidden(AppError):
    status = 403

    def __init__(self, code: str = "forbidden", /, **params: Any) -> None:
        super().__init__(code, **params)


class NotFound(AppError):
    """A missing row and another company's row give the same answer."""

    status = 404

    def __init__(self, code: str = "not_found", /, **params: Any) -> None:
        super().__init__(code, **params)


class Conflict(AppError):
    status = 409


class Throttled(AppError):
    status = 429

    def __init__(self, code: str = "throttled", /, *, retry_after: int, **params: Any) -> None:
        super().__init__(code, retry_after=retry_after, **params)
        self.retry_after = retry_after
        """Seconds until the next try is accepted."""
