"""The certificates with which a server proves who it is: the office's own authority, and one that it signed.

A workstation needs only `kantor-ca.crt`; the key of the authority belongs on a stick in the safe, not on the server.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from desk.errors import Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate, CertificateBuilder

AUTHORITY, AUTHORITY_KEY = "kantor-ca.crt", "kantor-ca.key"
SERVER, SERVER_KEY = "server.crt", "server.key"

_AUTHORITY_YEARS: Final = 20
_SERVER_YEARS: Final = 5
_YEAR: Final = timedelta(days=365)
_NAME: Final = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)


def why_not_host(host: str) -> str | None:
    """Gives the sentence for a name that no server can have, or None. A name or an address of the network is right."""
    if _address(host) is not None or _NAME.fullmatch(host):
        return None
    return f"Nama server “{host}” tidak dapat dipakai. Tulis nama jaringannya, misalnya pst.kantor.lan, atau alamat IP."


def make_certificates(folder: Path, hosts: Sequence[str], now: datetime) -> None:
    """Writes a server certificate for `hosts` (names or addresses) with its key, valid for five years, into `folder`.

    The authority in the folder signs it; where there is none, one is made for twenty years. A renewed certificate takes
    the place of the old one. Raises `Refused` for a wrong name or a foreign authority, `Unavailable` for the folder.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID

    for host in hosts:
        if reason := why_not_host(host):
            raise Refused(reason)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        authority, authority_key = _authority(folder, now)
        key = ec.generate_private_key(ec.SECP256R1())
        names: list[x509.GeneralName] = []
        for host in hosts:
            address = _address(host)
            names.append(x509.DNSName(host) if address is None else x509.IPAddress(address))
        made = (
            _builder(hosts[0][:64], authority.subject, key, now, _SERVER_YEARS)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False
            )
        )
        _write(folder / SERVER_KEY, _private(key), secret=True)
        _write(folder / SERVER, _public(_signed(made, authority_key)), secret=False)
    except OSError as error:
        raise Unavailable(f"Folder {folder} tidak dapat ditulis ({error.strerror}). Pilih folder lain.") from error


def last_day(certificate: str) -> datetime | None:
    """Gives the moment (UTC) after which a certificate in PEM form is no longer valid; None for anything else."""
    from cryptography import x509

    with contextlib.suppress(ValueError):
        return x509.load_pem_x509_certificate(certificate.encode()).not_valid_after_utc
    return None


def _authority(folder: Path, now: datetime) -> tuple[Certificate, EllipticCurvePrivateKey]:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    certificate_file, key_file = folder / AUTHORITY, folder / AUTHORITY_KEY
    if certificate_file.exists() and key_file.exists():
        try:
            certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
            kept = load_pem_private_key(key_file.read_bytes(), password=None)
        except (ValueError, TypeError):
            kept = None
        if not isinstance(kept, ec.EllipticCurvePrivateKey) or kept.public_key() != certificate.public_key():
            raise Refused(f"Berkas {AUTHORITY} dan {AUTHORITY_KEY} di {folder} tidak sepasang. Pakai folder kosong.")
        return certificate, kept
    if certificate_file.exists():
        raise Refused(f"Kunci {AUTHORITY_KEY} tidak ada di {folder}. Salin dahulu dari penyimpanannya, lalu ulangi.")
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Meja PST: otoritas kantor")])
    certificate = _signed(
        _builder("Meja PST: otoritas kantor", subject, key, now, _AUTHORITY_YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
                key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False),
        key,
    )  # fmt: skip
    _write(key_file, _private(key), secret=True)
    _write(certificate_file, _public(certificate), secret=False)
    return certificate, key


def _builder(name: str, issuer: Any, key: EllipticCurvePrivateKey, now: datetime, years: int) -> CertificateBuilder:
    from cryptography import x509

    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # a workstation's clock may be behind
        .not_valid_after(now + years * _YEAR)
    )


def _signed(builder: CertificateBuilder, key: EllipticCurvePrivateKey) -> Certificate:
    from cryptography.hazmat.primitives.hashes import SHA256

    return builder.sign(key, SHA256())


def _private(key: EllipticCurvePrivateKey) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _public(certificate: Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.PEM)


def _write(file: Path, content: bytes, *, secret: bool) -> None:
    unfinished = file.with_name(f"{file.name}.belum-selesai")
    unfinished.unlink(missing_ok=True)
    mode = 0o600 if secret else 0o644
    with open(unfinished, "xb", opener=lambda path, flags: os.open(path, flags, mode)) as written:
        written.write(content)
    unfinished.replace(file)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host)
    return None
