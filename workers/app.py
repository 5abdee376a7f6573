"""Celery."""

from celery import Celery

from saas_admin.core.config import get_settings

celery_app = Celery("saas_admin", broker=get_settings().redis_url)
