import json
from importlib.resources import files

import pytest

from saas_admin.bots.answering.calibrator import VERSION, Calibrator, CalibratorError, calibrator_for

MADE = Calibrator("x", ("a", "b"), (1.0, 0.0), (2.0, 1.0), (4.0, -1.0), 0.5)


def test_a_probability_is_the_logistic_of_the_standardised_features():
    # 0.5 + 4 · (2 - 1) / 2 - 1 · 2.5 = 0
    assert MADE.probability({"a": 2.0, "b": 2.5}) == pytest.approx(0.5)
    assert MADE.probability({"a": 1000.0, "b": 0.0}) == pytest.approx(1.0)
    assert MADE.probability({"a": -1000.0, "b": 0.0}) == pytest.approx(0.0)


def test_it_is_read_as_it_was_written():
    assert Calibrator.read(MADE.write(fitted_on=["s"])) == MADE


def test_another_version_and_a_missing_feature_are_refused():
    other = json.loads(MADE.write()) | {"version": VERSION + 1}

    with pytest.raises(CalibratorError, match="version"):
        Calibrator.read(json.dumps(other))
    with pytest.raises(CalibratorError, match="no feature b"):
        MADE.probability({"a": 1.0})


@pytest.mark.parametrize("models", ["use3+e5s", "use3", "e5s", "lexical"])
def test_every_set_of_packaged_models_has_its_own(models: str):
    found = calibrator_for(models)

    assert found.models == models
    assert found.is_fitted


def test_a_model_nobody_fitted_one_for_gets_the_general_one_which_says_so():
    found = calibrator_for("openai:text-embedding-3-small")

    assert found.models == "any"
    assert not found.is_fitted


@pytest.mark.parametrize("models", ["use3+e5s", "use3", "e5s", "lexical", "any"])
def test_a_closer_first_and_a_farther_second_never_make_it_less_sure(models: str):
    found = calibrator_for(models)
    telling = {"any:beyond", "any:winner", "any:margin", "head:margin", "char:winner", "answer:agrees"}
    margins = [name for name in found.names if name in telling]
    at_mean = dict(zip(found.names, found.means, strict=True))

    for name in margins:
        tried = [found.probability(at_mean | {name: step / 10}) for step in range(-20, 40)]
        assert tried == sorted(tried), name


def test_the_files_are_part_of_the_package():
    shipped = {file.name for file in (files("saas_admin.bots.answering") / "calibrators").iterdir()}
    assert shipped == {"any.json", "e5s.json", "lexical.json", "use3.json", "use3+e5s.json"}
