using System.Runtime.InteropServices;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Models.Layers;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Sampling.Passes;

/// <summary>
/// Sequences whose keys and values are kept: a step computes one position of each. Under causal attention, and in a prompt that only sees
/// itself, no later token can change them, so that this is exact.
/// </summary>
/// <param name="model">The model; it keeps keys.</param>
/// <param name="columns">The longest sequence.</param>
internal sealed class CachedSequences(SequenceModel model, int columns) : ISequences
{
    readonly KeyValueCache _cache = new(model.Network, columns);
    readonly List<int> _lengths = [];
    long[] _ids = [], _positions = [], _rows = [];
    bool[] _seen = [];

    /// <inheritdoc/>
    public int Columns => columns;

    /// <inheritdoc/>
    public int Count => _lengths.Count;

    /// <inheritdoc/>
    public CanvasRows Begin(IReadOnlyList<int[]> prompts, bool wantsLogits)
    {
        int width = CanvasShape.Padded(prompts[0].Length), first = Count;
        _cache.Reserve(CanvasShape.PaddedRows(first + prompts.Count));
        Room(prompts.Count, width);
        for (int b = 0; b < prompts.Count; b++)
        {
            int length = prompts[b].Length;
            for (int q = 0; q < width; q++)
            {
                int at = b * width + q;
                (_ids[at], _positions[at]) = (q < length ? prompts[b][q] : 0, q);
                model.See(_seen.AsSpan(at * columns, columns), Math.Min(q, length - 1), length); // what pads a prompt sees no padding
            }
            _rows[b] = b * width + length - 1;
            _lengths.Add(length);
        }
        return Pass(prompts.Count, width, first, prompts.Count, wantsLogits);
    }

    /// <inheritdoc/>
    public CanvasRows Step(ReadOnlySpan<int> tokens, bool wantsLogits)
    {
        int padded = CanvasShape.PaddedRows(Count);
        _cache.Reserve(padded);
        Room(padded, 1);
        for (int b = 0; b < padded; b++)
        {
            bool used = b < Count;
            int at = used ? _lengths[b]++ : 0; // what pads the batch is a sequence of one token
            (_ids[b], _positions[b], _rows[b]) = (used ? tokens[b] : 0, at, b);
            _seen.AsSpan(b * columns, at + 1).Fill(true);
        }
        return Pass(padded, 1, 0, Count, wantsLogits);
    }

    /// <inheritdoc/>
    public void Arrange(ReadOnlySpan<int> sources)
    {
        var (from, to) = (new List<long>(), new List<long>());
        var before = _lengths.ToArray();
        CollectionsMarshal.SetCount(_lengths, sources.Length);
        for (int r = 0; r < sources.Length; r++)
        {
            _lengths[r] = before[sources[r]];
            if (sources[r] == r) continue;
            from.Add(sources[r]);
            to.Add(r);
        }
        _cache.Reserve(CanvasShape.PaddedRows(sources.Length));
        _cache.Copy(CollectionsMarshal.AsSpan(from), CollectionsMarshal.AsSpan(to));
    }

    /// <inheritdoc/>
    public void Take(ISequences from, ReadOnlySpan<int> rows)
    {
        var source = (CachedSequences)from;
        var (read, written) = (new long[rows.Length], new long[rows.Length]);
        for (int i = 0; i < rows.Length; i++)
        {
            (read[i], written[i]) = (rows[i], Count);
            _lengths.Add(source._lengths[rows[i]]);
        }
        _cache.Reserve(CanvasShape.PaddedRows(Count));
        _cache.Copy(read, written, source._cache);
    }

    /// <inheritdoc/>
    public void Dispose() => _cache.Dispose();

    CanvasRows Pass(int batch, int width, int first, int wanted, bool wantsLogits)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        model.Network.ComputesRounded = model.Rounds;
        var device = model.Network.Device;
        var input_ids = tensor(_ids, [batch, width], device: device);
        var seen = tensor(_seen, [batch, width, columns], device: device);
        var pass = new PassWithin(_positions, width, device, _cache, first);
        var hidden = model.Network.HiddenRowsIn(pass, input_ids, seen, tensor(_rows, device: device)); // (R, d)
        return model.Predict(hidden, wanted, wantsLogits);
    }

    // The arrays that a pass's tensors are copied from, as large as they are to the element.
    void Room(int batch, int width)
    {
        if (_ids.Length != batch * width) (_ids, _positions) = (new long[batch * width], new long[batch * width]);
        if (_seen.Length != batch * width * columns) _seen = new bool[batch * width * columns];
        if (_rows.Length != CanvasShape.PaddedRows(batch)) _rows = new long[CanvasShape.PaddedRows(batch)];
        Array.Clear(_seen);
        Array.Clear(_rows);
    }
}
