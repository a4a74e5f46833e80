"""A layer that is not there is told with the nearest that are, however it is asked for."""

import pytest

from riskmap.errors import MissingLayerError


@pytest.mark.parametrize("ask", [lambda one, name: one.layers[name], lambda one, name: one.frame(name),
                                 lambda one, name: one.raster(name), lambda one, name: one.layer(name)])  # fmt: skip
def test_the_nearest_name_is_told(tiny_survey, ask):
    with pytest.raises(MissingLayerError, match=r"'vilages'.*Tiny County.*nearest: villages"):
        ask(tiny_survey, "vilages")
    with pytest.raises(MissingLayerError, match=r"'xyz'.*there are dem, neighbours, roads.*add \[layers.xyz\]"):
        ask(tiny_survey, "xyz")


def test_other_ways_to_look_are_those_of_a_mapping(tiny_survey):
    assert "vilages" not in tiny_survey.layers
    assert tiny_survey.layers.get("vilages") is None
    assert not tiny_survey.has("vilages")
    more = tiny_survey.with_layers({"extra": tiny_survey.layer("roads")})
    assert more.has("extra", "roads")
    with pytest.raises(TypeError):
        more.layers["dem"] = None
    with pytest.raises(MissingLayerError, match="nearest: extra"):
        more.frame("extr")
