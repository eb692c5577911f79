using Faktory.Client;

namespace Faktory.Conformance.Client;

public sealed class FaktoryQueuesTests
{
    [Fact]
    public void Strict_order_is_always_the_same()
    {
        var queues = FaktoryQueues.Strict("critical", "default", "low");

        for (var fetch = 0; fetch < 10; fetch++)
            queues.Next().ShouldBe(["critical", "default", "low"]);
    }

    [Fact]
    public void Weighted_order_names_every_queue_and_follows_the_weights()
    {
        const int fetches = 10_000;
        var queues = FaktoryQueues.Weighted(new Random(7), ("heavy", 3), ("light", 1));

        var heavyFirst = 0;
        for (var fetch = 0; fetch < fetches; fetch++)
        {
            var order = queues.Next();
            order.ShouldBe(["heavy", "light"], ignoreOrder: true);
            heavyFirst += order[0] == "heavy" ? 1 : 0;
        }

        heavyFirst.ShouldBeInRange((int)(fetches * 0.72), (int)(fetches * 0.78));
    }

    [Fact]
    public void Worker_without_queues_is_refused()
    {
        Should.Throw<ArgumentException>(() => FaktoryQueues.Strict());
        Should.Throw<ArgumentException>(() => FaktoryQueues.Strict("default", " "));
        Should.Throw<ArgumentException>(() => FaktoryQueues.Weighted(new Random(1), ("default", 0)));
    }
}
