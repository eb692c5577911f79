using System.Security.Cryptography;
using BackupScheduler.Archives;
using BackupScheduler.Stores;
using CsCheck;

namespace ControlPlane.Tests.Backups;

public sealed class EncryptedObjectTests
{
    const string Key = "org_a/ins_b/bak_c/files/000012.sst";
    readonly byte[] dataKey = RandomNumberGenerator.GetBytes(ChunkCipher.KeyBytes);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(ChunkCipher.ChunkBytes - 1)]
    [InlineData(ChunkCipher.ChunkBytes)]
    [InlineData(ChunkCipher.ChunkBytes + 1)]
    [InlineData(3 * ChunkCipher.ChunkBytes)]
    [InlineData(5 * ChunkCipher.ChunkBytes + 12_345)]
    public async Task What_was_encrypted_decrypts_to_the_same_bytes_and_has_the_foretold_size(int bytes)
    {
        var plain = RandomNumberGenerator.GetBytes(bytes);
        var stored = await EncryptAsync(plain);
        stored.LongLength.ShouldBe(ChunkCipher.ObjectBytes(bytes));
        (await DecryptAsync(stored)).SequenceEqual(plain).ShouldBeTrue();
    }

    [Fact]
    public async Task Sources_that_yield_a_few_bytes_at_a_time_make_no_difference()
    {
        var plain = RandomNumberGenerator.GetBytes(200_000);
        using var stored = new MemoryStream();
        await new EncryptingStream(new DrippingStream(plain, 7_919), dataKey, Key).CopyToAsync(stored);
        await using var back = new DecryptingStream(new DrippingStream(stored.ToArray(), 4_099), dataKey, Key);
        using var read = new MemoryStream();
        await back.CopyToAsync(read);
        read.ToArray().SequenceEqual(plain).ShouldBeTrue();
    }

    [Fact]
    public async Task The_stored_bytes_show_nothing_of_the_plain_ones_and_differ_each_time()
    {
        var plain = "{\"jid\":\"secret-job\"}"u8.ToArray();
        var first = await EncryptAsync(plain);
        first.AsSpan().IndexOf("secret"u8).ShouldBe(-1);
        (await EncryptAsync(plain)).SequenceEqual(first).ShouldBeFalse();
    }

    [Fact]
    public async Task One_flipped_bit_anywhere_is_noticed()
    {
        var stored = await EncryptAsync(new byte[150_000]);
        await Gen.Int[0, stored.Length - 1].Select(Gen.Int[0, 7]).SampleAsync(async (at, bit) =>
        {
            var changed = stored.ToArray();
            changed[at] ^= (byte)(1 << bit);
            await Should.ThrowAsync<BackupDamagedException>(() => DecryptAsync(changed));
        }, iter: 200);
    }

    [Fact]
    public async Task An_object_cut_off_at_any_byte_is_noticed()
    {
        var stored = await EncryptAsync(new byte[2 * ChunkCipher.ChunkBytes]);
        const int sealedChunk = ChunkCipher.ChunkBytes + ChunkCipher.TagBytes;
        int[] boundaries = [0, 3, ChunkCipher.HeaderBytes, ChunkCipher.HeaderBytes + 5, ChunkCipher.HeaderBytes + sealedChunk, stored.Length - 1];
        foreach (var length in boundaries)
            await Should.ThrowAsync<BackupDamagedException>(() => DecryptAsync(stored[..length]));
        await Gen.Int[0, stored.Length - 1].SampleAsync(length => Should.ThrowAsync<BackupDamagedException>(() => DecryptAsync(stored[..length])), iter: 100);
    }

    [Fact]
    public async Task A_prolonged_object_is_noticed()
    {
        foreach (var plainBytes in new[] { 0, 100, ChunkCipher.ChunkBytes })
        {
            var stored = await EncryptAsync(new byte[plainBytes]);
            await Should.ThrowAsync<BackupDamagedException>(() => DecryptAsync([.. stored, 0]));
            await Should.ThrowAsync<BackupDamagedException>(() => DecryptAsync([.. stored, .. stored[ChunkCipher.HeaderBytes..]]));
        }
    }

    [Fact]
    public async Task Exchanged_chunks_are_noticed()
    {
        var stored = await EncryptAsync(new byte[3 * ChunkCipher.ChunkBytes]);
        const int sealedChunk = ChunkCipher.ChunkBytes + ChunkCipher.TagBytes;
        var (first, second) = (stored[ChunkCipher.HeaderBytes..][..sealedChunk], stored[(ChunkCipher.HeaderBytes + sealedChunk)..][..sealedChunk]);
        byte[] exchanged = [.. stored[..ChunkCipher.HeaderBytes], .. second, .. first, .. stored[(ChunkCipher.HeaderBytes + 2 * sealedChunk)..]];
        await Should.ThrowAsync<BackupDamagedException>(() => DecryptAsync(exchanged));
    }

    [Fact]
    public async Task An_object_under_another_ones_key_is_noticed()
    {
        var stored = await EncryptAsync([1, 2, 3]);
        await Should.ThrowAsync<BackupDamagedException>(() => DecryptAsync(stored, objectKey: "org_a/ins_b/bak_c/files/000013.sst"));
        await Should.ThrowAsync<BackupDamagedException>(() => DecryptAsync(stored, objectKey: "org_x/ins_b/bak_c/files/000012.sst"));
    }

    [Fact]
    public async Task Another_backups_key_does_not_open_it()
    {
        var stored = await EncryptAsync([1, 2, 3]);
        await Should.ThrowAsync<BackupDamagedException>(() => DecryptAsync(stored, key: RandomNumberGenerator.GetBytes(ChunkCipher.KeyBytes)));
    }

    async Task<byte[]> EncryptAsync(byte[] plain)
    {
        using var stored = new MemoryStream();
        await new EncryptingStream(new MemoryStream(plain), dataKey, Key).CopyToAsync(stored);
        return stored.ToArray();
    }

    async Task<byte[]> DecryptAsync(byte[] stored, string objectKey = Key, byte[]? key = null)
    {
        await using var plain = new DecryptingStream(new MemoryStream(stored), key ?? dataKey, objectKey);
        using var read = new MemoryStream();
        await plain.CopyToAsync(read);
        return read.ToArray();
    }
}

/// <summary>A network's way of handing over bytes: a few at a time.</summary>
sealed class DrippingStream(byte[] bytes, int atATime) : PullStream
{
    int at;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = Math.Min(Math.Min(buffer.Length, atATime), bytes.Length - at);
        bytes.AsSpan(at, count).CopyTo(buffer.Span);
        at += count;
        return ValueTask.FromResult(count);
    }
}
