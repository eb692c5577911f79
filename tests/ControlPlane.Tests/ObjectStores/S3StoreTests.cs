using System.Security.Cryptography;
using BackupScheduler.Stores;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Tests.ObjectStores;

public sealed class S3StoreTests : ObjectStoreContract, IAsyncLifetime
{
    readonly FakeTimeProvider clock = new();
    S3Double s3 = null!;
    S3Store store = null!;

    internal override IObjectStore Store => store;

    public async ValueTask InitializeAsync()
    {
        s3 = await S3Double.StartAsync();
        store = new S3Store(s3.Options, clock);
    }

    public async ValueTask DisposeAsync()
    {
        store.Dispose();
        await s3.DisposeAsync();
    }

    [Fact]
    public async Task Objects_lie_under_the_configured_prefix()
    {
        await PutAsync("a/b", [1]);
        s3.Objects.Keys.ShouldBe(["faktory/a/b"]);
    }

    [Fact]
    public async Task A_wrong_secret_is_refused()
    {
        var options = s3.Options;
        options.SecretKey = "guessed";
        using var stranger = new S3Store(options, clock);
        var refused = await Should.ThrowAsync<ObjectStoreException>(() => stranger.PutAsync("a/b", new MemoryStream([1]), default));
        refused.Message.ShouldContain("SignatureDoesNotMatch");
        s3.Objects.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_missing_bucket_is_not_a_missing_object()
    {
        var options = s3.Options;
        options.Bucket = "elsewhere";
        using var misled = new S3Store(options, clock);
        (await Should.ThrowAsync<ObjectStoreException>(() => misled.OpenReadAsync("a/b", default))).ShouldNotBeOfType<ObjectMissingException>();
    }

    [Fact]
    public async Task A_store_that_is_down_fails_in_the_stores_own_exception()
    {
        s3.Fault = _ => S3Fault.Unavailable;
        await Should.ThrowAsync<ObjectStoreException>(() => PutAsync("a/b", [1]));
        await Should.ThrowAsync<ObjectStoreException>(() => Store.StatAsync("a/b", default));
        await Should.ThrowAsync<ObjectStoreException>(() => ListAsync("a/"));
        await s3.DisposeAsync();
        await Should.ThrowAsync<ObjectStoreException>(() => PutAsync("a/b", [1]));
    }

    [Fact]
    public async Task One_refusal_is_retried_when_retries_are_allowed()
    {
        var options = s3.Options;
        options.RetriesMax = 2;
        using var patient = new S3Store(options, clock);
        var refusals = 1;
        s3.Fault = _ => Interlocked.Decrement(ref refusals) >= 0 ? S3Fault.Unavailable : null;
        await patient.PutAsync("a/b", new MemoryStream([1, 2]), default);
        (await ReadAsync("a/b")).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_download_that_is_cut_off_fails_instead_of_ending_early()
    {
        await PutAsync("a/b", RandomNumberGenerator.GetBytes(1 << 20));
        s3.Fault = _ => S3Fault.CutInHalf;
        await Should.ThrowAsync<ObjectStoreException>(() => ReadAsync("a/b"));
    }

    [Fact]
    public async Task A_download_that_arrives_changed_fails()
    {
        await PutAsync("a/b", RandomNumberGenerator.GetBytes(1000));
        s3.Fault = _ => S3Fault.Corrupt;
        await Should.ThrowAsync<ObjectStoreException>(() => ReadAsync("a/b"));
    }

    [Fact]
    public async Task A_download_that_stalls_is_given_up()
    {
        await PutAsync("a/b", new byte[1000]);
        s3.Fault = _ => S3Fault.Stall;
        await using var stream = await Store.OpenReadAsync("a/b", default);
        await stream.ReadExactlyAsync(new byte[500]);
        var next = stream.ReadAsync(new byte[500]);
        next.IsCompleted.ShouldBeFalse();
        clock.Advance(s3.Options.StallTimeout);
        await Should.ThrowAsync<ObjectStoreException>(async () => await next);
    }

    [Fact]
    public async Task A_store_that_fails_in_a_large_upload_leaves_nothing_under_the_name()
    {
        s3.Fault = request => request.Query["partNumber"] == "2" ? S3Fault.Unavailable : null;
        await Should.ThrowAsync<ObjectStoreException>(() => PutAsync("a/b", new byte[12 << 20]));
        s3.Objects.ShouldBeEmpty();
        s3.Uploads.ShouldBeEmpty();
    }

    [Fact]
    public async Task Parts_that_a_killed_upload_left_are_removed_once_old()
    {
        s3.Fault = request => request.Query.ContainsKey("uploadId") ? S3Fault.Unavailable : null;
        await Should.ThrowAsync<ObjectStoreException>(() => PutAsync("a/b", new byte[12 << 20]));
        s3.Fault = _ => null;
        var begunAt = s3.Uploads.Values.ShouldHaveSingleItem().InitiatedAt;
        (await Store.RemoveUnfinishedAsync(begunAt.AddSeconds(-1), default)).ShouldBe(0);
        (await Store.RemoveUnfinishedAsync(begunAt.AddSeconds(1), default)).ShouldBe(1);
        s3.Uploads.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_upload_in_parts_holds_one_part_in_memory_and_stores_all_of_them()
    {
        var content = RandomNumberGenerator.GetBytes(15 << 20);
        await PutAsync("a/b", content);
        s3.Requests.Count(r => r.Contains("partNumber", StringComparison.Ordinal)).ShouldBe(3);
        s3.Objects.Values.ShouldHaveSingleItem().Bytes.AsSpan().SequenceEqual(content).ShouldBeTrue();
    }
}
