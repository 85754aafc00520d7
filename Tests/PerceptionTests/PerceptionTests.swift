import Testing

@Suite struct PerceptionTests {}
