from .certification.certificates import Certificate as Certificate
from .certification.certifying import certify as certify
from .certification.certifying import certify_escape as certify_escape
from .certification.comparisons import Containment as Containment
from .certification.comparisons import containment as containment
from .certification.probable_certificates import ProbableCertificate as ProbableCertificate
from .certification.probable_certifying import certify_in_probability as certify_in_probability
