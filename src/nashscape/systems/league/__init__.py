"""FightLadder: a league of fighters and what else grows from self-play, and what there is to exploit in each."""
