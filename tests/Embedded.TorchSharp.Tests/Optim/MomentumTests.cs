using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Optim;

/// <summary>Decay rates and momenta, of optimizers and of their groups; groups by themselves.</summary>
public sealed class MomentumTests
{
    static Parameter[] One() => [new Parameter(ones(1))];

    [Fact]
    public void Betas_of_an_optimizer_are_those_of_its_groups()
    {
        using DisposeScope scope = NewDisposeScope();
        Adam.ParamGroup adam = new(One(), beta1: 0.25);
        AdamW.ParamGroup adamw = new(One(), beta1: 0.25);
        Adamax.ParamGroup adamax = new(One(), beta1: 0.25);
        NAdam.ParamGroup nadam = new(One(), beta1: 0.25);
        RAdam.ParamGroup radam = new(One(), beta1: 0.25);
        using Adam a = new([adam]);
        using AdamW w = new([adamw]);
        using Adamax x = new([adamax]);
        using NAdam n = new([nadam]);
        using RAdam r = new([radam]);
        Check(v => adam.Betas = v, () => adam.Betas, v => a.Betas = v, () => a.Betas);
        Check(v => adamw.Betas = v, () => adamw.Betas, v => w.Betas = v, () => w.Betas);
        Check(v => adamax.Betas = v, () => adamax.Betas, v => x.Betas = v, () => x.Betas);
        Check(v => nadam.Betas = v, () => nadam.Betas, v => n.Betas = v, () => n.Betas);
        Check(v => radam.Betas = v, () => radam.Betas, v => r.Betas = v, () => r.Betas);
        Assert.Equal((0.5, 0.75), (adam.Options.beta1, adam.Options.beta2));
        Assert.Equal((0.5, 0.75), (radam.Options.beta1, radam.Options.beta2));
    }

    static void Check(Action<(double, double)> setGroup, Func<(double, double)> group, Action<(double, double)> setAll, Func<(double, double)> all)
    {
        Assert.Equal((0.25, 0.999), group());
        Assert.Equal((0.9, 0.999), all());
        setGroup((0.125, 0.875));
        Assert.Equal((0.125, 0.875), group());
        Assert.Equal((0.9, 0.999), all());
        setAll((0.5, 0.75));
        Assert.Equal((0.5, 0.75), group());
        Assert.Equal((0.5, 0.75), all());
    }

    [Fact]
    public void Momentum_of_an_optimizer_is_that_of_its_groups()
    {
        using DisposeScope scope = NewDisposeScope();
        SGD.ParamGroup sgd = new(One(), momentum: 0.25);
        RMSProp.ParamGroup rms = new(One(), momentum: 0.25);
        using SGD s = new([sgd], 0.5, 0.125);
        using RMSProp r = new([rms], momentum: 0.125);
        Assert.Equal((0.25, 0.125, 0.25, 0.125), (sgd.Momentum, s.Momentum, rms.Momentum, r.Momentum));
        sgd.Momentum = rms.Momentum = 0.75;
        Assert.Equal((0.75, 0.125, 0.75, 0.125), (sgd.Options.momentum, s.Momentum, rms.Options.momentum, r.Momentum));
        s.Momentum = r.Momentum = 0.5;
        Assert.Equal((0.5, 0.5, 0.5, 0.5), (sgd.Momentum, s.Momentum, rms.Momentum, r.Momentum));
    }

    [Fact]
    public void A_group_by_itself_has_options_and_rates()
    {
        var plain = new ParamGroup { Options = new OptimizerOptions { InitialLearningRate = 0.5 } };
        Assert.Empty(plain.Parameters);
        Assert.Equal((0.5, 0.5), (plain.InitialLearningRate, plain.LearningRate));
        plain.LearningRate = 0.125;
        plain.InitialLearningRate = 0.25;
        Assert.Equal((0.25, 0.125), (plain.Options.InitialLearningRate, plain.Options.LearningRate));
        var other = new OptimizerOptions();
        Assert.Null(other.LearningRate);
        other.LoadStateDict(plain.Options);
        Assert.Equal((0.25, 0.125), (other.InitialLearningRate, other.LearningRate));

        using DisposeScope scope = NewDisposeScope();
        Parameter[] p = One();
        var options = new ASGD.Options { LearningRate = 0.5, lambd = 0 };
        ParamGroup<ASGD.Options> given = new(p, options), set = new() { Parameters = p, Options = options };
        Assert.Same(options, given.Options);
        Assert.Same(options, set.Options);
        Assert.Same(options, ((ParamGroup)set).Options);
        using ASGD optimizer = optim.ASGD([given]);
        p[0].grad = ones(1);
        optimizer.step();
        Assert.Equal(0.5f, p[0].item<float>());
    }
}
