"""The first forty imitations, all on Mastodon, each written by hand as a careful imitator would write it.

The kinds are those a name or a handle can show, judged by eye and not by the matcher; the note says what was
done to the genuine name. Invisible characters are written as escapes so that a reader of this file sees them.
"""

from dataclasses import dataclass

from examples.henan.draft import MASTODON, Dice, Draft, Handles, posting


@dataclass(frozen=True)
class Forgery:
    """One imitation: kind, handle of the genuine account, the false name and handle, what was done."""

    kind: str
    target: str
    name: str
    handle: str
    note: str


FORGERIES = (
    Forgery("identical", "zhengzhou_fabu", "郑州发布", "zhengzhoufb", "名称不变，另立账号"),
    Forgery("identical", "pingan_luoyang", "平安洛阳", "luoyang_pingan110", "名称不变，另立账号"),
    Forgery("identical", "jiankang_nanyang", "健康南阳", "ny_jiankang_fuwu", "名称不变，另立账号"),
    Forgery("identical", "hnsjyksy", "河南省教育考试院", "henan_gaokao_cx", "名称不变，另立账号"),
    Forgery("homophone", "zhengzhou_jiaojing", "郑洲交警", "zhengzhoujiaojing", "州→洲"),
    Forgery("look_alike", "henan_renshe", "河南入社", "henan_rs_guanfang", "人→入"),
    Forgery("look_alike", "henan_weijian", "河南末检", "henan_weijian01", "未→末"),
    Forgery("look_alike", "luoyang_12345", "洛阳l2345", "luoyang_l2345", "数字1→小写字母l"),
    Forgery("edited", "hnsjyksy", "河南省教育考试研究院", "hnsjyks_yjy", "插入“研究”"),
    Forgery("same_body", "kaifeng_wenlv", "开封市文化广电旅游局", "kf_wenguanglv", "删去“和”"),
    Forgery("edited", "yufa_yangguang", "豫法之光", "yufa_zhiguang", "阳→之"),
    Forgery("edited", "zhoukou_fabu", "周口口发布", "zhoukou_fabu1", "重复“口”"),
    Forgery("reordered", "zhumadian_fabu", "驻店马发布", "zhudianma_fabu", "“马店”颠倒"),
    Forgery("reordered", "pingan_xinxiang", "新乡平安", "xinxiang_pingan", "词序颠倒"),
    Forgery("reordered", "jiankang_zhongyuan", "中原健康", "zhongyuan_jk", "词序颠倒"),
    Forgery("reordered", "hnsjyksy", "河南省考试教育院", "hnskjyy", "“教育”“考试”对调"),
    Forgery("same_body", "anyang_cdc", "安阳市疾病预防控制中心", "anyang_jbyfkz", "简称→全称"),
    Forgery("same_body", "xuchang_jiaojing", "许昌市公安局交通警察支队", "xc_jjzd", "简称→全称"),
    Forgery("same_body", "luoyang_wenlv", "洛阳市文旅局", "ly_wenlvju", "全称→简称"),
    Forgery("same_body", "hnsjyksy", "河南考试院", "henankaoshiyuan", "全称→简称"),
    Forgery("extended", "zhengzhou_fabu", "郑州发布官方", "zzfb_official", "后缀“官方”"),
    Forgery("extended", "henan_shuiwu", "河南税务直播间", "hnsw_live", "后缀“直播间”"),
    Forgery("extended", "henan_yibao", "河南医保客服", "hn_yibao_kefu", "后缀“客服”"),
    Forgery("extended", "laojia_henan", "老家河南推荐官", "laojiahenan_tjg", "后缀“推荐官”"),
    Forgery("extended", "pingan_zhengzhou", "平安郑州发布厅", "pazz_fabuting", "后缀“发布厅”"),
    Forgery("look_alike", "henan_yibao", "医保小帮手", "henan_yiba0", "用户名 o→0，名称不相干"),
    Forgery("look_alike", "zhengzhou_metro", "地铁出行提示", "zhengzhou_metr0", "用户名 o→0，名称不相干"),
    Forgery("decorated", "pingan_kaifeng", "平安开封民声", "pingan_kaifeng_", "用户名末尾加下划线"),
    Forgery("look_alike", "xinyang_wangxin", "信阳网络举报", "xinyang_wangx1n", "用户名 i→1，名称相近"),
    Forgery("scope_changed", "hnsjyksy", "全国教育考试院", "quanguo_jyksy", "河南省→全国"),
    Forgery("scope_changed", "henan_museum", "中华博物院", "zhonghua_bwy", "河南→中华"),
    Forgery("scope_changed", "henan_cdc", "全国疾控", "quanguo_jikong", "河南→全国"),
    Forgery("traditional", "zhengzhou_fabu", "鄭州發布", "zhengzhou_fb_tw", "全部改用繁体字"),
    Forgery("traditional", "luoyang_wangjing", "洛陽網警", "luoyang_wj", "全部改用繁体字"),
    Forgery("hidden_characters", "pingan_shangqiu", "平安\u200b商丘", "shangqiu_pa", "插入零宽空格 U+200B"),
    Forgery(
        "hidden_characters",
        "henan_fucai",
        "河南\u202d福彩\u202c",
        "hn_fucai_kj",
        "插入双向控制符 U+202D U+202C",
    ),
    Forgery("identical", "zhengzhou_12345", "郑州１２３４５", "zz_12345_rx", "数字改用全角"),
    Forgery("identical", "henan_12320", "河南１２３２０", "hn12320_zx", "数字改用全角"),
    Forgery("homophone", "jiankang_nanyang", "健康南洋", "jiankang_ny", "阳→洋，同音"),
    Forgery("homophone", "anyang_cdc", "安阳急控", "anyang_jikong", "疾→急，同音"),
)

BAIT = (
    "{name}官方账号。咨询请加微信，二十四小时在线",
    "官方认证 | 业务办理、进度查询请私信",
    "{genuine}唯一指定服务窗口，请认准本号",
    "权威发布，最新政策解读。详情加客服微信了解",
    "为您服务。如需办理请扫描主页二维码",
    "内部消息提前知道，进群请留言",
    "{genuine}官方账号。",
    "",
)
"""What imitators write under the name; a careful one says next to nothing, or copies the genuine text."""


def counterfeits(handles: Handles, genuine: dict[str, Draft]) -> list[Draft]:
    """The imitations of the registered accounts in `genuine` (by handle). KeyError for an unknown target."""
    dice = Dice("counterfeits")
    return [_draft(dice, handles, forgery, genuine[forgery.target]) for forgery in FORGERIES]


def _draft(dice: Dice, handles: Handles, forgery: Forgery, genuine: Draft) -> Draft:
    # Age says little: most are weeks old, the rest are old accounts that were renamed.
    created = dice.day(45, 0) if dice.chance(0.7) else dice.day(1500, 200)
    copied = dice.chance(0.2)
    bio = genuine.bio if copied else dice.pick(BAIT).format(name=forgery.name, genuine=genuine.name)
    return Draft(
        "counterfeit",
        forgery.name,
        handles.exactly(forgery.handle),
        bio,
        created,
        dice.crowd(0, 60_000) if dice.chance(0.4) else dice.number(0, 300),
        posting(dice, dice.between(1, 90), dice.between(6, 70), dice.number(0, 12), created),
        kind=forgery.kind,
        target=f"{MASTODON}:{forgery.target}",
        note=forgery.note,
    )
