using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Golden;

/// <summary>torch.nn.functional as PyTorch computes it, with gradients (generate_nn.py writes the file).</summary>
public sealed class FunctionsTests
{
    static readonly Dictionary<string, Func<Tensor[], Tensor>> Cases = new()
    {
        ["elu"] = x => F.elu(x[0], 1.3),
        ["selu"] = x => F.selu(x[0]),
        ["celu"] = x => F.celu(x[0], 0.7),
        ["leaky_relu"] = x => F.leaky_relu(x[0], 0.2),
        ["rrelu"] = x => F.rrelu(x[0], 0.1, 0.3),
        ["hardtanh"] = x => F.hardtanh(x[0], -0.5, 0.8),
        ["relu6"] = x => F.relu6(x[0]),
        ["hardsigmoid"] = x => F.hardsigmoid(x[0]),
        ["hardswish"] = x => F.hardswish(x[0]),
        ["softplus"] = x => F.softplus(x[0], 2, 15),
        ["logsigmoid"] = x => F.logsigmoid(x[0]),
        ["mish"] = x => F.mish(x[0]),
        ["softshrink"] = x => F.softshrink(x[0], 0.4),
        ["hardshrink"] = x => F.hardshrink(x[0], 0.4),
        ["tanhshrink"] = x => F.tanhshrink(x[0]),
        ["softsign"] = x => F.softsign(x[0]),
        ["threshold"] = x => F.threshold(x[0], 0.3, -2),
        ["glu"] = x => F.glu(x[0]),
        ["glu of a first dimension"] = x => F.glu(x[0], 0),
        ["prelu of one"] = x => F.prelu(x[0], x[1]),
        ["prelu of channels"] = x => F.prelu(x[0], x[1]),
        ["softmin"] = x => F.softmin(x[0], 1),
        ["softmax2d"] = x => F.softmax2d(x[0]),
        ["cosine_similarity"] = x => F.cosine_similarity(x[0], x[1]),
        ["pairwise_distance"] = x => F.pairwise_distance(x[0], x[1], keepdim: true),
        ["pairwise_distance of norm 1"] = x => F.pairwise_distance(x[0], x[1], 1),
        ["normalize"] = x => F.normalize(x[0], 3, 1),
        ["bilinear"] = x => F.bilinear(x[0], x[1], x[2], x[3]),
        ["pad constant"] = x => F.pad(x[0], [1, 2, -1, 1], PaddingModes.Constant, 0.5),
        ["pad reflect"] = x => F.pad(x[0], (2, 3), PaddingModes.Reflect),
        ["pad reflect of planes"] = x => F.pad(x[0], (1, 2, 2, 1), PaddingModes.Reflect),
        ["pad replicate"] = x => F.pad(x[0], (2, 1), PaddingModes.Replicate),
        ["pad circular"] = x => F.pad(x[0], (2, 3), PaddingModes.Circular),
        ["group_norm"] = x => F.group_norm(x[0], 3, x[1], x[2]),
        ["batch_norm of the batch"] = x => F.batch_norm(x[0], null, null, x[1], x[2], true),
        ["batch_norm of averages"] = x => F.batch_norm(x[0], x[1], x[2]),
        ["instance_norm"] = x => F.instance_norm(x[0], null, null, x[1], x[2]),
        ["conv1d"] = x => F.conv1d(x[0], x[1], x[2], 2, 1, 2, 2),
        ["embedding_bag sum"] = x => Bag(x[2], EmbeddingBagMode.Sum).call(x[0], x[1]),
        ["embedding_bag mean"] = x => Bag(x[2], EmbeddingBagMode.Mean).call(x[0], x[1]),
        ["embedding_bag max"] = x => Bag(x[2], EmbeddingBagMode.Max).call(x[0], x[1]),
        ["embedding_bag weighted"] = x => Bag(x[2], EmbeddingBagMode.Sum, -1).call(x[0], x[1], x[3]),
        ["embedding_bag of rows"] = x => Bag(x[1], EmbeddingBagMode.Mean, -1).call(x[0]),
    };

