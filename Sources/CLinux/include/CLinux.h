/// The few system calls that Glibc's module map lacks. Each returns what the call returns, with errno set.
#pragma once
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

/// `process_vm_readv(2)`. Reads only; there is deliberately no counterpart that writes.
ssize_t linux_process_vm_readv(
    pid_t pid, const struct iovec *local, unsigned long local_count, const struct iovec *remote,
    unsigned long remote_count);

/// `pidfd_open(2)`: a descriptor that becomes readable when the process ends.
int linux_pidfd_open(pid_t pid);

/// `pidfd_send_signal(2)`: no signal ever reaches a reused process id.
int linux_pidfd_send_signal(int pidfd, int signal);

/// Thread id of the caller. `pthread_self` is declared const in glibc and may be folded across threads.
pid_t linux_gettid(void);

/// `prctl(PR_SET_DUMPABLE)`.
int linux_set_dumpable(int dumpable);

/// `prctl(PR_SET_PDEATHSIG)`: the caller gets `signal` when its parent thread dies.
int linux_set_parent_death_signal(int signal);

/// `prctl(PR_SET_NAME)`: at most 15 bytes are kept.
int linux_set_thread_name(const char *name);

/// `prctl(PR_SET_TIMERSLACK)`, nanoseconds, of the calling thread.
int linux_set_timer_slack(unsigned long nanoseconds);

/// `eventfd(2)` with EFD_CLOEXEC | EFD_NONBLOCK.
int linux_eventfd(void);

/// Nanoseconds of the calling thread's CPU time.
int64_t linux_thread_cpu_nanoseconds(void);

/// CLOCK_MONOTONIC, nanoseconds.
int64_t linux_monotonic_nanoseconds(void);

/// `madvise(2)` for mapped files: 0 random, 1 sequential, 2 will need.
int linux_madvise(void *address, size_t length, int advice);

/// Atomic access to words of memory that is shared between processes (release and acquire order).
void linux_store(uint64_t *word, uint64_t value);
uint64_t linux_load(const uint64_t *word);
void linux_set_bits(uint64_t *word, uint64_t bits);
void linux_clear_bits(uint64_t *word, uint64_t bits);

/// Makes an eventfd readable.
void linux_eventfd_signal(int descriptor);

/// `ppoll(2)` with the time-out in microseconds.
int linux_poll(struct pollfd *descriptors, unsigned long count, int64_t microseconds);

/// `setresuid(2)` for the calling thread alone; glibc's own would change every thread. For tests of refused reading.
int linux_thread_set_user(uid_t user);

/// The user at the other end of a connected AF_UNIX socket (SO_PEERCRED); -1 when the kernel does not say.
int64_t linux_peer_user(int socket);
