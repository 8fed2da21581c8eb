"""Which units have registered accounts, what these are called, and which of them are not lively. Tables only.

Most units follow a naming pattern (`PATTERNS`) put on a place; provincial and odd ones stand line by line.
Units and account names are of the real kinds; handles and everything said about an account are invented.
"""

from dataclasses import dataclass

PINYIN = {
    "410100": "zhengzhou", "410200": "kaifeng", "410300": "luoyang", "410400": "pingdingshan",
    "410500": "anyang", "410600": "hebi", "410700": "xinxiang", "410800": "jiaozuo", "410900": "puyang",
    "411000": "xuchang", "411100": "luohe", "411200": "sanmenxia", "411300": "nanyang", "411400": "shangqiu",
    "411500": "xinyang", "411600": "zhoukou", "411700": "zhumadian", "419001": "jiyuan",
    "410181": "gongyi", "410184": "xinzheng", "410225": "lankao", "410204": "gulou", "410324": "luanchuan",
    "410482": "ruzhou", "410526": "huaxian", "410581": "linzhou", "411381": "dengzhou", "411481": "yongcheng",
    "411525": "gushi", "411628": "luyi",
}  # fmt: skip
CITIES = tuple(code for code in PINYIN if code.endswith("00") or code == "419001")
COUNTIES = tuple(code for code in PINYIN if code not in CITIES)


@dataclass(frozen=True)
class Pattern:
    """How one kind of organ is called everywhere. `{full}` 郑州市, `{stem}` 郑州, `{pinyin}` zhengzhou."""

    unit: str
    name: str
    handle: str
    kind: str
    bio: str
    places: tuple[str, ...]


def _in(*pinyin: str) -> tuple[str, ...]:
    return tuple(code for code, spelt in PINYIN.items() if spelt in pinyin)


OFFICE, DEPARTMENT, INSTITUTION = "government_office", "department", "institution"
ENTERPRISE, VERTICAL, TOWNSHIP = "enterprise", "vertical", "township_government"
POLICE = "{full}公安局"
PATTERNS = (
    Pattern("{full}人民政府办公室", "{stem}发布", "{pinyin}_fabu", OFFICE,
            "{full}人民政府官方账号，发布政务信息，回应群众关切。", CITIES + COUNTIES),
    Pattern("{full}人民政府办公室", "{stem}12345", "{pinyin}_12345", OFFICE,
            "{full}政务服务便民热线。请拨打12345，全天受理。",
            _in("zhengzhou", "luoyang", "kaifeng", "nanyang", "xinxiang", "shangqiu", "xinyang", "anyang")),
    Pattern(POLICE, "平安{stem}", "pingan_{pinyin}", DEPARTMENT,
            "{full}公安局官方账号。报警请拨110。", CITIES),
    Pattern(POLICE, "{stem}网警", "{pinyin}_wangjing", DEPARTMENT,
            "{full}公安局网络安全保卫支队。净化网络环境，共建清朗空间。",
            _in("zhengzhou", "luoyang", "kaifeng", "pingdingshan", "jiaozuo", "xuchang", "nanyang",
                "zhoukou")),
    Pattern("{full}卫生健康委员会", "健康{stem}", "jiankang_{pinyin}", DEPARTMENT,
            "{full}卫生健康委员会官方账号，传播健康知识。",
            _in("zhengzhou", "luoyang", "nanyang", "zhoukou", "zhumadian")),
    Pattern("{full}疾病预防控制中心", "{stem}疾控", "{pinyin}_cdc", INSTITUTION,
            "{full}疾病预防控制中心。疾病防控与疫苗接种科普。",
            _in("zhengzhou", "anyang", "xinxiang", "xinyang")),
    Pattern("中共{full}委网络安全和信息化委员会办公室", "{stem}网信", "{pinyin}_wangxin", DEPARTMENT,
            "中共{full}委网信办官方账号。", _in("xinyang", "xuchang", "luohe")),
    Pattern("{full}公安局交通警察支队", "{stem}交警", "{pinyin}_jiaojing", DEPARTMENT,
            "{full}公安局交通警察支队。路况、管制与安全提示。",
            _in("zhengzhou", "xuchang", "shangqiu", "pingdingshan")),
    Pattern("{full}文化广电和旅游局", "{full}文化广电和旅游局", "{pinyin}_wenlv", DEPARTMENT,
            "{full}文化广电和旅游局官方账号。", _in("zhengzhou", "kaifeng", "luoyang")),
    Pattern("{full}人力资源和社会保障局", "{stem}人社", "{pinyin}_renshe", DEPARTMENT,
            "{full}人力资源和社会保障局。就业、社保、人才政策。", _in("zhengzhou", "jiaozuo", "sanmenxia")),
    Pattern("{full}消防救援支队", "{stem}消防", "{pinyin}_119", VERTICAL,
            "{full}消防救援支队。火警请拨119。", _in("zhengzhou", "puyang")),
    Pattern("国家税务总局{full}税务局", "{stem}税务", "{pinyin}_shuiwu", VERTICAL,
            "国家税务总局{full}税务局。办税请到电子税务局。", _in("luoyang", "luohe")),
    Pattern("{full}教育局", "{stem}教育", "{pinyin}_jiaoyu", DEPARTMENT,
            "{full}教育局官方账号。", _in("hebi", "shangqiu")),
    Pattern("{full}住房公积金管理中心", "{stem}公积金", "{pinyin}_gjj", INSTITUTION,
            "{full}住房公积金管理中心。业务咨询请拨12329。", _in("zhengzhou", "pingdingshan")),
    Pattern("{full}城市管理局", "{stem}城管", "{pinyin}_chengguan", DEPARTMENT,
            "{full}城市管理局官方账号。", _in("zhengzhou", "xinxiang")),
    Pattern("{full}中级人民法院", "{stem}中院", "{pinyin}_zhongyuan", DEPARTMENT,
            "{full}中级人民法院官方账号。", _in("nanyang", "zhoukou")),
)  # fmt: skip

