using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A table (V, d), drawn from the standard normal distribution, read by row numbers.</summary>
public class Embedding : nn.Module<Tensor, Tensor>
{
    readonly long? padding;

    internal Embedding(long count, long dims, long? paddingIndex, Device? device, ScalarType? dtype) : base(nameof(Embedding))
    {
        componentsRegistered = true;
        padding = paddingIndex < 0 ? paddingIndex + count : paddingIndex;
        weight = new Parameter(empty(count, dims, dtype, device));
        nn.init.normal_(weight);
        if (padding is not { } row) return;
        using IDisposable mode = no_grad();
        using Tensor line = weight.select(0, row);
        line.zero_();
    }

    internal Embedding(Tensor table, bool freeze, long? paddingIndex) : base(nameof(Embedding))
    {
        componentsRegistered = true;
        padding = paddingIndex;
        weight = new Parameter(table.detach(), !freeze);
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

    public override Tensor forward(Tensor input) => Embeddings.Lookup(weight, input, padding);
}
