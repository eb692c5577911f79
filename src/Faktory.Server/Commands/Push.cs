using System.Text.Json;
using Faktory.Server.Engine;
using Faktory.Server.Jobs;
using Faktory.Server.Protocol;

namespace Faktory.Server.Commands;

/// <summary>PUSH job: <c>+OK</c> once the job is durable.</summary>
sealed class Push(Submission job) : Command
{
    internal static Command Read(ReadOnlySpan<byte> argument, JobLimits limits, long now)
    {
        try
        {
            JobText.CheckUtf8(argument);
            var fields = JobFields.Read(argument, limits.JsonDepthMax);
            return Submission.TryCreate(argument, fields, limits, now, out var job) is { } refusal ? new Refusal(Reply.Error(refusal)) : new Push(job!);
        }
        catch (JsonException e)
        {
            return new Refusal(Reply.Error($"invalid JSON: {e.Message}"));
        }
    }

    internal override void Execute(JobEngine engine)
    {
        if (Admission.Refuse(engine, job) is { } refusal)
        {
            engine.Answer(this, refusal.Reply);
            return;
        }
        engine.Accept(job);
        engine.AnswerWhenSynced(this, Reply.Ok);
    }
}
