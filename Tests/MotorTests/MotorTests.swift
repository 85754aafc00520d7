import Testing

@Suite struct MotorTests {}
