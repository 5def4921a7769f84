using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>The activations that a config.json can name. Those of several operations are computed in float32 throughout.</summary>
static class Activation
{
    const int VectorBytes = 64, Grain = 32768; // AVX-512; at::internal::GRAIN_SIZE, numbers for which a thread is worth its start

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
    public static Func<Tensor, Tensor> Of(string name)
    {
        var function = Known[name];
        return x => WholeVectors(function, x);
    }

    /// <summary>
    /// The library computes two vectors at a time, and what is left at the end of each thread's part number by number, whose exponentials
    /// have other last bits. Outside training no part may have such an end, or a row's bits would depend on the rows beside it.
    /// </summary>
    static Tensor WholeVectors(Func<Tensor, Tensor> function, Tensor x)
    {
        if (is_grad_enabled() || x.device_type != TorchSharp.DeviceType.CPU) return function(x);
        long count = x.numel(), padded = PaddedCount(count, 2 * VectorBytes / x.element_size(), get_num_threads());
        if (padded == count) return function(x);
        using var scope = NewDisposeScope();
        return function(F.pad(x.reshape(-1), [0, padded - count])).narrow(0, 0, count).view(x.shape).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The least number, at least <paramref name="count"/>, that comes apart into whole steps, however many threads take it.
    /// </summary>
    /// <param name="count">Numbers of a tensor.</param>
    /// <param name="step">Numbers that are computed together.</param>
    /// <param name="threads">The most threads.</param>
    internal static long PaddedCount(long count, long step, int threads)
    {
        for (long padded = count; ;)
        {
            long parts = Math.Clamp((padded + Grain - 1) / Grain, 1, threads),
                whole = (padded + step * parts - 1) / (step * parts) * step * parts;
            if (whole == padded) return padded;
            padded = whole;
        }
    }

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
