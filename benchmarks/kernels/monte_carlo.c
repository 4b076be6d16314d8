// Pi by a linear congruence; see monte_carlo.py.
#include "check.h"

int run(int64_t samples, int64_t seed, double *result) {
  uint64_t state = (uint64_t)seed;
  int64_t hits = 0;
  for (int64_t n = 0; n < samples; n++) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    double x = (double)(state >> 11) / 9007199254740992.0;
    state = state * 6364136223846793005u + 1442695040888963407u;
    double y = (double)(state >> 11) / 9007199254740992.0;
    if (x * x + y * y < 1.0)
      hits++;
  }
  *result = 4.0 * (double)hits / (double)samples;
  return 0;
}
