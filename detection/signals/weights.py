"""Points and thresholds of the signals, each with the case that made it.

A likeness of names that passes its own rule is worth 0.8 to 1. The signals are set against that: none of
those that anybody may show (a contact, a new account) makes a suspect alone, and none outweighs a verified
subject.
"""

# From here on what was nominated is shown to a reviewer.
SUSPECT = 0.5

# @nypddepartment beside another picture and bio: much, and not enough alone.
HANDLE = 0.25
# 海口福彩 bore a verified label without authority: who is verified as somebody else claims to be this one.
SUBJECT_DIFFERS = 0.25
# A certificate in a person's name on what claims to be an office.
SUBJECT_PERSONAL = 0.2
# The platform examined papers: these two decide by themselves (order of decision, steps 2 and 3).
SUBJECT_IS_SPONSOR = -1.0
SUBJECT_IS_OTHER_BODY = -1.0

# Every office says "official account" in its bio: of its own, as long as it names nobody else.
CLAIM = 0.1
# 查看作业稳稳赢 with the bio of 海口市福利彩票发行中心: with one more sign a suspect, whatever the name.
CLAIM_FOR_UNIT = 0.3
# Shops have contacts too; each further way to be lured away counts less.
LURE = 0.2
FURTHER_LURE = 0.05
LURES_AT_MOST = 0.3

# Distances of `common.images`, of 144 bits. Up to 16: none of 16,110 pairs of different emblems, 72 % of
# altered copies; up to 28: 11 of those pairs, 84 % of the copies (docs/measurements/avatars.md).
SAME_PICTURE = 16
ALIKE_PICTURE = 28
AVATAR_SAME = 0.4
AVATAR_ALIKE = 0.25
# Half of it where many genuine accounts show the same emblem: whoever bears it may mean any of them.
SHARED_EMBLEM = 0.5

# Renamed old accounts are common, so that age clears little.
OLDER = -0.1
BRAND_NEW = 0.1
BRAND_NEW_DAYS = 30
# One case: 2,000 bought followers within two days.
FOLLOWER_STEP = 0.1
STEP_FOLLOWERS = 1000
STEP_DAYS = 2
STEP_TIMES = 2
MANY_FOLLOWERS = 10_000

# @navimumpolics was an older account, renamed.
RENAMED = 0.2
# Nobody comes by a given-up handle of an office by chance.
RELEASED_HANDLE = 0.9
RELEASED_NAME = 0.3
# Vietnam's NCSC was dissolved; a page with a blue tick went on in its theme.
CLOSED = 0.1
# Platforms promote squatters: the citizen meets this one first, or nobody else.
RANKS_ABOVE = 0.1
VACANT_SLOT = 0.1
DECLARED = -0.4
