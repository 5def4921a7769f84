using System.Runtime.InteropServices;
using DiffusionBatch.Diffusion.Models;
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
    readonly KeyValueCache cache = new(model.Network, columns);
    readonly List<int> lengths = [];
    long[] ids = [], positions = [], rows = [];
    float[] bias = [];

    /// <inheritdoc/>
    public int Columns => columns;

    /// <inheritdoc/>
    public int Count => lengths.Count;

    /// <inheritdoc/>
    public CanvasRows Begin(IReadOnlyList<int[]> prompts, bool wantsLogits)
    {
        int width = CanvasShape.Padded(prompts[0].Length), first = Count;
        cache.Reserve(CanvasShape.PaddedRows(first + prompts.Count));
        Room(prompts.Count, width);
        for (int b = 0; b < prompts.Count; b++)
        {
            int length = prompts[b].Length;
            for (int q = 0; q < width; q++)
            {
                int at = b * width + q;
                (ids[at], positions[at]) = (q < length ? prompts[b][q] : 0, q);
                model.See(bias.AsSpan(at * columns, columns), Math.Min(q, length - 1), length); // what pads a prompt sees no padding
            }
            rows[b] = b * width + length - 1;
            lengths.Add(length);
        }
        return Pass(prompts.Count, width, first, prompts.Count, wantsLogits);
    }

    /// <inheritdoc/>
    public CanvasRows Step(ReadOnlySpan<int> tokens, bool wantsLogits)
    {
        int padded = CanvasShape.PaddedRows(Count);
        cache.Reserve(padded);
        Room(padded, 1);
        for (int b = 0; b < padded; b++)
        {
            bool used = b < Count;
            int at = used ? lengths[b]++ : 0; // what pads the batch is a sequence of one token
            (ids[b], positions[b], rows[b]) = (used ? tokens[b] : 0, at, b);
            bias.AsSpan(b * columns, at + 1).Clear();
        }
        return Pass(padded, 1, 0, Count, wantsLogits);
    }

    /// <inheritdoc/>
    public void Arrange(ReadOnlySpan<int> sources)
    {
        var (from, to) = (new List<long>(), new List<long>());
        var before = lengths.ToArray();
        CollectionsMarshal.SetCount(lengths, sources.Length);
        for (int r = 0; r < sources.Length; r++)
        {
            lengths[r] = before[sources[r]];
            if (sources[r] == r) continue;
            from.Add(sources[r]);
            to.Add(r);
        }
        cache.Reserve(CanvasShape.PaddedRows(sources.Length));
        cache.Copy(CollectionsMarshal.AsSpan(from), CollectionsMarshal.AsSpan(to));
    }

    /// <inheritdoc/>
    public void Take(ISequences from, ReadOnlySpan<int> rows)
    {
        var source = (CachedSequences)from;
        var (read, written) = (new long[rows.Length], new long[rows.Length]);
        for (int i = 0; i < rows.Length; i++)
        {
            (read[i], written[i]) = (rows[i], Count);
            lengths.Add(source.lengths[rows[i]]);
        }
        cache.Reserve(CanvasShape.PaddedRows(Count));
        cache.Copy(read, written, source.cache);
    }

    /// <inheritdoc/>
    public void Dispose() => cache.Dispose();

    CanvasRows Pass(int batch, int width, int first, int wanted, bool wantsLogits)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var device = model.Network.Device;
        var input_ids = tensor(ids, [batch, width], device: device);
        var seen = tensor(bias, [batch, 1, width, columns], device: device);
        var hidden = model.Network.HiddenRows(input_ids, positions, seen, cache, first, tensor(rows, device: device)); // (R, d)
        return model.Predict(hidden, wanted, wantsLogits);
    }

    // The arrays that a pass's tensors are copied from, as large as they are to the element.
    void Room(int batch, int width)
    {
        if (ids.Length != batch * width) (ids, positions) = (new long[batch * width], new long[batch * width]);
        if (bias.Length != batch * width * columns) bias = new float[batch * width * columns];
        if (rows.Length != CanvasShape.PaddedRows(batch)) rows = new long[CanvasShape.PaddedRows(batch)];
        Array.Fill(bias, float.NegativeInfinity);
        Array.Clear(rows);
    }
}
