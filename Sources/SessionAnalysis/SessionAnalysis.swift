// SessionAnalysis: reading sessions back.
