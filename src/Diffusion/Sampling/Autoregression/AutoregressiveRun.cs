using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Sampling.Passes;
using DiffusionBatch.Diffusion.Sampling.Steps;
using DiffusionBatch.Diffusion.Sampling.Sweeps;

namespace DiffusionBatch.Diffusion.Sampling.Autoregression;

/// <summary>
/// The searches of a run of a sweep, batched: prompts of one padded length begin together, and sequences go on together with those of
/// like length, each a token a pass. What is computed together, and when, is decided here and has no influence on any result.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="batchTokens">Tokens of a batch.</param>
/// <param name="meter">Told of what it costs.</param>
/// <param name="time">The clock.</param>
internal sealed class AutoregressiveRun(IDenoiser model, int batchTokens, CostMeter meter, TimeProvider time) : IDisposable
{
    /// <summary>Columns of a table are a multiple of this: what a row is computed in follows from its own length.</summary>
    const int ColumnMultiple = 32;

    /// <summary>A table that has seen so many passes go before it is the next.</summary>
    const int Patience = 64;

    readonly Dictionary<(int Columns, (bool Keeps, bool Rounds) Kind), SequenceTable> _tables = [];
    readonly Dictionary<(int Width, (bool Keeps, bool Rounds) Kind), Dictionary<int[], List<Search>>> _waiting = [];
    readonly Queue<(int Width, (bool Keeps, bool Rounds) Kind)> _order = new();
    readonly TemperedRows _tempered = new();
    long _passes, _waitingTokens;

    /// <summary>Tokens of what is there to be computed, padding included.</summary>
    public long Tokens => _waitingTokens + Live;

    /// <summary>Whether nothing is there.</summary>
    public bool IsIdle => _tables.Count == 0 && _order.Count == 0;

    long Live => _tables.Values.Sum(t => (long)t.Count * t.Columns);

    /// <summary>Adds a search. Those of equal prompts share the prompt's pass.</summary>
    public void Add(Search search)
    {
        var shape = (CanvasShape.Padded(search.Prompt.Length), search.Kind);
        if (!_waiting.TryGetValue(shape, out var prompts))
        {
            _waiting[shape] = prompts = new(SameTokens.Comparer);
            _order.Enqueue(shape);
        }
        if (!prompts.TryGetValue(search.Prompt, out var searches))
        {
            prompts[search.Prompt] = searches = [];
            _waitingTokens += shape.Item1;
        }
        searches.Add(search);
    }

    /// <summary>One forward pass, and the steps that it allows.</summary>
    /// <param name="done">Told of the searches that are over.</param>
    public void Pass(Action<Search> done)
    {
        _passes++;
        if (_order.Count > 0 && (_tables.Count == 0 || Live < 2L * batchTokens)) Begin(done);
        else Step(done);
        _tempered.Release();
    }

    /// <summary>Begins prompts of the shape that has waited longest.</summary>
    void Begin(Action<Search> done)
    {
        var (width, kind) = _order.Peek();
        var prompts = _waiting[(width, kind)];
        KeyValuePair<int[], List<Search>>[] batch = [.. prompts.Take(Math.Max(1, batchTokens / ColumnsOf(width)))];
        foreach (var (prompt, _) in batch) prompts.Remove(prompt);
        _waitingTokens -= (long)batch.Length * width;
        if (prompts.Count == 0)
        {
            _waiting.Remove((width, kind));
            _order.Dequeue();
        }
        using var table = new SequenceTable(model.Sequences(ColumnsOf(width), kind));
        long started = time.GetTimestamp(), tokens = batch.Sum(p => (long)p.Key.Length);
        var predicted = table.Begin([.. batch.Select(p => p.Key)], batch.Any(p => p.Value.Exists(s => s.WantsLogits)));
        double seconds = Spent(started, batch.Length, tokens);
        for (int row = 0; row < batch.Length; row++)
            foreach (var search in batch[row].Value)
            {
                search.Rows[0] = row;
                search.Advance(predicted, _tempered, seconds * search.Prompt.Length / tokens);
            }
        Move(table, batch.SelectMany(p => p.Value), kind, done);
    }

    /// <summary>
    /// A token more for each sequence of a table: the shortest, so that they reach the others, unless one has waited for long.
    /// </summary>
    void Step(Action<Search> done)
    {
        var (key, table) = _tables.MinBy(t => (_passes - t.Value.Since < Patience, t.Key.Columns, t.Key.Kind));
        table.Since = _passes;
        long started = time.GetTimestamp();
        int rows = table.Count;
        var (predicted, searches) = table.Step();
        double seconds = Spent(started, rows, key.Kind.Keeps ? rows : searches.Sum(s => (long)s.Live.Count * s.Tokens));
        foreach (var search in searches) search.Advance(predicted, _tempered, seconds / rows);
        Move(table, searches.Where(s => s.IsDone || s.Tokens > key.Columns), key.Kind, done);
        table.Settle(searches.Where(s => !s.IsDone && s.Tokens <= key.Columns));
        if (table.Count > 0) return;
        _tables.Remove(key);
        table.Dispose();
    }

    /// <summary>Tells of the searches that are over, and gives the others to the tables of their lengths.</summary>
    void Move(SequenceTable from, IEnumerable<Search> searches, (bool Keeps, bool Rounds) kind, Action<Search> done)
    {
        foreach (var moved in searches.GroupBy(s => s.IsDone ? 0 : ColumnsOf(s.Tokens)).ToList())
        {
            if (moved.Key == 0)
            {
                foreach (var search in moved) done(search);
                continue;
            }
            var key = (moved.Key, kind);
            if (!_tables.TryGetValue(key, out var table))
                _tables[key] = table = new SequenceTable(model.Sequences(moved.Key, kind)) { Since = _passes };
            table.Take(from, [.. moved]);
        }
    }

    double Spent(long started, int canvases, long tokens)
    {
        double seconds = time.GetElapsedTime(started).TotalSeconds;
        meter.Batch(canvases, tokens);
        meter.Spent(seconds);
        return seconds;
    }

    static int ColumnsOf(int tokens) => (tokens + ColumnMultiple - 1) / ColumnMultiple * ColumnMultiple;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var table in _tables.Values) table.Dispose();
    }
}
