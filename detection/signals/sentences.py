"""The sentence of every signal, Chinese and English. What could not be checked says what was missing."""

VERDICTS: dict[str, tuple[str, str]] = {
    "registered": ("已登记账号，不是仿冒。", "A registered account, no imitation."),
    "allow_listed": ("此前已认定不是仿冒。", "Found before to be no imitation."),
    "unfiled_genuine": ("真账号，应补备案。", "Genuine; a filing is missing."),
    "legit_homonym": ("另一合法单位的账号。", "The account of another lawful body."),
    "declared": ("已表明非官方，仅作记录。", "Openly not official; recorded only."),
    "suspect": ("疑似仿冒，待人工研判。", "Perhaps an imitation; a person decides."),
    "watch": ("有关联迹象，继续观察。", "Signs lead here, but few; to be watched."),
    "unremarkable": ("未见与该单位有关的迹象。", "Nothing leads to this office."),
}
SENTENCES: dict[str, tuple[str, str]] = {
    # The register, decisions, own words
    "registered": ("该账号已在本平台登记。", "The account is registered on this platform."),
    "register_not": ("该账号未登记。", "The account is not registered."),
    "register_unknown": ("未查登记册。", "The register was not asked."),
    "allowed": ("此前已认定不构成仿冒。", "It was found before that this is no imitation."),
    "allowed_not": ("此前没有排除仿冒的认定。", "No earlier decision clears the account."),
    "allowed_unknown": ("未查此前的认定。", "Earlier decisions were not looked up."),
    "declared": (
        "账号自称「{words}」，表明并非官方。",
        "The account says “{words}”: that it is not official.",
    ),
    "declared_not": (
        "账号未表明是粉丝、戏仿或个人账号。",
        "The account does not say that it is a fan's, a parody or personal.",
    ),
    "declared_unknown": (
        "未取得简介，不知其是否表明非官方。",
        "Without the bio it is not known whether the account says that it is not official.",
    ),
    # Certified subject
    "subject_is_sponsor": (
        "认证主体「{subject}」就是主办单位，但账号未登记：应补备案，不是仿冒。",
        "The certified subject “{subject}” is the sponsor: a filing is missing, this is no imitation.",
    ),
    "subject_is_alias": (
        "认证主体「{subject}」是主办单位「{sponsor}」的备案别名：应补备案，不是仿冒。",
        "The certified subject “{subject}” is a filed name of “{sponsor}”: a filing is missing.",
    ),
    "subject_is_other_body": (
        "认证主体「{subject}」是另一合法单位，与名称相符。",
        "The certified subject “{subject}” is another lawful body, and the name fits it.",
    ),
    "subject_differs": (
        "认证主体「{subject}」不是主办单位「{sponsor}」。",
        "The certified subject “{subject}” is not the sponsor “{sponsor}”.",
    ),
    "subject_personal": (
        "以个人身份认证，不是单位。",
        "It is certified in a person's name, not in that of a body.",
    ),
    "subject_none": (
        "平台显示该账号没有认证主体。",
        "The platform shows no certified subject for the account.",
    ),
    "subject_badge_only": (
        "有认证标志，但未取得认证主体；标志本身不能证明什么。",
        "It bears a badge, but whose it is was not to be seen; the badge alone proves nothing.",
    ),
    "subject_unknown": ("平台未提供认证主体。", "The platform does not give the certified subject."),
    "sponsor_unknown": (
        "登记册中没有主办单位名称，无法核对认证主体。",
        "Without the sponsor's name the certified subject cannot be compared.",
    ),
    # Released and closed
    "released_handle": (
        "用了官方已放弃的用户名「{handle}」。",
        "It has taken up the handle “{handle}”, which the office gave up.",
    ),
    "released_handle_none": ("用户名不是官方放弃过的。", "The handle is none that the office gave up."),
    "released_handle_unknown": (
        "未能核对官方放弃过的用户名。",
        "Handles given up by the office could not be compared.",
    ),
    "released_name": (
        "用了官方曾用名「{name}」。",
        "It has taken up the name “{name}”, which the office bore before.",
    ),
    "released_name_none": ("名称不是官方曾用名。", "The name is none that the office bore before."),
    "released_name_unknown": ("未能核对官方曾用名。", "Former names of the office could not be compared."),
    "closed": (
        "「{official}」已注销或撤销，其名称仍受保护，任何人不得再用。",
        "“{official}” is closed; its name stays protected, and nobody may bear it.",
    ),
    "closed_not": ("官方账号没有注销。", "The official account is not closed."),
    "closed_unknown": (
        "不知官方账号是否已注销。",
        "It is not known whether the official account is closed.",
    ),
    # Handle
    "handle_alike": (
        "用户名「{handle}」与官方的「{official}」相似。",
        "The handle “{handle}” is like the official “{official}”.",
    ),
    "handle_not_alike": (
        "用户名「{handle}」与官方的「{official}」不相似。",
        "The handle “{handle}” is not like the official “{official}”.",
    ),
    "handle_unknown": ("未能比较用户名。", "The handles could not be compared."),
    # Bio and contacts
    "bio_claims_unit": (
        "简介以「{official}」的名义自称官方（「{claim}」）。",
        "The bio claims to be official (“{claim}”) in the name of “{official}”.",
    ),
    "bio_claims": (
        "简介自称官方（「{claim}」），未提该单位。",
        "The bio claims to be official (“{claim}”) without naming this body.",
    ),
    "bio_mentions": (
        "简介提到「{official}」，但未自称官方。",
        "The bio mentions “{official}” and does not claim to be official.",
    ),
    "bio_silent": (
        "简介没有自称官方，也未提该单位。",
        "The bio neither claims to be official nor names this body.",
    ),
    "bio_unknown": ("未取得简介。", "The bio was not to be had."),
    "contact_lures": ("简介引导至站外或私下联系：{zh}。", "The bio lures away from the platform: {en}."),
    "contact_none": ("简介没有引流方式。", "The bio offers no way to be lured away."),
    "contact_unknown": (
        "未取得简介，不知有无引流方式。",
        "Without the bio it is not known whether it lures anybody away.",
    ),
    # Avatar
    "avatar_same": (
        "头像与官方头像相同（差 {distance} 位）。",
        "The avatar is the official one ({distance} bits apart).",
    ),
    "avatar_alike": (
        "头像与官方头像相似（差 {distance} 位）。",
        "The avatar is like the official one ({distance} bits apart).",
    ),
    "avatar_shared": (
        "头像与官方头像相同或相似（差 {distance} 位），但多个登记账号共用此标志。",
        "The avatar is or is like the official one ({distance} bits apart), an emblem of several accounts.",
    ),
    "avatar_other": (
        "头像与官方头像不同（差 {distance} 位）。",
        "The avatar is another one ({distance} bits apart).",
    ),
    "avatar_unknown": (
        "未取得可比较的头像。",
        "There are no two avatars that could be compared.",
    ),
    # Age, names before, followers
    "age_older": (
        "账号开设于 {opened}，早于官方账号。",
        "The account was opened on {opened}, before the official one.",
    ),
    "age_new": ("账号新近开设（{opened}）。", "The account is brand new (opened on {opened})."),
    "age_ordinary": (
        "账号开设于 {opened}，既非新开，也不早于官方账号。",
        "The account was opened on {opened}: neither new nor older than the official one.",
    ),
    "age_before_rename": (
        "账号开设于 {opened}，但改过名，开设时间不能说明问题。",
        "The account was opened on {opened} and renamed since: its age tells nothing.",
    ),
    "age_not_compared": (
        "不知官方账号的开设时间，无法比较先后。",
        "It is not known when the official account was opened, so not which is older.",
    ),
    "age_unknown": ("不知账号的开设时间。", "It is not known when the account was opened."),
    "rename_towards": (
        "账号由「{former}」改名，改后才与官方名称相似。",
        "The account was “{former}” and took a name like the official one later.",
    ),
    "rename_elsewhere": (
        "账号改过名，但不是改得像官方名称。",
        "The account was renamed, but not towards the official name.",
    ),
    "rename_none": ("账号没有改过名。", "The account was never renamed."),
    "rename_unknown": ("不知账号的改名经过。", "The account's former names are not known or not compared."),
    "followers_jump": (
        "{days} 天内增加 {gained} 名粉丝，疑为购买。",
        "It gained {gained} followers within {days} day(s): perhaps bought.",
    ),
    "followers_many": (
        "粉丝 {count} 名；粉丝多不能证明是官方。",
        "It has {count} followers; many followers prove nothing.",
    ),
    "followers_few": ("粉丝 {count} 名。", "It has {count} followers."),
    "followers_unknown": ("平台未提供粉丝数。", "The platform does not give the number of followers."),
    # Search and vacancy
    "rank_above": (
        "搜索官方名称时，它排第 {mine}，官方账号排第 {theirs}。",
        "In the search for the official name it is number {mine}, the official account number {theirs}.",
    ),
    "rank_below": (
        "搜索官方名称时，官方账号排在它之前。",
        "In the search for the official name the official account comes first.",
    ),
    "rank_unknown": ("不知两者的搜索排名。", "How the two rank in the search is not known."),
    "vacant": (
        "该单位在本平台没有账号，公众只能找到它。",
        "The office has no account on this platform: the public finds nothing else.",
    ),
    "vacant_not": ("该单位在本平台有账号。", "The office has an account on this platform."),
    "vacant_unknown": (
        "不知该单位在本平台有无账号。",
        "It is not known whether the office has an account on this platform.",
    ),
}
