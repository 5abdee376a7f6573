"""What the pages of FAQs ask for and are shown."""

from saas_admin.faqs.state.listing import FaqsState
from saas_admin.faqs.state.one import FaqState

__all__ = ["FaqState", "FaqsState"]
