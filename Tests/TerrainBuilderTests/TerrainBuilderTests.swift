import Testing

@Suite struct TerrainBuilderTests {}
