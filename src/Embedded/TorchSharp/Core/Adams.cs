using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>The settings of one step of Adam or AdamW.</summary>
internal readonly record struct AdamSettings(double LearningRate, double Beta1, double Beta2, double Eps, double WeightDecay, bool Decoupled, bool Maximize);

/// <summary>
/// One step of Adam in one pass over the memory: m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2;
/// p -= lr / (1 - b1^t) * m / (sqrt(v) / sqrt(1 - b2^t) + eps). Decoupled decay shrinks p first.
/// </summary>
internal static unsafe class Adams
{
    public static void Step(Tensor parameter, Tensor gradient, Tensor average, Tensor square, Tensor? largest, long step, AdamSettings settings)
    {
        parameter.buffer!.Touch();
        if (!parameter.is_contiguous()) throw new InvalidOperationException("A parameter's memory must be contiguous.");
        if (parameter.type == ScalarType.Float32 && largest is null && !settings.Maximize)
        {
            using DenseRead read = new(gradient);
            Kernels.AdamStep.Run(parameter.Ptr<float>(), read.Ptr<float>(), average.Ptr<float>(), square.Ptr<float>(), parameter.Count, new Kernels.AdamSettings(
                step, settings.LearningRate, settings.Beta1, settings.Beta2, settings.Eps, settings.WeightDecay, settings.Decoupled));
            return;
        }
        using Tensor g = gradient.Dense();
        if (parameter.type == ScalarType.Float32) Run<float>(parameter, g, average, square, largest, step, settings);
        else if (parameter.type == ScalarType.Float64) Run<double>(parameter, g, average, square, largest, step, settings);
        else throw new InvalidOperationException($"Optimizers change parameters of float32 and float64, not {parameter.type}.");
    }

    static void Run<T>(Tensor parameter, Tensor gradient, Tensor average, Tensor square, Tensor? largest, long step, AdamSettings s) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T* p = parameter.Ptr<T>(), g = gradient.Ptr<T>(), m = average.Ptr<T>(), v = square.Ptr<T>(), top = largest is null ? null : largest.Ptr<T>();
        double correction1 = 1 - Math.Pow(s.Beta1, step), correction2 = Math.Sqrt(1 - Math.Pow(s.Beta2, step));
        T size = T.CreateTruncating(s.LearningRate / correction1), root = T.CreateTruncating(correction2), eps = T.CreateTruncating(s.Eps);
        T b1 = T.CreateTruncating(s.Beta1), b2 = T.CreateTruncating(s.Beta2), a1 = T.CreateTruncating(1 - s.Beta1), a2 = T.CreateTruncating(1 - s.Beta2);
        T shrink = s.Decoupled ? T.CreateTruncating(1 - s.LearningRate * s.WeightDecay) : T.One, decay = s.Decoupled ? T.Zero : T.CreateTruncating(s.WeightDecay);
        T sign = s.Maximize ? -T.One : T.One;
        long n = parameter.Count;
        for (long i = 0; i < n; i++)
        {
            T x = p[i] * shrink, d = sign * g[i] + decay * x;
            m[i] = b1 * m[i] + a1 * d;
            v[i] = b2 * v[i] + a2 * d * d;
            T second = v[i];
            if (top != null) second = top[i] = T.Max(top[i], second);
            p[i] = x - size * m[i] / (T.Sqrt(second) / root + eps);
        }
    }
}
