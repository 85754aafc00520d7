import Testing

@Suite struct RoutinesTests {}
