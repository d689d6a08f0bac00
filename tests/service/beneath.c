/* What a process hears of its disk and its clock, as tests say: preloaded, it stands before the C library.

   The file that GREENLIGHT_BENEATH names has three numbers, which may change at any time:
   milliseconds that each fsync takes, whether the disk is full, seconds by which the clock is off. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

struct control { int64_t fsync_ms, full, seconds; };

static const struct control nothing;
static volatile const struct control *control = &nothing;

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("GREENLIGHT_BENEATH");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void *mapped = mmap(NULL, sizeof(struct control), PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (mapped != MAP_FAILED)
        control = mapped;
}

#define NEXT(name) \
    static __typeof__(&name) next; \
    if (!next) \
        next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static void rest(void)
{
    int64_t ms = control->fsync_ms;
    struct timespec span = {ms / 1000, ms % 1000 * 1000000};
    if (ms)
        nanosleep(&span, NULL);
}

int fsync(int file) { NEXT(fsync); rest(); return next(file); }
int fdatasync(int file) { NEXT(fdatasync); rest(); return next(file); }

/* A full disk takes what replaces something, and nothing more. What a program says is not on it. */
static int no_room(int file, off_t end)
{
    struct stat seen;
    return control->full && file > STDERR_FILENO && fstat(file, &seen) == 0 && S_ISREG(seen.st_mode) && end > seen.st_size;
}

static off_t at(int file)
{
    struct stat seen;
    if (fcntl(file, F_GETFL) & O_APPEND)
        return fstat(file, &seen) == 0 ? seen.st_size : 0;
    return lseek(file, 0, SEEK_CUR);
}

static off_t length(const struct iovec *parts, int count)
{
    off_t sum = 0;
    while (count-- > 0)
        sum += parts[count].iov_len;
    return sum;
}

#define FULL(file, end, answer) \
    if (control->full && no_room(file, end)) { errno = ENOSPC; return answer; }

ssize_t write(int file, const void *from, size_t size)
{
    NEXT(write);
    FULL(file, at(file) + (off_t)size, -1);
    return next(file, from, size);
}

ssize_t writev(int file, const struct iovec *parts, int count)
{
    NEXT(writev);
    FULL(file, at(file) + length(parts, count), -1);
    return next(file, parts, count);
}

ssize_t pwrite(int file, const void *from, size_t size, off_t where)
{
    NEXT(pwrite);
    FULL(file, where + (off_t)size, -1);
    return next(file, from, size, where);
}

ssize_t pwrite64(int file, const void *from, size_t size, off64_t where)
{
    NEXT(pwrite64);
    FULL(file, where + (off_t)size, -1);
    return next(file, from, size, where);
}

ssize_t pwritev(int file, const struct iovec *parts, int count, off_t where)
{
    NEXT(pwritev);
    FULL(file, where + length(parts, count), -1);
    return next(file, parts, count, where);
}

ssize_t pwritev64(int file, const struct iovec *parts, int count, off64_t where)
{
    NEXT(pwritev64);
    FULL(file, where + length(parts, count), -1);
    return next(file, parts, count, where);
}

int posix_fallocate(int file, off_t where, off_t size)
{
    NEXT(posix_fallocate);
    return no_room(file, where + size) ? ENOSPC : next(file, where, size);
}

int posix_fallocate64(int file, off64_t where, off64_t size)
{
    NEXT(posix_fallocate64);
    return no_room(file, where + size) ? ENOSPC : next(file, where, size);
}

int fallocate(int file, int mode, off_t where, off_t size)
{
    NEXT(fallocate);
    FULL(file, where + size, -1);
    return next(file, mode, where, size);
}

static int of_day(clockid_t clock)
{
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    NEXT(clock_gettime);
    int said = next(clock, now);
    if (said == 0 && of_day(clock))
        now->tv_sec += control->seconds;
    return said;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    NEXT(gettimeofday);
    int said = next(now, zone);
    if (said == 0)
        now->tv_sec += control->seconds;
    return said;
}

time_t time(time_t *where)
{
    NEXT(time);
    time_t now = next(NULL) + control->seconds;
    if (where)
        *where = now;
    return now;
}
