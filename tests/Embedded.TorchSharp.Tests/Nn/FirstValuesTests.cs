using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.init;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Nn;

/// <summary>First values of parameters: set without a gradient, spread as fans and gains say.</summary>
public sealed class FirstValuesTests
{
    [Fact]
    public void Gains()
    {
        Assert.All([NonlinearityType.Linear, NonlinearityType.Conv1D, NonlinearityType.Conv2D, NonlinearityType.Sigmoid], n => Assert.Equal(1, calculate_gain(n)));
        Assert.Equal(5.0 / 3, calculate_gain(NonlinearityType.Tanh));
        Assert.Equal(Math.Sqrt(2), calculate_gain(NonlinearityType.ReLU));
        Assert.Equal(Math.Sqrt(2 / (1 + 0.09)), calculate_gain(NonlinearityType.LeakyReLU, 0.3));
    }

    [Fact]
    public void Fans()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Equal((3L, 5L), CalculateFanInAndFanOut(empty(5, 3)));
        Assert.Equal((24L, 40L), CalculateFanInAndFanOut(empty(5, 3, 2, 4)));
        Assert.Throws<ArgumentException>(() => CalculateFanInAndFanOut(empty(5)));
    }

    [Fact]
    public void Constants_are_written_to_parameters_themselves()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter p = new(empty(2));
        Assert.Same(p, constant_(p, 3));
        Assert.Equal([3f, 3], p.data<float>().ToArray());
        Assert.Equal([1f, 1], ones_(p).data<float>().ToArray());
        Assert.Equal([0f, 0], zeros_(p).data<float>().ToArray());
        Assert.True(p.is_leaf && p.requires_grad);
    }

    [Fact]
    public void Draws_have_the_spread_that_is_asked_for()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(6);
        Parameter p = new(empty(200, 100));
        Even(uniform_(p, -2, 6), -2, 6);
        Normal(normal_(p, 3, 0.5), 3, 0.5);
        Normal(xavier_normal_(p, 3), 0, 3 * Math.Sqrt(2.0 / 300));
        double leaky = Math.Sqrt(2 / 1.25), bound = leaky * Math.Sqrt(3.0 / 100), out_ = Math.Sqrt(2) * Math.Sqrt(3.0 / 200);
        Even(kaiming_uniform_(p, 0.5), -bound, bound);
        Even(kaiming_uniform_(p, 0, FanInOut.FanOut, NonlinearityType.ReLU), -out_, out_);
        Normal(kaiming_normal_(p, 0.5), 0, leaky / 10);
        Normal(kaiming_normal_(p, 0, FanInOut.FanOut, NonlinearityType.Tanh), 0, 5.0 / 3 / Math.Sqrt(200));
        Assert.True(p.is_leaf && p.requires_grad);
    }

    [Fact]
    public void A_generator_gives_the_same_draws_again()
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator a = new(9), b = new(9);
        Assert.True(uniform_(empty(5), generator: a).Equals(uniform_(empty(5), generator: b)));
        Assert.True(normal_(empty(5), generator: a).Equals(normal_(empty(5), generator: b)));
    }

    static void Even(Tensor t, double low, double high)
    {
        double width = high - low, min = t.min().ToDouble(), max = t.max().ToDouble();
        Assert.InRange(min, low - 1e-6, low + width / 100);
        Assert.InRange(max, high - width / 100, high + 1e-6);
        Assert.Equal((low + high) / 2, t.mean().ToDouble(), width / 50);
    }

    static void Normal(Tensor t, double mean, double deviation)
    {
        Assert.Equal(mean, t.mean().ToDouble(), deviation / 30);
        Assert.Equal(deviation, t.std().ToDouble(), deviation / 30);
        Assert.True((t - mean).abs().max().ToDouble() > 3 * deviation);
    }
}
