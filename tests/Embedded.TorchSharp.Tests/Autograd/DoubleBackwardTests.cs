using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

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
        ["gelu"] = ([[7]], x => F.gelu(x[0])),
        ["layer_norm"] = ([[2, 3, 4], [3, 4], [3, 4]], x => F.layer_norm(x[0], [3, 4], x[1], x[2], 0.1)),
        ["layer_norm without weight"] = ([[3, 5]], x => F.layer_norm(x[0] * x[0], [5])),
        ["cross_entropy"] = ([[4, 3]], x => F.cross_entropy(x[0] * 2, tensor(new long[] { 1, -100, 0, 2 }), label_smoothing: 0.2)),
        ["cross_entropy of each"] = ([[2, 3, 2]], x => F.cross_entropy(x[0], tensor(new long[] { 1, 0, 2, -100 }).view(2, 2), reduction: nn.Reduction.None)),
        ["cross_entropy with weights"] = ([[4, 3]], x => F.cross_entropy(x[0], tensor(new long[] { 1, 0, 0, 2 }), tensor(new[] { 0.5, 1, 2 }))),
        ["linear"] = ([[2, 3, 4], [5, 4], [5]], x => F.linear(x[0], x[1], x[2]).pow(2)),
        ["linear of one row"] = ([[4], [2, 4]], x => F.linear(x[0], x[1]).tanh()),
        ["a block of a transformer"] = ([[1, 3, 4], [4, 4], [8, 4], [4, 8]], x =>
        {
            Tensor q = F.linear(x[0], x[1]).view(1, 3, 2, 2).transpose(1, 2);
            Tensor h = F.layer_norm(x[0] + F.scaled_dot_product_attention(q, q, q).transpose(1, 2).reshape(1, 3, 4), [4]);
            return F.linear(F.gelu(F.linear(h, x[2])), x[3]);
        }
        ),
        ["attention"] = ([[2, 3, 2], [2, 4, 2], [2, 4, 2]], x => F.scaled_dot_product_attention(x[0], x[1], x[2])),
        ["attention that is causal"] = ([[3, 2], [3, 2], [3, 2]], x => F.scaled_dot_product_attention(x[0], x[1], x[2], is_casual: true)),
        ["attention with a blind row"] = ([[3, 2], [2, 2], [2, 2]], x => F.scaled_dot_product_attention(x[0], x[1], x[2], tensor(new[] { true, true, false, false, true, false }).view(3, 2))),
        ["attention with a bias"] = ([[2, 2, 2], [2, 3, 2], [2, 3, 2], [2, 3]], x => F.scaled_dot_product_attention(x[0], x[1], x[2], x[3])),
        ["attention with dropout"] = ([[2, 3, 2], [2, 4, 2], [2, 4, 2]], x =>
        {
            manual_seed(5);
            return F.scaled_dot_product_attention(x[0], x[1], x[2], p: 0.4);
        }
        ),
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
        Tensor first = autograd.grad([x.cumprod(1).pow(2).sum()], [x], create_graph: true, retain_graph: true)[0];
        Refused("derivative for CumprodBackward is not implemented", () => first.sum().backward());
    }

    /// <summary>The fused kernels of float32 against float64, which takes the definition: gradients of the sum of the gradients' squares.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Fused_attention_has_the_second_derivatives_of_its_definition(bool turned, bool masked)
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(3);
        Tensor[] values = [.. Enumerable.Range(0, 3).Select(i => randn(2, i == 0 ? 5 : 7, 3, 4))];
        Tensor mask = rand(2, 1, 5, 7).gt(0.3), weights = randn(2, 3, 5, 4);
        float[][] Second(ScalarType type)
        {
            // Heads before positions; turned about, widths aren't contiguous and the kernel reads copies.
            Tensor[] x = [.. values.Select(v => (turned ? v.transpose(1, 2).mT.contiguous().to(type).mT.detach() : v.transpose(1, 2).to(type).detach()).requires_grad_())];
            Tensor y = F.scaled_dot_product_attention(x[0], x[1], x[2], masked ? mask : null);
            IList<Tensor> first = autograd.grad([(y * weights.to(type)).sum()], x, create_graph: true, retain_graph: true);
            Tensor slope = first.Select(g => g.pow(2).sum()).Aggregate((a, b) => a + b);
            return [.. autograd.grad([slope], x).Select(g => g.to(float32).contiguous().data<float>().ToArray())];
        }

        float[][] expected = Second(float64), actual = Second(float32);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < expected[i].Length; j++) Assert.Equal(expected[i][j], actual[i][j], 1e-3 * Math.Max(1, Math.Abs(expected[i][j])));
    }

    [Fact]
    public void Fused_attention_drops_the_same_when_gradients_are_recorded()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(8);
        Tensor[] x = [.. Enumerable.Range(0, 3).Select(i => randn(2, 3, i == 0 ? 40 : 70, 8).requires_grad_())];
        Tensor weights = randn(2, 3, 40, 8);
        float[][] First(bool create)
        {
            manual_seed(9);
            Tensor loss = (F.scaled_dot_product_attention(x[0], x[1], x[2], p: 0.25) * weights).sum();
            return [.. autograd.grad([loss], x, create_graph: create, retain_graph: create).Select(g => g.contiguous().detach().data<float>().ToArray())];
        }

        float[][] kernel = First(false), composed = First(true);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < kernel[i].Length; j++) Assert.Equal(kernel[i][j], composed[i][j], 1e-5 * Math.Max(1, Math.Abs(kernel[i][j])));
    }

    [Fact]
    public void Fused_gelu_and_layer_norm_of_float32_have_second_derivatives()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(2);
        Tensor values = randn(3, 8);
        float[] Second(ScalarType type)
        {
            Tensor x = values.to(type).detach().requires_grad_();
            Tensor y = F.cross_entropy(F.relu(F.silu(F.gelu(F.layer_norm(x, [8])))).tanh().sigmoid(), tensor(new long[] { 1, 7, 0 }), label_smoothing: 0.1);
            Tensor first = autograd.grad([y], [x], create_graph: true, retain_graph: true)[0];
            return autograd.grad([(first * 10).pow(2).sum()], [x])[0].to(float32).data<float>().ToArray();
        }

        float[] expected = Second(float64), actual = Second(float32);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-4 * Math.Max(1, Math.Abs(expected[i])));
    }

    [Fact]
    public void Dropout_in_attention_says_how_far_it_goes()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = zeros(1, 129, 1, 1);
        Assert.Equal(129, F.scaled_dot_product_attention(x, x, x).size(1));
        Assert.Equal(
            "scaled_dot_product_attention: dropout (p > 0) is for at most 128 heads, but got 129",
            Assert.Throws<ArgumentException>(() => F.scaled_dot_product_attention(x, x, x, p: 0.5)).Message);
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
