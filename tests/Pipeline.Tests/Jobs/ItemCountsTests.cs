using System.Globalization;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Tests.Jobs;

public sealed class ItemCountsTests
{
    [Fact]
    public void A_share_of_errors_that_is_exactly_the_threshold_is_allowed_and_one_item_more_is_not()
    {
        for (int total = 1; total <= 1000; total *= 10)
            for (int errored = 0; errored <= total; errored++)
            {
                double threshold =
                    (double)decimal.Parse(
                        string.Create(CultureInfo.InvariantCulture,
                            $"{errored}e-{total.ToString(CultureInfo.InvariantCulture).Length - 1}"), NumberStyles.Float,
                            CultureInfo.InvariantCulture);
                Assert.False(new ItemCounts(total, total - errored, errored).Exceed(threshold), $"{errored} of {total}");
                if (errored < total)
                    Assert.True(new ItemCounts(total, total - errored - 1, errored + 1).Exceed(threshold), $"{errored + 1} of {total}");
            }
    }

    [Fact]
    public void Minus_one_allows_all() => Assert.False(new ItemCounts(3, 0, 3).Exceed(-1));
}
