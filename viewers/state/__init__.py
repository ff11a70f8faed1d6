"""How volumes are looked at, as frozen values."""
