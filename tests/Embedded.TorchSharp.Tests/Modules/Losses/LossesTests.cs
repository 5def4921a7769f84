using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Modules;

/// <summary>Losses as modules: the function with the settings that the module was made with.</summary>
public sealed class LossesTests
{
    static readonly nn.Reduction[] Reductions = [nn.Reduction.None, nn.Reduction.Mean, nn.Reduction.Sum];

    static Tensor Numbers(double step, params long[] shape)
    {
        long count = shape.Aggregate(1L, (a, b) => a * b);
        return (arange(count, float64) * step).sin().reshape(shape);
    }

    /// <summary>Made by the function of nn and by the constructor, a loss gives what the plain function gives.</summary>
    static void Same(Func<Tensor, Tensor, Tensor> function, Tensor input, Tensor target, nn.Reduction reduction, params Loss<Tensor, Tensor, Tensor>[] losses)
    {
        Tensor expected = function(input, target);
        Assert.Equal(reduction == nn.Reduction.None, expected.ndim > 0);
        foreach (Loss<Tensor, Tensor, Tensor> loss in losses)
        {
            Assert.Equal(reduction, loss.reduction);
            Assert.True(loss.call(input, target).Equals(expected), loss.GetType().Name);
            Assert.True(loss.forward(input, target).Equals(expected), loss.GetType().Name);
            Assert.Empty(loss.parameters());
        }
    }

    static void Same(Func<Tensor, Tensor, Tensor, Tensor> function, Tensor first, Tensor second, Tensor third, nn.Reduction reduction, params Loss<Tensor, Tensor, Tensor, Tensor>[] losses)
    {
        Tensor expected = function(first, second, third);
        Assert.Equal(reduction == nn.Reduction.None, expected.ndim > 0);
        foreach (Loss<Tensor, Tensor, Tensor, Tensor> loss in losses)
        {
            Assert.Equal(reduction, loss.reduction);
            Assert.True(loss.call(first, second, third).Equals(expected), loss.GetType().Name);
            Assert.True(loss.forward(first, second, third).Equals(expected), loss.GetType().Name);
        }
    }

