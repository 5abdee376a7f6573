"""The version of all that a company's bot knows: raised with every change, so that no index is used that is behind."""

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from saas_admin.core.jobs import Job
from saas_admin.core.work import Work
from saas_admin.models import Knowledge


def touch(work: Work) -> None:
    """Something that is published changed: its version goes up in this transaction, its vectors follow after it."""
    raised = insert(Knowledge).values(company_id=work.company_id, version=1, indexed_version=0, model_id="")
    work.session.execute(
        raised.on_conflict_do_update(
            index_elements=[col(Knowledge.company_id)], set_={"version": col(Knowledge.version) + 1}
        )
    )
    work.before_commit(_queue)


def version_of(work: Work) -> int:
    """0 when nothing was ever published."""
    row = work.find(Knowledge, work.company_id)
    return row.version if row else 0


def _queue(work: Work) -> None:
    work.after_commit(Job.REINDEX, company_id=str(work.company_id))
