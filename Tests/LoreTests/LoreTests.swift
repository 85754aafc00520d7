import Testing

@Suite struct LoreTests {}
