/*! Ed25519: noble-ed25519 3.2.0's verification - MIT License (c) 2019 Paul Miller (paulmillr.com) */
/* What noble-ed25519 does in verifyAsync(…, {zip215: false}), with the same formulas and the same refusals, and nothing else of
   it. Checking knows no secret, so what guards a secret's timing is left out, and tables that make it quicker too: a check
   takes some milliseconds. Constants are computed as RFC 8032, 5.1 defines them. Points are [X, Y, Z, T], extended coordinates. */
const isSignedByLibrary = (() => {
const P = 2n ** 255n - 19n, ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (a, m = P) => (a %= m) < 0n ? a + m : a;
const power = (x, n) => { let r = 1n; for (; n; n >>= 1n) { if (n & 1n) r = mod(r * x); x = mod(x * x); } return r; };
const D = mod(-121665n * power(121666n, P - 2n)), ROOT = power(2n, (P - 1n) / 4n);
const little = b => b.reduceRight((n, x) => n << 8n | BigInt(x), 0n);
/* RFC 8032, 5.1.3; throws where there is no such point. */
const lift = (y, odd) => {
  const u = mod(y * y - 1n), v = mod(D * y * y + 1n);
  let x = mod(u * v ** 3n * power(mod(u * v ** 7n), (P - 5n) / 8n));
  if (mod(v * x * x) !== u) x = mod(x * ROOT);
  if (y >= P || mod(v * x * x) !== u || !x && odd) throw new Error("point");
  if ((x & 1n) !== odd) x = P - x;
  return [x, y, 1n, mod(x * y)];
};
const point = b => { const n = little(b); return lift(n & 2n ** 255n - 1n, n >> 255n); };
/* hwcd-2008, complete: it doubles, too. */
const plus = ([x, y, z, t], [X, Y, Z, T]) => {
  const a = x * X, b = y * Y, c = mod(t * T) * D, d = z * Z, e = mod((x + y) * (X + Y) - a - b), f = mod(d - c), g = mod(d + c), h = mod(b + a);
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
};
const times = (p, n) => { let r = [0n, 1n, 1n, 0n]; for (; n; n >>= 1n) { if (n & 1n) r = plus(r, p); p = plus(p, p); } return r; };
const isZero = ([x, y, z]) => !x && y === z;
return async (key, signature, message) => {
  try {
    const r = signature.subarray(0, 32), s = little(signature.subarray(32)), a = point(key), b = lift(mod(4n * power(5n, P - 2n)), 0n);
    const hashed = new Uint8Array(await crypto.subtle.digest("SHA-512", new Uint8Array([...r, ...key, ...message])));
    if (s >= ORDER || isZero(times(a, 8n))) return false;
    const [x, y, z, t] = times(b, s);
    return isZero(times(plus(plus(point(r), times(a, mod(little(hashed), ORDER))), [mod(-x), y, z, mod(-t)]), 8n));
  } catch (error) { return false; }
};
})();
