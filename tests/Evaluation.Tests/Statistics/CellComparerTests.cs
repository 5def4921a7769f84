using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Statistics;

namespace DiffusionBatch.Evaluation.Tests.Statistics;

public sealed class CellComparerTests
{
    static (string, IReadOnlyList<ScoredMetric>) Cell(string name, string metric,
        IEnumerable<(string Id, string Text, string Reference)> items)
    {
        var made = MetricRegistry.Plan([new MetricSpec { Name = metric }]).Create(new BootstrapOptions(1, 50))[0];
        foreach (var (id, text, reference) in items) made.Add(new MetricItem(id, text, [reference]));
        return (name, [new ScoredMetric(made, made.Score())]);
    }

    /// <summary>Items of which a share is right.</summary>
    static List<(string, string, string)> Items(int n, double right, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, n).Select(i => ($"i{i}", random.NextDouble() < right ? "a b c d e" : "a b x", "a b c d e"))];
    }

    static IReadOnlyList<CellComparison> Compare(ComparedCells pairs, params (string, IReadOnlyList<ScoredMetric>)[] cells) =>
        new CellComparer(new ComparisonOptions(7, 500, pairs)).Run(cells);

    [Theory]
    [InlineData("bleu")]
    [InlineData("exactMatch")]
    public void Clear_differences_are_found_and_none_where_there_is_none(string metric)
    {
        var good = Cell("good", metric, Items(300, 0.8, 1));
        var alike = Cell("alike", metric, Items(300, 0.8, 1));
        var poor = Cell("poor", metric, Items(300, 0.4, 3));
        var comparisons = Compare(ComparedCells.Best, poor, good, alike);
        Assert.Equal([("good", "poor"), ("good", "alike")], comparisons.Select(c => (c.First, c.Second)));
        Assert.Equal(1.0 / 501, comparisons[0].Bootstrap.P, 1e-12);
        Assert.Equal(1.0 / 501, comparisons[0].Randomization.P, 1e-12);
        Assert.Equal(2.0 / 501, comparisons[0].Randomization.Corrected, 1e-12);
        Assert.True(comparisons[0].Low > 0 && comparisons[0].Low < comparisons[0].Difference
            && comparisons[0].Difference < comparisons[0].High);
        Assert.Equal((0, 0, 0, 1, 1), (comparisons[1].Difference, comparisons[1].Low, comparisons[1].High, comparisons[1].Bootstrap.P,
            comparisons[1].Randomization.P));
    }

    [Fact]
    public void Under_no_difference_p_values_are_spread_evenly()
    {
        double[] drawn = new double[60], swapped = new double[60];
        for (int i = 0; i < drawn.Length; i++)
        {
            var one =
                Assert.Single(Compare(ComparedCells.All, Cell("a", "exactMatch", Items(120, 0.5, 2 * i)),
                    Cell("b", "exactMatch", Items(120, 0.5, 2 * i + 1))));
            (drawn[i], swapped[i]) = (one.Bootstrap.P, one.Randomization.P);
        }
        foreach (double[] p in (double[][])[drawn, swapped])
        {
            Assert.InRange(p.Count(v => v <= 0.1), 0, 15);
            Assert.InRange(p.Average(), 0.35, 0.68);
        }
        Assert.InRange(drawn.Zip(swapped).Average(v => Math.Abs(v.First - v.Second)), 0, 0.1);
    }

    [Fact]
    public void The_order_of_items_does_not_matter_and_only_common_items_count()
    {
        var items = Items(80, 0.6, 4);
        var once = Compare(ComparedCells.All, Cell("a", "chrf", items), Cell("b", "chrf", Items(80, 0.5, 5)));
        Assert.Equal(once, Compare(ComparedCells.All, Cell("a", "chrf", Enumerable.Reverse(items)),
            Cell("b", "chrf", Enumerable.Reverse(Items(80, 0.5, 5)))));
        var fewer = Assert.Single(Compare(ComparedCells.All, Cell("a", "chrf", items), Cell("b", "chrf", Items(80, 0.5, 5).Skip(30))));
        Assert.Equal(50, fewer.Items);
        Assert.Equal(
            Assert.Single(Compare(ComparedCells.All, Cell("a", "chrf", items.Skip(30)), Cell("b", "chrf", Items(80, 0.5, 5).Skip(30)))),
            fewer);
        Assert.Empty(Compare(ComparedCells.All, Cell("a", "chrf", items.Take(10)), Cell("b", "chrf", items.Skip(10))));
    }

    [Fact]
    public void Lower_is_better_where_the_metric_says_so_and_descriptions_are_not_ranked()
    {
        var good = Items(50, 0.9, 1);
        var poor = Items(50, 0.1, 2);
        Assert.Equal("good", Assert.Single(Compare(ComparedCells.Best, Cell("poor", "ter", poor), Cell("good", "ter", good))).First);
        Assert.Empty(Compare(ComparedCells.Best, Cell("poor", "distinct1", poor), Cell("good", "distinct1", good)));
        Assert.Single(Compare(ComparedCells.All, Cell("poor", "distinct1", poor), Cell("good", "distinct1", good)));
        Assert.Empty(Compare(ComparedCells.None, Cell("poor", "ter", poor), Cell("good", "ter", good)));
        Assert.Equal(3, Compare(ComparedCells.All, Cell("a", "ter", poor), Cell("b", "ter", good), Cell("c", "ter", good)).Count);
    }
}
