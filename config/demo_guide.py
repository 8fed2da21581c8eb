"""What the demo says when it is ready: where, who, and the way through a first case."""

from collections.abc import Sequence

from common.table import render
from config.demo_data import Person
from registry.roles import CHINESE

TITLES = ("用户 user", "密码 password", "角色 role", "范围 place")
STEPS = """\
走一遍 A first walk:
 1. 以 reviewer 登录，打开第一个案件，认定仿冒并选理由。
    Sign in as reviewer, open the first case, call it a counterfeit and say why.
 2. 在“邮箱”页看发出的邮件，点开链接，写明如何处理，确认收到。
    Look at the mail that went out, follow a link, say what will be done, acknowledge: {address}/mailbox/
 3. 回到案件：全程记录写着谁在何时做了什么。
    Back in the case: its course says who did what, and when.
 4. 上报须第二人会签：另开一个浏览器或无痕窗口，以 reviewer2 登录，打开同一案件。
    A formal report needs a second person: sign in as reviewer2 in another browser or private window.
 5. 以 supervisor 登录，打开“导入”页：先看会改动什么，再确认；示例文件在 examples/henan。
    Sign in as supervisor and bring a register in: look at what it would change, then confirm. The files are
    in examples/henan: {address}/imports/
"""


def text(people: Sequence[Person], address: str, also: str) -> str:
    """The console at `address` (also at `also`), its people with their passwords, and what to try."""
    rows = [
        (person.name, person.password, f"{CHINESE[person.role]} {_english(person)}", person.place)
        for person in people
    ]
    table = "\n".join(f"  {line}" for line in render(TITLES, rows).split("\n"))
    return (
        f"控制台 The console: {address}/  (also {also}/)\n\n{table}\n\n{STEPS.format(address=address)}\n"
        "密码在下次启动前有效；邮件只到本机邮箱；按 Ctrl-C 停止。\n"
        "The passwords hold until the next start. No mail leaves this machine. Ctrl-C stops everything."
    )


def _english(person: Person) -> str:
    return person.role.replace("_", " ")
