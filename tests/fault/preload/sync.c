// Makes fsync and fdatasync fail, as a broken disk does: for files whose name now matches
// FAULT_SYNC_PATH (a pattern as in the shell), from the FAULT_SYNC_FROM-th such call on, for ever.
// Calls count once the file FAULT_SYNC_CALLS is there; from then on each is a line in it: "ok PATH"
// or "failed PATH".
//
// The system is called directly, so that this works below and above a sanitizer's own versions.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_long calls;

static void tell(const char* file, const char* outcome, const char* path) {
  char line[4200];
  const int length = snprintf(line, sizeof line, "%s %s\n", outcome, path);
  const int fd = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_APPEND | O_CLOEXEC);
  if (fd < 0 || syscall(SYS_write, fd, line, (size_t)length) != length) abort();
  syscall(SYS_close, fd);
}

static int sync_or_fail(long number, int fd) {
  const char* pattern = getenv("FAULT_SYNC_PATH");
  const char* from = getenv("FAULT_SYNC_FROM");
  const char* file = getenv("FAULT_SYNC_CALLS");
  char link[64];
  char path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (!pattern || !from || !file || length < 0) return (int)syscall(number, fd);
  path[length] = '\0';
  if (fnmatch(pattern, path, 0) != 0 || syscall(SYS_faccessat, AT_FDCWD, file, F_OK) != 0)
    return (int)syscall(number, fd);
  if (atomic_fetch_add(&calls, 1) + 1 < atol(from)) {
    tell(file, "ok", path);
    return (int)syscall(number, fd);
  }
  tell(file, "failed", path);
  errno = EIO;
  return -1;
}

int fsync(int fd) {
  return sync_or_fail(SYS_fsync, fd);
}

int fdatasync(int fd) {
  return sync_or_fail(SYS_fdatasync, fd);
}
