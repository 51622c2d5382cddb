/* Makes the system fail below a folder, at the n-th operation, and keeps a journal for power cuts.
   Loaded into a Python process with LD_PRELOAD; that process calls shim_arm. Processes that it starts
   count with it: the counts are in a file that all of them map. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { COUNT, FAIL_WRITE, FAIL_WRITES, FAIL_SYNC, FAIL_SYNCS, KILL, KILL_TORN };
enum { WRITE, SYNC, ALL, WHOLE };
/* WHOLE: a write that is done or not, but never by half. */
enum { J_WRITE = 1, J_TRUNCATE, J_RENAME, J_UNLINK, J_SYNC };

static char folder[PATH_MAX];
static int armed, mode, fault, journal = -1;
static long at;
/* What makes or changes files, syncs, and both. */
static _Atomic long own[3], *counts = own;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void share(const char *path)
{
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
    void *shared = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof own, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (shared != MAP_FAILED)
        counts = shared;
    if (fd >= 0)
        close(fd);
}

static void arm(const char *below, int how, long number, int error, const char *journal_path, const char *shared)
{
    snprintf(folder, sizeof folder, "%s/", below);
    mode = how;
    at = number;
    fault = error;
    share(shared);
    if (*journal_path)
        journal = (int)syscall(SYS_openat, AT_FDCWD, journal_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    armed = 1;
}

/* Arm this process, and those that it starts; `shared` is a file of zeros for the counts. */
void shim_arm(const char *below, int how, long number, int error, const char *journal_path, const char *shared)
{
    char text[32];
    setenv("SHIM_FOLDER", below, 1);
    snprintf(text, sizeof text, "%d", how);
    setenv("SHIM_MODE", text, 1);
    snprintf(text, sizeof text, "%ld", number);
    setenv("SHIM_AT", text, 1);
    snprintf(text, sizeof text, "%d", error);
    setenv("SHIM_ERROR", text, 1);
    setenv("SHIM_JOURNAL", journal_path, 1);
    setenv("SHIM_COUNTS", shared, 1);
    arm(below, how, number, error, journal_path, shared);
}

__attribute__((constructor)) static void arm_with_parent(void)
{
    const char *below = getenv("SHIM_FOLDER");
    if (below)
        arm(below, atoi(getenv("SHIM_MODE")), atol(getenv("SHIM_AT")), atoi(getenv("SHIM_ERROR")),
            getenv("SHIM_JOURNAL"), getenv("SHIM_COUNTS"));
}

static int inside(const char *path)
{
    return strncmp(path, folder, strlen(folder)) == 0 || strncmp(path, folder, strlen(folder) - 1) == 0;
}

static int find(int fd, char *path)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    return path[0] == '/' && inside(path);
}

/* Count an operation: 0 to go on, 1 to fail it, 2 to do half of it and die. */
static int step(int kind)
{
    int class = kind == WHOLE ? WRITE : kind;
    long mine = ++counts[class];
    long all = ++counts[ALL];
    switch (mode) {
    case FAIL_WRITE: return class == WRITE && mine == at;
    case FAIL_WRITES: return class == WRITE && mine >= at;
    case FAIL_SYNC: return class == SYNC && mine == at;
    case FAIL_SYNCS: return class == SYNC && mine >= at;
    case KILL:
        if (all == at)
            kill(getpid(), SIGKILL);
        return 0;
    case KILL_TORN:
        if (all == at && kind != WRITE)
            kill(getpid(), SIGKILL);
        return all == at ? 2 : 0;
    }
    return 0;
}

static void put(const void *data, size_t length)
{
    const char *next = data;
    while (length) {
        ssize_t done = syscall(SYS_write, journal, next, length);
        if (done <= 0)
            return;
        next += done;
        length -= (size_t)done;
    }
}

static void note(int kind, const char *path, const char *to, int64_t offset, const void *data, int64_t length)
{
    if (journal < 0)
        return;
    int64_t head[5] = {kind, (int64_t)strlen(path), (int64_t)strlen(to), offset, length};
    put(head, sizeof head);
    put(path, strlen(path));
    put(to, strlen(to));
    if (data)
        put(data, (size_t)length);
}

