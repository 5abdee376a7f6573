from tests.llm import llm, llm_process

__all__ = ["llm", "llm_process"]
