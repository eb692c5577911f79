using System.Collections.Concurrent;
using System.Reflection;
using EndToEnd;
using Xunit.v3;

[assembly: Evidence]

namespace EndToEnd;

/// <summary>A test that fails prints what helps to see why: how its windows looked when they were closed, and what the programs logged last.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
sealed class EvidenceAttribute : BeforeAfterTestAttribute
{
    public override void After(MethodInfo methodUnderTest, IXunitTest test) => Evidence.Tell();
}

/// <summary>Gathered while a test runs, because windows and servers are gone before it is known to have failed.</summary>
static class Evidence
{
    static readonly ConcurrentDictionary<string, ConcurrentQueue<string>> kept = [];
    static readonly ConcurrentBag<Log> ofTheRun = [];

    static string? Test => TestContext.Current.Test?.UniqueID;

    /// <summary>A program that serves all tests of the run.</summary>
    internal static void Follow(Log log) => ofTheRun.Add(log);

    /// <summary>For the test that runs.</summary>
    internal static void Keep(string text)
    {
        if (Test is { } test)
            kept.GetOrAdd(test, _ => []).Enqueue(text);
    }

    internal static void Tell()
    {
        if (Test is not { } test || !kept.TryRemove(test, out var texts))
            texts = [];
        if (TestContext.Current.TestState?.Result != TestResult.Failed || TestContext.Current.TestOutputHelper is not { } output)
            return;
        foreach (var text in texts.Concat(ofTheRun.Select(log => log.End)))
            output.WriteLine(text);
    }
}
