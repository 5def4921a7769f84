using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Golden;

/// <summary>Modules with PyTorch's parameters by its names: results, gradients of inputs and parameters, running averages.</summary>
public sealed class LayersTests
{
    /// <summary>No place sees those after it.</summary>
    static Tensor Pair(int n) => zeros(n, n).masked_fill(ones(n, n, ScalarType.Bool).triu(1), double.NegativeInfinity);

    static Tensor Hidden() => tensor(new[] { false, false, false, true, true, false, false, false, false, false }).reshape(2, 5);

    static readonly Dictionary<string, Func<(nn.Module Module, Func<Tensor[], Tensor> Run)>> Cases = new()
    {
        ["attention"] = () => Make(nn.MultiheadAttention(8, 2), (m, x) => m.call(x[0], x[0], x[0], Hidden(), false, Pair(5)).Item1),
        ["attention of other sizes"] = () => Make(nn.MultiheadAttention(8, 2, add_bias_kv: true, add_zero_attn: true, kdim: 6, vdim: 4), (m, x) => m.call(x[0], x[1], x[2]).Item1),
        ["attention weights"] = () => Make(nn.MultiheadAttention(8, 2), (m, x) => m.call(x[0], x[1], x[1]).Item2),
        ["encoder layer"] = () => Make(nn.TransformerEncoderLayer(8, 2, 16, 0), (m, x) => m.call(x[0], Pair(5), Hidden())),
        ["encoder"] = () => Make(nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 6, 0, nn.Activations.GELU), 2), (m, x) => m.call(x[0], Pair(5))),
        ["decoder layer"] = () => Make(nn.TransformerDecoderLayer(8, 2, 16, 0), (m, x) => m.call(x[0], x[1], Pair(5))),
        ["decoder"] = () => Make(nn.TransformerDecoder(nn.TransformerDecoderLayer(4, 2, 6, 0), 2), (m, x) => m.call(x[0], x[1])),
        ["transformer"] = () => Make(nn.Transformer(4, 2, 1, 1, 6, 0), (m, x) => m.call(x[0], x[1], null!, Pair(3), src_key_padding_mask: Hidden(), memory_key_padding_mask: Hidden())),
        ["batch norm"] = () => Make(nn.BatchNorm1d(3), (m, x) => m.call(x[0])),
        ["batch norm of averages"] = () => Make(Plain(nn.BatchNorm2d(3)), (m, x) => m.call(x[0])),
        ["instance norm with averages"] = () => Make(nn.InstanceNorm1d(3, affine: true, track_running_stats: true), (m, x) => m.call(x[0])),
    };

    static (nn.Module, Func<Tensor[], Tensor>) Make<T>(T module, Func<T, Tensor[], Tensor> run) where T : nn.Module => (module, x => run(module, x));

    static global::TorchSharp.Modules.BatchNorm2d Plain(global::TorchSharp.Modules.BatchNorm2d norm)
    {
        norm.momentum = null;
        return norm;
    }

    public static TheoryData<string, bool> Names()
    {
        var names = new TheoryData<string, bool>();
        foreach (string name in Cases.Keys)
        {
            names.Add(name, true);
            names.Add(name, false);
        }
        return names;
    }

    [Theory, MemberData(nameof(Names))]
    public void As_PyTorch(string name, bool doubles)
    {
        using DisposeScope scope = NewDisposeScope();
        SafeTensors file = SafeTensors.Nn;
        ScalarType type = doubles ? float64 : float32;
        (nn.Module module, Func<Tensor[], Tensor> run) = Cases[name]();
        module.to(type);
        var state = new Dictionary<string, Tensor>();
        foreach (string kind in new[] { "param", "buffer" })
            foreach (string key in file.Names.Where(n => n.StartsWith($"{name}.{kind}.", StringComparison.Ordinal))) state[key[(name.Length + kind.Length + 2)..]] = file[key];
        module.load_state_dict(state);
        var inputs = new List<Tensor>();
        for (int i = 0; file.Has($"{name}.in{i}"); i++) inputs.Add(file[$"{name}.in{i}"].to_type(type).requires_grad_());
        Tensor output = run([.. inputs]);
        FunctionsTests.Near(file[$"{name}.out"], output, name, doubles);
        output.backward([arange(output.numel(), type).cos().reshape(output.shape)]);
        for (int i = 0; i < inputs.Count; i++) FunctionsTests.Near(file[$"{name}.grad{i}"], inputs[i].grad!, $"{name}, gradient {i}", doubles);
        foreach ((string path, global::TorchSharp.Modules.Parameter p) in module.named_parameters())
            FunctionsTests.Near(file[$"{name}.paramgrad.{path}"], p.grad ?? zeros_like(p), $"{name}, gradient of {path}", doubles);
        foreach ((string path, Tensor b) in module.named_buffers()) FunctionsTests.Near(file[$"{name}.after.{path}"], b, $"{name}, {path}", doubles);
        module.Dispose();
    }

    [Fact]
    public void Looked_up_rows_are_held_to_the_largest_norm()
    {
        using DisposeScope scope = NewDisposeScope();
        SafeTensors file = SafeTensors.Nn;
        var module = nn.Embedding_from_pretrained(file["embedding renorm.in1"], max_norm: 1);
        FunctionsTests.Near(file["embedding renorm.out"], module.call(file["embedding renorm.in0"]), "embedding renorm", true);
    }

    [Fact]
    public void Gradients_of_frequent_rows_are_divided()
    {
        using DisposeScope scope = NewDisposeScope();
        SafeTensors file = SafeTensors.Nn;
        var module = nn.Embedding_from_pretrained(file["embedding by frequency.in1"], false, scale_grad_by_freq: true);
        Tensor output = module.call(file["embedding by frequency.in0"]);
        FunctionsTests.Near(file["embedding by frequency.out"], output, "by frequency", true);
        output.backward([arange(output.numel(), float64).cos().reshape(output.shape)]);
        FunctionsTests.Near(file["embedding by frequency.grad1"], module.weight.grad!, "by frequency, gradient", true);
    }
}
