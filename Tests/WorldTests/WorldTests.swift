import Testing

@Suite struct WorldTests {}
