namespace Faktory.Server.Tests.Engine;

public sealed class HistoryTests : IDisposable
{
    readonly TestEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Days_are_counted_apart_and_survive_a_crash()
    {
        Work("job-00001", "ACK");
        Work("job-00002", "FAIL");
        _engine.Pass(TimeSpan.FromDays(2));
        Work("job-00003", "ACK");

        _engine.Restart();

        _engine.Core.History.Last(4).Select(d => (d.Processed, d.Failures)).ShouldBe([(0, 0), (2, 1), (0, 0), (1, 0)]);
    }

    [Fact]
    public void A_day_is_forgotten_after_half_a_year()
    {
        Work("job-00001", "ACK");
        _engine.Pass(TimeSpan.FromDays(179));
        Work("job-00002", "ACK");
        _engine.Core.History.Last(180)[0].Processed.ShouldBe(1);

        _engine.Pass(TimeSpan.FromDays(1));
        Work("job-00003", "ACK");
        _engine.Restart();

        _engine.Core.History.Last(181)[0].Processed.ShouldBe(0);
        _engine.Core.History.Last(181)[^2].Processed.ShouldBe(1);
    }

    [Fact]
    public void Flush_forgets_all_days()
    {
        Work("job-00001", "ACK");
        _engine.Say("FLUSH");
        Work("job-00002", "ACK");

        _engine.Restart();

        _engine.Core.History.Last(1).Single().Processed.ShouldBe(1);
    }

    void Work(string jid, string verb)
    {
        _engine.Push(jid, ",\"retry\":0");
        _engine.Fetch().ShouldBe(jid);
        _engine.Say($$"""{{verb}} {"jid":"{{jid}}"}""").ShouldBe("+OK");
    }
}
