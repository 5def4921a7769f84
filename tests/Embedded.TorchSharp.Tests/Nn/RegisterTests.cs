using System.Reflection;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Nn;

/// <summary>What is registered, under which names, and what reaches all of it.</summary>
public sealed class RegisterTests
{
    sealed class Empty() : nn.Module("empty");

    sealed class Named : nn.Module
    {
        [ComponentName(Name = "gain")]
        public readonly Parameter factor = new(ones(1));

        public Named() : base("named") => RegisterComponents();
    }

    [Fact]
    public void Parts_by_hand()
    {
        using DisposeScope scope = NewDisposeScope();
        using Empty model = new(), inner = new();
        Parameter weight = new(ones(2));
        model.register_parameter("weight", weight);
        model.add_module("inner", inner);
        inner.register_buffer("kept", full(1, 2f));
        inner.register_buffer("passing", full(1, 3f), false);
        Assert.Equal(["weight", "inner.kept"], model.state_dict().Keys);
        Assert.Equal(["inner.kept", "inner.passing"], model.named_buffers().Select(b => b.name));
        Assert.True(model.has_buffer("inner.passing") && !model.has_buffer("passing") && !model.has_buffer("weight") && !model.has_buffer("other.kept"));
        Assert.Equal(2f, model.get_buffer("inner.kept")!.item<float>());
        Assert.Null(model.get_buffer("kept"));
        Assert.Same(weight, model.get_parameter("weight"));
        Assert.Equal("Parameter weight is already registered.", Assert.Throws<InvalidOperationException>(() => model.register_parameter("weight", weight)).Message);
        Assert.Equal("Tensor kept is already registered.", Assert.Throws<InvalidOperationException>(() => inner.register_buffer("kept", ones(1))).Message);
        Assert.Equal("Sub-module inner is already registered.", Assert.Throws<InvalidOperationException>(() => model.add_module("inner", new Empty())).Message);
        Assert.Throws<ArgumentException>(() => model.add_module("a.b", new Empty()));
        Assert.Throws<ArgumentException>(() => model.add_module("", new Empty()));
        Assert.Throws<ArgumentNullException>(() => model.register_parameter("none", null!));
        Assert.Throws<ArgumentNullException>(() => model.register_buffer("none", null!));
    }

    [Fact]
    public void A_field_can_have_another_name()
    {
        using var model = new Named();
        string name = typeof(Named).GetField(nameof(Named.factor))!.GetCustomAttribute<ComponentNameAttribute>()!.Name;
        Assert.Equal("gain", name);
        Assert.Same(model.factor, model.get_parameter(name));
    }

    [Fact]
    public void Modules_are_walked_the_direct_ones_first()
    {
        using Sequential model = nn.Sequential(("a", nn.Sequential(("x", nn.ReLU()), ("y", nn.Linear(1, 1)))), ("b", nn.Tanh()));
        Assert.Equal(["a", "b", "a.x", "a.y"], model.named_modules().Select(m => m.name));
        Assert.Equal(model.modules(), model.named_modules().Select(m => m.module));
        var order = new List<string>();
        Assert.Same(model, model.apply(m => order.Add(m.GetName())));
        Assert.Equal(["ReLU", "Linear", "Sequential", "Tanh", "Sequential"], order);
    }

    [Fact]
    public void Gradients_are_dropped_or_zeroed()
    {
        using DisposeScope scope = NewDisposeScope();
        using Linear linear = nn.Linear(2, 1);
        linear.forward(ones(1, 2)).sum().backward();
        Tensor gradient = linear.weight.grad!;
        linear.zero_grad(false);
        Assert.True(linear.weight.grad!.Equals(zeros(1, 2)) && gradient.Equals(zeros(1, 2)));
        linear.zero_grad();
        Assert.True(linear.weight.grad is null && linear.bias!.grad is null);
    }

    [Fact]
    public void A_state_through_streams()
    {
        using DisposeScope scope = NewDisposeScope();
        using Linear from = nn.Linear(2, 3), to = nn.Linear(2, 3);
        var stream = new MemoryStream();
        Assert.Same(from, from.save(stream, ["bias"]));
        Assert.False(stream.CanWrite);
        using var reader = new BinaryReader(new MemoryStream(stream.ToArray()));
        var loaded = new Dictionary<string, bool>();
        Tensor bias = to.bias!.clone();
        Assert.Same(to, to.load(reader, false, null, loaded));
        Assert.True(to.weight.Equals(from.weight) && to.bias!.Equals(bias));
        Assert.Equal(["weight"], loaded.Keys);
        using var again = new BinaryReader(new MemoryStream(stream.ToArray()));
        Assert.Throws<ArgumentException>(() => to.load(again));
    }
}
