import Testing

@Suite struct SessionAnalysisTests {}
