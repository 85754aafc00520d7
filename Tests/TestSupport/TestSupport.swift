// TestSupport: what the tests of every layer share.
