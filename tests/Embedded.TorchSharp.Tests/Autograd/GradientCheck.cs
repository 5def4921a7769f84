using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Autograd;

/// <summary>Compares the gradients of a function of float64 tensors with central differences.</summary>
internal static class GradientCheck
{
    /// <summary>Runs the check at normal random inputs, taken through <paramref name="domain"/> where the function needs it.</summary>
    public static void Run(string name, long[][] shapes, Func<Tensor[], Tensor> run, Func<Tensor, Tensor>? domain = null)
    {
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(7);
        Tensor[] inputs = shapes.Select(s => Place(randn(s, ScalarType.Float64, generator: generator))).ToArray();
        Tensor output = run(inputs);
        Tensor weights = randn(output.shape, ScalarType.Float64, generator: generator);
        output.backward([weights]);
        using IDisposable mode = no_grad();
        foreach (Tensor input in inputs)
        {
            double[] values = input.data<double>().ToArray(), gradient = input.grad!.data<double>().ToArray();
            for (int i = 0; i < values.Length; i++)
            {
                double up = At(input, i, values[i] + 1e-6), down = At(input, i, values[i] - 1e-6);
                At(input, i, values[i]);
                double difference = (up - down) / 2e-6;
                Assert.True(Math.Abs(difference - gradient[i]) < 1e-6 * Math.Max(1, Math.Abs(difference)), $"{name}, element {i}: {gradient[i]} in place of {difference}");
            }
        }

        double At(Tensor input, int i, double value)
        {
            input.data<double>()[i] = value;
            using DisposeScope inner = NewDisposeScope();
            return (run(inputs) * weights).sum().item<double>();
        }

        Tensor Place(Tensor x) => (domain is null ? x : domain(x).clone()).detach().requires_grad_();
    }
}
