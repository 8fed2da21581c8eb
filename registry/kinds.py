"""The closed lists of the register, and the account kinds it starts with. Pure."""

from typing import NamedTuple

# The life of an account in this order; paused and in_service may alternate.
STATES = ("planned", "opened", "in_service", "paused", "consolidating", "shut_down", "deregistered")
UNIT_KINDS = (
    "government_office",
    "township_government",
    "department",
    "institution",
    "enterprise",
    "vertical",
)


class Kind(NamedTuple):
    """A slot a unit may fill on a platform."""

    platform: str
    title_zh: str
    title_en: str
    is_core: bool = False


# Kinds are rows: an installation may hold more. These are loaded at set-up (两微一端 first).
ACCOUNT_KINDS = (
    Kind("weibo", "微博", "Weibo", True),
    Kind("wechat_oa", "微信公众号", "WeChat official account", True),
    Kind("client_app", "移动客户端", "Mobile client app", True),
    Kind("wechat_channels", "视频号", "WeChat Channels"),
    Kind("mini_program", "小程序", "Mini-program"),
    Kind("douyin", "抖音", "Douyin"),
    Kind("kuaishou", "快手", "Kuaishou"),
    Kind("toutiao", "头条号", "Toutiao"),
    Kind("bilibili", "哔哩哔哩", "Bilibili"),
    Kind("xiaohongshu", "小红书", "Xiaohongshu"),
    Kind("zhihu", "知乎", "Zhihu"),
    Kind("baijiahao", "百家号", "Baijiahao"),
    Kind("penguin", "企鹅号", "Tencent Penguin"),
    Kind("feed", "网站订阅源", "Web feed"),
    Kind("mastodon", "Mastodon 实例", "Mastodon"),
    Kind("misskey", "Misskey 实例", "Misskey"),
    Kind("lemmy", "Lemmy 实例", "Lemmy"),
    Kind("peertube", "PeerTube 实例", "PeerTube"),
    Kind("mediawiki", "MediaWiki 站点", "MediaWiki"),
    Kind("matrix", "Matrix 服务器", "Matrix"),
    Kind("bluesky", "Bluesky", "Bluesky"),
    Kind("github", "GitHub", "GitHub"),
    Kind("youtube", "YouTube", "YouTube"),
    Kind("x", "X", "X"),
    Kind("reddit", "Reddit", "Reddit"),
    Kind("telegram", "Telegram", "Telegram"),
)
