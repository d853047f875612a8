"""How a connection is made, and what is said when it is not."""

from __future__ import annotations

import json
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import psycopg
import pytest
from psycopg import errors

from console.errors import ConfigurationError, OfflineError, VigieError
from console.hub import faults, server
from console.hub.connection import HubAddress, change_password, connect, fault, parameters
from tests.hub.conftest import PASSWORD, Hub


def code_of(address: HubAddress, password: str | None = PASSWORD) -> str:
    with pytest.raises(VigieError) as caught:
        connect(address, password)
    error = caught.value
    chain = f"{error!r} {error} {error.__cause__!r} {error.__context__!r}"
    assert password is None or password not in chain
    return error.code


def test_an_address_is_kept_without_a_password(tmp_path: Path) -> None:
    address = HubAddress("hub.ville.example", "vigie", "marie", 5433, tmp_path / "ca.pem")
    kept = json.loads(json.dumps(address.to_json()))
    assert HubAddress.from_json(kept) == address
    assert set(kept) == {"host", "port", "database", "login", "ca_file"}
    for broken in ({}, kept | {"port": "x"}, {"host": "x"}):
        with pytest.raises(ConfigurationError):
            HubAddress.from_json(broken)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1", "/run/postgresql", "@abstract"])
def test_on_this_machine_encryption_is_preferred(host: str) -> None:
    assert parameters(HubAddress(host, "vigie", "marie"))["sslmode"] == "prefer"


@pytest.mark.parametrize("host", ["hub", "10.0.0.5", "127.0.0.2", "localhost.ville.example", "LOCALHOST"])
def test_over_a_network_the_server_proves_who_it_is(host: str, tmp_path: Path) -> None:
    chosen = parameters(HubAddress(host, "vigie", "marie"))
    assert (chosen["sslmode"], chosen["sslrootcert"]) == ("verify-full", "system")
    chosen = parameters(HubAddress(host, "vigie", "marie", ca_file=tmp_path / "ca.pem"))
    assert (chosen["sslmode"], chosen["sslrootcert"]) == ("verify-full", str(tmp_path / "ca.pem"))


def test_limits_are_set(hub: Hub) -> None:
    connection = hub.connect("marie")
    for name, value in (("statement_timeout", "1min"), ("application_name", "vigie")):
        assert connection.execute(f"SHOW {name}").fetchone() == (value,)
    assert parameters(hub.address)["connect_timeout"] == 5


def test_what_a_person_can_get_wrong(hub: Hub) -> None:
    marie = hub.address_of("marie")
    assert code_of(marie, "autre mot de passe") == "hub.wrong_password"
    assert code_of(marie, None) == "hub.wrong_password"
    assert code_of(replace(marie, login="personne")) == "hub.wrong_password"
    assert code_of(replace(marie, database="nulle_part")) == "hub.no_database"
    assert code_of(replace(marie, host="127.0.0.1", port=1)) == "hub.unreachable"
    assert code_of(replace(marie, host="hub.invalid")) == "hub.unreachable"
    assert (
        code_of(replace(marie, host="hub.invalid", ca_file=Path("/nowhere/ca.pem"))) == "hub.certificate_file"
    )


def test_a_login_that_is_no_member(hub: Hub) -> None:
    admin = hub.admin()
    admin.execute(f"CREATE ROLE etranger LOGIN PASSWORD '{PASSWORD}'")
    assert code_of(hub.address_of("etranger")) == "hub.not_a_member"


def test_too_many_connections_and_no_more_logins(hub: Hub) -> None:
    admin = hub.admin()
    admin.execute(f"CREATE ROLE zoe LOGIN PASSWORD '{PASSWORD}' CONNECTION LIMIT 0 IN ROLE vigie_moderator")
    assert code_of(hub.address_of("zoe")) == "hub.busy"
    admin.execute("ALTER ROLE zoe NOLOGIN")
    assert code_of(hub.address_of("zoe")) == "hub.login_disabled"


def test_a_password_can_be_changed_by_its_owner(hub: Hub) -> None:
    admin = hub.admin()
    admin.execute(f"CREATE ROLE zoe LOGIN PASSWORD '{PASSWORD}' IN ROLE vigie_moderator")
    zoe = hub.address_of("zoe")
    with closing(connect(zoe, PASSWORD)) as connection:
        change_password(connection, "un tout autre mot")
    assert code_of(zoe) == "hub.wrong_password"
    connect(zoe, "un tout autre mot").close()


def test_a_line_that_breaks_is_a_line_that_is_away(hub: Hub) -> None:
    marie = hub.connect("marie")
    hub.admin().execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'marie'"
    )
    for _ in range(2):
        with pytest.raises(psycopg.Error) as caught:
            marie.execute("SELECT 1")
        assert isinstance(fault(caught.value), OfflineError)


