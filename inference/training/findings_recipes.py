"""All finding networks of the embedded drafting pack, by the name of their files."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from inference.training.findings_regions import BRAIN, CHEST, HEAD, RegionRecipe

RECIPES: Mapping[str, RegionRecipe] = MappingProxyType(
    {recipe.name: recipe for recipe in (CHEST, HEAD, BRAIN)}
)
