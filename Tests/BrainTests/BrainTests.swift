import Testing

@Suite struct BrainTests {}
