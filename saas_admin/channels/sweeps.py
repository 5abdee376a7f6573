"""The sweeps: a bounded batch of what is due across companies, handed to the same verbs as a fresh job."""

import logging

from saas_admin.core import doors, files, jobs
from saas_admin.core.jobs import Job

log = logging.getLogger(__name__)

BATCH = 500
FEW = 20
"""As much is queued again while the workers are behind: what waits there already is not lost, only late. Doing more would
make the line longer with every sweep; doing nothing would forget the oldest for as long as the rush goes on."""
PAYLOAD_DAYS = 30
"""Raw webhook bodies are kept this long, then emptied."""
EXCHANGE_DAYS = 14
UPLOAD_HOURS = 48
"""A file that was uploaded waits this long for the message that takes it along."""


def inbound() -> int:
    """Queue again what is stored and not handled."""
    return _requeue(Job.HANDLE_INBOUND, doors.claim_inbound)


def outbound() -> int:
    """Wake channels with something to send; what a dead worker had claimed becomes `unknown` there. Never fewer for a
    backlog: a job that finds its channel at work already costs one question to Valkey."""
    found = doors.due_channels(BATCH)
    for company_id, channel_ids in found.items():
        for channel_id in channel_ids:
            jobs.send(Job.DELIVER, company_id=str(company_id), channel_id=str(channel_id))
    return sum(len(ids) for ids in found.values())


def media() -> int:
    return _requeue(Job.FETCH_MEDIA, doors.claim_media)


def checks() -> int:
    """Ask again at the provider of every channel that was not asked for an hour."""
    return _requeue(Job.CHECK_CHANNEL, doors.claim_checks)


def housekeeping() -> dict[str, int]:
    done = doors.housekeeping(PAYLOAD_DAYS)
    done["exchanges_removed"] = doors.drop_exchanges(EXCHANGE_DAYS)
    done["uploads_removed"] = doors.drop_uploads(UPLOAD_HOURS, BATCH, files.delete)
    log.info("housekeeping", extra=done)
    return done


def _requeue(job: Job, claim: doors.Claim) -> int:
    found = claim(FEW if jobs.are_backed_up() else BATCH)
    for company_id, ids in found.items():
        for start in range(0, len(ids), 50):
            jobs.send(job, company_id=str(company_id), ids=[str(i) for i in ids[start : start + 50]])
    return sum(len(ids) for ids in found.values())
