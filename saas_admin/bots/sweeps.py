"""What a lost job, a killed worker or a store that was emptied leaves behind is found here."""

from saas_admin.bots import episodes, hand_over, patience
from saas_admin.core import doors, jobs, realtime
from saas_admin.core.actor import Actor
from saas_admin.core.jobs import Job
from saas_admin.core.work import Work

BATCH = 200


def sweep() -> None:
    """Every ten seconds."""
    for company_id, ids in doors.due_bots(BATCH).items():
        for conversation_id in ids:
            jobs.send(Job.ANSWER, company_id=str(company_id), conversation_id=str(conversation_id))
    for company_id, ids in doors.due_hand_overs(BATCH).items():
        for hand_over_id in ids:
            with Work(Actor.system(company_id)) as work:
                hand_over.escalate(work, hand_over_id)
    for company_id, ids in doors.silent_episodes(episodes.SILENT_HOURS, BATCH).items():
        for episode_id in ids:
            with Work(Actor.system(company_id)) as work:
                episodes.assume_resolved(work, episode_id)
    for company_id in doors.stale_knowledge(BATCH):
        # Not beside one that is still at work: each makes, and pays for, what is missing.
        if patience.is_over(company_id) and realtime.is_first(f"reindex:{company_id}", 60):
            jobs.send(Job.REINDEX, company_id=str(company_id))