    [Fact]
    public void Of_differences()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = Numbers(0.7, 3, 4) * 2, t = Numbers(1.3, 3, 4), log = x.log_softmax(1), sign = t.sign();
        foreach (nn.Reduction r in Reductions)
        {
            Same((a, b) => F.l1_loss(a, b, r), x, t, r, nn.L1Loss(r), new L1Loss(r));
            Same((a, b) => F.mse_loss(a, b, r), x, t, r, nn.MSELoss(r), new MSELoss(r));
            SmoothL1Loss smooth = nn.SmoothL1Loss(r, 0.5);
            Assert.Equal(0.5, smooth.beta);
            Same((a, b) => F.smooth_l1_loss(a, b, r, 0.5), x, t, r, smooth, new SmoothL1Loss(r, 0.5));
            HuberLoss huber = nn.HuberLoss(0.3, r);
            Assert.Equal(0.3, huber.delta);
            Same((a, b) => F.huber_loss(a, b, 0.3, r), x, t, r, huber, new HuberLoss(0.3, r));
            KLDivLoss divergence = nn.KLDivLoss(false, r);
            Assert.False(divergence.log_target);
            Same((a, b) => F.kl_div(a, b, false, r), log, t.softmax(1), r, divergence, new KLDivLoss(false, r));
            Same((a, b) => F.soft_margin_loss(a, b, r), x, sign, r, nn.SoftMarginLoss(r), new SoftMarginLoss(r));
            HingeEmbeddingLoss hinge = nn.HingeEmbeddingLoss(0.6, r);
            Assert.Equal(0.6, hinge.margin);
            Same((a, b) => F.hinge_embedding_loss(a, b, 0.6, r), x, sign, r, hinge, new HingeEmbeddingLoss(0.6, r));
            PoissonNLLLoss counts = nn.PoissonNLLLoss(false, true, 1e-3f, r);
            Assert.Equal((false, true, 1e-3f), (counts.log_input, counts.full, counts.eps));
            Same((a, b) => F.poisson_nll_loss(a, b, false, true, 1e-3f, r), x.abs(), t.abs() * 5, r, counts, new PoissonNLLLoss(false, true, 1e-3f, r));
        }
    }

    [Fact]
    public void Of_classes()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = Numbers(0.7, 3, 4) * 2, classes = tensor(new long[] { 2, 0, 3 }), weight = tensor(new[] { 0.5, 1, 2, 3 });
        Tensor several = tensor(new long[] { 1, 3, -1, 0, 2, -1, 0, 0, 0, 1, 2, 3 }).reshape(3, 4), truths = Numbers(2.1, 3, 4).gt(0).to_type(float64), p = x.sigmoid();
        foreach (nn.Reduction r in Reductions)
        {
            CrossEntropyLoss entropy = nn.CrossEntropyLoss(weight, 0, r);
            Assert.Equal((0L, 0.0), (entropy.ignore_index, entropy.label_smoothing));
            Assert.Same(weight, entropy.weight);
            Same((a, b) => F.cross_entropy(a, b, weight, 0, r), x, classes, r, entropy);
            var smoothed = new CrossEntropyLoss(weight, null, r, 0.1);
            Assert.Equal((null, 0.1), (smoothed.ignore_index, smoothed.label_smoothing));
            Same((a, b) => F.cross_entropy(a, b, weight, reduction: r, label_smoothing: 0.1), x, classes, r, smoothed);
            Same((a, b) => F.nll_loss(a, b, weight, r), x.log_softmax(1), classes, r, nn.NLLLoss(weight, r), new NLLLoss(weight, r));
            Same((a, b) => F.binary_cross_entropy(a, b, weight, r), p, truths, r, nn.BCELoss(weight, r), new BCELoss(weight, r));
            BCEWithLogitsLoss logits = nn.BCEWithLogitsLoss(weight, r, weight * 2);
            Assert.True(logits.pos_weights!.Equals(weight * 2));
            Same((a, b) => F.binary_cross_entropy_with_logits(a, b, weight, r, weight * 2), x, truths, r, logits, new BCEWithLogitsLoss(weight, r, weight * 2));
            MultiMarginLoss margin = nn.MultiMarginLoss(2, 0.8, weight, r);
            Assert.Equal((2, 0.8), (margin.p, margin.margin));
            Same((a, b) => F.multi_margin_loss(a, b, 2, 0.8, weight, r), x, classes, r, margin, new MultiMarginLoss(2, 0.8, weight, r));
            Same((a, b) => F.multi_label_margin_loss(a, b, r), x, several, r, nn.MultiLabelMarginLoss(r), new MultiLabelMarginLoss(r));
            Same((a, b) => F.multilabel_soft_margin_loss(a, b, weight, r), x, truths, r, nn.MultiLabelSoftMarginLoss(weight, r), new MultiLabelSoftMarginLoss(weight, r));
        }
    }

    [Fact]
    public void Weights_are_one_a_class_of_the_scores_type()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(2, 4), classes = tensor(new long[] { 1, 2 });
        foreach (Func<Tensor, Tensor> loss in new Func<Tensor, Tensor>[] { w => F.cross_entropy(x, classes, w), w => F.nll_loss(x, classes, w) })
        {
            Assert.Equal("expected scalar type Float but found Double", Message(() => loss(ones(4, float64))));
            Assert.Equal("weight tensor should be defined either for all 4 classes or no classes but got weight tensor of shape: [3]", Message(() => loss(ones(3))));
        }
        Assert.Equal("Target 5 is out of bounds.", Message(() => F.cross_entropy(x, classes + 4, ones(4))));
        Assert.Equal("Expected input batch_size (2) to match target batch_size (1).", Message(() => F.cross_entropy(x, classes[..1], ones(4))));
        static string Message(Func<Tensor> run) => Assert.Throws<System.Runtime.InteropServices.ExternalException>(run).Message;
    }

    [Fact]
    public void Of_three_inputs()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = Numbers(0.7, 3, 4), b = Numbers(1.1, 3, 4), c = Numbers(2.3, 3, 4), sign = tensor(new double[] { 1, -1, 1 });
        static Tensor Manhattan(Tensor x, Tensor y) => (x - y).abs().sum(1);
        foreach (nn.Reduction r in Reductions)
        {
            CosineEmbeddingLoss cosine = nn.CosineEmbeddingLoss(0.2, r);
            Assert.Equal(0.2, cosine.margin);
            Same((x, y, z) => F.cosine_embedding_loss(x, y, z, 0.2, r), a, b, sign, r, cosine, new CosineEmbeddingLoss(0.2, r));
            MarginRankingLoss ranking = nn.MarginRankingLoss(0.4, r);
            Assert.Equal(0.4, ranking.margin);
            Same((x, y, z) => F.margin_ranking_loss(x, y, z, 0.4, r), a, b, c.sign(), r, ranking, new MarginRankingLoss(0.4, r));
            TripletMarginLoss triplet = nn.TripletMarginLoss(0.9, 1, 1e-4, true, r);
            Assert.Equal((0.9, 1L), (triplet.margin, triplet.p));
            Same((x, y, z) => F.triplet_margin_loss(x, y, z, 0.9, 1, 1e-4, true, r), a, b, c, r, triplet, new TripletMarginLoss(0.9, 1, 1e-4, true, r));
            TripletMarginWithDistanceLoss own = nn.TripletMarginWithDistanceLoss(Manhattan, 0.7, true, r);
            Assert.Equal(0.7, own.margin);
            Same((x, y, z) => F.triplet_margin_with_distance_loss(x, y, z, Manhattan, 0.7, true, r), a, b, c, r, own, new TripletMarginWithDistanceLoss(Manhattan, 0.7, true, r));
            GaussianNLLLoss normal = nn.GaussianNLLLoss(true, 1e-3f, r);
            Assert.Equal((true, 1e-3f), (normal.full, normal.eps));
            Same((x, y, z) => F.gaussian_nll_loss(x, y, z, true, 1e-3f, r), a, b, c.abs(), r, normal, new GaussianNLLLoss(true, 1e-3f, r));
        }
    }

    [Fact]
    public void Of_a_normal_distribution()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor mean = tensor(new[] { 1.0, 2 }), target = tensor(new[] { 3.0, 2 }), variance = tensor(new[] { 0.25, 0 });
        double near = (Math.Log(0.25) + 4 / 0.25) / 2, least = Math.Log(0.01f) / 2;
        Assert.Equal(near + least, F.gaussian_nll_loss(mean, target, variance, eps: 0.01f, reduction: nn.Reduction.Sum).item<double>(), 1e-6);
        Assert.Equal((near + least + Math.Log(2 * Math.PI)) / 2, F.gaussian_nll_loss(mean, target, variance, true, 0.01f).item<double>(), 1e-6);
    }

    sealed class Sum(nn.Reduction reduction) : Loss<int, int, int, int, int>(reduction)
    {
        public override int forward(int input1, int input2, int input3, int input4) => input1 + input2 + input3 + input4;
    }

    sealed class Three(Tensor weight) : WeightedLoss<Tensor, Tensor, Tensor, Tensor>(weight)
    {
        public override Tensor forward(Tensor input1, Tensor input2, Tensor input3) => (input1 + input2 + input3) * weight!;
    }

    sealed class Four(Tensor weight) : WeightedLoss<Tensor, Tensor, Tensor, Tensor, Tensor>(weight, nn.Reduction.Sum)
    {
        public override Tensor forward(Tensor input1, Tensor input2, Tensor input3, Tensor input4) => (input1 + input2 + input3 + input4) * weight!;
    }

    [Fact]
    public void Of_ones_own()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor one = ones(1), weight = full(1, 2);
        using var sum = new Sum(nn.Reduction.None);
        Assert.Equal((10, nn.Reduction.None), (sum.call(1, 2, 3, 4), sum.reduction));
        using var three = new Three(weight);
        Assert.Equal((6f, nn.Reduction.Mean), (three.call(one, one, one).item<float>(), three.reduction));
        using var four = new Four(weight);
        Assert.Equal((8f, nn.Reduction.Sum), (four.call(one, one, one, one).item<float>(), four.reduction));
        Assert.Same(weight, three.weight);
        Assert.Same(weight, four.weight);
    }
}
