"""Where outcomes change: borders of basins, and crossings of lines."""
