from .verifications import Verification as Verification
from .verifying import verify_certificate as verify_certificate
