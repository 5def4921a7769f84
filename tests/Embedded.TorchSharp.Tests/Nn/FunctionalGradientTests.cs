using System.Runtime.InteropServices;
using DiffusionBatch.Embedded.TorchSharp.Tests.Autograd;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Nn;

/// <summary>Gradients of activations, losses, normalizations, distances and convolutions against central differences.</summary>
public sealed class FunctionalGradientTests
{
    static readonly Dictionary<string, Func<Tensor, Tensor>> Activations = new()
    {
        ["relu"] = x => F.relu(x),
        ["relu6"] = x => F.relu6(x * 4),
        ["tanh"] = x => F.tanh(x),
        ["sigmoid"] = x => F.sigmoid(x),
        ["softmax"] = x => F.softmax(x, 1),
        ["log_softmax"] = x => F.log_softmax(x, 0),
        ["softmin"] = x => F.softmin(x, -1),
        ["softmax2d"] = x => F.softmax2d(x.reshape(3, 2, 2)),
        ["softplus"] = x => F.softplus(x, 2, 1),
        ["softsign"] = x => F.softsign(x),
        ["softshrink"] = x => F.softshrink(x, 0.3),
        ["hardshrink"] = x => F.hardshrink(x, 0.3),
        ["tanhshrink"] = x => F.tanhshrink(x),
        ["hardsigmoid"] = x => F.hardsigmoid(x * 3),
        ["hardswish"] = x => F.hardswish(x * 3),
        ["hardtanh"] = x => F.hardtanh(x, -0.4, 0.7),
        ["threshold"] = x => F.threshold(x, 0.1, 5),
        ["logsigmoid"] = x => F.logsigmoid(x),
        ["glu"] = x => F.glu(x),
        ["glu of the first dimension"] = x => F.glu(x.t(), 0),
        ["leaky_relu"] = x => F.leaky_relu(x, 0.2),
        ["rrelu"] = x => F.rrelu(x, 0.1, 0.3),
        ["elu"] = x => F.elu(x, 1.5),
        ["selu"] = x => F.selu(x),
        ["celu"] = x => F.celu(x, 0.7),
        ["mish"] = x => F.mish(x),
        ["in place"] = x => F.celu(F.elu(F.leaky_relu(x * 2, 0.2, true), 1.5, true), 0.7, true),
    };

    /// <summary>Losses of two tensors of three rows by four, which both learn.</summary>
    static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> Pairs = new()
    {
        ["l1"] = (x, y) => F.l1_loss(x, y),
        ["mse"] = (x, y) => F.mse_loss(x, y),
        ["mse row by row"] = (x, y) => F.mse_loss(x, y, Reduction.None),
        ["smooth_l1"] = (x, y) => F.smooth_l1_loss(x, y, Reduction.Sum, 0.6),
        ["huber"] = (x, y) => F.huber_loss(x, y, 0.6),
        ["kl_div"] = (x, y) => F.kl_div(x, y, true),
        ["kl_div of probabilities"] = (x, y) => F.kl_div(x, y.sigmoid(), false, Reduction.Sum),
        ["poisson_nll"] = (x, y) => F.poisson_nll_loss(x, y.exp()),
        ["poisson_nll of rates"] = (x, y) => F.poisson_nll_loss(x.exp(), y.exp() + 1.5, false, true, reduction: Reduction.Sum),
        ["gaussian_nll"] = (x, y) => F.gaussian_nll_loss(x, y, tensor(new[] { 0.5, 1, 2, 3 }).expand(3, 4), true),
        ["binary_cross_entropy"] = (x, y) => F.binary_cross_entropy(x.sigmoid(), y.sigmoid(), tensor(new[] { 0.5, 1, 2, 3 })),
        ["binary_cross_entropy_with_logits"] = (x, y) => F.binary_cross_entropy_with_logits(x, y.sigmoid(), null, Reduction.None, tensor(new[] { 0.5, 1, 2, 3 })),
        ["margin_ranking"] = (x, y) => F.margin_ranking_loss(x, y, Signs.unsqueeze(1).expand(3, 4), 0.3),
        ["cosine_embedding"] = (x, y) => F.cosine_embedding_loss(x, y, Signs, -0.2),
        ["triplet_margin"] = (x, y) => F.triplet_margin_loss(x, y, x.flip(0) * y, 2),
        ["triplet_margin swapped"] = (x, y) => F.triplet_margin_loss(x, y, x.flip(0) * y, 2, 3, swap: true, reduction: Reduction.Sum),
        ["triplet_margin_with_distance"] = (x, y) => F.triplet_margin_with_distance_loss(x, y, x.flip(0), (a, b) => (a - b).square().sum(1), 5),
        ["cross_entropy of probabilities"] = (x, y) => F.cross_entropy(x, y.softmax(1), label_smoothing: 0.1),
        ["pairwise_distance"] = (x, y) => F.pairwise_distance(x, y),
        ["pairwise_distance of p 1"] = (x, y) => F.pairwise_distance(x, y, 1, keepdim: true),
        ["pairwise_distance of p 3"] = (x, y) => F.pairwise_distance(x, y, 3),
        ["cosine_similarity"] = (x, y) => F.cosine_similarity(x, y),
        ["cosine_similarity of columns"] = (x, y) => F.cosine_similarity(x, y, 0),
        ["cdist"] = (x, y) => cdist(x, y),
        ["cdist of p 1"] = (x, y) => cdist(x, y, 1),
    };

