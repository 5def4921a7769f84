using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using S = TorchSharp.torch.optim.lr_scheduler;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Golden;

/// <summary>Eight steps of every optimizer and twelve epochs of every schedule as PyTorch takes them; states that are saved and go on.</summary>
public sealed class OptimTests
{
    static readonly Dictionary<string, Func<Parameter[], OptimizerHelper>> Optimizers = new()
    {
        ["adadelta"] = p => optim.Adadelta(p, 0.5, weight_decay: 0.1),
        ["adagrad"] = p => optim.Adagrad(p, 0.1, 0.05, 0.1, 0.2),
        ["adamax"] = p => optim.Adamax(p, 0.1, weight_decay: 0.1),
        ["nadam"] = p => optim.NAdam(p, 0.1, weight_decay: 0.1),
        ["radam"] = p => optim.RAdam(p, 0.1, 0.8, 0.9, weight_decay: 0.1),
        ["rmsprop"] = p => optim.RMSProp(p, 0.1, weight_decay: 0.1),
        ["rmsprop centered"] = p => optim.RMSProp(p, 0.1, momentum: 0.9, centered: true),
        ["rprop"] = p => optim.Rprop(p, 0.1),
        ["asgd"] = p => optim.ASGD(p, 0.1, 0.01, t0: 3, weight_decay: 0.1),
        ["sgd"] = p => optim.SGD(p, 0.1, 0.9, weight_decay: 0.1, nesterov: true),
        ["sgd damped"] = p => optim.SGD(p, 0.1, 0.9, 0.3, maximize: true),
        ["adam amsgrad"] = p => optim.Adam(p, 0.1, amsgrad: true, maximize: true),
        ["adamw amsgrad"] = p => optim.AdamW(p, 0.1, amsgrad: true, weight_decay: 0.1),
    };

    static readonly double[] Metrics = [5, 4, 4.5, 4.2, 4.1, 4.05, 3, 3.1, 3.2, 3.3, 3.4, 3.5];

    static readonly Dictionary<string, Func<optim.Optimizer, S.LRScheduler>> Schedules = new()
    {
        ["StepLR"] = o => S.StepLR(o, 3, 0.5),
        ["MultiStepLR"] = o => S.MultiStepLR(o, [2, 5, 6], 0.5),
        ["ExponentialLR"] = o => S.ExponentialLR(o, 0.8),
        ["ConstantLR"] = o => S.ConstantLR(o, 0.25, 4),
        ["LinearLR"] = o => S.LinearLR(o, 0.25, 0.8, 5),
        ["PolynomialLR"] = o => S.PolynomialLR(o, 7, 2),
        ["CosineAnnealingLR"] = o => S.CosineAnnealingLR(o, 5, 0.1),
        ["LambdaLR"] = o => S.LambdaLR(o, e => 1.0 / (1 + e)),
        ["MultiplicativeLR"] = o => S.MultiplicativeLR(o, e => 1 - 0.05 * e),
        ["CyclicLR"] = o => S.CyclicLR(o, 0.1, 0.5, 3, 2, S.impl.CyclicLR.Mode.Triangular2),
        ["OneCycleLR"] = o => S.OneCycleLR(o, 0.5, 14),
        ["OneCycleLR of three phases"] = o => S.OneCycleLR(o, 0.5, 14, three_phase: true, anneal_strategy: S.impl.OneCycleLR.AnnealStrategy.Linear),
        ["SequentialLR"] = o => S.SequentialLR(o, [S.ConstantLR(o, 0.25, 3), S.ExponentialLR(o, 0.8)], [4]),
        ["ChainedLR"] = o => S.ChainedLR([S.ConstantLR(o, 0.25, 3), S.ExponentialLR(o, 0.8)]),
        ["ReduceLROnPlateau"] = o => S.ReduceLROnPlateau(o, "min", 0.5, 1, 0.01, cooldown: 1, min_lr: [0.06]),
    };

    public static TheoryData<string> OptimizerNames() => [.. Optimizers.Keys];

    public static TheoryData<string> ScheduleNames() => [.. Schedules.Keys];

    [Theory, MemberData(nameof(OptimizerNames))]
    public void Eight_steps_with_a_stop_after_four(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        SafeTensors file = SafeTensors.Nn;
        Tensor gradients = file[$"optim {name}.gradients"], after = file[$"optim {name}.after"];
        var parameter = new Parameter(file[$"optim {name}.start"]);
        OptimizerHelper optimizer = Optimizers[name]([parameter]);
        for (int k = 0; k < 8; k++)
        {
            if (k == 4) optimizer = Reloaded(name, parameter, optimizer);
            parameter.grad = gradients[k];
            optimizer.step();
            FunctionsTests.Near(after[k], parameter, $"{name}, step {k}", true);
        }
        optimizer.Dispose();
    }

