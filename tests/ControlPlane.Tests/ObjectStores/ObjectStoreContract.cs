using System.Security.Cryptography;
using BackupScheduler.Stores;

namespace ControlPlane.Tests.ObjectStores;

/// <summary>What every object store promises. Each store runs all of it.</summary>
public abstract class ObjectStoreContract
{
    internal abstract IObjectStore Store { get; }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70_000)]
    [InlineData(5 << 20)]
    [InlineData((11 << 20) + 17)]
    public async Task An_object_reads_back_as_it_was_put(int bytes)
    {
        var content = RandomNumberGenerator.GetBytes(bytes);
        await PutAsync("org_a/ins_b/bak_c/files/000012.sst", content);
        (await ReadAsync("org_a/ins_b/bak_c/files/000012.sst")).AsSpan().SequenceEqual(content).ShouldBeTrue();
        (await Store.StatAsync("org_a/ins_b/bak_c/files/000012.sst", default))!.Bytes.ShouldBe(bytes);
    }

    [Fact]
    public async Task A_second_put_replaces_the_object()
    {
        await PutAsync("a/b", [1, 2, 3]);
        await PutAsync("a/b", [4]);
        (await ReadAsync("a/b")).ShouldBe([4]);
    }

    [Fact]
    public async Task A_missing_object_is_said_to_be_missing()
    {
        (await Store.StatAsync("a/none", default)).ShouldBeNull();
        await Should.ThrowAsync<ObjectMissingException>(() => Store.OpenReadAsync("a/none", default));
    }

    [Fact]
    public async Task Deleting_can_be_repeated()
    {
        await PutAsync("a/b/c", [1]);
        await Store.DeleteAsync("a/b/c", default);
        await Store.DeleteAsync("a/b/c", default);
        (await ListAsync("")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Deleting_one_object_keeps_its_neighbours()
    {
        await PutAsync("a/b/c", [1]);
        await PutAsync("a/d", [1]);
        await Store.DeleteAsync("a/b/c", default);
        (await ListAsync("a")).ShouldBe(["a/d"]);
    }

    [Fact]
    public async Task A_listing_has_every_key_under_the_prefix_in_order_and_no_other()
    {
        var keys = Enumerable.Range(0, 20).Select(i => $"org_a/ins_b/bak_{i:00}/manifest.json").ToList();
        foreach (var key in keys.AsEnumerable().Reverse().Append("org_a/ins_c/x").Append("org_aa/ins_b/x"))
            await PutAsync(key, [1, 2]);
        (await ListAsync("org_a/ins_b/")).ShouldBe(keys);
        (await ListAsync("org_a/ins_b/bak_1")).ShouldBe(keys[10..]);
        (await ListAsync("")).Count.ShouldBe(22);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("../outside")]
    [InlineData("a/../../outside")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("a/./b")]
    [InlineData(".incoming/x")]
    [InlineData("a\\..\\b")]
    [InlineData("a\0b")]
    [InlineData("a b")]
    [InlineData("ä")]
    public async Task A_key_that_is_not_a_plain_path_is_refused(string key)
    {
        await Should.ThrowAsync<ArgumentException>(() => PutAsync(key, [1]));
        await Should.ThrowAsync<ArgumentException>(() => Store.OpenReadAsync(key, default));
        await Should.ThrowAsync<ArgumentException>(() => Store.DeleteAsync(key, default));
        await Should.ThrowAsync<ArgumentException>(() => Store.StatAsync(key, default));
    }

    [Fact]
    public async Task The_longest_key_is_taken_and_a_longer_one_refused()
    {
        var longest = string.Join('/', Enumerable.Repeat(new string('k', 127), 4)) + "k";
        longest.Length.ShouldBe(ObjectKey.CharactersMax);
        await PutAsync(longest, [1]);
        await Should.ThrowAsync<ArgumentException>(() => PutAsync(longest + "k", [1]));
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(12 << 20)]
    public async Task A_put_whose_content_breaks_off_leaves_the_old_object_and_no_litter(int bytes)
    {
        await PutAsync("a/b", [1, 2, 3]);
        await Should.ThrowAsync<EndOfStreamException>(() => Store.PutAsync("a/b", new BreakingStream(bytes), default));
        (await ReadAsync("a/b")).ShouldBe([1, 2, 3]);
        (await ListAsync("")).ShouldBe(["a/b"]);
        (await Store.RemoveUnfinishedAsync(DateTimeOffset.MaxValue, default)).ShouldBe(0);
    }

    [Fact]
    public async Task Puts_of_the_same_key_at_the_same_time_leave_one_of_them_whole()
    {
        var contents = Enumerable.Range(1, 8).Select(i => Enumerable.Repeat((byte)i, 300_000).ToArray()).ToList();
        await Task.WhenAll(contents.Select(c => PutAsync("a/b", c)));
        var kept = await ReadAsync("a/b");
        contents.Count(c => c.SequenceEqual(kept)).ShouldBe(1);
    }

    [Fact]
    public async Task Puts_and_deletes_in_one_folder_do_not_disturb_each_other()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            for (var round = 0; round < 20; round++)
            {
                await PutAsync($"shared/folder/{i}", [1]);
                await Store.DeleteAsync($"shared/folder/{i}", default);
            }
            await PutAsync($"shared/folder/{i}", [2]);
        }));
        (await ListAsync("shared/")).Count.ShouldBe(16);
    }

    internal Task PutAsync(string key, byte[] content) => Store.PutAsync(key, new MemoryStream(content), default);

    internal async Task<byte[]> ReadAsync(string key)
    {
        await using var stream = await Store.OpenReadAsync(key, default);
        using var read = new MemoryStream();
        await stream.CopyToAsync(read);
        return read.ToArray();
    }

    internal async Task<List<string>> ListAsync(string prefix)
    {
        var keys = new List<string>();
        await foreach (var found in Store.ListAsync(prefix, default))
            keys.Add(found.Key);
        return keys;
    }
}

/// <summary>Yields zeros, then throws <see cref="EndOfStreamException"/>: a download that is cut off.</summary>
sealed class BreakingStream(int bytes) : PullStream
{
    int left = bytes;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (left == 0)
            throw new EndOfStreamException();
        var count = Math.Min(buffer.Length, left);
        buffer.Span[..count].Clear();
        left -= count;
        return ValueTask.FromResult(count);
    }
}
