"""What browsers are asked to sign with passkeys, and whether they did: py_webauthn behind four functions. No I/O.

Loaded only when somebody uses a passkey: with what it needs for attestations, which are not asked for, it takes 60 ms
and 10 MiB.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import webauthn
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

WRONG = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError)  # whatever a browser may send


def to_register(
    *, rp_id: str, rp_name: str, user_id: bytes, user_name: str, shown: str, challenge: bytes, known: Sequence[bytes]
) -> str:
    """What a browser is asked to make a passkey, as JSON; ``known``: credentials that are kept already."""
    options = webauthn.generate_registration_options(
        rp_id=rp_id,
        rp_name=rp_name,
        user_id=user_id,
        user_name=user_name,
        user_display_name=shown,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=_named(known),
    )
    return webauthn.options_to_json(options)


def to_sign(*, rp_id: str, challenge: bytes, known: Sequence[bytes], verified: bool) -> str:
    """What a browser is asked to sign, as JSON; ``verified``: with a finger, a face or a PIN."""
    wanted = UserVerificationRequirement.REQUIRED if verified else UserVerificationRequirement.DISCOURAGED
    options = webauthn.generate_authentication_options(
        rp_id=rp_id, challenge=challenge, allow_credentials=_named(known), user_verification=wanted
    )
    return webauthn.options_to_json(options)


def _named(credentials: Sequence[bytes]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=one) for one in credentials]


def registered(said: Mapping[str, Any], *, challenge: bytes, rp_id: str, origin: str) -> VerifiedRegistration | None:
    """The passkey that was made; None when it is not what was asked for."""
    try:
        return webauthn.verify_registration_response(
            credential=dict(said), expected_challenge=challenge, expected_rp_id=rp_id, expected_origin=origin
        )
    except WRONG:
        return None


def credential_of(said: Mapping[str, Any]) -> bytes:
    """Which passkey signed, as it says; b"" when that cannot be read."""
    try:
        return base64url_to_bytes(str(said.get("id", "")))
    except ValueError:
        return b""


def signed(
    said: Mapping[str, Any], *, challenge: bytes, rp_id: str, origin: str, public: bytes, counter: int, verified: bool
) -> VerifiedAuthentication | None:
    """What was signed; None when it was not what was asked for, or not by this key."""
    try:
        return webauthn.verify_authentication_response(
            credential=dict(said),
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=origin,
            credential_public_key=public,
            credential_current_sign_count=counter,
            require_user_verification=verified,
        )
    except WRONG:
        return None
