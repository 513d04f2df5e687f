"""Building teams: which team to bring unseen, and whether what was learnt with some teams carries over to others."""
