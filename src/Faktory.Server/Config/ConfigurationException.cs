namespace Faktory.Server.Config;

/// <summary>The server cannot start as it was told to. The message is for the person who told it.</summary>
sealed class ConfigurationException(string message) : Exception(message);
