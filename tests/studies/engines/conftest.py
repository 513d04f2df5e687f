"""Where workers find the module whose work they do."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
