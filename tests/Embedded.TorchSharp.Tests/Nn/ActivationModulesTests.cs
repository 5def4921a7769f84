using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Nn;

/// <summary>Modules, capital names and forms in place give what the plain functions give.</summary>
public sealed class ActivationModulesTests
{
    static readonly Dictionary<string, (nn.Module<Tensor, Tensor> Module, Func<Tensor, Tensor> Function)[]> Modules = new()
    {
        ["CELU"] = [(nn.CELU(0.7), x => F.celu(x, 0.7)), (nn.CELU(0.7, true), x => x.celu(0.7)), (nn.CELU(), x => x.celu())],
        ["ELU"] = [(nn.ELU(1.3), x => F.elu(x, 1.3)), (nn.ELU(1.3, true), x => x.elu(1.3)), (nn.ELU(2), x => x.elu(2.0, 1.0, 1.0))],
        ["SELU"] = [(nn.SELU(), x => F.selu(x)), (nn.SELU(true), x => x.selu())],
        ["GELU"] = [(nn.GELU(), x => F.gelu(x)), (nn.GELU(true), x => F.gelu(x, false))],
        ["GLU"] = [(nn.GLU(), x => F.glu(x)), (nn.GLU(1), x => x.glu(1))],
        ["Hardshrink"] = [(nn.Hardshrink(0.3), x => F.Hardshrink(x, 0.3))],
        ["Softshrink"] = [(nn.Softshrink(0.3), x => F.Softshrink(x, 0.3))],
        ["Hardsigmoid"] = [(nn.Hardsigmoid(), x => F.hardsigmoid(x)), (nn.Hardsigmoid(true), x => x.hardsigmoid())],
        ["Hardswish"] = [(nn.Hardswish(), x => F.hardswish(x)), (nn.Hardswish(true), x => x.hardswish())],
        ["Hardtanh"] = [(nn.Hardtanh(-0.5, 0.7), x => F.Hardtanh(x, -0.5, 0.7)), (nn.Hardtanh(-0.5, 0.7, true), x => x.hardtanh(-0.5, 0.7))],
        ["LeakyReLU"] = [(nn.LeakyReLU(0.2), x => F.leaky_relu(x, 0.2)), (nn.LeakyReLU(0.2, true), x => x.leaky_relu(0.2))],
        ["RReLU"] = [(nn.RReLU(0.1, 0.3), x => F.rrelu(x, 0.1, 0.3)), (nn.RReLU(0.1, 0.3, true), x => x.rrelu(0.1, 0.3))],
        ["LogSigmoid"] = [(nn.LogSigmoid(), x => x.log_sigmoid())],
        ["LogSoftmax"] = [(nn.LogSoftmax(1), x => F.log_softmax(x, 1))],
        ["Softmax"] = [(nn.Softmax(0), x => F.softmax(x, 0))],
        ["Softmin"] = [(nn.Softmin(1), x => F.softmin(x, 1))],
        ["Mish"] = [(nn.Mish(), x => F.Mish(x)), (nn.Mish(true), x => F.mish(x))],
        ["ReLU"] = [(nn.ReLU(), x => F.relu(x)), (nn.ReLU(true), x => F.relu(x))],
        ["ReLU6"] = [(nn.ReLU6(), x => F.relu6(x)), (nn.ReLU6(true), x => x.relu6())],
        ["Sigmoid"] = [(nn.Sigmoid(), x => F.sigmoid(x)), (nn.Sigmoid(true), x => F.sigmoid(x, false))],
        ["SiLU"] = [(nn.SiLU(), x => F.SiLU(x)), (nn.SiLU(true), x => F.silu(x))],
        ["Softplus"] = [(nn.Softplus(2, 10), x => x.softplus(2, 10))],
        ["Softsign"] = [(nn.Softsign(), x => F.Softsign(x)), (nn.Softsign(true), x => F.softsign(x))],
        ["Tanh"] = [(nn.Tanh(), x => F.tanh(x)), (nn.Tanh(true), x => x.tanh())],
        ["Tanhshrink"] = [(nn.Tanhshrink(), x => F.Tanhshrink(x)), (nn.Tanhshrink(true), x => F.tanhshrink(x))],
        ["Threshold"] = [(nn.Threshold(0.1, -3), x => F.Threshold(x, 0.1, -3)), (nn.Threshold(0.1, -3, true), x => x.threshold(0.1, -3.0))],
        ["Identity"] = [(nn.Identity(), x => x * 1)],
    };

