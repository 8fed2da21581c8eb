import pytest

from registry.kinds import UNIT_KINDS
from registry.unit_kinds import by_name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("河南省人民政府办公厅", "government_office"),
        ("郑州市金水区人民政府办公室", "government_office"),
        ("郑州市人民政府", "government_office"),
        ("中牟县官渡镇人民政府", "township_government"),
        ("某某回族乡人民政府", "township_government"),
        ("金水区花园路街道办事处", "township_government"),
        ("国家税务总局郑州市税务局", "vertical"),
        ("郑州海关", "vertical"),
        ("河南省气象局", "vertical"),
        ("郑州市消防救援支队", "vertical"),
        ("郑州地铁集团有限公司", "enterprise"),
        ("郑州市中心医院", "institution"),
        ("郑州大学", "institution"),
        ("河南省图书馆", "institution"),
        ("郑州市政务服务中心", "institution"),
        ("郑州市中级人民法院", "department"),
        ("郑州市人民检察院", "department"),
        ("郑州市公安局", "department"),
        ("", "department"),
    ],
)
def test_a_name_tells_its_kind(name: str, kind: str) -> None:
    assert by_name(name) == kind
    assert kind in UNIT_KINDS
