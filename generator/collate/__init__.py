"""From two texts to everything known about the pair. Pure: no path, clock, chance, YAML or HTML."""
