using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// Sums, means or maxima over bags of a table's rows: bags are the rows of a 2-D input, or begin at the offsets of a 1-D one.
/// </summary>
public sealed class EmbeddingBag : nn.Module<Tensor, Tensor?, Tensor?, Tensor>, nn.IModule<Tensor, Tensor, Tensor>, nn.IModule<Tensor, Tensor>
{
    readonly double? maxNorm;
    readonly double normType;
    readonly bool byFrequency, lastOffset;
    readonly EmbeddingBagMode mode;
    readonly long padding;

    internal EmbeddingBag(Parameter table, double? maxNorm, double normType, bool byFrequency, EmbeddingBagMode mode, bool lastOffset, long padding) : base(nameof(EmbeddingBag))
    {
        componentsRegistered = true;
        if (padding >= table.sizes[0]) throw new ExternalException("Padding_idx must be within num_embeddings");
        (this.maxNorm, this.normType, this.byFrequency, this.mode, this.lastOffset, this.padding) = (maxNorm, normType, byFrequency, mode, lastOffset, padding);
        weight = table;
    }

    public Parameter? weight
    {
        get;
        set
        {
            field = value;
            Put(nameof(weight), value);
        }
    }

    public Tensor call(Tensor input)
    {
        Check(input, null);
        return base.call(input, null, null);
    }

    public Tensor call(Tensor input, Tensor? offsets)
    {
        Check(input, offsets);
        return base.call(input, offsets, null);
    }

    /// <summary>With a weight for each row, in sums only.</summary>
    public new Tensor call(Tensor input, Tensor? offsets, Tensor? perSampleWeights)
    {
        Check(input, offsets);
        return base.call(input, offsets, perSampleWeights);
    }

    static void Check(Tensor input, Tensor? offsets)
    {
        if (!input.is_integral()) throw new ArgumentException("Embedding input must be an integral tensor.");
        if (offsets is not null && input.type != offsets.type) throw new ArgumentException("input and offsets must have the same element type.");
        if (input.Rank == 1 && offsets is null) throw new ArgumentException("'offsets' must be non-null for a 1-D input.");
        if (input.Rank == 2 && offsets is not null) throw new ArgumentException("'offsets' must be null for a 2-D input.");
    }

    public override Tensor forward(Tensor input, Tensor? offsets, Tensor? perSampleWeights)
    {
        if (input.Rank is not (1 or 2)) throw new ExternalException($"input has to be 1D or 2D Tensor, but got Tensor of dimension {input.Rank}");
        if (perSampleWeights is not null && mode != EmbeddingBagMode.Sum)
            throw new ExternalException("embedding_bag: per_sample_weights was not null. per_sample_weights is only supported for mode='sum'");
        if (perSampleWeights is not null && perSampleWeights.Count != input.Count)
            throw new ExternalException($"embedding_bag: If per_sample_weights ([{Shapes.Text(perSampleWeights.sizes)}]) is not null, then it must have the same shape as the input ([{Shapes.Text(input.sizes)}])");
        if (maxNorm is { } most) EmbeddingTables.Renormalize(weight!, input, most, normType);
        using DisposeScope scope = NewDisposeScope();
        (long[] bags, long count) = Bags(input, offsets);
        long[] ids = Gathering.Indices(input, weight!.sizes[0], false);
        int[] kept = [.. Enumerable.Range(0, ids.Length).Where(i => ids[i] != padding)];
        Tensor numbers = tensor(kept.Select(i => ids[i]).ToArray());
        Tensor rows = weight.index_select(0, numbers);
        if (byFrequency) rows = EmbeddingTables.ByFrequency(rows, numbers);
        if (perSampleWeights is not null) rows = rows.mul(perSampleWeights.reshape(-1).index_select(0, tensor(kept.Select(i => (long)i).ToArray())).unsqueeze(1));
        long[] own = [.. kept.Select(i => bags[i])];
        return (mode == EmbeddingBagMode.Max ? BagReduction.Max(rows, own, count) : BagReduction.Sum(rows, own, count, mode == EmbeddingBagMode.Mean)).MoveToOuterDisposeScope();
    }

    /// <summary>Each row's bag, and how many bags there are.</summary>
    (long[] Bags, long Count) Bags(Tensor input, Tensor? offsets)
    {
        var bags = new long[input.Count];
        if (input.Rank == 2)
        {
            for (long i = 0; i < bags.Length; i++) bags[i] = i / input.sizes[1];
            return (bags, input.sizes[0]);
        }
        using Tensor starts = Elementwise.As(offsets!, ScalarType.Int64), dense = starts.Dense();
        long[] from = dense.data<long>().ToArray();
        if (from.Length > 0 && from[0] != 0)
            throw new ExternalException($"offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. However, got {from[0]}");
        if (from.Length > 0 && from[^1] > input.Count)
            throw new ExternalException($"offsets[-1] can not be greater than input's length({input.Count}) but got offsets[-1] of {from[^1]}");
        long count = lastOffset ? Math.Max(0, from.Length - 1) : from.Length;
        for (long b = 0; b < count; b++)
            for (long i = from[b]; i < (b + 1 < from.Length ? from[b + 1] : input.Count); i++) bags[i] = b;
        return (bags, count);
    }
}
