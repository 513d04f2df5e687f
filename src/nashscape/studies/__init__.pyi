from .findings import Findings as Findings
from .findings import one_estimate as one_estimate
from .findings import one_number as one_number
from .study import Study as Study
from .toml_files import read_study as read_study
from .toml_texts import write_study as write_study
