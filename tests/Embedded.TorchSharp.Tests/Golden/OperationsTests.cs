using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Golden;

/// <summary>PyTorch's own values and gradients of 80 operations, to 1e-5 relative.</summary>
public sealed class OperationsTests
{
    static readonly Lazy<SafeTensors> File = new(() => new SafeTensors(SharedData.Require("golden/ops/ops.safetensors")));

    static Tensor Mask => File.Value["mask_3x6"];

    static Tensor Ids(long[,] ids) => from_array(ids);

    static readonly Dictionary<string, Func<Tensor[], Tensor>> Operations = new()
    {
        ["add broadcast (3,1,5)+(4,1)"] = x => x[0] + x[1],
        ["sub"] = x => x[0] - x[1],
        ["mul"] = x => x[0] * x[1],
        ["div"] = x => x[0] / x[1],
        ["pow 2"] = x => x[0].pow(2),
        ["pow -0.5"] = x => x[0].pow(-0.5),
        ["sqrt"] = x => x[0].sqrt(),
        ["rsqrt"] = x => x[0].rsqrt(),
        ["exp"] = x => x[0].exp(),
        ["log"] = x => x[0].log(),
        ["expm1"] = x => x[0].expm1(),
        ["log1p"] = x => x[0].log1p(),
        ["tanh"] = x => x[0].tanh(),
        ["sigmoid"] = x => x[0].sigmoid(),
        ["erf"] = x => x[0].erf(),
        ["sin"] = x => x[0].sin(),
        ["cos"] = x => x[0].cos(),
        ["relu"] = x => F.relu(x[0]),
        ["gelu (erf)"] = x => F.gelu(x[0]),
        ["gelu (tanh)"] = x => x[0] * 0.5 * ((x[0] + x[0].pow(3) * 0.044715) * Math.Sqrt(2 / Math.PI)).tanh().add(1),
        ["silu"] = x => F.silu(x[0]),
        ["softmax last"] = x => F.softmax(x[0], -1),
        ["softmax dim 1"] = x => x[0].softmax(1),
        ["log_softmax"] = x => F.log_softmax(x[0], -1),
        ["logsumexp"] = x => x[0].logsumexp(-1),
        ["softmax of huge logits"] = x => x[0].softmax(-1),
        ["layer_norm eps 1e-5"] = x => F.layer_norm(x[0], x[1].shape, x[1], x[2], 1e-5),
        ["rms norm eps 1e-6"] = x => x[0] * x[0].square().mean([-1], true).add(1e-6).rsqrt() * x[1],
        ["linear"] = x => F.linear(x[0], x[1], x[2]),
        ["linear no bias"] = x => F.linear(x[0], x[1]),
        ["matmul 2d"] = x => x[0].matmul(x[1]),
        ["matmul batched broadcast"] = x => x[0].matmul(x[1]),
        ["bmm"] = x => x[0].bmm(x[1]),
        ["embedding repeated ids"] = x => Embed(x[0], new long[,] { { 0, 3, 3 }, { 2, 0, 3 } }, null),
        ["embedding padding_idx 1"] = x => Embed(x[0], new long[,] { { 1, 3, 1 }, { 2, 0, 3 } }, 1),
        ["cross_entropy mean"] = x => F.cross_entropy(x[0], tensor(new long[] { 1, 0, 4, 2 })),
        ["cross_entropy ignore -100 smoothing 0.1"] = x => F.cross_entropy(x[0], tensor(new long[] { 1, -100, 4, 2 }), label_smoothing: 0.1),
        ["cross_entropy none"] = x => F.cross_entropy(x[0], tensor(new long[] { 1, 0, 4, 2 }), reduction: nn.Reduction.None),
        ["masked_fill"] = x => x[0].masked_fill(Mask, -2.5),
        ["where"] = x => where(Mask, x[0], x[1]),
        ["boolean index"] = x => x[0][Mask],
        ["boolean index of rows"] = x => x[0][Mask],
        ["gather dim 1"] = x => x[0].gather(1, Ids(new long[,] { { 0, 2 }, { 1, 1 }, { 3, 0 } })),
        ["index_select"] = x => x[0].index_select(0, tensor(new long[] { 2, 0, 2 })),
        ["scatter_add"] = x => x[0].scatter_add(1, Ids(new long[,] { { 0, 2, 2 }, { 1, 1, 0 } }), x[1]),
        ["sum all"] = x => x[0].sum(),
        ["sum dims (0,2) keepdim"] = x => x[0].sum([0L, 2L], true),
        ["mean last"] = x => x[0].mean([-1]),
        ["var unbiased"] = x => x[0].var(-1),
        ["std"] = x => x[0].std(-1),
        ["max over dim (values)"] = x => x[0].max(-1).values,
        ["min over all"] = x => x[0].min(),
        ["amax"] = x => x[0].amax(1),
        ["cumsum"] = x => x[0].cumsum(-1),
        ["norm 2"] = x => x[0].norm(),
        ["topk 3 (values)"] = x => x[0].topk(3).values,
        ["sort descending (values)"] = x => x[0].sort(-1, true).Values,
        ["cat dim 1"] = x => cat([x[0], x[1]], 1),
        ["stack"] = x => stack([x[0], x[1]], 1),
        ["chunk"] = x => x[0].chunk(3, -1)[^1],
        ["permute then reshape"] = x => x[0].permute(2, 0, 1).reshape(4, 6) * 2,
        ["view of transpose contiguous"] = x => x[0].transpose(1, 2).contiguous().view(2, 12),
        ["expand"] = x => x[0].expand(4, 3, 5) * 1.5,
        ["slice step 2"] = x => x[0][.., TensorIndex.Slice(1, null, 2), ..3],
        ["select"] = x => x[0].select(0, 1),
        ["squeeze/unsqueeze"] = x => x[0].squeeze(1).unsqueeze(-1) * 2,
        ["flip"] = x => x[0].flip(-1),
        ["roll"] = x => x[0].roll(1, -1),
        ["triu mask"] = x => x[0].triu(1),
        ["repeat_interleave dim 1"] = x => x[0].repeat_interleave(2, 1),
        ["repeat"] = x => x[0].repeat(2, 1),
        ["clamp"] = x => x[0].clamp(-0.5, 0.7),
        ["abs"] = x => x[0].abs(),
        ["maximum"] = x => maximum(x[0], x[1]),
        ["outer einsum bhid,bhjd->bhij"] = x => x[0].matmul(x[1].mT),
        ["attention with additive padding mask"] = x => F.scaled_dot_product_attention(x[0], x[1], x[2], Padding()),
        ["attention causal"] = x => F.scaled_dot_product_attention(x[0], x[1], x[2], is_casual: true),
    };

