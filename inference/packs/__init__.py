"""Model packs: their manifest, and the store that finds and verifies them; no model runtime."""