    /// <summary>Another optimizer with the state that went through TorchSharp's file format and a dictionary.</summary>
    static OptimizerHelper Reloaded(string name, Parameter parameter, OptimizerHelper from)
    {
        using var stream = new MemoryStream();
        from.save_state_dict(new BinaryWriter(stream));
        stream.Position = 0;
        OptimizerHelper read = Optimizers[name]([parameter]), copied = Optimizers[name]([parameter]);
        read.load_state_dict(new BinaryReader(stream));
        Assert.True(from.state_dict().State[0].ApproximatelyEquals(read.state_dict().State[0]), name);
        copied.load_state_dict(read.state_dict());
        Assert.Equal([0], copied.state_dict().StateIndexRef[0]);
        from.Dispose();
        read.Dispose();
        return copied;
    }

    [Theory, MemberData(nameof(ScheduleNames))]
    public void Twelve_epochs(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        using SGD optimizer = optim.SGD([new Parameter(zeros(1))], 0.4, 0.9);
        S.LRScheduler schedule = Schedules[name](optimizer);
        double[] expected = SafeTensors.Nn[$"schedule {name}"].data<double>().ToArray();
        for (int k = 0; k <= 12; k++)
        {
            if (k > 0)
            {
                if (name == "ReduceLROnPlateau") schedule.step(Metrics[k - 1]);
                else schedule.step();
            }
            Assert.Equal(expected[k], optimizer.ParamGroups.First().LearningRate, 12);
            Assert.Equal(expected[13 + k], ((optim.IMomentum)optimizer.ParamGroups.First()).Momentum, 12);
            if (k > 0) Assert.Equal(expected[k], schedule.get_last_lr().First(), 12);
        }
    }

    [Fact]
    public void Groups_have_their_own_options()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter a = new(ones(2)), b = new(ones(2)), c = new(ones(2));
        using AdamW optimizer = optim.AdamW([new AdamW.ParamGroup([a], 0.5, weight_decay: 0), new AdamW.ParamGroup { Parameters = [b] }], 0.25);
        optimizer.add_param_group(new AdamW.ParamGroup([c], new AdamW.Options { LearningRate = 0.125 }));
        Assert.Equal([0.5, 0.25, 0.125], optimizer.ParamGroups.Select(g => g.LearningRate));
        Assert.Equal([0.5, 0.25, 0.125], optimizer.ParamGroups.Select(g => g.InitialLearningRate));
        Assert.Equal(3, optimizer.parameters().Count());
        Assert.Equal((0.9, 0.999), optimizer.Betas);
        optimizer.Betas = (0.5, 0.6);
        Assert.All(optimizer.ParamGroups, g => Assert.Equal((0.5, 0.6), ((optim.IBetas)g).Betas));
        foreach (Parameter p in optimizer.parameters()) p.grad = ones(2);
        Tensor loss = optimizer.step(() => tensor(3.0));
        Assert.Equal(3.0, loss.item<double>());
        Assert.Equal(0.5f, a[0].item<float>(), 4);
        Assert.Equal(0.875f, c[0].item<float>(), 4);
        optimizer.zero_grad();
        Assert.Equal([0f, 0f], a.grad!.data<float>().ToArray());
        optimizer.to(CPU);
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        Parameter[] p = [new Parameter(zeros(1))];
        Assert.Equal("Invalid learning rate: -1", Assert.Throws<ArgumentException>(() => optim.Adamax(p, -1)).Message);
        Assert.Equal("Invalid beta1 value: 1.5", Assert.Throws<ArgumentException>(() => optim.NAdam(p, beta1: 1.5)).Message);
        Assert.Equal("Invalid alpha: -1", Assert.Throws<ArgumentException>(() => optim.RMSProp(p, alpha: -1)).Message);
        using var stream = new MemoryStream();
        using (RAdam from = optim.RAdam(p)) from.save_state_dict(new BinaryWriter(stream));
        stream.Position = 0;
        using Adam other = optim.Adam(p);
        Assert.Equal("Mismatched optimizer type: expected 'Adam', but found 'RAdam' in the loaded stream.", Assert.Throws<InvalidDataException>(() => other.load_state_dict(new BinaryReader(stream))).Message);
        Assert.Throws<InvalidOperationException>(() => S.ReduceLROnPlateau(other).step());
        Assert.Throws<ArgumentException>(() => S.CyclicLR(other, 0.1, 0.2));
    }

    [Fact]
    public void One_cycle_turns_the_first_beta_of_Adam()
    {
        using DisposeScope scope = NewDisposeScope();
        using Adam adam = optim.Adam([("a", new Parameter(zeros(1)))], 0.1);
        S.LRScheduler schedule = S.OneCycleLR(adam, [0.5], epochs: 2, steps_per_epoch: 5);
        Assert.Equal((0.95, 0.999), adam.ParamGroups.Cast<optim.IBetas>().First().Betas);
        for (int k = 0; k < 2; k++) schedule.step();
        Assert.Equal(0.85, adam.ParamGroups.Cast<optim.IBetas>().First().Betas.Item1, 12);
        Assert.Equal(0.5, adam.ParamGroups.First().LearningRate, 12);
    }
}
