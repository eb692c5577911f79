using Amazon.S3;
using Amazon.S3.Model;

namespace BackupScheduler.Stores;

/// <summary>One large object, part by part with one part in memory. Nothing appears under its name before the last part is in.</summary>
sealed class MultipartUpload(AmazonS3Client client, string bucket, string name)
{
    const int PartsMax = 10_000;
    readonly List<PartETag> parts = [];

    // `part` holds the first part, full, and is reused for those that follow.
    internal async Task RunAsync(byte[] part, Stream rest, CancellationToken cancel)
    {
        var begin = new InitiateMultipartUploadRequest { BucketName = bucket, Key = name };
        var upload = (await S3Call.RunAsync(name, () => client.InitiateMultipartUploadAsync(begin, cancel), cancel)).UploadId;
        try
        {
            for (var filled = part.Length; filled > 0; filled = await rest.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, cancel))
                await PutPartAsync(upload, part, filled, cancel);
            var complete = new CompleteMultipartUploadRequest { BucketName = bucket, Key = name, UploadId = upload, PartETags = parts };
            await S3Call.RunAsync(name, () => client.CompleteMultipartUploadAsync(complete, cancel), cancel);
        }
        catch
        {
            await AbortAsync(upload);
            throw;
        }
    }

    async Task PutPartAsync(string upload, byte[] part, int bytes, CancellationToken cancel)
    {
        var number = parts.Count + 1;
        if (number > PartsMax)
            throw new ObjectStoreException($"'{name}' is larger than {PartsMax} parts of {part.Length} bytes; raise PartBytes.");
        var request = new UploadPartRequest
        {
            BucketName = bucket,
            Key = name,
            UploadId = upload,
            PartNumber = number,
            PartSize = bytes,
            InputStream = new MemoryStream(part, 0, bytes),
            UseChunkEncoding = false,
        };
        var stored = await S3Call.RunAsync(name, () => client.UploadPartAsync(request, cancel), cancel);
        parts.Add(new PartETag(number, stored.ETag));
    }

    async Task AbortAsync(string upload)
    {
        try
        {
            var request = new AbortMultipartUploadRequest { BucketName = bucket, Key = name, UploadId = upload };
            await S3Call.RunAsync(name, () => client.AbortMultipartUploadAsync(request, CancellationToken.None), CancellationToken.None);
        }
        catch (ObjectStoreException)
        {
            // The store that failed the upload often fails this too; RemoveUnfinishedAsync gets it later.
        }
    }
}
