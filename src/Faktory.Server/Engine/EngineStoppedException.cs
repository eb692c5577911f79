namespace Faktory.Server.Engine;

/// <summary>The engine takes no more commands. Whether the last ones took effect shows after the next start.</summary>
sealed class EngineStoppedException(Exception? reason = null) : Exception("the engine has stopped", reason);
