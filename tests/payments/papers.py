"""Certificates for tests, made with the keys of the line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from tests.payments.line import key

FROM = datetime(2026, 1, 1, tzinfo=UTC)
UNTIL = datetime(2031, 1, 1, tzinfo=UTC)


def name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Test"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def certificate(
    common: str,
    by: str,
    serial: int,
    start: datetime = FROM,
    end: datetime = UNTIL,
    host: str = "",
    of: rsa.RSAPublicKey | ec.EllipticCurvePublicKey | None = None,
) -> x509.Certificate:
    """A certificate for the key named `common`, signed by the key named `by`."""
    authority = common == by
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(common))
        .issuer_name(name(by))
        .public_key(of or key(common).public_key())
        .serial_number(serial)
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if host:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False
        )
    return builder.sign(key(by), hashes.SHA256())


def curve_root(serial: int) -> x509.Certificate:
    """A root that is not signed with RSA, as Alipay's SM2 roots are not."""
    private = ec.generate_private_key(ec.SECP256R1())
    return (
        x509.CertificateBuilder()
        .subject_name(name("curve"))
        .issuer_name(name("curve"))
        .public_key(private.public_key())
        .serial_number(serial)
        .not_valid_before(FROM)
        .not_valid_after(FROM + timedelta(days=3650))
        .sign(private, hashes.SHA256())
    )


def pem(*certificates: x509.Certificate) -> bytes:
    return b"\n".join(c.public_bytes(serialization.Encoding.PEM) for c in certificates)
