/// The sandbox client's memory, as a foreign program would have it. Only the sandbox's side includes this file:
/// an agent knows the layout from `Data/layouts/` alone.
///
/// The structs stand twice, `sandbox1_…` and `sandbox2_…`: the second is a later build of the same client with its
/// fields moved and another build id. Field types are the same in both; only places and sizes differ, so the writer
/// works from the table of offsets that `sandbox_layout` gives.
///
/// Numbers as real clients keep them: positions and headings are floats (heading 0..512, 0 north, 128 east), money is
/// split into four coins, names are `char[64]`, health of others is a percentage, buffs count 6 s ticks, recast
/// and casting times are milliseconds. Pointers are 64 bits wide, 0 where there is nothing.
#pragma once
#include <stdint.h>

/// An address in the client; an integer, because an arena of a simulation has addresses of its own.
typedef uint64_t sandbox_pointer;

enum {
  sandbox_name_bytes = 64,
  sandbox_chat_bytes = 64,
  sandbox_chat_lines = 16,
  sandbox_buff_slots = 16,
  sandbox_gem_slots = 8,
  /// Bags that a character carries.
  sandbox_bag_count = 8,
  /// Slots of one bag, at most.
  sandbox_bag_slots = 16,
  sandbox_window_slots = 48,
  sandbox_door_capacity = 64,
  /// Spell number of an empty gem, buff slot or casting block.
  sandbox_no_spell = 0xFFFF,
  /// Bytes kept for the root object, whichever layout is in use.
  sandbox_root_bytes = 256,
};

/// What `kind` of a spawn says.
enum { sandbox_kind_player = 0, sandbox_kind_npc = 1, sandbox_kind_pet = 2, sandbox_kind_corpse = 3 };

/// What `stand` says, of the character and of spawns.
enum {
  sandbox_stand_standing = 0,
  sandbox_stand_sitting = 1,
  sandbox_stand_feigned = 2,
  sandbox_stand_swimming = 3,
  sandbox_stand_dead = 4,
  sandbox_stand_fleeing = 5,
};

/// What `phase` of the zone block says.
enum { sandbox_phase_playing = 5, sandbox_phase_loading = 3 };

#include "SandboxLayout1.h"
#include "SandboxLayout2.h"

/// Every field that the mirror writes: struct, field.
#define SANDBOX_FIELDS(FIELD)                                                                                          \
  FIELD(root, magic) FIELD(root, build_id) FIELD(root, layout) FIELD(root, frame) FIELD(root, client)                  \
  FIELD(client, character) FIELD(client, spawns) FIELD(client, own) FIELD(client, target) FIELD(client, pet)          \
  FIELD(client, zone) FIELD(client, windows) FIELD(client, doors) FIELD(client, chat) FIELD(client, clock)             \
  FIELD(spawns, head) FIELD(spawns, tail) FIELD(spawns, count)                                                         \
  FIELD(spawn, type) FIELD(spawn, next) FIELD(spawn, previous) FIELD(spawn, id) FIELD(spawn, name) FIELD(spawn, x)     \
  FIELD(spawn, y) FIELD(spawn, z) FIELD(spawn, velocity_x) FIELD(spawn, velocity_y) FIELD(spawn, velocity_z)           \
  FIELD(spawn, heading) FIELD(spawn, level) FIELD(spawn, kind) FIELD(spawn, stand) FIELD(spawn, health_percent)        \
  FIELD(spawn, race) FIELD(spawn, class_id) FIELD(spawn, owner) FIELD(spawn, target) FIELD(spawn, height)              \
  FIELD(character, id) FIELD(character, name) FIELD(character, health) FIELD(character, health_max)                    \
  FIELD(character, mana) FIELD(character, mana_max) FIELD(character, level) FIELD(character, class_id)                 \
  FIELD(character, stand) FIELD(character, in_combat) FIELD(character, auto_attack) FIELD(character, speed)            \
  FIELD(character, experience) FIELD(character, platinum) FIELD(character, gold) FIELD(character, silver)              \
  FIELD(character, copper) FIELD(character, weight) FIELD(character, weight_max) FIELD(character, buffs)               \
  FIELD(character, gems) FIELD(character, casting_spell) FIELD(character, casting_total)                               \
  FIELD(character, casting_remaining) FIELD(character, inventory)                                                      \
  FIELD(buff, spell) FIELD(buff, ticks) FIELD(buff, caster)                                                            \
  FIELD(gem, spell) FIELD(gem, recast) FIELD(gem, recast_total)                                                        \
  FIELD(inventory, slots_total) FIELD(inventory, slots_free) FIELD(inventory, bags)                                    \
  FIELD(bag, slot_count) FIELD(bag, first_slot) FIELD(bag, items)                                                      \
  FIELD(item, type) FIELD(item, id) FIELD(item, count) FIELD(item, slot) FIELD(item, name)                             \
  FIELD(zone, id) FIELD(zone, phase) FIELD(zone, short_name) FIELD(zone, min_x) FIELD(zone, min_y)                     \
  FIELD(zone, max_x) FIELD(zone, max_y) FIELD(zone, gravity)                                                           \
  FIELD(windows, loot_open) FIELD(windows, loot_corpse) FIELD(windows, loot_count) FIELD(windows, loot_items)          \
  FIELD(windows, merchant_open) FIELD(windows, merchant_id) FIELD(windows, merchant_count)                             \
  FIELD(windows, merchant_items) FIELD(windows, inventory_open)                                                        \
  FIELD(stack, item) FIELD(stack, count) FIELD(stack, slot) FIELD(stack, price)                                        \
  FIELD(doors, count) FIELD(doors, entries)                                                                            \
  FIELD(door, id) FIELD(door, open) FIELD(door, x) FIELD(door, y) FIELD(door, z) FIELD(door, heading)                  \
  FIELD(chat, total) FIELD(chat, lines)

/// Every struct that the mirror allocates or strides over.
#define SANDBOX_STRUCTS(STRUCT)                                                                                        \
  STRUCT(root) STRUCT(client) STRUCT(spawns) STRUCT(spawn) STRUCT(character) STRUCT(buff) STRUCT(gem)                  \
  STRUCT(inventory) STRUCT(bag) STRUCT(item) STRUCT(zone) STRUCT(windows) STRUCT(stack) STRUCT(doors) STRUCT(door)     \
  STRUCT(chat)

/// Offsets and sizes of one build of the client, in bytes.
typedef struct {
  uint32_t version;
  uint8_t build_id[20];
#define FIELD(type, field) uint32_t type##_##field;
  SANDBOX_FIELDS(FIELD)
#undef FIELD
#define STRUCT(type) uint32_t size_##type;
  SANDBOX_STRUCTS(STRUCT)
#undef STRUCT
} sandbox_layout_table;

/// The table of layout 1 or 2; null for any other number.
const sandbox_layout_table *sandbox_layout(int version);

/// The client's root object, the global `compass_sandbox_root` of its data segment. Others find it by that name or by
/// the 16 bytes it begins with.
void *sandbox_root(void);

/// Copies the 16 bytes that the root begins with; they stand nowhere else in the program.
void sandbox_copy_magic(void *destination);

/// Writes the frame counter with release order, so that no other write of the frame moves past it.
void sandbox_publish_frame(void *counter, uint32_t frame);
