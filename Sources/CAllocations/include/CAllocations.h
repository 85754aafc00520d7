/// Counts heap allocations of the program it is linked into, by standing in front of malloc.
#pragma once
#include <stdint.h>

/// Allocations made by the calling thread since it started (malloc, calloc, realloc, aligned forms).
uint64_t allocations_of_thread(void);
