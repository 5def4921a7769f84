namespace DiffusionBatch.Evaluation.Cost;

/// <summary>Adds up what a cell's items cost.</summary>
public sealed class CostAccumulator
{
    long _items;
    long _forwardPasses;
    long _tokens;
    double _seconds;
    bool _timed = true;

    /// <summary>Takes in one item.</summary>
    /// <param name="forwardPasses">Its nfe.</param>
    /// <param name="tokens">Its response's tokens, padding not counted.</param>
    /// <param name="seconds">Its computing time; one item without it leaves the cell without.</param>
    public void Add(long forwardPasses, long tokens, double? seconds = null)
    {
        _items++;
        _forwardPasses += forwardPasses;
        _tokens += tokens;
        _timed &= seconds is not null;
        _seconds += seconds ?? 0;
    }

    /// <summary>The sums.</summary>
    /// <param name="seconds">The cell's computing time where it is known as a whole; it goes before the items'.</param>
    public CellCost ToCost(double? seconds = null) => new(_items, _forwardPasses, _tokens, seconds ?? (_timed && _items > 0 ? _seconds : null));
}
