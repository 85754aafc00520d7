import Glibc

// Elementary functions, named apart from the standard library's so that their users need no system module.

/// e^x.
func exponential(_ x: Double) -> Double { exp(x) }

/// x^y.
func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }

/// Natural logarithm.
func logarithm(_ x: Double) -> Double { log(x) }
