"""Keys and certificates, made once a folder; every private one is a file of mode 0600."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

Private = rsa.RSAPrivateKey


@dataclass(frozen=True)
class Held:
    """A private key with its certificate."""

    key: Private
    certificate: x509.Certificate

    @property
    def serial(self) -> str:
        """The form in which WeChat Pay names certificates: upper-case hex."""
        return f"{self.certificate.serial_number:X}"


def write_private(path: Path, content: bytes) -> None:
    """Creates or replaces a file only its owner can read."""
    fresh = path.with_name(path.name + ".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(content)
    fresh.replace(path)


def private_key(path: Path) -> Private:
    """The RSA-2048 key in `path` (PKCS#8 PEM), made if it is not there."""
    if path.exists():
        # we made it: proving its primes again would take most of a simulator's start
        key = serialization.load_pem_private_key(
            path.read_bytes(), password=None, unsafe_skip_rsa_key_validation=True
        )
        if not isinstance(key, rsa.RSAPrivateKey):
            raise ValueError(f"{path}: not an RSA key")
        return key
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    write_private(
        path,
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )
    return key


def public_pem(key: Private) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _name(parts: Sequence[tuple[str, str]]) -> x509.Name:
    oids = {
        "CN": NameOID.COMMON_NAME,
        "OU": NameOID.ORGANIZATIONAL_UNIT_NAME,
        "O": NameOID.ORGANIZATION_NAME,
        "C": NameOID.COUNTRY_NAME,
    }
    return x509.Name([x509.NameAttribute(oids[kind], value) for kind, value in parts])


def certificate(
    path: Path, key: Private, name: str, issuer: Held | None = None, hosts: Sequence[str] = ()
) -> Held:
    """The certificate in `path`, made for five years if it is absent or will soon end.

    Without `issuer` it signs itself and may sign others. `hosts` are the addresses a TLS server
    answers for.
    """
    if path.exists():
        held = Held(key, x509.load_pem_x509_certificate(path.read_bytes()))
        if held.certificate.not_valid_after_utc > datetime.now(UTC) + timedelta(days=30):
            return held
    subject = _name((("C", "CN"), ("O", "Guitai Simulator"), ("OU", "Test"), ("CN", name)))
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        # twenty bytes with the first bit 0 and the second 1: always 40 hex digits
        .serial_number(int.from_bytes(secrets.token_bytes(20)) >> 2 | 1 << 158)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=5 * 365))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if issuer is None:
        # a client that verifies strictly wants to be told what the key is for
        usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
        builder = builder.add_extension(usage, critical=True)
    builder = builder.add_extension(
        x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
    )
    if issuer:
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
        builder = builder.add_extension(authority, critical=False)
    if hosts:
        names = [
            x509.DNSName(host) if host.isalpha() else x509.IPAddress(ip_address(host))
            for host in hosts
        ]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    made = builder.sign(issuer.key if issuer else key, hashes.SHA256())
    path.write_bytes(pem(made))
    return Held(key, made)


def sign(key: Private, message: bytes) -> bytes:
    """RSASSA-PKCS1-v1_5 with SHA-256, which is what both providers use."""
    return key.sign(message, padding.PKCS1v15(), hashes.SHA256())


def verified(key: rsa.RSAPublicKey, signature: bytes, message: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def tls_files(folder: Path) -> tuple[Path, Path, Path]:
    """Certificate, key and the authority's certificate of a server on loopback."""
    authority_key = private_key(folder / "tls_authority_key.pem")
    authority = certificate(folder / "tls_ca.pem", authority_key, "Simulator TLS authority")
    key = private_key(folder / "tls_key.pem")
    path = folder / "tls_cert.pem"
    certificate(path, key, "localhost", authority, ("127.0.0.1", "localhost"))
    return path, folder / "tls_key.pem", folder / "tls_ca.pem"
