using DiffusionBatch.Evaluation.Cost;

namespace DiffusionBatch.Evaluation.Tests.Cost;

public sealed class CostTests
{
    [Fact]
    public void A_cells_cost_is_summed_and_averaged()
    {
        var cost = new CostAccumulator();
        cost.Add(forwardPasses: 8, tokens: 10, seconds: 0.5);
        cost.Add(forwardPasses: 4, tokens: 20, seconds: 1.0);
        var cell = cost.ToCost();
        Assert.Equal(new CellCost(2, 12, 30, 1.5), cell);
        Assert.Equal((6, 0.75, 20), (cell.ForwardPassesPerItem, cell.SecondsPerItem, cell.TokensPerSecond));
        Assert.Equal(3, cost.ToCost(seconds: 3).Seconds);
    }

    [Fact]
    public void What_is_not_known_stays_unknown()
    {
        var cost = new CostAccumulator();
        Assert.Equal(new CellCost(0, 0, 0, null), cost.ToCost());
        Assert.Null(cost.ToCost(seconds: 2).SecondsPerItem);
        cost.Add(3, 5, 1);
        cost.Add(3, 5);
        Assert.Null(cost.ToCost().Seconds);
        Assert.Null(cost.ToCost().TokensPerSecond);
        Assert.Null(cost.ToCost(seconds: 0).TokensPerSecond);
    }
}