    /// <summary>Losses of one tensor of three rows by four, whose target doesn't learn.</summary>
    static readonly Dictionary<string, Func<Tensor, Tensor>> Singles = new()
    {
        ["nll"] = x => F.nll_loss(x, Classes, tensor(new[] { 0.5, 1, 2, 3 })),
        ["nll row by row"] = x => F.nll_loss(x, Classes, reduction: Reduction.None),
        ["hinge_embedding"] = x => F.hinge_embedding_loss(x.t(), Signs, 0.5),
        ["soft_margin"] = x => F.soft_margin_loss(x.t(), Signs.expand(4, 3)),
        ["multilabel_soft_margin"] = x => F.multilabel_soft_margin_loss(x, OneHot, tensor(new[] { 0.5, 1, 2, 3 })),
        ["multi_margin"] = x => F.multi_margin_loss(x, Classes),
        ["multi_margin of squares"] = x => F.multi_margin_loss(x, Classes, 2, 0.7, tensor(new[] { 0.5, 1, 2, 3 }), Reduction.Sum),
        ["multi_label_margin"] = x => F.multi_label_margin_loss(x, from_array(new long[,] { { 1, 3, -1, 0 }, { 0, -1, 2, 3 }, { 2, 1, 0, -1 } })),
        ["normalize"] = x => F.normalize(x),
        ["normalize columns by p 1"] = x => F.normalize(x, 1, 0),
        ["pad"] = x => F.pad(x, [1, 2, 0, 1], PaddingModes.Constant, 3),
        ["pad cropping"] = x => F.pad(x, (-1, 1)),
        ["pad reflecting"] = x => F.pad(x, (2, 1), PaddingModes.Reflect),
        ["pad replicating"] = x => F.pad(x, (2, 1), PaddingModes.Replicate),
        ["pad in a circle"] = x => F.pad(x.unsqueeze(0), (2, 1), PaddingModes.Circular),
    };

    static readonly Dictionary<string, (long[][] Shapes, Func<Tensor[], Tensor> Run)> Layers = new()
    {
        ["batch_norm learning"] = ([[4, 3, 2], [3], [3]], x => F.batch_norm(x[0], zeros(3, ScalarType.Float64), ones(3, ScalarType.Float64), x[1], x[2], true)),
        ["batch_norm with what is known"] = ([[4, 3], [3], [3]], x => F.batch_norm(x[0], full(3, 0.3, ScalarType.Float64), full(3, 2.0, ScalarType.Float64), x[1], x[2])),
        ["group_norm"] = ([[2, 4, 3], [4], [4]], x => F.group_norm(x[0], 2, x[1], x[2])),
        ["instance_norm"] = ([[2, 3, 4], [3], [3]], x => F.instance_norm(x[0], null, null, x[1], x[2])),
        ["bilinear"] = ([[3, 2], [3, 4], [5, 2, 4], [5]], x => F.bilinear(x[0], x[1], x[2], x[3])),
        ["prelu"] = ([[2, 3, 2], [3]], x => F.prelu(x[0], x[1])),
        ["conv1d"] = ([[2, 3, 7], [4, 3, 3], [4]], x => F.conv1d(x[0], x[1], x[2])),
        ["conv1d in strides, padded, dilated"] = ([[2, 2, 9], [3, 2, 3], [3]], x => F.conv1d(x[0], x[1], x[2], 2, 2, 2)),
        ["conv1d of groups"] = ([[1, 4, 6], [6, 2, 3]], x => F.conv1d(x[0], x[1], padding: 1, groups: 2)),
    };

