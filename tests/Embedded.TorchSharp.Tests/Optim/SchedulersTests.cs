using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using S = TorchSharp.torch.optim.lr_scheduler;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Optim;

/// <summary>The schedulers' own types against the functions that make them, and epochs by their closed form.</summary>
public sealed class SchedulersTests
{
    static readonly double[] Metrics = [5, 4, 4.5, 4.2, 4.1, 4.05, 3, 3.1, 3.2, 3.3, 3.4, 3.5];

    static readonly Dictionary<string, (Func<optim.Optimizer, S.LRScheduler> Type, Func<optim.Optimizer, S.LRScheduler> Function)> Makers = new()
    {
        ["StepLR"] = (o => new S.impl.StepLR(o, 3, 0.5), o => S.StepLR(o, 3, 0.5)),
        ["MultiStepLR"] = (o => new S.impl.MultiStepLR(o, [2, 5, 6], 0.5), o => S.MultiStepLR(o, [2, 5, 6], 0.5)),
        ["ExponentialLR"] = (o => new S.impl.ExponentialLR(o, 0.8), o => S.ExponentialLR(o, 0.8)),
        ["ConstantLR"] = (o => new S.impl.ConstantLR(o, 0.25, 4), o => S.ConstantLR(o, 0.25, 4)),
        ["LinearLR"] = (o => new S.impl.LinearLR(o, 0.25, 0.8, 5), o => S.LinearLR(o, 0.25, 0.8, 5)),
        ["PolynomialLR"] = (o => new S.impl.PolynomialLR(o, 7, 2), o => S.PolynomialLR(o, 7, 2)),
        ["CosineAnnealingLR"] = (o => new S.impl.CosineAnnealingLR(o, 5, 0.1), o => S.CosineAnnealingLR(o, 5, 0.1)),
        ["LambdaLR"] = (o => new S.impl.LambdaLR(o, e => 1.0 / (1 + e)), o => S.LambdaLR(o, e => 1.0 / (1 + e))),
        ["LambdaLR of a list"] = (o => new S.impl.LambdaLR(o, [e => 1.0 / (1 + e), e => 1.0 / (1 + e)]), o => S.LambdaLR(o, e => 1.0 / (1 + e))),
        ["MultiplicativeLR"] = (o => new S.impl.MultiplicativeLR(o, e => 1 - 0.05 * e), o => S.MultiplicativeLR(o, e => 1 - 0.05 * e)),
        ["MultiplicativeLR of a list"] = (o => new S.impl.MultiplicativeLR(o, [e => 1 - 0.05 * e, e => 1 - 0.05 * e]), o => S.MultiplicativeLR(o, e => 1 - 0.05 * e)),
        ["CyclicLR"] = (o => new S.impl.CyclicLR(o, 0.1, 0.5, 3, 2), o => S.CyclicLR(o, [0.1, 0.1], [0.5, 0.5], 3, 2)),
        ["CyclicLR of lists"] = (o => new S.impl.CyclicLR(o, [0.1, 0.1], [0.5, 0.5], 3, base_momentum: [0.7, 0.7], max_momentum: [0.8, 0.8]), o => S.CyclicLR(o, 0.1, 0.5, 3, base_momentum: 0.7, max_momentum: 0.8)),
        ["OneCycleLR"] = (o => new S.impl.OneCycleLR(o, 0.5, 14), o => S.OneCycleLR(o, [0.5, 0.5], 14)),
        ["OneCycleLR of lists"] = (o => new S.impl.OneCycleLR(o, [0.5, 0.5], 14, base_momentum: [0.7, 0.7], max_momentum: [0.8, 0.8]), o => S.OneCycleLR(o, 0.5, 14, base_momentum: 0.7, max_momentum: 0.8)),
        ["SequentialLR"] = (o => new S.impl.SequentialLR(o, [S.ConstantLR(o, 0.25, 3), S.ExponentialLR(o, 0.8)], [4]), o => S.SequentialLR(o, [S.ConstantLR(o, 0.25, 3), S.ExponentialLR(o, 0.8)], [4])),
        ["ChainedLR"] = (o => new S.impl.ChainedLR([S.ConstantLR(o, 0.25, 3), S.ExponentialLR(o, 0.8)]), o => S.ChainedLR([S.ConstantLR(o, 0.25, 3), S.ExponentialLR(o, 0.8)])),
        ["ReduceLROnPlateau"] = (o => new S.impl.ReduceLROnPlateau(o, "min", 0.5, 1, 0.01, cooldown: 1, min_lr: [0.06]), o => S.ReduceLROnPlateau(o, "min", 0.5, 1, 0.01, cooldown: 1, min_lr: [0.06, 0.06])),
    };

