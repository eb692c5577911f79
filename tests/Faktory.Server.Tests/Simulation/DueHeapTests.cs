using CsCheck;
using Faktory.Server.Scheduling;

namespace Faktory.Server.Tests.Simulation;

/// <summary>The one part of the engine that the model uses too.</summary>
public sealed class DueHeapTests
{
    static readonly Gen<(int Operation, int Item, int Due)[]> Changes = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 9], Gen.Int[0, 20]).Array[1, 60];

    [Fact]
    public void First_is_always_one_that_is_due_first() => Changes.Sample(
        changes =>
        {
            var heap = new DueHeap<Item>();
            var items = Enumerable.Range(0, 10).Select(_ => new Item()).ToArray();
            foreach (var (operation, index, due) in changes)
            {
                var item = items[index];
                if (item.HeapIndex == DueItem.NotInHeap)
                    heap.Add(item, due);
                else if (operation == 0)
                    heap.Move(item, due);
                else
                    heap.Remove(item);

                var present = items.Where(i => i.HeapIndex != DueItem.NotInHeap).ToArray();
                heap.Count.ShouldBe(present.Length);
                (heap.First?.DueAt).ShouldBe(present.Length == 0 ? null : present.Min(i => i.DueAt));
            }
        },
        iter: 10_000, threads: 1);

    sealed class Item : DueItem;
}
