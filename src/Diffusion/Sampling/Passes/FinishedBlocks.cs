using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Models.Layers;
using DiffusionBatch.Diffusion.Randomness;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Sampling.Passes;

/// <summary>
/// The keys and values of canvases' finished blocks, or of their prompts, computed once and kept: under attention by blocks from left to
/// right, or in which a prompt sees itself alone, nothing behind them changes them. A prompt, or its whole blocks, is computed in one
/// pass, each further block in one of its own, always from the same shapes, so that numbers don't depend on what is still kept.
/// </summary>
/// <param name="model">The model, in evaluation mode.</param>
/// <param name="attention">What a prompt's tokens see of it, where there are no blocks.</param>
/// <param name="keptBytes">What is kept at most between passes.</param>
sealed class FinishedBlocks(LanguageModel model, AttentionKind attention, long keptBytes = 1L << 30)
{
    /// <summary>A beginning that wasn't asked for in so many passes is done with: canvases that wait come up more often.</summary>
    const long Patience = 32;

    readonly Dictionary<Beginning, LinkedListNode<Kept>> _known = [];
    readonly LinkedList<Kept> _byUse = new();
    readonly GatheredKeys<Beginning> _gathered = new();
    long _bytes, _passes;

    /// <summary>
    /// The keys and values of canvases' beginnings, by turns, layer by layer, padded, and room behind them. They hold until the next call:
    /// canvases often come again together, and what lies where it should is left there.
    /// </summary>
    /// <param name="prefixes">Each canvas's finished blocks, or its prompt. // (B)</param>
    /// <param name="prompts">Tokens before each canvas's first slot. // (B)</param>
    /// <param name="blockLength">Tokens of a block; 0 for none.</param>
    /// <param name="lengths">How many of a beginning's tokens are taken, at most its own. // (B)</param>
    /// <param name="columns">P.</param>
    /// <param name="room">N.</param>
    /// <returns>// (B, 2 L, G, P + N, d_h); null where P is 0</returns>
    public Tensor? Of(int[][] prefixes, int[] prompts, int blockLength, int[] lengths, int columns, int room)
    {
        if (columns == 0) return null;
        using var scope = NewDisposeScope();
        Beginning[] wanted = [.. prefixes.Select((p, b) =>
            new Beginning(p, blockLength == 0 ? p.Length : prompts[b] / blockLength * blockLength, blockLength))];
        _passes++;
        while (Missing(wanted) is { Count: > 0 } missing)
            foreach (var group in missing.GroupBy(k => (Padded(k.Start), Padded(k.Tokens.Length - k.Start)))) Compute([.. group]);
        var all = _gathered.Of([.. wanted.Zip(lengths, (key, length) => (key, Use(key), length))], columns, room);
        Forget();
        return all.MoveToOuterDisposeScope();
    }

    /// <summary>Gives back what holds the last pass's; what is kept stays.</summary>
    public void End() => _gathered.Release();

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
        var gathered = new GatheredKeys<Beginning>();
        var all = before == 0 ? null : gathered.Of([.. parts.Select(p => (p.Before!, Use(p.Before!), p.Start))], before, columns);
        bool[] seen = AttentionMasks.Behind(blockLength > 0 ? AttentionKind.Causal : attention, sizes, starts, before, sizes, columns,
            blockLength);
        var pass = new PassBehind(places, columns, device, all, keeps: true);
        var mask = tensor(seen, [batch, columns, before + columns], device: device);
        var own = model.KeysAndValues(tensor(ids, [batch, columns], device: device), mask, pass);
        for (int b = 0; b < batch; b++)
        {
            var last = own.select(0, b).narrow(2, 0, sizes[b]);
            Keep(parts[b], (starts[b] > 0 ? cat([Use(parts[b].Before!), last], 2) : last.contiguous().clone()).DetachFromDisposeScope());
        }
        gathered.Release();
    }

    static int Padded(int tokens) => CanvasShape.Padded(tokens);

    Tensor Use(Beginning key)
    {
        var node = _known[key];
        node.Value.UsedAt = _passes;
        _byUse.Remove(node);
        _byUse.AddLast(node);
        return node.Value.Values;
    }

    void Keep(Beginning key, Tensor values)
    {
        _known[key] = _byUse.AddLast(new Kept(key, values) { UsedAt = _passes });
        _bytes += values.numel() * values.element_size();
    }

    /// <summary>
    /// Lets go of what nobody asks for any more; where all are in use, of the last ones: canvases come up in turn, and of the oldest none
    /// would ever be there when its turn comes.
    /// </summary>
    void Forget()
    {
        while (_bytes > keptBytes && _byUse.First is { Value: var oldest })
        {
            var kept = _passes - oldest.UsedAt > Patience ? oldest : _byUse.Last!.Value;
            _byUse.Remove(_known[kept.Key]);
            _known.Remove(kept.Key);
            _bytes -= kept.Values.numel() * kept.Values.element_size();
            kept.Values.Dispose();
        }
    }

    sealed record Kept(Beginning Key, Tensor Values)
    {
        /// <summary>The number of the last pass that asked for it.</summary>
        public long UsedAt { get; set; }
    }

    /// <summary>A canvas's beginning: the prompt, or its whole blocks and whole blocks behind them.</summary>
    /// <param name="Tokens">All of it.</param>
    /// <param name="Prompt">Tokens of the prompt's whole blocks; without blocks all of it.</param>
    /// <param name="BlockLength">Tokens of a block; 0 for none.</param>
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
