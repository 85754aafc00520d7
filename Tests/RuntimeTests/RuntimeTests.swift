import Testing

@Suite struct RuntimeTests {}