    static readonly Dictionary<string, Func<Tensor[], nn.Reduction, Tensor>> LossCases = new()
    {
        ["l1"] = (x, r) => F.l1_loss(x[0], x[1], r),
        ["mse"] = (x, r) => F.mse_loss(x[0], x[1], r),
        ["smooth_l1"] = (x, r) => F.smooth_l1_loss(x[0], x[1], r, 0.7),
        ["huber"] = (x, r) => F.huber_loss(x[0], x[1], 0.7, r),
        ["bce"] = (x, r) => F.binary_cross_entropy(x[0], x[1], x[2], r),
        ["bce logits"] = (x, r) => F.binary_cross_entropy_with_logits(x[0], x[1], x[2], r, x[3]),
        ["kl_div"] = (x, r) => F.kl_div(x[0], x[1], false, r),
        ["kl_div log"] = (x, r) => F.kl_div(x[0], x[1], true, r),
        ["nll"] = (x, r) => F.nll_loss(x[0], x[1], x[2], r),
        ["nll of places"] = (x, r) => F.nll_loss(x[0], x[1], reduction: r),
        ["cross_entropy"] = (x, r) => F.cross_entropy(x[0], x[1], x[2], reduction: r, label_smoothing: 0.2),
        ["cross_entropy of probabilities"] = (x, r) => F.cross_entropy(x[0], x[1], x[2], reduction: r, label_smoothing: 0.1),
        ["poisson"] = (x, r) => F.poisson_nll_loss(x[0], x[1], full: true, reduction: r),
        ["poisson of rates"] = (x, r) => F.poisson_nll_loss(x[0], x[1], false, reduction: r),
        ["cosine_embedding"] = (x, r) => F.cosine_embedding_loss(x[0], x[1], x[2], 0.1, r),
        ["margin_ranking"] = (x, r) => F.margin_ranking_loss(x[0], x[1], x[2], 0.3, r),
        ["hinge_embedding"] = (x, r) => F.hinge_embedding_loss(x[0], x[1], 0.8, r),
        ["soft_margin"] = (x, r) => F.soft_margin_loss(x[0], x[1], r),
        ["multilabel_soft_margin"] = (x, r) => F.multilabel_soft_margin_loss(x[0], x[1], x[2], r),
        ["multi_margin"] = (x, r) => F.multi_margin_loss(x[0], x[1], 2, 0.9, x[2], r),
        ["multi_label_margin"] = (x, r) => F.multi_label_margin_loss(x[0], x[1], r),
        ["triplet_margin"] = (x, r) => F.triplet_margin_loss(x[0], x[1], x[2], 0.9, 3, swap: true, reduction: r),
        ["triplet_distance"] = (x, r) => F.triplet_margin_with_distance_loss(x[0], x[1], x[2], margin: 1.5, reduction: r),
    };

    static global::TorchSharp.Modules.EmbeddingBag Bag(Tensor table, EmbeddingBagMode mode, long padding = 4)
    {
        global::TorchSharp.Modules.EmbeddingBag bag = nn.EmbeddingBag(table.shape[0], table.shape[1], mode: mode, padding_index: padding);
        bag.weight = (global::TorchSharp.Modules.Parameter)table;
        return bag;
    }

    public static TheoryData<string, bool> Names()
    {
        var names = new TheoryData<string, bool>();
        foreach (string name in Cases.Keys.Concat(LossCases.Keys.SelectMany(n => new[] { n + " mean", n + " sum", n + " none" })))
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
        var inputs = new List<Tensor>();
        for (int i = 0; file.Has($"{name}.in{i}"); i++)
        {
            Tensor x = file[$"{name}.in{i}"];
            if (x.is_floating_point())
            {
                if (!doubles) x = x.to_type(float32);
                x = new global::TorchSharp.Modules.Parameter(x, file.Has($"{name}.grad{i}"));
            }
            inputs.Add(x);
        }
        Tensor output = Run(name, [.. inputs]);
        Assert.Equal(inputs[0].is_floating_point() ? inputs[0].dtype : doubles ? float64 : float32, output.dtype);
        Near(file[$"{name}.out"], output, name, doubles);
        output.backward([arange(output.numel(), output.dtype).cos().reshape(output.shape)]);
        for (int i = 0; i < inputs.Count; i++)
            if (file.Has($"{name}.grad{i}")) Near(file[$"{name}.grad{i}"], inputs[i].grad!, $"{name}, gradient {i}", doubles);
    }

    static Tensor Run(string name, Tensor[] x)
    {
        if (Cases.TryGetValue(name, out Func<Tensor[], Tensor>? run)) return run(x);
        int space = name.LastIndexOf(' ');
        return LossCases[name[..space]](x, Enum.Parse<nn.Reduction>(name[(space + 1)..], true));
    }

    internal static void Near(Tensor expected, Tensor actual, string what, bool doubles)
    {
        Assert.Equal(expected.shape, actual.shape);
        double limit = doubles ? 1e-8 : 2e-5; // PyTorch holds some constants of float64 functions in float32
        Tensor wanted = expected.to_type(float64), found = actual.detach().to_type(float64), error = (wanted - found).abs() / wanted.abs().clamp_min(1.0);
        Assert.True(error.numel() == 0 || error.max().item<double>() <= limit, $"{what}: off by {error.max().item<double>()}");
    }
}
