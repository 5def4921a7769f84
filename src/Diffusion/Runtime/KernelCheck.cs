using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DiffusionBatch.Diffusion.Randomness;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Diffusion.Runtime;

/// <summary>
/// Which kernels compute on a device, and whether they keep the rule that results rest on: a row's bits don't depend on the
/// rows beside it (DESIGN section 3). A fixed product, activation and attention are computed in several shapes, in milliseconds.
/// </summary>
/// <param name="Digest">Names the kernels: machines with the same digest give the same bits.</param>
/// <param name="KeepsRows">Whether the rule held.</param>
public sealed record KernelCheck(string Digest, bool KeepsRows)
{
    const int Rows = 160, Few = 16, Inner = 3072, Outer = 96, Heads = 2, Tokens = 24, Width = 32;

    /// <summary>As logs and results' manifests have it: <c>cpu 5b1f0c9a2e7d</c>.</summary>
    public string Describe(Device device) =>
        $"{device.ToString().Split(':')[0]} {Digest}{(KeepsRows ? "" : ", rows depend on their batch")}";

    /// <summary>Computes.</summary>
    public static KernelCheck Run(Device device)
    {
        TorchRuntime.Require();
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        Tensor x = Numbers(1, Rows, Inner), weight = Numbers(2, Outer, Inner), heads = Numbers(3, Rows / Few, Heads, Tokens, Width);
        var all = Layer(x); // (Rows, Outer)
        var attended = Attend(heads); // (B, Heads, Tokens, Width)
        bool keeps = Same(all.narrow(0, 0, Few), Layer(x.narrow(0, 0, Few)))
            && Same(all.narrow(0, Rows - Few, Few), Layer(x.narrow(0, Rows - Few, Few)))
            && Same(attended.narrow(0, 1, 1), Attend(heads.narrow(0, 1, 1)));
        byte[] digest = SHA256.HashData([.. Bytes(all), .. Bytes(attended)]);
        return new KernelCheck(Convert.ToHexStringLower(digest.AsSpan(0, 6)), keeps);

        Tensor Layer(Tensor rows) => F.gelu(F.linear(rows, weight));
        Tensor Attend(Tensor states) => F.scaled_dot_product_attention(states, states, states);
        bool Same(Tensor a, Tensor b) => Bytes(a).AsSpan().SequenceEqual(Bytes(b));

        Tensor Numbers(long stream, params long[] shape)
        {
            var draws = CounterRandom.For(1, "kernels").At(stream);
            var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
            for (int i = 0; i < values.Length; i++) values[i] = (float)(2 * draws.Uniform(i) - 1);
            return tensor(values, shape, device: device);
        }
    }

    static byte[] Bytes(Tensor values) => MemoryMarshal.AsBytes(values.contiguous().cpu().data<float>().ToArray().AsSpan()).ToArray();
}
