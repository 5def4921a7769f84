using System.Numerics;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>x min(max(x + 3, 0), 6) / 6 (Howard et al. 2019).</summary>
    readonly struct HardswishFunction : IActivation
    {
        public T Value<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x * T.Min(T.Max(x + T.CreateTruncating(3), T.Zero), T.CreateTruncating(6)) / T.CreateTruncating(6);

        public T Slope<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x <= T.CreateTruncating(-3) ? T.Zero : x < T.CreateTruncating(3) ? x / T.CreateTruncating(3) + T.CreateTruncating(0.5) : T.One;

        public T Curve<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Abs(x) < T.CreateTruncating(3) ? T.One / T.CreateTruncating(3) : T.Zero;
    }

    public partial class Tensor
    {
        public Tensor hardswish() => ActivationMap.Apply(this, default(HardswishFunction), "hardswish_cpu");

        public Tensor hardswish_() => ActivationMap.Apply(this, default(HardswishFunction), "hardswish_cpu", true);
    }

    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor hardswish(Tensor input, bool inplace = false) => inplace ? input.hardswish_() : input.hardswish();
        }
    }
}
