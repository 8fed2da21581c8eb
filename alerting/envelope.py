"""What a transport is given, and what it gives back.

A transport is a folder below `alerting/transports` whose `transport.py` holds a class `Transport`; one line
in `alerting/channels.py` registers it.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, Protocol, Self

from alerting.models import Delivery
from alerting.wording import Both

Kind = Literal["delivered", "retry", "permanent"]


class Unsendable(Exception):
    """A delivery that no number of tries gets out; the text says why."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message on its way: nothing in it is read from the database any more. Secrets show in no repr."""

    id: str
    address: str
    body: bytes = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)


WHY = {
    "delivered": Both("对方已接收。", "The receiver took it."),
    # No answer
    "timeout": Both("在一次尝试的时限内没有完成。", "The time for one try was over."),
    "dns": Both("找不到对方的域名。", "The name was not found."),
    "refused": Both("对方拒绝连接。", "The connection was refused."),
    "reset": Both("对方中断了连接。", "The connection was broken off."),
    "cut": Both("对方的答复不完整。", "The answer ended early."),
    "tls": Both("对方的证书或加密不合要求。", "The certificate or encryption does not hold."),
    "protocol": Both("对方的答复不合协议。", "The answer is not of this protocol."),
    "network": Both("网络不可达。", "It cannot be reached."),
    # Webhooks
    "address": Both("地址未获准访问，未发送。", "The address is closed to us: not sent."),
    "moved": Both("对方地址已变更，请修改地址。", "It has moved: change the address."),
    "gone": Both("对方已停用该接口，接口已停用。", "The endpoint is no more: it is disabled."),
    "wrong": Both("对方不接受这条消息。", "It will not take this message."),
    "slow_down": Both("对方要求放慢。", "It asks for less haste."),
    "not_taken": Both("对方没有接收。", "It did not take the message."),
    "page": Both("返回的是网页，不是接口答复。", "A page for people came back: of a proxy or a sign-in."),
    "unreadable": Both("对方的 JSON 答复无法读取。", "Its JSON answer cannot be read."),
    "error_inside": Both("对方在答复中报错。", "It refused inside its answer."),
    # Mail
    "relay": Both("邮件服务器拒绝服务。", "The mail relay refused to serve."),
    "sign_in": Both("邮件服务器拒绝登录。", "The mail relay refused the sign-in of the settings."),
    "unsupported": Both("邮件服务器不支持所设方式。", "The mail relay lacks what the settings ask for."),
    "rejected": Both("邮件服务器拒收这封邮件。", "The mail relay rejected this message or its address."),
    "not_now": Both("邮件服务器暂不接收。", "The mail relay does not take it now."),
    # Ours
    "unsendable": Both("消息本身无法发送。", "The message cannot be sent as it is."),
    "fault": Both("本系统内部错误。", "A fault of this service."),
    "died": Both("发送进程在发送中中断。", "The process died while it was sending."),
}
"""Every outcome in words."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try.

    delivered  the receiver took it, by the contract in the transport's docstring
    retry      it did not, or nobody knows; the same bytes may yet arrive
    permanent  it will never take these bytes at this address

    `why` is a key of WHY; `code` and `text` are the receiver's own words, where it said any. `wait` is how
    long it wants to be left alone; `is_gone` that the address is no more.
    """

    kind: Kind
    why: str
    code: str = ""
    text: str = ""
    wait: timedelta | None = None
    is_gone: bool = False

    @property
    def reason(self) -> str:
        """Why, in both languages."""
        return " ".join(WHY[self.why])


class Transport(Protocol):
    """One channel. `seal` is called where the database is open, `send` in a thread of its own."""

    @classmethod
    def from_settings(cls) -> Self | None:
        """By the settings of this installation; None where the channel is not set up: messages wait."""

    def host(self, address: str) -> str:
        """Whose time a conversation with `address` takes."""

    def seal(self, delivery: Delivery) -> Envelope:
        """The envelope of a delivery. Raises Unsendable."""

    def send(self, envelope: Envelope) -> Outcome:
        """Try once; within the transport's own limit, whatever the other side does."""
