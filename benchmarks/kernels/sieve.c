// The sieve of Eratosthenes; see sieve.py.
#include "check.h"

int run(uint8_t *prime, int64_t limit, int64_t *result) {
  for (int64_t n = 0; n < limit; n++)
    prime[AT(n, limit)] = n >= 2;
  for (int64_t n = 2; n * n < limit; n++)
    if (prime[AT(n, limit)])
      for (int64_t multiple = n * n; multiple < limit; multiple += n)
        prime[AT(multiple, limit)] = 0;
  int64_t count = 0;
  for (int64_t n = 0; n < limit; n++)
    if (prime[AT(n, limit)])
      count++;
  *result = count;
  return 0;
}
