/* A slow cloud disk: every sync of a file takes 2 ms longer. Loaded with LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static void wait_for_disk(void)
{
    struct timespec two_ms = { 0, 2000000 };
    nanosleep(&two_ms, 0);
}

int fdatasync(int descriptor)
{
    static int (*next)(int);
    if (!next)
        next = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    wait_for_disk();
    return next(descriptor);
}

int fsync(int descriptor)
{
    static int (*next)(int);
    if (!next)
        next = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    wait_for_disk();
    return next(descriptor);
}
