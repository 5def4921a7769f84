using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>The activations that a config.json can name. Those of several operations are computed in float32 throughout.</summary>
static class Activation
{
    static readonly Dictionary<string, Func<Tensor, Tensor>> Known = new(StringComparer.Ordinal)
    {
        ["gelu"] = x => F.gelu(x),
        ["gelu_python"] = x => F.gelu(x),
        ["gelu_new"] = TanhGelu,
        ["gelu_fast"] = TanhGelu,
        ["gelu_pytorch_tanh"] = TanhGelu,
        ["gelu_accurate"] = TanhGelu,
        ["quick_gelu"] = QuickGelu,
        ["relu"] = x => F.relu(x),
        ["relu2"] = SquaredRelu,
        ["silu"] = x => F.silu(x),
        ["swish"] = x => F.silu(x),
        ["tanh"] = x => x.tanh(),
        ["sigmoid"] = x => x.sigmoid(),
    };

    /// <summary>The names.</summary>
    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <summary>The function of a name.</summary>
    public static Func<Tensor, Tensor> Of(string name) => Known[name];

    /// <summary>x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) (Hendrycks and Gimpel 2016).</summary>
    static Tensor TanhGelu(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = x.to(float32);
        var inner = x * (x.square() * 0.044715 + 1) * Math.Sqrt(2 / Math.PI);
        return (x * 0.5 * (inner.tanh() + 1)).MoveToOuterDisposeScope();
    }

    static Tensor QuickGelu(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = x.to(float32);
        return (x * (x * 1.702).sigmoid()).MoveToOuterDisposeScope();
    }

    static Tensor SquaredRelu(Tensor x)
    {
        using var scope = NewDisposeScope();
        return F.relu(x.to(float32)).square().MoveToOuterDisposeScope();
    }
}
