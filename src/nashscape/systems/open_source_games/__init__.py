"""Parametric open-source games (arXiv 2606.27068): players whose behaviour reads the parameters of the others."""
