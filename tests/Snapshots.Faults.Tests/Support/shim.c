/*
 * Faults below a program, put in front of the C library by LD_PRELOAD.
 *
 * SHIM_HOLD=FILE    fsync and fdatasync wait while FILE exists: a disk that hangs.
 * SHIM_DISK=DIR     what is synced of a file below DIR is copied to DIR.synced: what a loss of power leaves.
 * SHIM_LIE=FILE     a sync answers and syncs nothing while FILE exists, as if synchronous were OFF.
 * SHIM_CLOCK=N      the wall clock is N seconds ahead.
 * SHIM_FULL=DIR     a file below DIR has room for 100,000 bytes: what is written behind them fails with ENOSPC.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int lies(void)
{
    const char *lie = getenv("SHIM_LIE");
    return lie && !access(lie, F_OK);
}

/* The folder is synced: what was removed of it stays removed. */
static void remove_synced(const char *disk)
{
    char folder[4200], path[8500];
    struct dirent *entry;
    DIR *copies;

    snprintf(folder, sizeof folder, "%s.synced", disk);
    copies = opendir(folder);
    while (copies && (entry = readdir(copies)))
    {
        snprintf(path, sizeof path, "%s/%s", disk, entry->d_name);
        if (!access(path, F_OK)) continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        unlink(path);
    }
    if (copies) closedir(copies);
}

static void copy_synced(int fd)
{
    const char *disk = getenv("SHIM_DISK");
    char link[64], path[4096], copy[8300], temporary[8400], buffer[65536];
    struct stat status;
    ssize_t length;
    off_t offset = 0;
    int to;

    if (!disk) return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    if (length < 0 || fstat(fd, &status)) return;
    path[length] = 0;
    if (S_ISDIR(status.st_mode) && !strcmp(path, disk)) remove_synced(disk);
    if (!S_ISREG(status.st_mode)) return;
    if (strncmp(path, disk, strlen(disk)) || path[strlen(disk)] != '/') return;
    snprintf(copy, sizeof copy, "%s.synced%s", disk, path + strlen(disk));
    snprintf(temporary, sizeof temporary, "%s.tmp", copy);
    to = open(temporary, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    if (to < 0) abort();
    while ((length = pread(fd, buffer, sizeof buffer, offset)) > 0)
    {
        if (write(to, buffer, length) != length) abort();
        offset += length;
    }
    close(to);
    if (rename(temporary, copy)) abort();
}

static int sync_file(const char *name, int fd)
{
    const char *hold = getenv("SHIM_HOLD");
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);

    while (hold && !access(hold, F_OK)) usleep(10000);
    if (lies()) return 0;
    copy_synced(fd);
    return real(fd);
}

int fsync(int fd) { return sync_file("fsync", fd); }

int fdatasync(int fd) { return sync_file("fdatasync", fd); }

static ssize_t write_file(const char *name, int fd, const void *bytes, size_t length, off_t offset)
{
    const char *full = getenv("SHIM_FULL");
    ssize_t (*real)(int, const void *, size_t, off_t) =
        (ssize_t (*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, name);
    char link[64], path[4096];
    ssize_t named;

    if (full && offset + (off_t)length > 100000)
    {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        named = readlink(link, path, sizeof path - 1);
        if (named > 0 && !strncmp(path, full, strlen(full)))
        {
            errno = ENOSPC;
            return -1;
        }
    }
    return real(fd, bytes, length, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
    return write_file("pwrite", fd, bytes, length, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset)
{
    return write_file("pwrite64", fd, bytes, length, offset);
}

static long ahead(void)
{
    const char *clock = getenv("SHIM_CLOCK");
    return clock ? atol(clock) : 0;
}

int clock_gettime(clockid_t id, struct timespec *now)
{
    static int (*real)(clockid_t, struct timespec *);
    int result;

    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    result = real(id, now);
    if (!result && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) now->tv_sec += ahead();
    return result;
}

int gettimeofday(struct timeval *now, void *zone)
{
    static int (*real)(struct timeval *, void *);
    int result;

    if (!real) real = (int (*)(struct timeval *, void *))dlsym(RTLD_NEXT, "gettimeofday");
    result = real(now, zone);
    if (!result) now->tv_sec += ahead();
    return result;
}
