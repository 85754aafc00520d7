#pragma once
#include <stdint.h>

// Layout 2: a later build. Things were added and sorted anew, as happens to real clients.

struct sandbox2_root {
  char magic[16];
  uint8_t build_id[20];
  uint32_t layout;
  sandbox_pointer reserved[3];
  sandbox_pointer client;
  uint64_t session;
  volatile uint32_t frame;
};

struct sandbox2_client {
  sandbox_pointer type;
  sandbox_pointer renderer;
  uint32_t clock;
  uint32_t flags;
  sandbox_pointer zone;
  sandbox_pointer spawns;
  sandbox_pointer character;
  sandbox_pointer own;
  sandbox_pointer pet;
  sandbox_pointer target;
  sandbox_pointer chat;
  sandbox_pointer doors;
  sandbox_pointer windows;
};

struct sandbox2_spawns {
  sandbox_pointer type;
  uint32_t count;
  uint32_t capacity;
  sandbox_pointer head;
  sandbox_pointer tail;
};

struct sandbox2_spawn {
  sandbox_pointer type;
  sandbox_pointer previous;
  sandbox_pointer next;
  float height;
  float y, x, z;
  float heading;
  float velocity_y, velocity_x, velocity_z;
  uint32_t owner;
  uint32_t target;
  uint32_t id;
  uint16_t race;
  uint8_t kind;
  uint8_t level;
  uint8_t class_id;
  uint8_t gender;
  uint8_t health_percent;
  uint8_t stand;
  uint8_t appearance[96];
  char name[64];
  uint32_t flags;
};

struct sandbox2_buff {
  uint32_t caster;
  uint32_t ticks;
  uint16_t spell;
  uint16_t counters;
  uint32_t modifier;
};

struct sandbox2_gem {
  uint32_t recast_total;
  uint32_t recast;
  uint16_t spell;
  uint16_t icon;
};

struct sandbox2_character {
  sandbox_pointer type;
  sandbox_pointer inventory;
  char name[64];
  uint32_t id;
  int32_t health_max, health;
  int32_t mana_max, mana;
  int32_t stamina;
  float experience;
  float speed;
  uint8_t stand;
  uint8_t level;
  uint8_t class_id;
  uint8_t auto_attack;
  uint8_t in_combat;
  struct sandbox2_gem gems[8];
  uint32_t casting_remaining;
  uint32_t casting_total;
  uint16_t casting_spell;
  struct sandbox2_buff buffs[16];
  int32_t weight, weight_max;
  int32_t copper, silver, gold, platinum;
};

struct sandbox2_inventory {
  sandbox_pointer type;
  sandbox_pointer bags[8];
  uint16_t slots_free;
  uint16_t slots_total;
};

struct sandbox2_bag {
  sandbox_pointer type;
  uint16_t first_slot;
  uint16_t slot_count;
  sandbox_pointer items[16];
};

struct sandbox2_item {
  sandbox_pointer type;
  char name[64];
  uint16_t slot;
  uint16_t count;
  uint32_t id;
};

struct sandbox2_zone {
  char short_name[64];
  uint32_t weather;
  uint16_t phase;
  uint16_t id;
  float gravity;
  float min_y, min_x, max_y, max_x;
};

struct sandbox2_stack {
  uint16_t slot;
  uint16_t count;
  uint32_t item;
  uint32_t price;
  uint32_t icon;
};

struct sandbox2_windows {
  uint32_t merchant_id;
  uint32_t merchant_count;
  uint8_t merchant_open;
  uint8_t loot_open;
  uint8_t inventory_open;
  struct sandbox2_stack merchant_items[48];
  struct sandbox2_stack loot_items[48];
  uint32_t loot_count;
  uint32_t loot_corpse;
};

struct sandbox2_door {
  float x, y, z;
  float heading;
  uint16_t id;
  uint8_t open;
};

struct sandbox2_doors {
  uint32_t capacity;
  uint32_t count;
  struct sandbox2_door entries[64];
};

struct sandbox2_chat {
  char lines[16][64];
  uint32_t total;
};
