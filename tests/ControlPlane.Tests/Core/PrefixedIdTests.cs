using ControlPlane.Core.Ids;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Tests.Core;

public sealed class PrefixedIdTests
{
    [Fact]
    public void Text_of_an_id_reads_back_as_the_same_id() =>
        Gen.Guid.Sample(value =>
        {
            InstanceId.TryParse(new InstanceId(value).ToString(), out var id).ShouldBeTrue();
            id.Value.ShouldBe(value);
        });

    [Fact]
    public void Ids_sort_as_text_in_the_order_of_their_bytes() =>
        Gen.Select(Gen.Guid, Gen.Guid).Sample((left, right) =>
        {
            var bytes = left.ToByteArray(bigEndian: true).AsSpan().SequenceCompareTo(right.ToByteArray(bigEndian: true));
            var text = string.CompareOrdinal(new InstanceId(left).ToString(), new InstanceId(right).ToString());
            Math.Sign(text).ShouldBe(Math.Sign(bytes));
        });

    [Fact]
    public void Ids_made_within_one_millisecond_sort_in_the_order_they_were_made()
    {
        var clock = new FakeTimeProvider();
        var made = Enumerable.Range(0, 1000).Select(_ => OperationId.New(clock).ToString()).ToList();
        made.ShouldBe(made.Order(StringComparer.Ordinal));
        made.Distinct().Count().ShouldBe(1000);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ins_")]
    [InlineData("org_00000000000000000000000000")]
    [InlineData("ins_0000000000000000000000000")]
    [InlineData("ins_000000000000000000000000000")]
    [InlineData("ins_0000000000000000000000000u")]
    [InlineData("ins_0000000000000000000000000A")]
    [InlineData("ins_80000000000000000000000000")]
    public void What_is_no_id_is_refused(string? text) => InstanceId.TryParse(text, out _).ShouldBeFalse();
}
