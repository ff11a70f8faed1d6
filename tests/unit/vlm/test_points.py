from __future__ import annotations

from dataclasses import replace

from inference.vlm.points import Planner, Said
from tests.unit.vlm.facts import detected, grammar, hyperdense, low_area, lung, measured, ventricles
from workstation.core.finding import Fact, Side

KINDS = grammar()
SPACE = measured("intracranial volume", "intracranial space", 1500.0, "ml")
EFFUSION = detected("pleural effusion", "pleural space", Side.RIGHT)


def plan(
    measured_facts: tuple[Fact, ...], seen: tuple[Fact, ...] = (), sure: bool = True
) -> tuple[Said, ...]:
    sayable = frozenset(fact.fact_id for fact in seen) if sure else frozenset()
    return Planner(KINDS, measured_facts, seen, sayable).plan()


def prose(said: tuple[Said, ...]) -> list[str]:
    return [each.point.kind.name for each in said if not each.is_question]


def asked(said: tuple[Said, ...]) -> list[str]:
    return [each.point.kind.name for each in said if each.is_question]


def fluid(value: float, side: Side = Side.RIGHT) -> Fact:
    return measured("pleural effusion", "pleural space", value, "ml", side)


def test_measured_quantities_are_said() -> None:
    said = plan((lung(2350.0, Side.LEFT), lung(2500.0, Side.RIGHT)))

    assert prose(said) == ["lung volumes"]
    assert [fact.side for fact in said[0].point.facts] == [Side.RIGHT, Side.LEFT]
    assert not said[0].is_modelled


def test_a_finding_of_the_model_alone_is_asked_never_said() -> None:
    said = plan((), (EFFUSION,))

    assert prose(said) == []
    assert asked(said) == ["ask effusion"]
    assert said[0].is_modelled


def test_a_finding_that_a_measurement_corroborates_is_said_and_summed_up() -> None:
    said = plan((fluid(320.0),), (EFFUSION,))

    assert prose(said) == ["effusion measured", "effusion summary"]
    assert [each.section for each in said] == ["findings", "impression"]
    assert asked(said) == []


def test_a_measurement_on_the_other_side_corroborates_nothing() -> None:
    said = plan((fluid(320.0, Side.LEFT),), (EFFUSION,))

    assert prose(said) == []
    assert asked(said) == ["ask effusion", "ask effusion"]


def test_a_detection_below_its_threshold_is_asked_even_if_measured() -> None:
    said = plan((fluid(320.0),), (EFFUSION,), sure=False)

    assert prose(said) == []
    assert asked(said) == ["ask effusion"]


def test_an_effusion_measured_as_zero_is_never_denied() -> None:
    said = plan((fluid(0.0), fluid(0.0, Side.LEFT)))

    assert said == ()


def test_no_nodule_is_never_said() -> None:
    assert plan((measured("lung nodule", "lung", None, "", Side.RIGHT),)) == ()


def test_a_nodule_far_from_the_measured_one_is_asked() -> None:
    candidate = measured("lung nodule", "lung", 18.0, "mm", Side.RIGHT, center_mm=(0, 0, 0))
    near = detected("lung nodule", "lung", Side.RIGHT, center_mm=(10, 10, 10))
    far = detected("lung nodule", "lung", Side.RIGHT, center_mm=(0, 0, 150))

    assert prose(plan((candidate,), (near,))) == ["nodule measured", "nodule summary"]
    assert asked(plan((candidate,), (far,))) == ["ask nodule", "ask nodule measured"]


def test_emphysema_needs_a_low_attenuation_area_in_both_lungs() -> None:
    found = detected("emphysema", "lung", Side.BOTH)

    much = plan((low_area(12.0, Side.RIGHT), low_area(9.0, Side.LEFT)), (found,))
    little = plan((low_area(1.2, Side.RIGHT), low_area(9.0, Side.LEFT)), (found,))

    assert prose(much) == ["emphysema measured", "emphysema summary"]
    assert prose(little) == ["low attenuation pair"]
    assert asked(little) == ["ask emphysema"]


def test_a_ventricle_volume_that_only_enlargement_explains_is_asked_when_the_model_sees_none() -> (
    None
):
    said = plan((SPACE, ventricles(116.0)))

    assert prose(said) == ["intracranial volume"]
    assert asked(said) == ["ask ventricle volume"]


def test_a_usual_ventricle_volume_is_said() -> None:
    assert prose(plan((SPACE, ventricles(25.0)))) == ["intracranial volume", "ventricle volume"]


def test_the_absence_of_hyperdensity_is_said_only_if_the_model_agrees() -> None:
    seen = detected("intracranial hemorrhage", "intracranial space", Side.RIGHT)

    assert prose(plan((hyperdense(0.0),))) == ["hyperdensity absent"]
    assert prose(plan((hyperdense(0.0),), (seen,))) == []
    assert asked(plan((hyperdense(0.0),), (seen,))) == ["ask hemorrhage"]


def test_what_was_not_assessed_is_neither_said_nor_denied() -> None:
    fact = replace(hyperdense(0.0), is_assessed=False, value=None, reason="too noisy")

    assert plan((fact,)) == ()


def test_a_hyperdense_volume_without_the_model_is_asked() -> None:
    said = plan((hyperdense(12.0),))

    assert prose(said) == []
    assert asked(said) == ["ask hyperdensity"]
    assert not said[0].is_modelled


def test_a_trace_of_calcium_corroborates_no_calcification() -> None:
    def trace(value: float) -> Fact:
        return measured("calcium volume above 130 HU", "aorta and coronary arteries", value, "ml")

    seen = detected("arterial calcification", "aorta and coronary arteries")

    assert asked(plan((trace(0.05),), (seen,))) == ["ask calcification"]
    assert plan((trace(0.05),)) == ()
    assert prose(plan((trace(1.5),), (seen,))) == ["calcium measured", "calcium summary"]


def test_a_measurement_the_engine_doubts_is_neither_quoted_nor_corroborates() -> None:
    doubtful = replace(measured("lung nodule", "lung", 18.0, "mm", Side.RIGHT), confidence=0.4)
    seen = detected("lung nodule", "lung", Side.RIGHT)
    volume = replace(lung(2350.0, Side.RIGHT), confidence=0.4)

    assert prose(plan((doubtful,), (seen,))) == []
    assert asked(plan((doubtful,), (seen,))) == ["ask nodule", "ask nodule measured"]
    assert plan((volume,)) == ()
