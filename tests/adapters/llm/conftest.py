from tests.adapters.llm.small_model import small_model
from tests.llm import llm, llm_process

__all__ = ["llm", "llm_process", "small_model"]
