"""Words of the page itself, in both languages."""

from collections.abc import Mapping
from types import MappingProxyType

from riskmap.maps.unit_words import VILLAGES, UnitWords
from riskmap.model import Text

__all__ = ["HINTS", "ROADS", "SHELTER_TYPES", "strings_for"]

_STRINGS: Mapping[str, Text] = MappingProxyType(
    {
        "about": Text("说明", "About"),
        "adviceTitle": Text("建议", "Advice"),
        "area": Text("地点", "Place"),
        "areaEmpty": Text("在地图上点选，或按名称、代码查找。", "Click the map, or search by name or code."),
        "back": Text("返回", "Back"),
        "cell": Text("此处格网", "This cell"),
        "cellSize": Text("显示格网", "Cells shown"),
        "close": Text("收起面板", "Collapse the panel"),
        "code": Text("代码", "Code"),
        "compiled": Text("编制日期", "Compiled"),
        "compiler": Text("编制单位", "Compiler"),
        "compilerNone": Text("未填写", "not given"),
        "county": Text("县界", "County boundary"),
        "covered": Text("已覆盖", "Covered"),
        "uncovered": Text("未覆盖", "Not covered"),
        "exposure": Text("承灾体", "What is exposed"),
        "given": Text("部门成果", "other department"),
        "hazards": Text("各灾种危险性", "Hazards"),
        "index": Text("综合风险指数", "Risk index"),
        "known": Text("资料完备度", "Completeness of data"),
        "stable": Text("等级稳定性", "Stability of the class"),
        "language": Text("语言", "Language"),
        "layers": Text("图层", "Layers"),
        "leading": Text("主导灾种", "Leading hazard"),
        "legend": Text("图例", "Legend"),
        "made": Text(
            "{unit}范围由驻地推算，不作为行政界线依据。",
            "Areas are made from the seats of {units}; they are no legal boundaries.",
        ),
        "map": Text("地图", "Map"),
        "nearest": Text("最近避难场所", "Nearest shelter"),
        "noData": Text("无数据", "no data"),
        "noMatch": Text("没有符合的地点", "No such place"),
        "of": Text("共", "of"),
        "online": Text("天地图在线底图（需联网）", "Tianditu base map (goes online)"),
        "onlineCredit": Text("底图：国家地理信息公共服务平台·天地图", "Base map: Tianditu, National Platform for GIS"),
        "opacity": Text("图层不透明度", "Layer opacity"),
        "open": Text("展开面板", "Open the panel"),
        "buildings": Text("栋", "Buildings"),
        "buildingsHelp": Text("放大地图后逐栋显示。", "Each one is shown once the map is nearer."),
        "structure": Text("结构类型", "Structure"),
        "ovBuildings": Text("房屋", "Buildings"),
        "ovNames": Text("地名", "Names"),
        "ovRoads": Text("公路", "Roads"),
        "ovShade": Text("地形晕渲", "Hillshade"),
        "ovShelters": Text("避难场所与覆盖", "Shelters and reach"),
        "ovStreams": Text("河流水系", "Streams"),
        "ovTownships": Text("{above}界", "{Above} lines"),
        "overlays": Text("叠加", "Overlays"),
        "rank": Text("排名（由高到低）", "Rank (highest first)"),
        "risk": Text("综合风险", "Risk"),
        "search": Text("查找{unit}、{above}或代码", "Find a {unit}, {above} or code"),
        "shelterPart": Text("应急避难", "Shelter"),
        "straight": Text("直线距离", "Straight distance"),
        "toShelter": Text("步行", "On foot"),
        "byRoad": Text("路程", "By road"),
        "town": Text("{above}", "{Above}"),
        "unverified": Text("未核实", "unverified"),
        "unverifiedHelp": Text(
            "分级阈值或断点规则未经标准原文核实", "Class limits not checked against the standard itself"
        ),
        "whatIf": Text("试算", "What if"),
        "whatIfHelp": Text(
            "移动滑块改变权重，指数与等级即时重算，分级界线保持不变。试算仅供研究，不是发布成果。",
            "Move a slider to change a weight: index and classes are worked again at once, with the breaks held. A trial is "
            "for study; it is not the published result.",
        ),
        "weightThemes": Text("灾种权重", "Weights of the hazards"),
        "weightObjects": Text("承灾体权重", "Weights of what is exposed"),
        "resetWeights": Text("恢复发布权重", "Back to the published weights"),
        "copyWeights": Text("复制权重（供设置文件）", "Copy the weights for the settings file"),
        "copySentence": Text("复制为一句话", "Copy as a sentence"),
        "shareHelp": Text(
            "百分数是归一后的占比：同组各滑块之和为 100%，其余滑块不为零时，一个滑块推到头也不到 100%。",
            "The percentages are shares after normalising: the sliders of a group add up to 100 %, so one at its end stays below "
            "that while the others are not at zero.",
        ),
        "listComma": Text("、", ", "),
        "sayPublished": Text(
            "发布采用的权重：灾种为{themes}；承灾体为{objects}。",
            "Published weights: hazards {themes}; what is exposed {objects}.",
        ),
        "sayTried": Text(
            "试算权重：灾种为{themes}；承灾体为{objects}。",
            "Trial weights: hazards {themes}; what is exposed {objects}.",
        ),
        "sayMoved": Text(
            "与发布结果相比，{all} 个{unit}中有 {moved} 个等级改变，其中 {up} 个升高、{down} 个降低。此为试算，不是发布成果。",
            " Against the published result {moved} of {all} {units} change class: {up} go up, {down} down. This is a trial, not the "
            "published result.",
        ),
        "copied": Text("已复制", "Copied"),
        "moved": Text("等级改变的单元", "Units that change class"),
        "peopleUnit": Text("人", "people"),
        "unknownPeople": Text("{n} 个{which}无人口数据，未计入", "No figure of people, so not counted: {n} {which}"),
        "unit": Text("{unit}", "{unit}"),
        "units": Text("{units}", "{units}"),
        "trial": Text("试算权重，非发布成果", "Trial weights: not the published result"),
        "trialNot": Text("本图层不随试算权重变化。", "This layer does not follow the trial weights."),
        "showLayer": Text("显示", "Show "),
        "showClass": Text("显示或隐藏该等级", "Show or hide this class"),
        "why": Text("等级成因：对指数的贡献", "Why this class: parts of the index"),
        "whyThemes": Text("按灾种", "By hazard"),
        "whyObjects": Text("按承灾体", "By what is exposed"),
        "measure": Text("量测距离", "Measure a distance"),
        "measureHelp": Text("在地图上逐点点击", "Click along the way"),
        "drawArea": Text("圈画范围统计", "Draw an area and count"),
        "drawHelp": Text("沿范围边界逐点点击", "Click around the area"),
        "drawEnd": Text("双击或回车结束，Esc 取消", "double click or Enter ends, Esc cancels"),
        "length": Text("长度", "Length"),
        "around": Text("周长", "Around"),
        "areaHead": Text("面积 km²", "Area km²"),
        "total": Text("合计", "Total"),
        "bySeats": Text("按驻地在范围内的{units}统计", "Of whole {units} whose seat lies inside"),
        "roughly": Text("约 ", "about "),
        "valueHead": Text("指针处数值", "Value under the pointer"),
        "valueNote": Text(
            "{title}，取整至 {step}，误差不超过 {half}", "{title}, rounded to {step}: at most {half} off"
        ),
        "score": Text("得分（0-1）", "Score (0-1)"),
        "clear": Text("清除", "Clear"),
        "print": Text("打印", "Print"),
        "printHead": Text("打印当前视图", "Print this view"),
        "placed": Text("已安置", "Placed"),
        "notPlaced": Text("未能全部安置", "Not all placed"),
        "notPlacedList": Text("尚有人未安置的{units}", "{Units} with people left over"),
        "closedRoads": Text("中断道路", "Road closed"),
        "shut": Text("该情景下不得启用", "Shut in this scenario"),
        "proposed": Text("建议增设", "Proposed"),
        "firstToAdd": Text("最先增设", "First to add"),
        "safeHouse": Text("安全公共建筑", "Safe public house"),
        "room": Text("可容纳（人）", "Room (people)"),
        "toMove": Text("需转移（人）", "To move (people)"),
        "nobodyLeaves": Text("该情景下无需转移", "Nobody need leave"),
        "usual": Text("无灾害时覆盖", "Covered without a hazard"),
        "goesTo": Text("去向", "Where people go"),
        "minutesUnit": Text("分钟", "min"),
        "zoomIn": Text("放大", "Zoom in"),
        "zoomOut": Text("缩小", "Zoom out"),
        "home": Text("全图", "Whole map"),
        "places": Text("处数", "Number"),
        "peopleHead": Text("人口", "People"),
        "scenario": Text("情景", "Scenario"),
    }
)
"""By the name that the page's script uses; units are named later."""


