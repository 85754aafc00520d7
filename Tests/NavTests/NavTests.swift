import Testing

@Suite struct NavTests {}
