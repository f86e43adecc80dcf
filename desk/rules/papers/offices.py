"""An office's profile, as its published standard and its own settings describe it, read for the papers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desk.errors import Refused
from desk.rules.papers.contents import BankAccount, Contact, OfficeDetails, Signatory

DEMO = "demo"


def with_demo_values(profile: Mapping[str, Any]) -> dict[str, Any]:
    """Give the profile with its invented `[demo]` values in place of what the office has not filled in yet."""
    filled = {name: value for name, value in profile.items() if name != DEMO}
    for name, value in profile.get(DEMO, {}).items():
        if not filled.get(name):
            filled[name] = value
    return filled


def office_details(profile: Mapping[str, Any]) -> OfficeDetails:
    """Give the office as papers show it. Raises Refused with a sentence while the signing official is not filled in."""
    head = profile.get("head")
    if not head:
        raise Refused(
            f"Pejabat penanda tangan {profile['name']} belum diisi. Isi nama, NIP, dan jabatan di Pengaturan."
        )
    return OfficeDetails(
        code=profile["code"],
        name=profile["name"],
        letterhead=profile["letterhead"],
        city=profile["city"],
        head=Signatory(head["name"], head["nip"], head["position"]),
        original_address=tuple(profile["original_address"]),
        proof_channel=profile["proof_channel"],
        consultation=profile["consultation"],
        complaints=tuple(Contact(entry["label"], entry["value"]) for entry in profile["complaints"]),
        address=profile.get("address", ""),
        phone=profile.get("phone", ""),
        email=profile.get("email", ""),
        website=profile.get("website", ""),
    )


def receiving_account(profile: Mapping[str, Any]) -> BankAccount | None:
    """Give the treasurer's receiving account, or None for an office that takes billing codes only."""
    account = profile.get("account")
    return BankAccount(account["bank"], account["number"], account["holder"]) if account else None
