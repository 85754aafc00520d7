#include "CSandboxMemory.h"
