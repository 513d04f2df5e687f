"""Common pools: stocks that players take from and that grow back, players of simple rules, and what becomes of them."""
