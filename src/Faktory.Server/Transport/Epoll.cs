using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Faktory.Server.Transport;

/// <summary>The calls of epoll(7), recv(2) and send(2). Those that can fail return -1 and leave the reason in the last P/Invoke error.</summary>
static partial class Epoll
{
    internal const uint In = 0x1, Out = 0x4, Error = 0x8, HangUp = 0x10, PeerClosed = 0x2000, EdgeTriggered = 1u << 31;
    internal const int Interrupted = 4, TryAgain = 11;
    const int CloseOnExec = 0x80000, Add = 1, NoWait = 0x40, NoSignal = 0x4000;

    /// <exception cref="IOException">The process has no file descriptor left.</exception>
    internal static SafeFileHandle Create() => Opened(epoll_create1(CloseOnExec));

    /// <summary>A handle that becomes readable when <see cref="Ring"/> is called.</summary>
    /// <exception cref="IOException">The process has no file descriptor left.</exception>
    internal static SafeFileHandle CreateBell() => Opened(eventfd(0, CloseOnExec));

    internal static void Ring(SafeFileHandle bell) => RandomAccess.Write(bell, BitConverter.GetBytes(1L), 0);

    /// <exception cref="IOException">The kernel has no memory for it.</exception>
    internal static void Watch(SafeFileHandle epoll, SafeHandle watched, uint events, long id)
    {
        var asked = new Event { Events = events, Id = id };
        if (epoll_ctl(epoll, Add, watched, in asked) < 0)
            throw Failure();
    }

    internal static int Wait(SafeFileHandle epoll, Event[] events, bool mayWait) => epoll_wait(epoll, events, events.Length, mayWait ? -1 : 0);

    internal static int Receive(SafeSocketHandle socket, Span<byte> into) => (int)recv(socket, into, into.Length, NoWait);

    internal static int Send(SafeSocketHandle socket, ReadOnlySpan<byte> bytes) => (int)send(socket, bytes, bytes.Length, NoWait | NoSignal);

    static SafeFileHandle Opened(int descriptor) => descriptor < 0 ? throw Failure() : new SafeFileHandle(descriptor, ownsHandle: true);

    static IOException Failure() => new(Marshal.GetLastPInvokeErrorMessage());

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int eventfd(uint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int epoll_ctl(SafeFileHandle epoll, int operation, SafeHandle watched, in Event asked);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int epoll_wait(SafeFileHandle epoll, [Out] Event[] events, int count, int timeout);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint recv(SafeSocketHandle socket, Span<byte> into, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint send(SafeSocketHandle socket, ReadOnlySpan<byte> bytes, nint length, int flags);

    // Packed on x86-64, as the kernel's struct is there.
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    internal struct Event
    {
        internal uint Events;
        internal long Id;
    }
}
