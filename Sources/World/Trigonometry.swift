import Glibc

/// Sine and cosine of an angle in radians.
func sineAndCosine(_ radians: Double) -> (sine: Double, cosine: Double) {
  (sin(radians), cos(radians))
}

func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
