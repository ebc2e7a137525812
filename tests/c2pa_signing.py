"""Signs files with C2PA manifests, by certificates that are made here and nobody else trusts.

    python tests/c2pa_signing.py

makes pipeline/opening/child/trust/signed_sample.jpg, on which the process that opens files warms up.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from origin_files import VOCABULARY

SAMPLE = Path(__file__).parents[1] / "pipeline" / "opening" / "child" / "trust" / "signed_sample.jpg"
_START = datetime(2025, 1, 1, tzinfo=UTC)
_YEARS = timedelta(days=365 * 30)


@dataclass(frozen=True, slots=True)
class Signer:
    """A certificate with its issuer's as PEM, the private key, and the root that a trust list would name."""

    chain: str
    key: str
    root: str


@cache
def signer(name: str = "Test Camera") -> Signer:
    """A signer by a root of its own."""
    root_key, leaf_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = _name("Test Root", "Test Authority")
    ends = _START + _YEARS
    root = (
        _begin(root_name, root_name, root_key.public_key(), _START - _YEARS, ends)
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        .add_extension(_usage(cert=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        _begin(_name(name, f"{name} Maker"), root_name, leaf_key.public_key(), _START, ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(cert=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(leaf_key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False
        )
        .sign(root_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    key = leaf_key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    tops = root.public_bytes(pem).decode()
    return Signer(leaf.public_bytes(pem).decode() + tops, key, tops)


def _name(common: str, organization: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, common),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
        ]
    )


def _begin(
    subject: x509.Name, issuer: x509.Name, key: Any, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
    )


def _usage(*, cert: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not cert,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=cert,
        crl_sign=cert,
        encipher_only=False,
        decipher_only=False,
    )


def created(term: str, *, tool: str = "Test Camera 1", when: str = "2026-03-09T10:15:22Z") -> dict[str, Any]:
    """The action of a file that was made from nothing."""
    return {
        "action": "c2pa.created",
        "when": when,
        "softwareAgent": {"name": tool},
        "digitalSourceType": VOCABULARY + term,
    }


def signed(
    data: bytes,
    mime: str,
    actions: Iterable[Mapping[str, Any]],
    by: Signer | None = None,
    *,
    tool: str = "Test Camera",
    assertions: Iterable[Mapping[str, Any]] = (),
    ingredients: Iterable[tuple[Mapping[str, Any], str, bytes]] = (),
) -> bytes:
    """The file with a manifest; ``ingredients``: what is said of each, its type and its bytes."""
    who = by or signer()
    manifest = {
        "claim_generator_info": [{"name": tool, "version": "1.0"}],
        "title": "picture",
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": list(actions)}}, *assertions],
    }
    info = c2pa.C2paSignerInfo(b"es256", who.chain.encode(), who.key.encode(), None)
    settings = {"verify": {"verify_after_sign": False}, "builder": {"thumbnail": {"enabled": False}}}
    out = io.BytesIO()
    with (
        c2pa.Context.from_dict(settings) as context,
        c2pa.Signer.from_info(info) as signing,
        c2pa.Builder(json.dumps(manifest), context=context) as builder,
    ):
        for about, kind, body in ingredients:
            builder.add_ingredient(json.dumps(about), kind, io.BytesIO(body))
        builder.sign(signing, mime, io.BytesIO(data), out)
    return out.getvalue()


if __name__ == "__main__":
    from origin_files import still

    SAMPLE.write_bytes(signed(still("JPEG"), "image/jpeg", [created("digitalCapture")]))
