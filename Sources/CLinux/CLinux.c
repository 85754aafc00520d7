#include "CLinux.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

ssize_t linux_process_vm_readv(
    pid_t pid, const struct iovec *local, unsigned long local_count, const struct iovec *remote,
    unsigned long remote_count) {
  return process_vm_readv(pid, local, local_count, remote, remote_count, 0);
}

int linux_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int linux_pidfd_send_signal(int pidfd, int signal) {
  return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

pid_t linux_gettid(void) { return (pid_t)syscall(SYS_gettid); }

int linux_set_dumpable(int dumpable) { return prctl(PR_SET_DUMPABLE, dumpable, 0, 0, 0); }

int linux_set_parent_death_signal(int signal) { return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0); }

int linux_set_thread_name(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }

int linux_set_timer_slack(unsigned long nanoseconds) { return prctl(PR_SET_TIMERSLACK, nanoseconds, 0, 0, 0); }

int linux_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

static int64_t nanoseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t linux_thread_cpu_nanoseconds(void) { return nanoseconds(CLOCK_THREAD_CPUTIME_ID); }

int64_t linux_monotonic_nanoseconds(void) { return nanoseconds(CLOCK_MONOTONIC); }

int linux_madvise(void *address, size_t length, int advice) {
  static const int advices[] = {MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED};
  if (advice < 0 || advice > 2) {
    errno = EINVAL;
    return -1;
  }
  return madvise(address, length, advices[advice]);
}

void linux_store(uint64_t *word, uint64_t value) { __atomic_store_n(word, value, __ATOMIC_RELEASE); }

uint64_t linux_load(const uint64_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }

void linux_set_bits(uint64_t *word, uint64_t bits) { __atomic_fetch_or(word, bits, __ATOMIC_ACQ_REL); }

void linux_clear_bits(uint64_t *word, uint64_t bits) { __atomic_fetch_and(word, ~bits, __ATOMIC_ACQ_REL); }

void linux_eventfd_signal(int descriptor) { eventfd_write(descriptor, 1); }

int linux_poll(struct pollfd *descriptors, unsigned long count, int64_t microseconds) {
  struct timespec timeout = {microseconds / 1000000, microseconds % 1000000 * 1000};
  return ppoll(descriptors, count, &timeout, NULL);
}

int linux_thread_set_user(uid_t user) { return (int)syscall(SYS_setresuid, user, user, user); }

int64_t linux_peer_user(int socket) {
  struct ucred credentials;
  socklen_t size = sizeof credentials;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return -1;
  return credentials.uid;
}
