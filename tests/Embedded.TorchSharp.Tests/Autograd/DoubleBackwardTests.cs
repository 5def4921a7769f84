using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Autograd;

public sealed class DoubleBackwardTests
{
    static readonly Dictionary<string, (long[][] Shapes, Func<Tensor[], Tensor> Run)> Cases = new()
    {
        ["product"] = ([[3], [3]], x => x[0] * x[1] * x[0]),
        ["quotient"] = ([[3], [3]], x => x[0] / (x[1] * x[1] + 1)),
        ["exp of a view"] = ([[2, 3]], x => x[0].t().exp().reshape(6)),
        ["matmul"] = ([[2, 3], [3, 2]], x => x[0].matmul(x[1]).pow(2)),
        ["slice and select"] = ([[3, 4]], x => x[0][1].pow(3) + x[0].slice(1, 0, 4, 2).pow(2).sum()),
        ["sums and broadcasting"] = ([[3, 1], [2]], x => (x[0] * x[1]).sum(0).pow(3)),
        ["tanh and sigmoid"] = ([[4]], x => x[0].tanh() * x[0].sigmoid()),
        ["softmax"] = ([[2, 3]], x => x[0].softmax(1).pow(2)),
        ["log_softmax"] = ([[2, 3]], x => x[0].log_softmax(0).pow(2)),
        ["logsumexp"] = ([[2, 3]], x => x[0].logsumexp(1).pow(2)),
        ["in place on a view"] = ([[2, 2]], x =>
        {
            Tensor y = x[0] * x[0];
            y[0].mul_(x[0][1]);
            return y.pow(2);
        }
        ),
    };

    public static TheoryData<string> Names() => [.. Cases.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Gradients_of_gradients_are_the_differences(string name) => Differences.CheckTwice(Cases[name].Shapes, Cases[name].Run, name);

    [Fact]
    public void What_has_no_second_derivative_says_so()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = randn(2, 4).requires_grad_();
        Tensor first = autograd.grad([nn.functional.layer_norm(x, [4]).pow(2).sum()], [x], create_graph: true, retain_graph: true)[0];
        Refused("derivative for LayerNormBackward is not implemented", () => first.sum().backward());
    }

    [Fact]
    public void Third_derivatives_too()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(2.0).requires_grad_(), y = x.pow(4);
        Tensor g1 = autograd.grad([y], [x], retain_graph: true, create_graph: true)[0];
        Tensor g2 = autograd.grad([g1], [x], retain_graph: true, create_graph: true)[0];
        Tensor g3 = autograd.grad([g2], [x])[0];
        Assert.Equal([32.0, 48, 48], new[] { g1, g2, g3 }.Select(g => g.item<double>()));
    }

    [Fact]
    public void Backward_with_create_graph_leaves_gradients_that_can_be_differentiated()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(3.0).requires_grad_();
        x.pow(3).backward(create_graph: true, retain_graph: true);
        Tensor first = x.grad!;
        Assert.Equal(27, first.item<double>());
        Assert.True(first.requires_grad);
        x.grad = null;
        first.backward();
        Assert.Equal(18, x.grad!.item<double>());
    }

    [Fact]
    public void Only_inputs_that_were_asked_for_get_gradients()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(2).requires_grad_(), y = ones(2).requires_grad_(), h = x * y;
        Assert.Equal([3f, 3f], autograd.grad([(h * 3).sum()], [h], retain_graph: true)[0].data<float>().ToArray());
        autograd.backward([(h * 3).sum()], inputs: [x]);
        Assert.Null(y.grad);
        Assert.Equal([3f, 3f], x.grad!.data<float>().ToArray());
        IList<Tensor> some = autograd.grad([(x * 2).sum()], [x, y], allow_unused: true);
        Assert.Null(some[1]);
        Tensor z = x * 2;
        autograd.backward(z, ones(2));
        autograd.backward(x * 2, new List<Tensor> { ones(2) });
        Assert.Equal([7f, 7f], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Errors_are_PyTorchs()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(3).requires_grad_();
        Refused("One of the differentiated Tensors does not require grad", () => autograd.grad([(x * 2).sum()], [ones(3)]));
        Refused("One of the differentiated Tensors appears to not have been used in the graph.", () => autograd.grad([(x * 2).sum()], [ones(3).requires_grad_()]));
        Refused("grad can be implicitly created only for scalar outputs", () => (x * 2).backward());
        Refused("Mismatch in shape: grad_output[0] has a shape of [2] and output[0] has a shape of [3].", () => (x * 2).backward([ones(2)]));
        Refused("element 0 of tensors does not require grad and does not have a grad_fn", () => ones(3).sum().backward());
        Refused("only Tensors of floating point dtype can require gradients", () => ones(3, int64).requires_grad_());
        Refused("assigned grad has data of a different size", () => x.grad = ones(2));
        Refused("assigned grad has data of a different type", () => x.grad = ones(3, float64));
        Refused("you can only change requires_grad flags of leaf variables.", () => (x * 2).requires_grad = false);
        Refused("can't retain_grad on Tensor that has requires_grad=False", () => ones(2).retain_grad());
    }

    [Fact]
    public void Anomalies_name_their_operation()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(0f).requires_grad_();
        using (AnomalyMode mode = autograd.detect_anomaly())
        {
            Assert.True(AnomalyMode.IsEnabled && AnomalyMode.ShouldCheckNaN);
            Refused("Function 'MulBackward0' returned nan values in its 0th output.", () => (x * tensor(float.NaN)).backward());
            using (autograd.set_detect_anomaly(true, false)) (x * tensor(float.NaN)).backward();
        }

        Assert.False(AnomalyMode.IsEnabled);
        using (new AnomalyMode(false, true)) (x * tensor(float.NaN)).backward();
    }

    static void Refused(string message, Action act) => Assert.StartsWith(message, Assert.Throws<ExternalException>(act).Message, StringComparison.Ordinal);
}
