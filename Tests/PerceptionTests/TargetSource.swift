/// A small program in C that keeps its state as `Data/layouts/example.json` says, compiled when the tests run.
///
/// `example-target SPAWNS FRAMES_PER_SECOND [churn] [undumpable] [exec]`: 0 frames per second writes without a pause.
/// Each frame puts one value into every node's x, y and z, so that a torn snapshot gives itself away. With `churn` each
/// frame frees one node and links a new one. SIGUSR1 makes it exec itself.
let targetSource = #"""
  #define _GNU_SOURCE
  #include <signal.h>
  #include <stdint.h>
  #include <stdio.h>
  #include <stdlib.h>
  #include <string.h>
  #include <sys/prctl.h>
  #include <unistd.h>

  struct spawn {
    struct spawn *next, *previous;
    uint32_t id;
    char name[64];
    float x, y, z, heading;
    uint8_t level, kind, stand, health;
    uint32_t owner;
    char rest[48];
  };
  struct gem { uint16_t spell, icon; uint32_t recast; };
  struct character { uint32_t id; int32_t health, health_max, gold, copper; uint32_t pad; struct gem gems[8]; };
  struct item { uint32_t id; uint16_t count; };
  struct bag { uint16_t count; struct item *items[3]; };
  struct client {
    struct spawn *self, *target;
    struct character *character;
    struct spawn *spawns;
    uint16_t zone, phase;
    struct bag *bags[2];
  };
  struct root {
    char magic[16];
    uint8_t build[20];
    uint32_t layout;
    volatile uint32_t frame;
    uint32_t pad;
    struct client *client;
  };
  struct root example_root = {
      .magic = "Example!", .build = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19}};

  static struct client *client;
  static struct spawn *last;
  static uint32_t next_id = 1;
  static volatile sig_atomic_t exec_wanted;
  static void on_signal(int number) { (void)number; exec_wanted = 1; }

  static void append(float value) {
    free(malloc(48 + random() % 512));
    struct spawn *node = calloc(1, sizeof *node);
    node->id = next_id++;
    snprintf(node->name, sizeof node->name, "a gnoll pup %u", node->id);
    node->x = node->y = node->z = value;
    node->level = 5;
    node->kind = node->id == 1 ? 0 : 1;
    node->health = 80;
    node->previous = last;
    if (last) last->next = node; else client->spawns = node;
    last = node;
  }

  int main(int count, char **arguments) {
    int spawns = atoi(arguments[1]), rate = atoi(arguments[2]), churn = 0;
    for (int i = 3; i < count; i++) {
      churn |= !strcmp(arguments[i], "churn");
      if (!strcmp(arguments[i], "undumpable")) prctl(PR_SET_DUMPABLE, 0);
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, 0);
    signal(SIGUSR1, on_signal);
    example_root.client = client = calloc(1, sizeof *client);
    client->character = calloc(1, sizeof *client->character);
    *client->character = (struct character){.id = 1, .health = 90, .health_max = 100};
    client->zone = 7;
    client->phase = 5;
    for (int i = 0; i <= spawns; i++) append(1);
    client->self = client->spawns;
    for (int i = 0; i < 2; i++) {
      client->bags[i] = calloc(1, sizeof(struct bag));
      client->bags[i]->count = 2;
      for (int j = 0; j < 2; j++) {
        client->bags[i]->items[j] = calloc(1, sizeof(struct item));
        client->bags[i]->items[j]->id = 10 * i + j + 1;
        client->bags[i]->items[j]->count = 1;
      }
    }
    puts("ready");
    fflush(stdout);
    for (uint32_t frame = 1;; frame++) {
      if (exec_wanted) execv("/proc/self/exe", arguments);
      __atomic_store_n(&example_root.frame, frame * 2 - 1, __ATOMIC_SEQ_CST);
      float value = frame % 1000;
      for (struct spawn *node = client->spawns; node; node = node->next) node->x = node->y = node->z = value;
      if (churn) {
        struct spawn *gone = client->spawns->next;
        client->spawns->next = gone->next;
        gone->next->previous = client->spawns;
        memset(gone, 0x5A, sizeof *gone);
        free(gone);
        append(value);
      }
      __atomic_store_n(&example_root.frame, frame * 2, __ATOMIC_SEQ_CST);
      if (rate) usleep(1000000 / rate);
    }
  }
  """#
