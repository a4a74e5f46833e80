"""Nothing in a page can ask the network, whatever folium or the data put into it."""

import json
import re

import folium
import geopandas as gpd
import pytest
import shapely
import tiny
from folium.plugins import Fullscreen

from riskmap.errors import MethodError
from riskmap.maps import explore
from riskmap.maps.web import OfflineMap, check_offline
from riskmap.maps.web.offline import json_text
from riskmap.model import Text


def plain():
    return OfflineMap({"county": Text("甲", "A"), "strings": {}}, title=Text("图", "Map"))


@pytest.mark.parametrize(
    "bad",
    [
        '<script src="https://cdn.example.com/a.js"></script>',
        "<img src=//cdn.example.com/a.png>",
        '<link href="style.css">',
        "<style>@import 'a.css';</style>",
        "<style>body{background:url(images/a.png)}</style>",
        "<style>body{background:url('https://example.com/a.png')}</style>",
        "<script>fetch('x')</script>",
        "<script>new WebSocket('x')</script>",
        "<script>var a = 'http://example.com/{z}';</script>",
        "<script>//# sourceMappingURL=a.map</script>",
    ],
)
def test_addresses_are_refused(bad):
    with pytest.raises(MethodError, match="not offline"):
        check_offline(f"<p>{bad}</p>")


def test_addresses_in_data_are_text():
    check_offline('<script type="application/json" id="d">{"source":"https://example.com/x.pdf"}</script>')
    check_offline('<img src="data:image/png;base64,https"><rect fill="url(#unknown)"><a href="#top">')


def test_all_faults_are_told_at_once():
    with pytest.raises(MethodError) as caught:
        check_offline('<script src="https://a.example/a.js"></script><style>@import "b"</style>')
    assert len(caught.value.faults) == 2


def test_allowed_hosts_pass_and_others_do_not():
    check_offline("<script>var a='https://t0.tianditu.gov.cn/x';</script>", hosts=("https://t0.tianditu.gov.cn",))
    with pytest.raises(MethodError):
        check_offline("<script>var a='https://evil.example/x';</script>", hosts=("https://t0.tianditu.gov.cn",))


@pytest.mark.parametrize("child", [folium.TileLayer(), Fullscreen(), folium.Marker((0, 0), popup="x")])
def test_what_folium_would_load_is_refused(child):
    page = plain()
    page.add_child(child)
    with pytest.raises(MethodError, match="folium"):
        page.html()


def test_folium_itself_is_left_as_it_was():
    plain().html()
    assert len(folium.Map.default_js) > 3
    assert len(folium.Map.default_css) > 3


def test_folium_shapes_can_be_added_and_give_the_same_bytes():
    def once():
        page = plain()
        page.add_child(folium.Circle((39, 111), radius=10))
        return page.html()

    assert once() == once()
    assert "L.circle(" in once()


def test_rendering_twice_gives_the_same_page():
    page = plain()
    assert page.html() == page.html()


def test_page_names_every_script_it_runs():
    page = plain().html()
    policy = re.search(r'Content-Security-Policy" content="(.*?)"', page).group(1)
    assert policy.count("sha256-") == page.count("<script>") == 3
    assert "default-src 'none'" in policy
    assert "http" not in policy


def test_json_cannot_leave_its_element():
    text = json_text({"a": "</script><!--\u2028&", "b": Text("中", "en"), "c": Text("x", "x")})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"a": "</script><!--\u2028&", "b": ["中", "en"], "c": "x"}
    with pytest.raises(ValueError, match="JSON compliant"):
        json_text(float("nan"))


def data_of(page):
    return json.loads(page.data)


def test_explore_takes_every_result():
    made = tiny.assessment()
    assert len(data_of(explore(made))["layers"]) == 11
    assert [one["id"] for one in data_of(explore(made.themes["drought"]))["layers"]] == ["hazard-drought"]
    assert {one["id"] for one in data_of(explore(made.risk))["layers"]} >= {"risk-units", "grid", "zones"}
    assert data_of(explore(made.shelters))["overlays"]["shelters"] is True
    assert data_of(explore(made.survey))["areas"]["units"]["facts"][0]["values"][0] == "1,200"


def test_explore_shows_every_column_of_a_frame():
    frame = gpd.GeoDataFrame(
        {"name": [tiny.EVIL, "b"], "depth": [1.5, None], "wet": [True, False]},
        geometry=[shapely.Point(111, 39), shapely.Point(111.1, 39)],
        crs="EPSG:4326",
    )
    page = explore(frame, title=Text("点", "Points"))
    part = data_of(page)["areas"]["layer"]
    assert part["names"][0] == tiny.EVIL
    assert [one["values"][1] for one in part["facts"]] == ["b", None, "否 no"]
    assert tiny.EVIL not in page.html()
    assert page._repr_html_().startswith("<iframe srcdoc=")


def test_explore_can_be_given_a_title():
    page = explore(tiny.assessment(), title=Text("评审稿", "Draft"))
    assert data_of(page)["title"] == ["评审稿", "Draft"]


def test_explore_refuses_what_it_cannot_show():
    with pytest.raises(MethodError, match="cannot explore a dict"):
        explore({})
    points = gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)])
    with pytest.raises(MethodError, match="set_crs"):
        explore(points)
    with pytest.raises(MethodError, match="0 shapes"):
        explore(points.iloc[:0].set_crs("EPSG:4326"))
