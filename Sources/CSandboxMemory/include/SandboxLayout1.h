#pragma once
#include <stdint.h>

// Layout 1: the client's first build.

struct sandbox1_root {
  char magic[16];
  uint8_t build_id[20];
  uint32_t layout;
  volatile uint32_t frame;
  uint32_t reserved;
  sandbox_pointer client;
};

struct sandbox1_client {
  sandbox_pointer type;
  sandbox_pointer own;
  sandbox_pointer target;
  sandbox_pointer pet;
  sandbox_pointer character;
  sandbox_pointer spawns;
  sandbox_pointer zone;
  sandbox_pointer windows;
  sandbox_pointer doors;
  sandbox_pointer chat;
  uint32_t clock;
};

struct sandbox1_spawns {
  sandbox_pointer head;
  sandbox_pointer tail;
  uint32_t count;
};

struct sandbox1_spawn {
  sandbox_pointer type;
  sandbox_pointer next;
  sandbox_pointer previous;
  uint32_t id;
  uint32_t flags;
  char name[64];
  float x, y, z;
  float velocity_x, velocity_y, velocity_z;
  float heading;
  float height;
  uint8_t level;
  uint8_t kind;
  uint8_t stand;
  uint8_t health_percent;
  uint16_t race;
  uint8_t class_id;
  uint8_t gender;
  uint32_t owner;
  uint32_t target;
  uint8_t appearance[64];
};

struct sandbox1_buff {
  uint16_t spell;
  uint16_t counters;
  uint32_t ticks;
  uint32_t caster;
};

struct sandbox1_gem {
  uint16_t spell;
  uint16_t icon;
  uint32_t recast;
  uint32_t recast_total;
};

struct sandbox1_character {
  sandbox_pointer type;
  uint32_t id;
  char name[64];
  uint8_t level;
  uint8_t class_id;
  uint8_t stand;
  uint8_t in_combat;
  uint8_t auto_attack;
  int32_t health, health_max;
  int32_t mana, mana_max;
  float speed;
  float experience;
  int32_t platinum, gold, silver, copper;
  int32_t weight, weight_max;
  struct sandbox1_buff buffs[16];
  struct sandbox1_gem gems[8];
  uint16_t casting_spell;
  uint32_t casting_total;
  uint32_t casting_remaining;
  sandbox_pointer inventory;
};

struct sandbox1_inventory {
  uint16_t slots_total;
  uint16_t slots_free;
  sandbox_pointer bags[8];
};

struct sandbox1_bag {
  uint16_t slot_count;
  uint16_t first_slot;
  sandbox_pointer items[16];
};

struct sandbox1_item {
  sandbox_pointer type;
  uint32_t id;
  uint16_t count;
  uint16_t slot;
  char name[64];
};

struct sandbox1_zone {
  uint16_t id;
  uint16_t phase;
  char short_name[64];
  float min_x, min_y, max_x, max_y;
  float gravity;
};

struct sandbox1_stack {
  uint32_t item;
  uint16_t count;
  uint16_t slot;
  uint32_t price;
};

struct sandbox1_windows {
  uint8_t inventory_open;
  uint8_t loot_open;
  uint8_t merchant_open;
  uint32_t loot_corpse;
  uint32_t loot_count;
  struct sandbox1_stack loot_items[48];
  uint32_t merchant_id;
  uint32_t merchant_count;
  struct sandbox1_stack merchant_items[48];
};

struct sandbox1_door {
  uint16_t id;
  uint8_t open;
  float x, y, z;
  float heading;
};

struct sandbox1_doors {
  uint32_t count;
  struct sandbox1_door entries[64];
};

struct sandbox1_chat {
  uint32_t total;
  char lines[16][64];
};
