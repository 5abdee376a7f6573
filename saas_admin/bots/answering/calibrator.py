"""From what the views say to the probability that the first answer is right.

Coefficients are fitted once for a set of models (`fit.py`) and shipped as JSON beside this file. They are never shared
between models: the same cosine means different things in two of them.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

VERSION = 2
"""Of the file's shape and of the features' meaning; a file of another version is refused."""


ANY_MODEL = "any"
"""The one for models that none was fitted on: it sees their scores only against what is usual for the model."""


class CalibratorError(Exception):
    """A coefficient file that does not fit this code."""


@dataclass(frozen=True)
class Calibrator:
    models: str
    """The set of models it was fitted on: `use3+e5s`, `lexical` …"""
    names: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float

    @property
    def is_fitted(self) -> bool:
        """Whether for these very models; else its probabilities are a guess to be taken with more care."""
        return self.models != ANY_MODEL

    def probability(self, features: Mapping[str, float]) -> float:
        missing = [name for name in self.names if name not in features]
        if missing:
            raise CalibratorError(f"{self.models}: no feature {missing[0]}")
        total = self.intercept + sum(
            weight * (features[name] - mean) / scale
            for name, mean, scale, weight in zip(self.names, self.means, self.scales, self.weights, strict=True)
        )
        return sigmoid(total)

    @classmethod
    def read(cls, text: str) -> "Calibrator":
        data = json.loads(text)
        if data.get("version") != VERSION:
            raise CalibratorError(f"version {data.get('version')}, not {VERSION}")
        rows = data["features"]
        return cls(
            models=data["models"],
            names=tuple(row["name"] for row in rows),
            means=tuple(float(row["mean"]) for row in rows),
            scales=tuple(float(row["scale"]) for row in rows),
            weights=tuple(float(row["weight"]) for row in rows),
            intercept=float(data["intercept"]),
        )

    def write(self, **about: object) -> str:
        rows = zip(self.names, self.means, self.scales, self.weights, strict=True)
        features = [
            {"name": name, "mean": round(mean, 6), "scale": round(scale, 6), "weight": round(weight, 6)}
            for name, mean, scale, weight in rows
        ]
        data = {
            "version": VERSION,
            "models": self.models,
            **about,
            "intercept": round(self.intercept, 6),
            "features": features,
        }
        return json.dumps(data, indent=1) + "\n"


def sigmoid(value: float) -> float:
    if value >= 0:
        return 1 / (1 + math.exp(-value))
    return math.exp(value) / (1 + math.exp(value))


@lru_cache
def calibrator_for(models: str) -> Calibrator:
    """The shipped one for this set of models, or the one for any model."""
    folder = files("saas_admin.bots.answering") / "calibrators"
    file = folder / f"{models}.json"
    return Calibrator.read((file if file.is_file() else folder / f"{ANY_MODEL}.json").read_text())
