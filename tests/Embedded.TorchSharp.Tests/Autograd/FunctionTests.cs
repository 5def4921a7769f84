using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Autograd;

public sealed class FunctionTests
{
    sealed class Cube : autograd.SingleTensorFunction<Cube>
    {
        public override string Name => nameof(Cube);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            ctx.save_for_backward([x]);
            ctx.save_data("factor", (double)vars[1]);
            return x * x * x * (double)vars[1];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            Tensor x = ctx.get_saved_variables()[0];
            Assert.Null(ctx.get_data("nothing"));
            return [grad_output * x * x * (3 * (double)ctx.get_data("factor")), null!];
        }
    }

    sealed class SumAndProduct : autograd.MultiTensorFunction<SumAndProduct>
    {
        public override string Name => nameof(SumAndProduct);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            (Tensor a, Tensor b) = ((Tensor)vars[0], (Tensor)vars[1]);
            ctx.save_for_backward([a, b]);
            Tensor rank = a.argsort();
            ctx.mark_non_differentiable([rank]);
            ctx.mark_dirty([]);
            ctx.set_materialize_grads(true);
            Assert.True(ctx.MaterializeGrads);
            return [a + b, a * b, rank];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
        {
            List<Tensor> x = ctx.get_saved_variables();
            return [grad_outputs[0] + (grad_outputs[1] * x[1]), grad_outputs[0] + (grad_outputs[1] * x[0])];
        }
    }

    sealed class Wrong : autograd.SingleTensorFunction<Wrong>
    {
        public override string Name => nameof(Wrong);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => (Tensor)vars[0] * 2;

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [];
    }

    [Fact]
    public void One_output()
    {
        Differences.Check([[3]], x => Cube.apply(x[0], 0.5) * x[0], "cube");
        Differences.CheckTwice([[3]], x => Cube.apply(x[0], 0.5) * x[0], "cube");
        using DisposeScope scope = NewDisposeScope();
        Assert.False(Cube.apply(ones(2), 1.0).requires_grad);
    }

    [Fact]
    public void Several_outputs_of_which_not_all_are_used()
    {
        Differences.Check([[3], [3]], x => SumAndProduct.apply(x[0], x[1]) is var y ? y[0] * y[1] : null!, "both");
        Differences.Check([[3], [3]], x => SumAndProduct.apply(x[0], x[1])[1], "the second");
        Differences.Check([[3], [3]], x => SumAndProduct.apply_internal(x[0], x[1])[0] * 2, "the first");
        using DisposeScope scope = NewDisposeScope();
        Assert.False(SumAndProduct.apply(ones(2).requires_grad_(), ones(2))[2].requires_grad);
    }

    [Fact]
    public void A_wrong_number_of_gradients_is_an_error()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Throws<NotImplementedException>(() => Wrong.apply(ones(2).requires_grad_()).sum().backward());
    }

    [Fact]
    public void Passes_can_be_called_by_hand()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(new[] { 1.0, 2 }), y = tensor(new[] { 3.0, 5 });
        var cube = new Cube();
        var context = new autograd.AutogradContext();
        Assert.Equal(("Cube", "SumAndProduct"), (cube.Name, new SumAndProduct().Name));
        Assert.Equal([2.0, 16], cube.forward(context, x, 2.0).data<double>().ToArray());
        Assert.Equal([6.0, 24], cube.backward(context, ones(2, float64))[0].data<double>().ToArray());
        context.Dispose();
        Assert.Null(context.get_data("factor"));
        var both = new SumAndProduct();
        var second = new autograd.AutogradContext();
        List<Tensor> outputs = both.forward(second, x, y);
        Assert.Equal([4.0, 7], outputs[0].data<double>().ToArray());
        Assert.Equal([3.0, 10], outputs[1].data<double>().ToArray());
        Assert.Equal([4.0, 6], both.backward(second, [ones(2, float64), ones(2, float64)])[0].data<double>().ToArray());
    }

    [Fact]
    public void Jacobians()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(new[] { 1.0, 2 }), y = tensor(new[] { 3.0, 4, 5 });
        Assert.True(allclose(autograd.functional.jacobian(t => t * t, x), tensor(new[] { 2.0, 0, 0, 4 }, [2, 2])));
        Tensor[] two = autograd.functional.jacobian(t => t[0].sum() * t[1], x, y).ToArray();
        Assert.Equal([3, 2], two[0].shape);
        Assert.True(allclose(two[1], eye(3, dtype: float64) * 3));
        Tensor[] several = autograd.functional.jacobian((Tensor t) => new[] { t.sum(), t.pow(3) }, x).ToArray();
        Assert.Equal([1.0, 1], several[0].data<double>().ToArray());
        Assert.True(allclose(several[1].diagonal(), tensor(new[] { 3.0, 12 })));
        Tensor[] all = autograd.functional.jacobian(t => new[] { t[0], t[1].sum() }, x, y).ToArray();
        Assert.Equal([[2, 2], [2, 3], [2], [3]], all.Select(t => t.shape));
        Assert.Equal([0.0, 0], all[2].data<double>().ToArray());
    }
}
