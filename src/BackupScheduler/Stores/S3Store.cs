using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace BackupScheduler.Stores;

/// <summary>
/// Objects in a bucket of any S3-compatible store. Uses only what all of them have: no checksum trailers, no chunked
/// signing, no conditional writes, no batch deletes. Every uploaded byte is covered by the request's signature.
/// </summary>
sealed class S3Store : IObjectStore, IDisposable
{
    readonly S3StoreOptions options;
    readonly TimeProvider clock;
    readonly AmazonS3Client client;

    internal S3Store(S3StoreOptions options, TimeProvider clock)
    {
        this.options = options;
        this.clock = clock;
        var config = new AmazonS3Config
        {
            ServiceURL = options.Endpoint,
            AuthenticationRegion = options.Region,
            ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            Timeout = options.RequestTimeout,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = options.RetriesMax,
        };
        client = new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config);
    }

    public async Task PutAsync(string key, Stream content, CancellationToken cancel)
    {
        var name = NameOf(key);
        var part = new byte[options.PartBytes];
        var filled = await content.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, cancel);
        if (filled < part.Length)
            await PutWholeAsync(name, part, filled, cancel);
        else
            await new MultipartUpload(client, options.Bucket, name).RunAsync(part, content, cancel);
    }

    public async Task<Stream> OpenReadAsync(string key, CancellationToken cancel)
    {
        var request = new GetObjectRequest { BucketName = options.Bucket, Key = NameOf(key) };
        var response = await S3Call.RunAsync(key, () => client.GetObjectAsync(request, cancel), cancel);
        return new StallLimitedStream(response.ResponseStream, response, options.StallTimeout, clock, cause => S3Call.Failed(key, cause));
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        ObjectKey.RequirePrefix(prefix);
        var request = new ListObjectsV2Request { BucketName = options.Bucket, Prefix = options.Prefix + prefix };
        for (var more = true; more;)
        {
            var page = await S3Call.RunAsync(prefix, () => client.ListObjectsV2Async(request, cancel), cancel);
            foreach (var found in page.S3Objects ?? [])
                yield return new(found.Key[options.Prefix.Length..], found.Size ?? 0, At(found.LastModified));
            more = page.IsTruncated == true;
            request.ContinuationToken = page.NextContinuationToken;
        }
    }

    public async Task DeleteAsync(string key, CancellationToken cancel)
    {
        var request = new DeleteObjectRequest { BucketName = options.Bucket, Key = NameOf(key) };
        try
        {
            await S3Call.RunAsync(key, () => client.DeleteObjectAsync(request, cancel), cancel);
        }
        catch (ObjectMissingException)
        {
            // Amazon answers 204 for an object that is gone, Swift and others 404.
        }
    }

    public async Task<StoredObject?> StatAsync(string key, CancellationToken cancel)
    {
        var request = new GetObjectMetadataRequest { BucketName = options.Bucket, Key = NameOf(key) };
        try
        {
            var found = await S3Call.RunAsync(key, () => client.GetObjectMetadataAsync(request, cancel), cancel);
            return new(key, found.ContentLength, At(found.LastModified));
        }
        catch (ObjectMissingException)
        {
            return null;
        }
    }

    public async Task<int> RemoveUnfinishedAsync(DateTimeOffset before, CancellationToken cancel)
    {
        var removed = 0;
        var request = new ListMultipartUploadsRequest { BucketName = options.Bucket, Prefix = options.Prefix };
        for (var more = true; more;)
        {
            var page = await S3Call.RunAsync("", () => client.ListMultipartUploadsAsync(request, cancel), cancel);
            foreach (var stale in (page.MultipartUploads ?? []).Where(u => At(u.Initiated) < before))
            {
                var abort = new AbortMultipartUploadRequest { BucketName = options.Bucket, Key = stale.Key, UploadId = stale.UploadId };
                await S3Call.RunAsync(stale.Key, () => client.AbortMultipartUploadAsync(abort, cancel), cancel);
                removed++;
            }
            more = page.IsTruncated == true;
            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }
        return removed;
    }

    public void Dispose() => client.Dispose();

    Task<PutObjectResponse> PutWholeAsync(string name, byte[] bytes, int count, CancellationToken cancel)
    {
        var request = new PutObjectRequest
        {
            BucketName = options.Bucket,
            Key = name,
            InputStream = new MemoryStream(bytes, 0, count),
            UseChunkEncoding = false,
        };
        return S3Call.RunAsync(name, () => client.PutObjectAsync(request, cancel), cancel);
    }

    string NameOf(string key)
    {
        ObjectKey.Require(key);
        return options.Prefix + key;
    }

    static DateTimeOffset At(DateTime? time) => time is { } known ? new(known.ToUniversalTime()) : DateTimeOffset.MinValue;
}
