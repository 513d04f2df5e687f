"""Certificates checked by other means than those that made them: ball arithmetic, and nothing else of this library."""

from nashscape.checking.verifications import Verification
from nashscape.checking.verifying import verify_certificate

__all__ = ["Verification", "verify_certificate"]
