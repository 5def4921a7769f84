using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Models.Layers;
using DiffusionBatch.Diffusion.Randomness;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Sampling.Passes;

/// <summary>
/// The keys and values of canvases' finished blocks, computed once and kept: under attention by blocks from left to right nothing behind
/// them changes them. A prompt's whole blocks are computed in one pass, each further block in one of its own, always from the same
/// shapes, so that numbers don't depend on what is still kept.
/// </summary>
/// <param name="model">The model, in evaluation mode.</param>
sealed class FinishedBlocks(LanguageModel model)
{
    /// <summary>What is kept at most between passes.</summary>
    const long KeptBytes = 1L << 28;

    readonly Dictionary<Beginning, LinkedListNode<(Beginning Key, Tensor Values)>> _known = [];
    readonly LinkedList<(Beginning Key, Tensor Values)> _byUse = new();
    long _bytes;

    /// <summary>The keys and values of canvases' beginnings, by turns, layer by layer, padded with zeros.</summary>
    /// <param name="prefixes">Each canvas's finished blocks. // (B) of whole blocks</param>
    /// <param name="prompts">Tokens before each canvas's first slot. // (B)</param>
    /// <param name="blockLength">Tokens of a block.</param>
    /// <param name="lengths">How many of a beginning's tokens are taken, at most its own. // (B)</param>
    /// <param name="columns">P.</param>
    /// <returns>// (B, 2 L, G, P, d_h); null where P is 0</returns>
    public Tensor? Of(int[][] prefixes, int[] prompts, int blockLength, int[] lengths, int columns)
    {
        if (columns == 0) return null;
        using var scope = NewDisposeScope();
        Beginning[] wanted = [.. prefixes.Select((p, b) => new Beginning(p, prompts[b] / blockLength * blockLength, blockLength))];
        while (Missing(wanted) is { Count: > 0 } missing)
            foreach (var group in missing.GroupBy(k => (Padded(k.Start), Padded(k.Tokens.Length - k.Start)))) Compute([.. group]);
        var config = model.Config;
        long[] shape = [wanted.Length, 2 * config.Family.Attentions(config), config.KeyValueHeads, columns, config.HeadSize];
        var all = zeros(shape, device: model.Device);
        for (int b = 0; b < wanted.Length; b++)
            if (lengths[b] > 0) all.select(0, b).narrow(2, 0, lengths[b]).copy_(Use(wanted[b]).narrow(2, 0, lengths[b]));
        Forget();
        return all.MoveToOuterDisposeScope();
    }

    /// <summary>Of each beginning that isn't known the shortest part that isn't either, once.</summary>
    List<Beginning> Missing(Beginning[] wanted)
    {
        var missing = new HashSet<Beginning>();
        foreach (var whole in wanted)
            for (Beginning? part = whole; part is { Tokens.Length: > 0 } && !_known.ContainsKey(part); part = part.Before)
                if (part.Before is not { Tokens.Length: > 0 } before || _known.ContainsKey(before)) missing.Add(part);
        return [.. missing];
    }

    /// <summary>One pass over the last blocks of beginnings of one shape, whose earlier ones are known.</summary>
    void Compute(Beginning[] parts)
    {
        using var scope = NewDisposeScope();
        int batch = parts.Length, blockLength = parts[0].BlockLength;
        int before = Padded(parts[0].Start), columns = Padded(parts[0].Tokens.Length - parts[0].Start);
        var (ids, places) = (new long[batch * columns], new long[batch * columns]);
        int[] starts = [.. parts.Select(p => p.Start)], sizes = [.. parts.Select(p => p.Tokens.Length - p.Start)];
        for (int b = 0; b < batch; b++)
            for (int i = 0; i < columns; i++)
                (ids[b * columns + i], places[b * columns + i]) = (i < sizes[b] ? parts[b].Tokens[starts[b] + i] : 0, starts[b] + i);
        var device = model.Device;
        var values = before > 0 ? stack(parts.Select(p => Filled(Use(p.Before!), before)), 0) : null;
        bool[] seen = before > 0
            ? BlockAttention.After(starts, before, sizes, columns, new int[batch])
            : AttentionMasks.Pairwise(AttentionKind.Causal, ids, sizes, sizes, columns, -1, blockLength);
        var pass = new PassContext(places, columns, device, values, keeps: true);
        var mask = tensor(seen, [batch, columns, before + columns], device: device);
        var own = model.KeysAndValues(tensor(ids, [batch, columns], device: device), mask, pass);
        for (int b = 0; b < batch; b++)
        {
            var last = own.select(0, b).narrow(2, 0, sizes[b]);
            Keep(parts[b], (starts[b] > 0 ? cat([Use(parts[b].Before!), last], 2) : last.contiguous().clone()).DetachFromDisposeScope());
        }
    }

    static int Padded(int tokens) => CanvasShape.Padded(tokens);

    static Tensor Filled(Tensor values, int columns) => nn.functional.pad(values, [0, 0, 0, columns - values.size(2)]);

    Tensor Use(Beginning key)
    {
        var node = _known[key];
        _byUse.Remove(node);
        _byUse.AddLast(node);
        return node.Value.Values;
    }

    void Keep(Beginning key, Tensor values)
    {
        _known[key] = _byUse.AddLast((key, values));
        _bytes += values.numel() * values.element_size();
    }

    /// <summary>Lets go of what was used longest ago.</summary>
    void Forget()
    {
        while (_bytes > KeptBytes && _byUse.First is { Value: var (key, values) })
        {
            _byUse.RemoveFirst();
            _known.Remove(key);
            _bytes -= values.numel() * values.element_size();
            values.Dispose();
        }
    }

    /// <summary>A canvas's beginning: the prompt's whole blocks, and whole blocks behind them.</summary>
    /// <param name="Tokens">All of it.</param>
    /// <param name="Prompt">Tokens of the prompt's whole blocks.</param>
    /// <param name="BlockLength">Tokens of a block.</param>
    sealed record Beginning(int[] Tokens, int Prompt, int BlockLength)
    {
        readonly int _hash = HashCode.Combine(StableHash.Of(Tokens.AsSpan()), Prompt, BlockLength);

        /// <summary>Where the last pass's tokens begin: 0 for the prompt's, which are one pass's.</summary>
        public int Start => Tokens.Length <= Prompt ? 0 : Tokens.Length - BlockLength;

        /// <summary>The beginning without the last pass's tokens; null where that is all.</summary>
        public Beginning? Before => Start == 0 ? null : new Beginning(Tokens[..Start], Prompt, BlockLength);

        public bool Equals(Beginning? other) => other is not null && _hash == other._hash
            && Prompt == other.Prompt && BlockLength == other.BlockLength && Tokens.AsSpan().SequenceEqual(other.Tokens);

        public override int GetHashCode() => _hash;
    }
}
