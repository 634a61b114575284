// The elementwise operations themselves, each a loop that the compiler turns into vector instructions.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__) && defined(__linux__)
#define FOR_EVERY_PROCESSOR __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define FOR_EVERY_PROCESSOR
#endif

namespace elementwise {

// The codes of expression.ts.
enum Code : int64_t { kAdd, kSub, kMul, kDiv, kMaximum, kMinimum, kSquaredDifference, kNeg, kSquare, kSqrt, kRsqrt, kSigmoid };

// e^x to 2 units in the last place: x = n ln 2 + r, a polynomial in r, and n added to the exponent.
inline float Exp(float x) {
  x = std::min(std::max(x, -87.0f), 88.0f);
  const float shifted = x * 1.44269504088896341f + 12582912.0f;  // 1.5 · 2²³: the fraction is rounded away
  const float n = shifted - 12582912.0f;
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  int32_t bits;
  std::memcpy(&bits, &p, 4);
  bits += static_cast<int32_t>(n) << 23;
  std::memcpy(&p, &bits, 4);
  return p;
}

FOR_EVERY_PROCESSOR
inline void Apply(int64_t code, int64_t n, float *__restrict out, const float *__restrict a, const float *__restrict b) {
#define EACH(expression) \
  for (int64_t i = 0; i < n; ++i) out[i] = expression; \
  return
  switch (code) {
    case kAdd: EACH(a[i] + b[i]);
    case kSub: EACH(a[i] - b[i]);
    case kMul: EACH(a[i] * b[i]);
    case kDiv: EACH(a[i] / b[i]);
    case kMaximum: EACH(a[i] < b[i] ? b[i] : a[i]);
    case kMinimum: EACH(b[i] < a[i] ? b[i] : a[i]);
    case kSquaredDifference: EACH((a[i] - b[i]) * (a[i] - b[i]));
    case kNeg: EACH(-a[i]);
    case kSquare: EACH(a[i] * a[i]);
    case kSqrt: EACH(std::sqrt(a[i]));
    case kRsqrt: EACH(1.0f / std::sqrt(a[i]));
    case kSigmoid: EACH(1.0f / (1.0f + Exp(-a[i])));
  }
#undef EACH
}

}  // namespace elementwise
