// TerrainBuilder: zone assets in, terrain file out; pictures.