def test_a_statement_that_takes_too_long_and_a_server_that_only_reads(hub: Hub) -> None:
    marie = hub.desk("marie")
    marie.connection.execute("SET statement_timeout = '50ms'")
    with pytest.raises(psycopg.Error) as caught:
        marie.connection.execute("SELECT pg_sleep(10)")
    assert getattr(fault(caught.value), "code", "") == "hub.busy"
    marie.connection.execute("SET default_transaction_read_only = on")
    with pytest.raises(psycopg.Error) as caught:
        marie.call("seen", marie.id)
    assert getattr(fault(caught.value), "code", "") == "hub.read_only"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.DiskFull(), "hub.full"),
        (errors.TooManyConnections(), "hub.busy"),
        (errors.CannotConnectNow(), "hub.starting"),
        (errors.AdminShutdown(), "hub.unreachable"),
        (errors.ReadOnlySqlTransaction(), "hub.read_only"),
        (errors.InsufficientPrivilege(), "hub.denied"),
        (errors.InvalidPassword(), "hub.wrong_password"),
        (errors.InvalidCatalogName(), "hub.no_database"),
        (errors.SerializationFailure(), "hub.busy"),
        (errors.LockNotAvailable(), "hub.busy"),
        (errors.IoError(), "hub.failed"),
        (errors.ConnectionFailure(), "hub.unreachable"),
        (errors.UniqueViolation(), None),
        (errors.SyntaxError(), None),
        (ValueError(), None),
    ],
)
def test_states_of_the_server(error: Exception, code: str | None) -> None:
    found = fault(error)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "FATAL:  authentification par mot de passe échouée pour l'utilisateur « marie »",
            "hub.wrong_password",
        ),
        ("FATAL:  la base de données « vigie » n'existe pas", "hub.no_database"),
        ("FATAL:  le système de bases de données se lance", "hub.starting"),
        ("FATAL:  the database system is shutting down", "hub.starting"),
        ("FATAL:  désolé, trop de clients sont déjà connectés", "hub.busy"),
        ("FATAL:  le rôle « marie » n'est pas autorisé à se connecter", "hub.login_disabled"),
        ("server does not support SSL, but SSL was required", "hub.no_tls"),
        ('server certificate for "a" does not match host name "b"', "hub.certificate"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "marie"', "hub.not_allowed_from_here"),
        ("connection refused", "hub.unreachable"),
    ],
)
def test_texts_of_a_connection_that_did_not_come_about(text: str, code: str) -> None:
    found = faults.connection_fault(psycopg.OperationalError(text), "hub", "vigie", "marie")
    assert found.code == code
    assert found.facts == {"host": "hub", "database": "vigie", "login": "marie"}


def test_every_code_that_the_hub_raises_is_known() -> None:
    folder = Path(server.__file__).parent
    texts = "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.sql"))
    raised = set(re.findall(r"fail\('([a-z._]+)'", texts)) | set(re.findall(r"MESSAGE = '([a-z._]+)'", texts))
    assert raised == set(faults._RAISED)


@pytest.fixture
def impostor(tmp_path: Path) -> Iterator[int]:
    """A server that speaks TLS under a certificate that nobody signed; gives its port at 127.0.0.2."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hub")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    signed = (
        builder.not_valid_before(now - timedelta(1))
        .not_valid_after(now + timedelta(1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    both = tmp_path / "server.pem"
    plain_key = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    both.write_bytes(signed.public_bytes(pem) + plain_key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    listener = socket.create_server(("127.0.0.2", 0))

    def serve() -> None:
        try:
            client, _ = listener.accept()
            with client:
                client.recv(8)
                client.sendall(b"S")
                context.wrap_socket(client, server_side=True).close()
        except OSError:
            pass

    thread = Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()
        thread.join(5)


def test_a_server_that_nobody_vouches_for_gets_no_password(impostor: int, tmp_path: Path) -> None:
    address = HubAddress("127.0.0.2", "vigie", "marie", impostor)
    assert code_of(address) == "hub.certificate"


def test_a_server_without_encryption_gets_no_password() -> None:
    with closing(socket.create_server(("127.0.0.2", 0))) as listener:

        def serve() -> None:
            client, _ = listener.accept()
            with client:
                client.recv(8)
                client.sendall(b"N")
                assert client.recv(100) == b""

        thread = Thread(target=serve)
        thread.start()
        assert code_of(HubAddress("127.0.0.2", "vigie", "marie", listener.getsockname()[1])) == "hub.no_tls"
        thread.join(5)
