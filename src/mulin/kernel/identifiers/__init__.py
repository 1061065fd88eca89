"""Numbers and names that point at a thing or a person: made, checked, brought to one form, and masked."""

from mulin.kernel.identifiers.credit_codes import CreditCode, check_credit_code
from mulin.kernel.identifiers.masking import mask_address, mask_name, mask_phone, mask_resident_id
from mulin.kernel.identifiers.phones import is_mobile, normalise_phone
from mulin.kernel.identifiers.public_ids import (
    PUBLIC_ID_LENGTH,
    UNAMBIGUOUS,
    new_public_id,
    new_secret,
)
from mulin.kernel.identifiers.resident_ids import ResidentId, Sex, check_resident_id
from mulin.kernel.identifiers.short_codes import new_short_code, normalise_short_code, short_code

__all__ = [
    "PUBLIC_ID_LENGTH",
    "UNAMBIGUOUS",
    "CreditCode",
    "ResidentId",
    "Sex",
    "check_credit_code",
    "check_resident_id",
    "is_mobile",
    "mask_address",
    "mask_name",
    "mask_phone",
    "mask_resident_id",
    "new_public_id",
    "new_secret",
    "new_short_code",
    "normalise_phone",
    "normalise_short_code",
    "short_code",
]