PROVINCE: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("河南省人民政府办公厅", OFFICE, (("河南发布", "henan_fabu"), ("豫事办", "yushiban"))),
    ("河南省公安厅", DEPARTMENT, (("平安中原", "pingan_zhongyuan"), ("河南网警", "henan_wangjing"))),
    ("河南省公安厅交通警察总队", DEPARTMENT, (("河南交警", "henan_jiaojing"),)),
    ("河南省教育厅", DEPARTMENT, (("河南省教育厅", "hnsjyt"), ("河南学生资助", "henan_xszz"))),
    ("河南省教育考试院", INSTITUTION, (("河南省教育考试院", "hnsjyksy"),)),
    ("河南省卫生健康委员会", DEPARTMENT, (("健康中原", "jiankang_zhongyuan"),)),
    ("河南省疾病预防控制中心", INSTITUTION, (("河南疾控", "henan_cdc"), ("河南12320", "henan_12320"))),
    ("河南省文化和旅游厅", DEPARTMENT, (("河南文旅", "henan_wenlv"), ("老家河南", "laojia_henan"))),
    ("河南博物院", INSTITUTION, (("河南博物院", "henan_museum"), ("河南博物院文创", "henan_museum_shop"))),
    ("河南省人力资源和社会保障厅", DEPARTMENT, (("河南人社", "henan_renshe"), ("河南就业", "henan_jiuye"))),
    ("河南省市场监督管理局", DEPARTMENT, (("河南市场监管", "henan_shichang"), ("河南12315", "henan_12315"))),
    ("国家税务总局河南省税务局", VERTICAL, (("河南税务", "henan_shuiwu"), ("河南12366", "henan_12366"))),
    ("河南省气象局", VERTICAL, (("河南气象", "henan_qixiang"), ("河南天气", "henan_tianqi"))),
    ("河南省消防救援总队", VERTICAL, (("河南消防", "henan_119"), ("河南消防科普", "henan_119_kepu"))),
    ("河南省高级人民法院", DEPARTMENT, (("豫法阳光", "yufa_yangguang"), ("豫法云课堂", "yufa_ketang"))),
    ("河南省人民检察院", DEPARTMENT, (("河南检察", "henan_jiancha"), ("河南未检", "henan_weijian"))),
    ("中共河南省委网络安全和信息化委员会办公室", DEPARTMENT, (("网信河南", "wangxin_henan"),)),
    ("共青团河南省委员会", DEPARTMENT, (("河南共青团", "henan_youth"), ("豫青志愿", "yuqing_zhiyuan"))),
    ("河南省总工会", DEPARTMENT, (("河南工会", "henan_gonghui"),)),
    ("河南省妇女联合会", DEPARTMENT, (("河南妇联", "henan_fulian"),)),
    ("河南省红十字会", DEPARTMENT, (("河南红十字", "henan_redcross"),)),
    ("河南省福利彩票发行中心", INSTITUTION, (("河南福彩", "henan_fucai"),)),
    ("河南省应急管理厅", DEPARTMENT, (("河南应急", "henan_yingji"), ("河南应急科普", "henan_yingji_kepu"))),
    ("河南省生态环境厅", DEPARTMENT, (("河南生态环境", "henan_huanjing"),)),
    ("河南省医疗保障局", DEPARTMENT, (("河南医保", "henan_yibao"), ("河南医保服务", "henan_yibao_fw"))),
    ("河南省农业农村厅", DEPARTMENT, (("河南农业农村", "henan_nongye"),)),
    ("河南省图书馆", INSTITUTION, (("河南省图书馆", "henan_library"), ("豫图少儿", "yutu_shaoer"))),
    ("河南省地震局", VERTICAL, (("河南地震", "henan_dizhen"),)),
)
LOCAL: tuple[tuple[str, str, str, tuple[tuple[str, str], ...]], ...] = (
    ("郑州地铁集团有限公司", "410100", ENTERPRISE,
     (("郑州地铁", "zhengzhou_metro"), ("郑州地铁服务", "zhengzhou_metro_fw"))),
    ("郑州图书馆", "410100", INSTITUTION,
     (("郑州图书馆", "zhengzhou_library"), ("郑图朗读", "zhengtu_langdu"))),
    ("开封市公安局鼓楼分局", "410204", DEPARTMENT, (("平安鼓楼", "pingan_gulou"),)),
    ("巩义市竹林镇人民政府", "410181", TOWNSHIP, (("巩义竹林", "gongyi_zhulin"),)),
    ("栾川县潭头镇人民政府", "410324", TOWNSHIP, (("潭头发布", "tantou_fabu"),)),
)  # fmt: skip

SHUT_DOWN = {"luoyang_12345": 230, "henan_119_kepu": 400, "gongyi_zhulin": 310}
PAUSED = {"zhengzhou_chengguan": 75, "yufa_ketang": 62, "huaxian_fabu": 90, "nanyang_zhongyuan": 58}
"""Days since the last post of the accounts not in service."""
SILENT = {
    "hebi_fabu": 11, "xinxiang_12345": 11, "henan_nongye": 11, "gushi_fabu": 11,
    "luohe_fabu": 13, "zhengzhou_gjj": 13, "henan_dizhen": 13,
    "pingan_jiyuan": 15, "hebi_jiaoyu": 15, "henan_xszz": 15, "sanmenxia_renshe": 15,
    "yongcheng_fabu": 40, "zhoukou_zhongyuan": 40, "henan_fulian": 40,
}  # fmt: skip
NEVER = ("tantou_fabu", "luohe_shuiwu", "pingdingshan_gjj")
SLOW = ("puyang_119", "xinxiang_chengguan", "dengzhou_fabu", "henan_gonghui", "anyang_12345", "ruzhou_fabu")
