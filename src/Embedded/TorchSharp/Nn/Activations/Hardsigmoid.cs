using System.Numerics;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>min(max(x + 3, 0), 6) / 6.</summary>
    readonly struct HardsigmoidFunction : IActivation
    {
        public T Value<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Min(T.Max(x + T.CreateTruncating(3), T.Zero), T.CreateTruncating(6)) / T.CreateTruncating(6);

        public T Slope<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x > T.CreateTruncating(-3) && x < T.CreateTruncating(3) ? T.One / T.CreateTruncating(6) : T.Zero;

        public T Curve<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Zero;
    }

    public partial class Tensor
    {
        public Tensor hardsigmoid() => ActivationMap.Apply(this, default(HardsigmoidFunction), "hardsigmoid_cpu");

        public Tensor hardsigmoid_() => ActivationMap.Apply(this, default(HardsigmoidFunction), "hardsigmoid_cpu", true);
    }

    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor hardsigmoid(Tensor input, bool inplace = false) => inplace ? input.hardsigmoid_() : input.hardsigmoid();
        }
    }
}
