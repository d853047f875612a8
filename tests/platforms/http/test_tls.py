"""Whom the line believes: the system's authorities and the city's own, never just anybody."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from console.clock import SystemClock
from console.domain.messages import FACEBOOK
from console.errors import OfflineError
from console.platforms.http.client import Api
from console.platforms.http.manners import Manners
from console.platforms.http.wire import Wire
from console.platforms.signing_in import sign_in
from console.services.platform_ports import ClientApp
from tests.platforms.http.answering import answering, json_answer

YES = json_answer('{"ok":true}')


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A city's own authority, and a server that it vouches for."""
    folder = tmp_path_factory.mktemp("ca")
    now = datetime.now(UTC)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())

    def builder(subject: str, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(_name(subject))
            .issuer_name(_name("Ville d'essai"))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
        )

    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    identifier = x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key())
    ca = (
        builder("Ville d'essai", ca_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(identifier, critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    server = (
        builder("127.0.0.1", key.public_key())
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False
        )
        .sign(ca_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(ca.public_bytes(pem))
    (folder / "server.pem").write_bytes(
        server.public_bytes(pem)
        + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return folder / "ca.pem", context


def _ask(base_url: str, ca_file: str = "") -> bool:
    with Wire(base_url, ca_file, read_seconds=5) as wire:
        return Api(wire, Manners(SystemClock()), lambda _: None).get("/x").ok


def test_a_server_that_nobody_known_vouches_for_is_not_spoken_to(
    authority: tuple[Path, ssl.SSLContext],
) -> None:
    with answering(YES, tls=authority[1]) as server, pytest.raises(OfflineError) as caught:
        _ask(server.base_url)
    assert caught.value.code == "platform.unreachable"
    assert server.asked == []


def test_the_citys_own_authority_is_taken_beside_the_systems(authority: tuple[Path, ssl.SSLContext]) -> None:
    with answering(YES, tls=authority[1]) as server:
        assert _ask(server.base_url, str(authority[0]))


def test_the_environment_names_authorities(
    authority: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority[0]))
    with answering(YES, tls=authority[1]) as server:
        assert _ask(server.base_url)


def test_signing_in_takes_the_citys_authority_too(authority: tuple[Path, ssl.SSLContext]) -> None:
    page = json_answer('{"data":[{"id":"5","name":"Ville","access_token":"jeton"}],"id":"5","name":"Ville"}')
    with answering(page, tls=authority[1]) as server:
        way = sign_in(FACEBOOK, str(authority[0]))
        (found,) = way.pasted(ClientApp("", "", server.base_url), "jeton")
        assert (found.external_id, found.name) == ("5", "Ville")
