/// The sandbox client's memory, as a foreign program would have it. Only the sandbox's side includes this file:
/// an agent knows the layout from `Data/layouts/` alone.
#pragma once
#include <stdint.h>
