using System.Net;
using Amazon.Runtime;
using Amazon.S3;

namespace BackupScheduler.Stores;

/// <summary>One request to S3, with the SDK's many exceptions turned into the store's two.</summary>
static class S3Call
{
    internal static async Task<T> RunAsync<T>(string key, Func<Task<T>> request, CancellationToken cancel)
    {
        try
        {
            return await request();
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound && missing.ErrorCode is "NoSuchKey" or "NotFound" or "NoSuchUpload")
        {
            throw new ObjectMissingException(key);
        }
        catch (Exception cause) when (cause is AmazonServiceException or AmazonClientException or HttpRequestException or IOException)
        {
            throw Failed(key, cause);
        }
        catch (OperationCanceledException timeout) when (!cancel.IsCancellationRequested)
        {
            throw Failed(key, timeout);
        }
    }

    internal static ObjectStoreException Failed(string key, Exception cause) => new($"The backup store failed on '{key}': {cause.Message}", cause);
}
