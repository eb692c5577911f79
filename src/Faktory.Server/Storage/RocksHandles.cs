using System.Runtime.InteropServices;

namespace Faktory.Server.Storage;

// One handle type per C object, so that the compiler refuses to mix them up and nothing is freed twice.

abstract class RocksHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;
}

sealed class OptionsHandle : RocksHandle
{
    protected override bool ReleaseHandle() { RocksNative.OptionsDestroy(handle); return true; }
}

sealed class TableOptionsHandle : RocksHandle
{
    protected override bool ReleaseHandle() { RocksNative.TableOptionsDestroy(handle); return true; }
}

sealed class CacheHandle : RocksHandle
{
    protected override bool ReleaseHandle() { RocksNative.CacheDestroy(handle); return true; }
}

sealed class DatabaseHandle : RocksHandle
{
    protected override bool ReleaseHandle() { RocksNative.Close(handle); return true; }
}

sealed class WriteOptionsHandle : RocksHandle
{
    protected override bool ReleaseHandle() { RocksNative.WriteOptionsDestroy(handle); return true; }
}

sealed class ReadOptionsHandle : RocksHandle
{
    protected override bool ReleaseHandle() { RocksNative.ReadOptionsDestroy(handle); return true; }
}

sealed class WriteBatchHandle : RocksHandle
{
    protected override bool ReleaseHandle() { RocksNative.WriteBatchDestroy(handle); return true; }
}

sealed class IteratorHandle : RocksHandle
{
    protected override bool ReleaseHandle() { RocksNative.IteratorDestroy(handle); return true; }
}

sealed class CheckpointHandle : RocksHandle
{
    protected override bool ReleaseHandle() { RocksNative.CheckpointObjectDestroy(handle); return true; }
}