#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) \
        real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *data, size_t length)
{
    REAL(write);
    char path[PATH_MAX];
    if (!armed || !find(fd, path))
        return real(fd, data, length);
    pthread_mutex_lock(&lock);
    int what = step(WRITE);
    ssize_t done = -1;
    if (what == 1)
        errno = fault;
    else {
        off_t offset = lseek(fd, 0, SEEK_CUR);
        done = real(fd, data, what == 2 ? (length + 1) / 2 : length);
        if (done > 0)
            note(J_WRITE, path, "", offset, data, done);
        if (what == 2)
            kill(getpid(), SIGKILL);
    }
    int error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

static ssize_t positioned(ssize_t (*real)(int, const void *, size_t, off_t), int fd, const void *data,
                          size_t length, off_t offset)
{
    char path[PATH_MAX];
    if (!armed || !find(fd, path))
        return real(fd, data, length, offset);
    pthread_mutex_lock(&lock);
    int what = step(WRITE);
    ssize_t done = -1;
    if (what == 1)
        errno = fault;
    else {
        done = real(fd, data, what == 2 ? (length + 1) / 2 : length, offset);
        if (done > 0)
            note(J_WRITE, path, "", offset, data, done);
        if (what == 2)
            kill(getpid(), SIGKILL);
    }
    int error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset)
{
    REAL(pwrite);
    return positioned(real, fd, data, length, offset);
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset)
{
    REAL(pwrite64);
    return positioned((ssize_t(*)(int, const void *, size_t, off_t))real, fd, data, length, offset);
}

static int on_file(int (*real)(int), int fd)
{
    char path[PATH_MAX];
    if (!armed || !find(fd, path))
        return real(fd);
    pthread_mutex_lock(&lock);
    int done = -1;
    if (step(SYNC) == 1)
        errno = fault;
    else {
        /* The machine does not really lose power, so the disk need not be waited for. */
        done = 0;
        note(J_SYNC, path, "", 0, NULL, 0);
    }
    int error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

int fsync(int fd)
{
    REAL(fsync);
    return on_file(real, fd);
}

int fdatasync(int fd)
{
    REAL(fdatasync);
    return on_file(real, fd);
}

static int shortened(int (*real)(int, off_t), int fd, off_t length)
{
    char path[PATH_MAX];
    if (!armed || !find(fd, path))
        return real(fd, length);
    pthread_mutex_lock(&lock);
    int done = -1;
    if (step(WHOLE) == 1)
        errno = fault;
    else {
        done = real(fd, length);
        if (!done)
            note(J_TRUNCATE, path, "", length, NULL, 0);
    }
    int error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

int ftruncate(int fd, off_t length)
{
    REAL(ftruncate);
    return shortened(real, fd, length);
}

int ftruncate64(int fd, off64_t length)
{
    REAL(ftruncate64);
    return shortened((int (*)(int, off_t))real, fd, length);
}

int rename(const char *from, const char *to)
{
    REAL(rename);
    if (!armed || !inside(to))
        return real(from, to);
    pthread_mutex_lock(&lock);
    int done = -1;
    if (step(WHOLE) == 1)
        errno = fault;
    else {
        done = real(from, to);
        if (!done)
            note(J_RENAME, from, to, 0, NULL, 0);
    }
    int error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

static int makes(const char *path, int flags)
{
    struct stat found;
    return armed && flags & O_CREAT && inside(path) && stat(path, &found) != 0;
}

/* Count that a file or folder is made; -1 if that fails. */
static int made(void)
{
    pthread_mutex_lock(&lock);
    int what = step(WHOLE);
    pthread_mutex_unlock(&lock);
    errno = what == 1 ? fault : errno;
    return what == 1 ? -1 : 0;
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) \
    { \
        REAL(name); \
        va_list more; \
        va_start(more, flags); \
        mode_t permissions = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
        va_end(more); \
        return makes(path, flags) && made() ? -1 : real(path, flags, permissions); \
    }
#define OPEN_AT(name) \
    int name(int at_folder, const char *path, int flags, ...) \
    { \
        REAL(name); \
        va_list more; \
        va_start(more, flags); \
        mode_t permissions = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
        va_end(more); \
        return makes(path, flags) && made() ? -1 : real(at_folder, path, flags, permissions); \
    }
OPEN(open)
OPEN(open64)
OPEN_AT(openat)
OPEN_AT(openat64)

int mkdir(const char *path, mode_t permissions)
{
    REAL(mkdir);
    struct stat found;
    int is_new = armed && inside(path) && stat(path, &found) != 0;
    return is_new && made() ? -1 : real(path, permissions);
}

/* Python's os.statvfs. A disk that is full says so, once it is. */
int statvfs64(const char *path, struct statvfs64 *found)
{
    REAL(statvfs64);
    int done = real(path, found);
    if (armed && mode == FAIL_WRITES && fault == ENOSPC && counts[WRITE] >= at && inside(path))
        found->f_bavail = found->f_bfree = 0;
    return done;
}

int statvfs(const char *path, struct statvfs *found)
{
    REAL(statvfs);
    int done = real(path, found);
    if (armed && mode == FAIL_WRITES && fault == ENOSPC && counts[WRITE] >= at && inside(path))
        found->f_bavail = found->f_bfree = 0;
    return done;
}

int unlink(const char *path)
{
    REAL(unlink);
    if (!armed || !inside(path))
        return real(path);
    pthread_mutex_lock(&lock);
    if (mode >= KILL)
        step(WHOLE);
    else
        ++counts[ALL]; /* it never fails, but may be the last before a kill */
    int done = real(path);
    if (!done)
        note(J_UNLINK, path, "", 0, NULL, 0);
    int error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}
