using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Autograd;

/// <summary>Gradients against central differences in float64, on inputs drawn from a fixed seed.</summary>
internal static class Differences
{
    public static void Check(long[][] shapes, Func<Tensor[], Tensor> run, string name = "")
    {
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(11);
        Tensor[] inputs = shapes.Select(s => randn(s, ScalarType.Float64, generator: generator).requires_grad_()).ToArray();
        Tensor output = run(inputs);
        Tensor weights = randn(output.shape, ScalarType.Float64, generator: generator);
        output.backward([weights]);
        Compare(inputs, inputs.Select(t => t.grad).ToArray(), x => (run(x) * weights).sum(), name);
    }

    /// <summary>Gradients of the gradients: of the sum of their squares.</summary>
    public static void CheckTwice(long[][] shapes, Func<Tensor[], Tensor> run, string name = "")
    {
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(12);
        Tensor[] inputs = shapes.Select(s => randn(s, ScalarType.Float64, generator: generator).requires_grad_()).ToArray();
        Tensor weights = randn(run(inputs).shape, ScalarType.Float64, generator: generator);
        Tensor Slope(Tensor[] x, bool create)
        {
            using IDisposable mode = enable_grad();
            IList<Tensor> first = autograd.grad([(run(x) * weights).sum()], x, retain_graph: true, create_graph: create);
            return first.Select(g => g.pow(2).sum()).Aggregate((a, b) => a + b);
        }

        IList<Tensor> second = autograd.grad([Slope(inputs, true)], inputs, allow_unused: true);
        Compare(inputs, [.. second], x => Slope(x, false), name);
    }

    static void Compare(Tensor[] inputs, Tensor?[] gradients, Func<Tensor[], Tensor> value, string name)
    {
        using IDisposable mode = no_grad();
        for (int k = 0; k < inputs.Length; k++)
        {
            double[] values = inputs[k].data<double>().ToArray();
            double[] gradient = gradients[k] is { } g ? g.contiguous().data<double>().ToArray() : new double[values.Length];
            for (int i = 0; i < values.Length; i++)
            {
                double up = At(inputs[k], i, values[i] + 1e-5), down = At(inputs[k], i, values[i] - 1e-5);
                At(inputs[k], i, values[i]);
                double difference = (up - down) / 2e-5;
                Assert.True(Math.Abs(difference - gradient[i]) < 1e-5 * Math.Max(1, Math.Abs(difference)), $"{name}: input {k}, element {i}: {gradient[i]} in place of {difference}");
            }
        }

        double At(Tensor input, int i, double x)
        {
            input.data<double>()[i] = x;
            using DisposeScope inner = NewDisposeScope();
            return value(inputs).item<double>();
        }
    }
}