    public static TheoryData<string> Names() => [.. Makers.Keys];

    public static TheoryData<string> ClosedNames() => ["StepLR", "MultiStepLR", "ExponentialLR", "ConstantLR", "LinearLR", "PolynomialLR", "CosineAnnealingLR", "LambdaLR", "CyclicLR", "OneCycleLR"];

    [Theory, MemberData(nameof(Names))]
    public void A_type_and_its_function_have_the_same_epochs(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        using SGD first = Optimizer(), second = Optimizer();
        S.LRScheduler type = Makers[name].Type(first), function = Makers[name].Function(second);
        Assert.Equal(type.GetType(), function.GetType());
        var seen = new HashSet<double>();
        for (int k = 0; k < 12; k++)
        {
            (double, double)[] rates = Rates(first);
            Assert.Equal(Rates(second), rates);
            seen.Add(rates[0].Item1);
            Step(type, k);
            Step(function, k);
        }
        Assert.True(seen.Count > 1, name);

        void Step(S.LRScheduler schedule, int k)
        {
            if (name == "ReduceLROnPlateau") schedule.step(Metrics[k]);
            else schedule.step();
        }
    }

    [Theory, MemberData(nameof(ClosedNames))]
    public void An_epoch_by_itself_is_the_one_that_steps_lead_to(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        using SGD walked = Optimizer(), leapt = Optimizer();
        S.LRScheduler steps = Makers[name].Type(walked), leaps = Makers[name].Type(leapt);
        for (int k = 1; k <= 5; k++) steps.step();
        leaps.step(epoch: 9);
        leaps.step(epoch: 5);
        Assert.All(Rates(leapt).Zip(Rates(walked)), pair => Assert.Equal(pair.Second.Item1, pair.First.Item1, 12));
        Assert.All(Rates(leapt).Zip(Rates(walked)), pair => Assert.Equal(pair.Second.Item2, pair.First.Item2, 12));
        // Without an epoch it is the next one.
        leaps.step(null);
        steps.step();
        Assert.All(leaps.get_last_lr().Zip(steps.get_last_lr()), pair => Assert.Equal(pair.Second, pair.First, 12));
    }

    [Fact]
    public void Lists_give_each_group_its_own_rates()
    {
        using DisposeScope scope = NewDisposeScope();
        using SGD optimizer = Optimizer();
        S.LRScheduler cyclic = S.CyclicLR(optimizer, [0.1, 0.2], [0.5, 0.8], 2, base_momentum: [0.6, 0.7], max_momentum: [0.8, 0.9]);
        Assert.Equal([(0.1, 0.8), (0.2, 0.9)], Rates(optimizer).Select(Rounded));
        cyclic.step();
        Assert.Equal([(0.3, 0.7), (0.5, 0.8)], Rates(optimizer).Select(Rounded));
        cyclic.step();
        Assert.Equal([(0.5, 0.6), (0.8, 0.7)], Rates(optimizer).Select(Rounded));
        using SGD another = Optimizer();
        S.LRScheduler lambda = new S.impl.LambdaLR(another, [e => 1 + e, e => 1.0 / (1 + e)]);
        lambda.step();
        Assert.Equal([0.8, 0.2], lambda.get_last_lr());
        using SGD third = Optimizer();
        S.LRScheduler factors = new S.impl.MultiplicativeLR(third, [_ => 2, _ => 0.5]);
        for (int k = 0; k < 2; k++) factors.step();
        Assert.Equal([1.6, 0.1], factors.get_last_lr());
    }

    static (double, double) Rounded((double, double) rates) => (Math.Round(rates.Item1, 12), Math.Round(rates.Item2, 12));

    static SGD Optimizer() => optim.SGD([new SGD.ParamGroup { Parameters = [new Parameter(zeros(1))] }, new SGD.ParamGroup { Parameters = [new Parameter(zeros(1))] }], 0.4, 0.9);

    static (double, double)[] Rates(SGD optimizer) => [.. optimizer.ParamGroups.Select(g => (g.LearningRate, ((optim.IMomentum)g).Momentum))];
}
