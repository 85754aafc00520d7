import Testing

@Suite struct WorldModelTests {}