def strings_for(words: UnitWords = VILLAGES) -> dict[str, Text]:
    """Words of a page, with its units named.

    Parameters
    ----------
    words : UnitWords
        From `riskmap.maps.unit_words.unit_words`.

    Returns
    -------
    dict of str to Text

    Examples
    --------
    >>> strings_for()["ovTownships"].en
    'Township lines'
    """
    return {name: words.fill(one) for name, one in _STRINGS.items()}


HINTS: Mapping[str, Text] = MappingProxyType(
    {
        "covered": Text("", ""),
        "too far": Text(
            "服务半径内没有避难场所，宜就近增设或指定临时场所。",
            "No shelter within its service radius: plan one nearer, or name a temporary place.",
        ),
        "too long": Text(
            "步行时限内没有可用的避难场所，宜安排车辆转移，或就近指定临时场所。",
            "No shelter that may be used lies within the walking limit: plan vehicles, or name a temporary place nearer.",
        ),
        "no road": Text(
            "路网数据不能到达避难场所，宜先核实道路资料。",
            "No road in the data leads to a shelter: check the road survey first.",
        ),
        "unsafe": Text(
            "可达的避难场所本身受灾害威胁，宜改用其他场所。",
            "The shelter in reach lies in a hazard zone itself: name another.",
        ),
        "no people": Text("", ""),
    }
)
"""What follows from a shelter situation, by reason."""

SHELTER_TYPES: Mapping[str, Text] = MappingProxyType(
    {
        "紧急": Text("紧急避难场所", "Emergency shelter"),
        "短期固定": Text("短期固定避难场所", "Short-term shelter"),
        "中期固定": Text("中期固定避难场所", "Medium-term shelter"),
        "长期固定": Text("长期固定避难场所", "Long-term shelter"),
        "安全公共建筑": Text("安全公共建筑", "Safe public house"),
        "避难硐室": Text("避难硐室", "Mine refuge"),
    }
)
ROADS: Mapping[str, int] = MappingProxyType({"国道": 3, "省道": 3, "县道": 2, "城市道路": 2, "乡道": 1, "村道": 1})
"""Width of a road on the map by its class."""
