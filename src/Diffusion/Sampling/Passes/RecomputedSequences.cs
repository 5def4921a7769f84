using System.Runtime.InteropServices;
using DiffusionBatch.Diffusion.Models;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Sampling.Passes;

/// <summary>
/// Sequences of which nothing is kept: each step computes all positions anew. What <see cref="CachedSequences"/> is held to.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="columns">The longest sequence.</param>
internal sealed class RecomputedSequences(SequenceModel model, int columns) : ISequences
{
    readonly List<(List<int> Tokens, int Prompt)> _sequences = [];

    /// <inheritdoc/>
    public int Columns => columns;

    /// <inheritdoc/>
    public int Count => _sequences.Count;

    /// <inheritdoc/>
    public CanvasRows Begin(IReadOnlyList<int[]> prompts, bool wantsLogits)
    {
        foreach (int[] prompt in prompts) _sequences.Add(([.. prompt], prompt.Length));
        return Pass(CollectionsMarshal.AsSpan(_sequences)[^prompts.Count..], wantsLogits);
    }

    /// <inheritdoc/>
    public CanvasRows Step(ReadOnlySpan<int> tokens, bool wantsLogits)
    {
        for (int r = 0; r < Count; r++) _sequences[r].Tokens.Add(tokens[r]);
        return Pass(CollectionsMarshal.AsSpan(_sequences), wantsLogits);
    }

    /// <inheritdoc/>
    public void Arrange(ReadOnlySpan<int> sources)
    {
        var before = _sequences.ToArray();
        _sequences.Clear();
        foreach (int row in sources) _sequences.Add(([.. before[row].Tokens], before[row].Prompt));
    }

    /// <inheritdoc/>
    public void Take(ISequences from, ReadOnlySpan<int> rows)
    {
        foreach (int row in rows)
            _sequences.Add(([.. ((RecomputedSequences)from)._sequences[row].Tokens], ((RecomputedSequences)from)._sequences[row].Prompt));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    CanvasRows Pass(ReadOnlySpan<(List<int> Tokens, int Prompt)> of, bool wantsLogits)
    {
        var (ids, rows, seen) =
            (new long[of.Length * columns], new long[CanvasShape.PaddedRows(of.Length)], new bool[of.Length * columns * columns]);
        for (int b = 0; b < of.Length; b++)
        {
            var (tokens, prompt) = of[b];
            for (int q = 0; q < columns; q++)
            {
                if (q < tokens.Count) ids[b * columns + q] = tokens[q];
                model.See(seen.AsSpan((b * columns + q) * columns, columns), Math.Min(q, tokens.Count - 1), prompt);
            }
            rows[b] = b * columns + tokens.Count - 1;
        }
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        model.Network.ComputesRounded = model.Rounds;
        var device = model.Network.Device;
        var input_ids = tensor(ids, [of.Length, columns], device: device);
        var mask = tensor(seen, [of.Length, columns, columns], device: device);
        var hidden = model.Network.HiddenRows(input_ids, mask, tensor(rows, device: device)); // (R, d)
        return model.Predict(hidden, of.Length, wantsLogits);
    }
}
