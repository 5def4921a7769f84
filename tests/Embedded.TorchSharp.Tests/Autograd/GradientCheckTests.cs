using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Autograd;

/// <summary>Gradients against central differences in float64.</summary>
public sealed class GradientCheckTests
{
    static readonly Dictionary<string, (long[][] Shapes, Func<Tensor[], Tensor> Run)> Cases = new()
    {
        ["add broadcast"] = ([[3, 4], [4]], x => x[0] + x[1]),
        ["number minus tensor"] = ([[3]], x => 2.0 - x[0]),
        ["mul broadcast both ways"] = ([[3, 1], [1, 4]], x => x[0] * x[1]),
        ["number divided by tensor"] = ([[4]], x => 3.0 / (x[0] + 5)),
        ["div"] = ([[2, 3], [3]], x => x[0] / (x[1] + 4)),
        ["pow tensor"] = ([[3], [3]], x => (x[0] + 4).pow(x[1])),
        ["linear of three dimensions"] = ([[2, 3, 4], [5, 4], [5]], x => F.linear(x[0], x[1], x[2])),
        ["layer_norm"] = ([[2, 3, 6], [6], [6]], x => F.layer_norm(x[0], [6], x[1], x[2])),
        ["layer_norm plain"] = ([[4, 5]], x => F.layer_norm(x[0], [5])),
        ["gelu"] = ([[7]], x => F.gelu(x[0])),
        ["silu"] = ([[7]], x => F.silu(x[0])),
        ["attention"] = ([[2, 2, 3, 4], [2, 2, 5, 4], [2, 2, 5, 4]], x => F.scaled_dot_product_attention(x[0], x[1], x[2])),
        ["attention with a mask that learns"] = ([[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4], [3, 3]], x => F.scaled_dot_product_attention(x[0], x[1], x[2], x[3])),
        ["cross_entropy smoothed"] = ([[4, 6]], x => F.cross_entropy(x[0], tensor(new long[] { 1, 5, -100, 0 }), label_smoothing: 0.1)),
        ["cross_entropy of three dimensions"] = ([[2, 5, 3]], x => F.cross_entropy(x[0], from_array(new long[,] { { 1, 4, 0 }, { 2, 2, 3 } }))),
        ["cross_entropy weighted"] = ([[4, 3]], x => F.cross_entropy(x[0], tensor(new long[] { 1, 0, -100, 2 }), tensor(new[] { 0.5, 1, 2 }), label_smoothing: 0.2)),
        ["softmax of a middle dimension"] = ([[2, 4, 3]], x => x[0].softmax(1)),
        ["logsumexp"] = ([[3, 5]], x => x[0].logsumexp(0)),
        ["matmul batch by matrix"] = ([[2, 3, 4], [4, 5]], x => x[0].matmul(x[1])),
        ["matmul matrix by batch"] = ([[3, 4], [2, 4, 5]], x => x[0].matmul(x[1])),
        ["matmul vector"] = ([[3, 4], [4]], x => x[0].matmul(x[1])),
        ["index with a slice and a tensor"] = ([[3, 5, 2]], x => x[0][TensorIndex.Slice(0, 2), TensorIndex.Tensor(tensor(new long[] { 4, 0, 4 }))]),
        ["index by two tensors apart"] = ([[3, 2, 4]], x => x[0][TensorIndex.Tensor(tensor(new long[] { 0, 2 })), TensorIndex.Colon, TensorIndex.Tensor(tensor(new long[] { 1, 3 }))]),
        ["index_add"] = ([[4, 3], [2, 3]], x => x[0].index_add(0, tensor(new long[] { 1, 1 }), x[1], 2.0)),
        ["strided view"] = ([[4, 6]], x => x[0].t().slice(0, 1, 6, 2).reshape(-1)),
        ["cat"] = ([[2, 3], [1, 3]], x => cat([x[0], x[1], x[0]])),
        ["masked_select"] = ([[2, 3]], x => x[0].masked_select(tensor(new[] { true, false, true }))),
        ["where broadcast"] = ([[3, 1], [4]], x => where(tensor(new[] { true, false, true, false }), x[0], x[1])),
        ["var"] = ([[3, 4]], x => x[0].var([0, 1])),
        ["in place on an activation"] = ([[3], [3]], x => (x[0] * 2).mul_(x[1]).add_(1.0)),
        ["copy into an activation"] = ([[2, 3], [3]], x => (x[0] * 3).copy_(x[1]) * x[1] + x[0]),
        ["used twice"] = ([[3]], x => x[0] * x[0] + x[0].exp() * x[0]),
        ["clamp"] = ([[6]], x => (x[0] * 2).clamp(-0.5, 0.9)),
        ["expand and sum"] = ([[3, 1]], x => x[0].expand(2, 3, 4).sum([0L, 2L])),
    };

    public static TheoryData<string> Names() => [.. Cases.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Gradients_are_the_differences(string name)
    {
        (long[][] shapes, Func<Tensor[], Tensor> run) = Cases[name];
        GradientCheck.Run(name, shapes, run);
    }
}
