"""Over TLS: only certificates that hold are talked to, and what was shown is kept."""

import hashlib
import ssl
from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from common import clock
from tests.crawlers import child
from tests.crawlers.hostile_server import HostileServer, Visit


async def fine(visit: Visit) -> None:
    await visit.json({"accounts": [{"id": "1", "name": "郑州发布"}]})


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


class Authority:
    """A certificate authority of the test's own, whose certificate lies in `file`."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self.file = folder / "ca.pem"
        self._name = name("test authority")
        self.file.write_bytes(self._certificate(self._key, self._name, ca=True).public_bytes(Encoding.PEM))

    def _certificate(
        self,
        key: ec.EllipticCurvePrivateKey,
        subject: x509.Name,
        *,
        ca: bool = False,
        address: str = "127.0.0.1",
        days: int = 1,
        signer: ec.EllipticCurvePrivateKey | None = None,
    ) -> x509.Certificate:
        now = clock.now()
        draft = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject if signer is not None else self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=9))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if not ca:
            here = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(address))])
            draft = draft.add_extension(here, critical=False)
        return draft.sign(signer or self._key, hashes.SHA256())

    def context(
        self, *, self_signed: bool = False, address: str = "127.0.0.1", days: int = 1
    ) -> ssl.SSLContext:
        """A server's side of TLS, with a certificate that holds unless told otherwise."""
        key = ec.generate_private_key(ec.SECP256R1())
        signer = key if self_signed else None
        certificate = self._certificate(key, name("host"), address=address, days=days, signer=signer)
        self.sha256 = hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()
        file = self._folder / f"{self.sha256}.pem"
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(private + certificate.public_bytes(Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def test_only_a_certificate_that_holds_is_talked_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    contexts = [
        authority.context(self_signed=True),
        authority.context(address="127.0.0.2"),
        authority.context(days=-1),
        authority.context(),
    ]
    with HostileServer() as server:
        pairs = [server.host(fine, tls=context) for context in contexts]
        plan = child.plan({pair: [("search", "x")] for pair in pairs}, spec=child.spec(), timeout_s=5)
        sources = [replace(source, base_url=f"https://{source.source}") for source in plan.sources]
        told = child.run(replace(plan, sources=sources), tmp_path)
        seen = [len(server.visits[pair]) for pair in pairs]
    assert told.states() == ["robots_unreachable"] * 3 + ["ok"]
    assert seen == [0, 0, 0, 2]
    (page,) = told.by_task("response")[3]
    assert page["tls_certificate_sha256"] == authority.sha256