    static readonly (Func<Tensor, Tensor> InPlace, Func<Tensor, Tensor> Function)[] InPlace =
    [
        (x => x.elu_(1.3), x => x.elu(1.3)), (x => x.elu_(2.0, 1.5, 0.5), x => x.elu(2.0, 1.5, 0.5)), (x => x.selu_(), x => x.selu()), (x => x.celu_(), x => x.celu()), (x => x.celu_(0.7), x => x.celu(0.7)),
        (x => x.leaky_relu_(0.2), x => x.leaky_relu(0.2)), (x => x.rrelu_(), x => x.rrelu()), (x => x.hardtanh_(-0.5, 0.5), x => x.hardtanh(-0.5, 0.5)), (x => x.relu6_(), x => x.relu6()),
        (x => x.hardsigmoid_(), x => x.hardsigmoid()), (x => x.hardswish_(), x => x.hardswish()), (x => x.threshold_(0.1, 2.0), x => x.threshold(0.1, 2.0)), (x => F.softsign(x, true), x => F.softsign(x)),
    ];

    public static TheoryData<string> Names() => [.. Modules.Keys];

    [Theory, MemberData(nameof(Names))]
    public void As_the_function(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        foreach ((nn.Module<Tensor, Tensor> module, Func<Tensor, Tensor> function) in Modules[name])
        {
            Assert.Equal(name, module.GetName());
            Tensor x = linspaced(), y = module.call(x.clone());
            Assert.True(y.allclose(function(x)), name);
            Assert.Empty(module.parameters());
            Assert.Same(module, module.to(float64));
        }
    }

    static Tensor linspaced() => arange(-9, 9, ScalarType.Float32).div(2.0).reshape(3, 6);

    [Fact]
    public void In_place_the_memory_is_the_same_and_so_is_the_gradient()
    {
        foreach ((Func<Tensor, Tensor> inPlace, Func<Tensor, Tensor> function) in InPlace)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor a = linspaced().requires_grad_(), b = linspaced().requires_grad_();
            Tensor activation = a * 2, changed = inPlace(activation);
            Assert.Same(activation, changed);
            Tensor expected = function(b * 2);
            Assert.True(changed.Equals(expected));
            (changed * changed).sum().backward();
            (expected * expected).sum().backward();
            Assert.True(a.grad!.allclose(b.grad!));
        }
    }

    [Fact]
    public void Properties_can_be_changed()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = linspaced();
        using ELU elu = nn.ELU();
        elu.alpha = 3;
        elu.inplace = false;
        Assert.True(elu.call(x).allclose(x.elu(3)));
        using Softplus soft = nn.Softplus();
        (soft.beta, soft.threshold) = (3, 5);
        Assert.True(soft.call(x).allclose(x.softplus(3, 5)));
        using Threshold threshold = nn.Threshold(0, 0);
        (threshold.threshold, threshold.value, threshold.inplace) = (1, 9, false);
        Assert.True(threshold.call(x).allclose(x.threshold(1.0, 9.0)));
        using PReLU learned = nn.PReLU(6, 0.5);
        Assert.Equal((6L, 0.5, 6L), (learned.num_parameters, learned.init, learned.weight.numel()));
        Assert.True(learned.call(x).allclose(x.prelu(full(6, 0.5))));
    }

    [Fact]
    public void Errors_are_those_of_the_library()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Equal("Halving dimension must be even, but dimension 1 is size 3", Message(() => F.glu(zeros(2, 3))));
        Assert.Equal("\"elu_cpu\" not implemented for 'Long'", Message(() => zeros(2, int64).elu()));
        Assert.Equal("lambda must be greater or equal to 0, but found to be -1.", Message(() => F.softshrink(zeros(2), -1)));
        Assert.Equal("Softmax2d requires a 3D or 4D tensor as input", Message(() => F.softmax2d(zeros(2, 2))));
        Assert.Contains("Mismatch of parameter numbers and input channel size", Message(() => F.prelu(zeros(2, 3), zeros(2))), StringComparison.Ordinal);
        static string Message(Func<Tensor> run) => Assert.Throws<System.Runtime.InteropServices.ExternalException>(run).Message;
    }

    [Fact]
    public void Not_a_number_stays_and_large_numbers_do_not_overflow()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(new[] { double.NaN, 1000, -1000, 1e-20 });
        Assert.True(double.IsNaN(x.hardtanh(-1.0, 1.0)[0].item<double>()));
        Assert.Equal([1000, 0, Math.Log(2)], x.softplus().data<double>().ToArray()[1..]);
        Assert.Equal([0, -1000], x.log_sigmoid().data<double>().ToArray()[1..3]);
        Assert.Equal(-1e-20, (-x).elu()[3].item<double>());
        Assert.Equal([1000, 0], F.mish(x).data<double>().ToArray()[1..3]);
    }
}