    static Tensor Padding()
    {
        Tensor mask = zeros(2, 1, 1, 6);
        mask[0, 0, 0, 4] = float.NegativeInfinity;
        mask[0, 0, 0, 5] = float.NegativeInfinity;
        return mask;
    }

    static Tensor Embed(Tensor weight, long[,] ids, long? padding)
    {
        var table = nn.Embedding(weight.shape[0], weight.shape[1], padding);
        // The module's own parameter can't be part of another graph: its gradient is handed on.
        table.weight = new global::TorchSharp.Modules.Parameter(weight.detach().clone());
        Tensor result = table.call(Ids(ids));
        Holder = (weight, table.weight);
        return result;
    }

    static (Tensor of, Tensor from)? Holder;

    public static TheoryData<string, string, int> Cases()
    {
        var data = new TheoryData<string, string, int>();
        string path = Path.Combine(SharedData.RepositoryRoot, "..", "shared", "golden/ops/ops.json");
        if (!System.IO.File.Exists(path)) return data;
        foreach (JsonElement e in JsonDocument.Parse(System.IO.File.ReadAllBytes(path)).RootElement.EnumerateArray())
            data.Add(e.GetProperty("key").GetString()!, e.GetProperty("op").GetString()!, e.GetProperty("inputs").GetInt32());
        return data;
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void Values_and_gradients(string key, string op, int inputs)
    {
        using DisposeScope scope = NewDisposeScope();
        Func<Tensor[], Tensor> run = Operation(op);
        SafeTensors file = File.Value;
        Holder = null;
        Tensor[] x = Enumerable.Range(0, inputs).Select(i => file[$"{key}.in{i}"].requires_grad_()).ToArray();
        Tensor y = run(x);
        Near(file[$"{key}.out"], y, $"{op}: value");
        y.backward([file[$"{key}.cotangent"]]);
        for (int i = 0; i < inputs; i++)
        {
            Tensor? gradient = Holder is { } h && ReferenceEquals(h.of, x[i]) ? h.from.grad : x[i].grad;
            Assert.NotNull(gradient);
            Near(file[$"{key}.grad{i}"], gradient, $"{op}: gradient {i}");
        }
    }

    [Fact]
    public void Every_golden_operation_is_tested()
    {
        SharedData.Require("golden/ops/ops.json");
        Assert.Equal(80, Cases().Count);
        foreach (ITheoryDataRow row in Cases()) Assert.NotNull(Operation((string)row.GetData()[1]!));
    }

    static Func<Tensor[], Tensor> Operation(string op) => op switch
    {
        "matmul transposed view" => x => x[0].matmul(x[1].transpose(1, 2)),
        "nll_loss sum" => x => x[0].log_softmax(1).gather(1, tensor(new long[] { 1, 0, 4, 2 }).unsqueeze(1)).sum().neg(),
        "split and recombine" => x => Recombine(x[0]),
        _ => Operations[op],
    };

    static Tensor Recombine(Tensor x)
    {
        Tensor[] parts = x.split(2, 1);
        return parts[1] * parts[0];
    }

    internal static void Near(Tensor expected, Tensor actual, string what)
    {
        Assert.True(expected.shape.AsSpan().SequenceEqual(actual.shape), $"{what}: shape [{string.Join(", ", actual.shape)}] in place of [{string.Join(", ", expected.shape)}]");
        float[] e = expected.data<float>().ToArray(), a = actual.data<float>().ToArray();
        for (int i = 0; i < e.Length; i++)
            Assert.True(Math.Abs(e[i] - a[i]) <= 1e-5 * Math.Max(1, Math.Abs(e[i])) || e[i].Equals(a[i]), $"{what} at {i}: {a[i]} in place of {e[i]}");
    }
}
