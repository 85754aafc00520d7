#include "CSandboxMemory.h"

#include <stddef.h>
#include <string.h>

#define FIELD1(type, field) .type##_##field = offsetof(struct sandbox1_##type, field),
#define STRUCT1(type) .size_##type = sizeof(struct sandbox1_##type),
#define FIELD2(type, field) .type##_##field = offsetof(struct sandbox2_##type, field),
#define STRUCT2(type) .size_##type = sizeof(struct sandbox2_##type),

static const sandbox_layout_table layouts[2] = {
    {
        .version = 1,
        .build_id = {0x5c, 0x1f, 0x8e, 0x03, 0xa7, 0x44, 0x19, 0xd2, 0x6b, 0x90,
                     0x2e, 0xf5, 0x71, 0xc8, 0x0d, 0x36, 0xba, 0x4f, 0xe1, 0x01},
        SANDBOX_FIELDS(FIELD1) SANDBOX_STRUCTS(STRUCT1)
    },
    {
        .version = 2,
        .build_id = {0xe3, 0x62, 0x0b, 0x9d, 0x58, 0xc4, 0x7f, 0x21, 0xae, 0x16,
                     0xd9, 0x85, 0x3c, 0x47, 0xf0, 0x6a, 0x12, 0xb8, 0x9e, 0x02},
        SANDBOX_FIELDS(FIELD2) SANDBOX_STRUCTS(STRUCT2)
    },
};

const sandbox_layout_table *sandbox_layout(int version) {
  return version == 1 || version == 2 ? &layouts[version - 1] : NULL;
}

// In the writable data segment because it begins with something else than zeros.
__attribute__((used, visibility("default"), aligned(64))) uint8_t compass_sandbox_root[sandbox_root_bytes] = {
    'C', 'o', 'm', 'p', 'a', 's', 's', 0x1b, 'S', 'a', 'n', 'd', 'b', 'o', 'x', 0xa7};

void *sandbox_root(void) { return compass_sandbox_root; }

void sandbox_copy_magic(void *destination) { memcpy(destination, compass_sandbox_root, 16); }

void sandbox_publish_frame(void *counter, uint32_t frame) {
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  __atomic_store_n((uint32_t *)counter, frame, __ATOMIC_RELEASE);
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
}
