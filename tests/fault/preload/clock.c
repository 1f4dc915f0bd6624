// Shifts the wall clock, and only that: by as many seconds as the file FAULT_CLOCK_SHIFT has in its
// first eight bytes, a signed number in the machine's own order. Whoever writes there sets the
// clock of the running process.
//
// The system is called directly, so that this works below and above a sanitizer's own versions.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t* shift;

__attribute__((constructor)) static void find_shift(void) {
  const char* file = getenv("FAULT_CLOCK_SHIFT");
  if (!file) return;
  const int fd = open(file, O_RDONLY | O_CLOEXEC);
  if (fd < 0) abort();
  void* mapped = mmap(0, sizeof *shift, PROT_READ, MAP_SHARED, fd, 0);
  if (mapped == MAP_FAILED) abort();
  close(fd);
  shift = mapped;
}

int clock_gettime(clockid_t clock, struct timespec* now) {
  const int status = (int)syscall(SYS_clock_gettime, clock, now);
  if (status == 0 && shift && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
    now->tv_sec += *shift;
  return status;
}

int gettimeofday(struct timeval* restrict now, void* restrict zone) {
  (void)zone;
  struct timespec precise;
  if (clock_gettime(CLOCK_REALTIME, &precise) != 0) return -1;
  now->tv_sec = precise.tv_sec;
  now->tv_usec = precise.tv_nsec / 1000;
  return 0;
}

time_t time(time_t* to) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (to) *to = now.tv_sec;
  return now.tv_sec;
}
