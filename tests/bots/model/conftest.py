from tests.adapters.llm.small_model import small_model

__all__ = ["small_model"]
