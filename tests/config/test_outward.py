"""What leaves this installation: a setting that cannot be used stops the start and says what to write."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from config import outward
from config.env import SettingError

MAIL = {"ZHENWEI_SMTP_HOST": "smtp.example.gov.cn", "ZHENWEI_MAIL_FROM": "alerts@example.gov.cn"}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "PORT", "SECURITY", "USER", "PASSWORD", "PASSWORD_FILE"):
        monkeypatch.delenv(f"ZHENWEI_SMTP_{name}", raising=False)
    for name in ("MAIL_FROM", "MASTER_KEY", "MASTER_KEY_FILE"):
        monkeypatch.delenv(f"ZHENWEI_{name}", raising=False)


def given(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(
    ("value", "url", "host"),
    [
        ("", "", []),
        ("https://zhenwei.example.gov.cn", "https://zhenwei.example.gov.cn", ["zhenwei.example.gov.cn"]),
        ("https://Zhenwei.Example.gov.cn:443/", "https://zhenwei.example.gov.cn", ["zhenwei.example.gov.cn"]),
        ("https://10.1.2.3:8443", "https://10.1.2.3:8443", ["10.1.2.3"]),
        ("http://127.0.0.1:8700/", "http://127.0.0.1:8700", ["127.0.0.1"]),
        ("http://[::1]:8700", "http://[::1]:8700", ["[::1]"]),
    ],
)
def test_the_public_address_is_an_origin(
    value: str, url: str, host: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, ZHENWEI_PUBLIC_URL=value)
    assert outward.public_url("ZHENWEI_PUBLIC_URL") == url
    assert outward.host_of(url) == host


@pytest.mark.parametrize(
    "value",
    [
        "http://zhenwei.example.gov.cn",
        "http://10.1.2.3:8700",
        "http://127.0.0.1.example.com",
        "https://zhenwei.example.gov.cn/console",
        "https://zhenwei.example.gov.cn//",
        "https://zhenwei.example.gov.cn/?next=",
        "https://zhenwei.example.gov.cn?",
        "https://zhenwei.example.gov.cn#",
        "https://a@zhenwei.example.gov.cn",
        "https://zhenwei.example.gov.cn:0",
        "https://zhenwei.example.gov.cn\\@evil.example",
        "https://甄伪.example",
        "javascript:alert(1)",
        "zhenwei.example.gov.cn",
    ],
)
def test_anything_else_is_no_public_address(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, ZHENWEI_PUBLIC_URL=value)
    with pytest.raises(SettingError, match=r"ZHENWEI_PUBLIC_URL=.*write https://HOST"):
        outward.public_url("ZHENWEI_PUBLIC_URL")


@pytest.mark.parametrize(("security", "port"), [("tls", 465), ("StartTLS", 587)])
def test_each_kind_of_encryption_has_its_port(
    security: str, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, **MAIL, ZHENWEI_SMTP_SECURITY=security)
    assert outward.mail("production") == outward.Mail(
        "smtp.example.gov.cn", port, security.lower(), "", "", "alerts@example.gov.cn"
    )


def test_without_a_server_there_is_no_mail() -> None:
    assert outward.mail("production").host == ""


def test_the_password_comes_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "password"
    file.write_text("correct horse\n", encoding="utf-8")
    given(monkeypatch, **MAIL, ZHENWEI_SMTP_USER="alerts", ZHENWEI_SMTP_PASSWORD_FILE=str(file))
    assert outward.mail("production").password == "correct horse"


@pytest.mark.parametrize(
    ("sender", "read"),
    [
        ("甄伪 <alerts@example.gov.cn>", "甄伪 <alerts@example.gov.cn>"),
        ('"甄伪, 值守" <alerts@example.gov.cn>', '"甄伪, 值守" <alerts@example.gov.cn>'),
        ("<alerts@example.gov.cn>", "alerts@example.gov.cn"),
    ],
)
def test_the_sender_may_have_a_name(sender: str, read: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, **MAIL | {"ZHENWEI_MAIL_FROM": sender})
    assert outward.mail("production").sender == read


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"ZHENWEI_MAIL_FROM": ""}, "ZHENWEI_MAIL_FROM is not set"),
        ({"ZHENWEI_MAIL_FROM": "nobody"}, "write one address"),
        ({"ZHENWEI_MAIL_FROM": "a@example.cn, b@example.cn"}, "write one address"),
        ({"ZHENWEI_MAIL_FROM": "甄伪 <alerts@例子.cn>"}, "write one address"),
        ({"ZHENWEI_MAIL_FROM": "a@example.cn\nBcc: b@example.cn"}, "write one address"),
        ({"ZHENWEI_SMTP_HOST": ""}, "ZHENWEI_SMTP_HOST is not set"),
        ({"ZHENWEI_SMTP_HOST": "smtp"}, "write a host name or address"),
        ({"ZHENWEI_SMTP_HOST": "smtp.example.cn:465"}, "ZHENWEI_SMTP_PORT"),
        ({"ZHENWEI_SMTP_HOST": "https://smtp.example.cn"}, "write a host name or address"),
        ({"ZHENWEI_SMTP_PORT": "0"}, "write a whole number from 1 to 65535"),
        ({"ZHENWEI_SMTP_SECURITY": "ssl"}, "write one of tls, starttls, none"),
        ({"ZHENWEI_SMTP_SECURITY": "none"}, "in the clear"),
        ({"ZHENWEI_SMTP_USER": "alerts"}, "go together"),
        ({"ZHENWEI_SMTP_PASSWORD": "secret"}, "go together"),
        ({"ZHENWEI_SMTP_PASSWORD_FILE": "/nowhere"}, "ZHENWEI_SMTP_PASSWORD_FILE: /nowhere cannot be read"),
    ],
)
def test_half_a_mail_setting_is_refused(
    changed: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, **MAIL | changed)
    with pytest.raises(SettingError, match=said) as error:
        outward.mail("production")
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_a_demo_sends_mail_to_this_machine_only(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, **MAIL, ZHENWEI_SMTP_SECURITY="tls")
    with pytest.raises(SettingError, match="the demo sends no real mail"):
        outward.mail("demo")
    given(monkeypatch, ZHENWEI_SMTP_HOST=host, ZHENWEI_SMTP_SECURITY="none")
    assert outward.mail("demo").port == 25


def test_networks_and_hosts_are_opened_to_webhooks_by_port(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, ALLOW="10.1.2.0/24:8443, [fd12::/48]:443, hooks.example.gov.cn:08080, 10.9.8.7:80")
    assert outward.webhook_allow("ALLOW") == [
        "10.1.2.0/24:8443",
        "[fd12::/48]:443",
        "hooks.example.gov.cn:8080",
        "10.9.8.7:80",
    ]


@pytest.mark.parametrize(
    "entry",
    [
        "10.1.2.0/24",
        "10.1.2.0/24:",
        "10.1.2.0/24:65536",
        "10.1.2.0/24:４４３",
        "10.1.2.3/24:443",
        "0.0.0.0/0:443",
        "::/0:443",
        "127.0.0.0/8:443",
        "127.0.0.1:443",
        "169.254.169.254:80",
        "[::ffff:7f00:1]:443",
        "[fd00:ec2::/32]:80",
        "localhost:443",
        "hooks.example.gov.cn",
        "https://hooks.example.gov.cn:443",
    ],
)
def test_no_wide_or_inner_hole_is_opened(entry: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, ALLOW=f"10.1.2.0/24:8443,{entry}")
    with pytest.raises(SettingError, match=r"ALLOW: .*write 10\.1\.2\.0/24:8443"):
        outward.webhook_allow("ALLOW")


def test_the_master_key_is_made_once_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"
    (key,) = outward.master_keys("ZHENWEI_MASTER_KEY", path)
    Fernet(key)
    assert outward.master_keys("ZHENWEI_MASTER_KEY", path) == [key]
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["master.key"]


def test_several_master_keys_stand_one_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new, former = (Fernet.generate_key().decode() for _ in range(2))
    given(monkeypatch, ZHENWEI_MASTER_KEY=f"{new}, {former}")
    assert outward.master_keys("ZHENWEI_MASTER_KEY", tmp_path / "master.key") == [new, former]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("spoiled", ["", "x", "密", f"{'A' * 43}=\nhunter2"])
def test_a_damaged_master_key_is_not_replaced_and_not_shown(spoiled: str, tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    path.write_text(spoiled, encoding="utf-8")
    with pytest.raises(SettingError, match="from a backup") as error:
        outward.master_keys("ZHENWEI_MASTER_KEY", path)
    assert "hunter2" not in str(error.value)
    assert path.read_text(encoding="utf-8") == spoiled
