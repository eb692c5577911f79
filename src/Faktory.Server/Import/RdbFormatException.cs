namespace Faktory.Server.Import;

/// <summary>The file is not one that can be imported. Says where.</summary>
sealed class RdbFormatException(long offset, string message) : Exception($"at byte {offset}: {message}")
{
    internal long Offset => offset;
}
