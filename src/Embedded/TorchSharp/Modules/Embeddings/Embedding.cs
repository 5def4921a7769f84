using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A table (V, d), drawn from the standard normal distribution, read by row numbers.</summary>
public class Embedding : nn.Module<Tensor, Tensor>
{
    readonly long? padding;
    readonly double? maxNorm;
    readonly double normType;
    readonly bool byFrequency;

    internal Embedding(long count, long dims, long? padding, double? maxNorm, double normType, bool byFrequency, Device? device, ScalarType? dtype) : base(nameof(Embedding))
    {
        componentsRegistered = true;
        (this.padding, this.maxNorm, this.normType, this.byFrequency) = (EmbeddingTables.Padding(padding, count), maxNorm, normType, byFrequency);
        weight = new Parameter(empty(count, dims, dtype, device));
        nn.init.normal_(weight);
        if (this.padding is not { } row) return;
        using IDisposable mode = no_grad();
        using Tensor line = weight.select(0, row);
        line.zero_();
    }

    internal Embedding(Tensor table, bool freeze, long? padding, double? maxNorm, double normType, bool byFrequency, ScalarType? dtype) : base(nameof(Embedding))
    {
        componentsRegistered = true;
        if (table.Rank != 2) throw new ExternalException("Embeddings parameter is expected to be 2-dimensional");
        (this.padding, this.maxNorm, this.normType, this.byFrequency) = (EmbeddingTables.Padding(padding, table.sizes[0]), maxNorm, normType, byFrequency);
        weight = new Parameter(dtype is { } type && type != table.type ? table.detach().to_type(type) : table.detach(), !freeze);
    }

    public Parameter weight
    {
        get;
        set
        {
            field = value;
            Put(nameof(weight), value);
        }
    }

    public override Tensor forward(Tensor input)
    {
        if (maxNorm is { } most) EmbeddingTables.Renormalize(weight, input, most, normType);
        Tensor rows = Embeddings.Lookup(weight, input, padding);
        return byFrequency ? EmbeddingTables.ByFrequency(rows, input) : rows;
    }
}