    static Tensor Signs => tensor(new[] { 1.0, -1, 1 });

    static Tensor Classes => tensor(new long[] { 1, 3, 0 });

    static Tensor OneHot => F.one_hot(Classes, 4).to(ScalarType.Float64);

    public static TheoryData<string> OfActivations() => [.. Activations.Keys];

    public static TheoryData<string> OfPairs() => [.. Pairs.Keys];

    public static TheoryData<string> OfSingles() => [.. Singles.Keys];

    public static TheoryData<string> OfLayers() => [.. Layers.Keys];

    [Theory, MemberData(nameof(OfActivations))]
    public void Activations_of_one_tensor(string name) => GradientCheck.Run(name, [[3, 4]], x => Activations[name](x[0]));

    [Theory, MemberData(nameof(OfPairs))]
    public void Losses_and_distances_of_two_tensors(string name) => GradientCheck.Run(name, [[3, 4], [3, 4]], x => Pairs[name](x[0], x[1]));

    [Theory, MemberData(nameof(OfSingles))]
    public void Losses_of_one_tensor(string name) => GradientCheck.Run(name, [[3, 4]], x => Singles[name](x[0]));

    [Theory, MemberData(nameof(OfLayers))]
    public void Layers_with_parameters(string name) => GradientCheck.Run(name, Layers[name].Shapes, Layers[name].Run);

    // In place there is nothing left of the input to differentiate by again; groups' norms have one rule for the first derivative.
    public static TheoryData<string> Twice() =>
    [
        .. Activations.Keys.Concat(Pairs.Keys).Concat(Singles.Keys).Concat(Layers.Keys).Except(["in place", "group_norm", "instance_norm"]),
    ];

    [Theory, MemberData(nameof(Twice))]
    public void Gradients_of_gradients(string name)
    {
        if (Layers.TryGetValue(name, out (long[][] Shapes, Func<Tensor[], Tensor> Run) layer)) Differences.CheckTwice(layer.Shapes, x => layer.Run(x).pow(2), name);
        else if (Pairs.TryGetValue(name, out Func<Tensor, Tensor, Tensor>? pair)) Differences.CheckTwice([[3, 4], [3, 4]], x => pair(x[0], x[1]).pow(2), name);
        else
        {
            Func<Tensor, Tensor> run = Activations.TryGetValue(name, out Func<Tensor, Tensor>? f) ? f : Singles[name];
            Differences.CheckTwice([[3, 4]], x => run(x[0]).pow(2), name);
        }
    }

    [Fact]
    public void What_has_no_third_derivative_says_so()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(-0.5).requires_grad_();
        Tensor first = autograd.grad([F.mish(x)], [x], create_graph: true, retain_graph: true)[0];
        Tensor second = autograd.grad([first], [x], create_graph: true, retain_graph: true)[0];
        Assert.Contains("derivative for mish_cpuBackward is not implemented", Assert.Throws<ExternalException>(() => second.backward()).Message);
        Tensor y = F.mish(x * 2, true);
        Tensor slope = autograd.grad([y], [x], create_graph: true, retain_graph: true)[0];
        Assert.Contains("derivative for mish_cpu is not implemented", Assert.Throws<ExternalException>(() => slope.backward()).Message);
    }

    /// <summary>TorchSharp holds the variance above eps out of the gradients' sight.</summary>
    [Fact]
    public void The_variance_of_a_gaussian_likelihood_does_not_learn()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones([2, 3], requires_grad: true), variance = full([2, 3], 0.5, requires_grad: true);
        F.gaussian_nll_loss(x, zeros(2, 3), variance, reduction: Reduction.Sum).backward();
        Assert.All(x.grad!.data<float>().ToArray(), g => Assert.Equal(2f, g));
        Assert.Null(variance.grad);
    }
}
