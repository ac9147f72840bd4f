const LN_SQRT_2PI = 0.918938533204672741780329736406;
/** Bernoulli terms of Stirling's series 1/12n − 1/360n³ + …; from 15 on the rest is below 1e-15. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188];
const STIRLING_FROM = 15;
const PRECISION = 1e-15;
const TINY = 1e-300;
/** Reached only beyond 1e12; about the root of the larger argument is needed. */
const MAX_STEPS = 5_000_000;

/** I_x(p, q) and its complement, 0 < x < 1 and p, q > 0, to about 1e-12 also where both are in the millions. */
export function regularizedBeta(x: number, p: number, q: number): { lower: number; upper: number } {
  const density = Math.exp(logDensity(x, p, q));
  // The fraction converges fast below the mean only.
  if (x <= (p + 1) / (p + q + 2)) {
    const lower = Math.min(1, (density * continuedFraction(x, p, q)) / p);
    return { lower, upper: 1 - lower };
  }
  const upper = Math.min(1, (density * continuedFraction(1 - x, q, p)) / q);
  return { lower: 1 - upper, upper };
}

/** ln of x^p (1−x)^q / B(p, q), by deviances from the mean: the large terms that would cancel never appear (Loader 2000). */
function logDensity(x: number, p: number, q: number): number {
  const n = p + q;
  const corrections = stirlingError(n) - stirlingError(p) - stirlingError(q);
  return corrections - deviance(p, n * x) - deviance(q, n * (1 - x)) + 0.5 * (Math.log(p) + Math.log(q) - Math.log(n)) - LN_SQRT_2PI;
}

/** ln Γ(n+1) less Stirling's formula. */
function stirlingError(n: number): number {
  if (n >= STIRLING_FROM) return STIRLING.reduceRight((sum, term) => sum / (n * n) + term, 0) / n;
  let shifted = n;
  let product = 1;
  while (shifted < STIRLING_FROM) {
    shifted += 1;
    product *= shifted;
  }
  const logGammaShifted = (shifted + 0.5) * Math.log(shifted) - shifted + LN_SQRT_2PI + stirlingError(shifted);
  return logGammaShifted - Math.log(product) - ((n + 0.5) * Math.log(n) - n + LN_SQRT_2PI);
}

/** x·ln(x/mean) − x + mean, exact also where both are nearly equal. */
function deviance(x: number, mean: number): number {
  const difference = x - mean;
  if (Math.abs(difference) >= 0.1 * (x + mean)) return x * Math.log(x / mean) - difference;
  const ratio = difference / (x + mean);
  let sum = difference * ratio;
  let term = 2 * x * ratio;
  for (let i = 1; i < 1000; i += 1) {
    term *= ratio * ratio;
    const next = sum + term / (2 * i + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/** Lentz's method for the continued fraction of the incomplete beta function. */
function continuedFraction(x: number, p: number, q: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((p + q) * x) / (p + 1));
  let value = d;
  for (let m = 1; m <= MAX_STEPS; m += 1) {
    const even = (m * (q - m) * x) / ((p + 2 * m - 1) * (p + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    value *= d * c;
    const odd = (-(p + m) * (p + q + m) * x) / ((p + 2 * m) * (p + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < PRECISION) break;
  }
  return value;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
