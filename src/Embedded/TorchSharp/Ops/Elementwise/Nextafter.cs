using System.Numerics;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The number next to a on the way to b.</summary>
    internal readonly struct NextafterOperator : IFloatPairOperator
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T> => T.IsNaN(a) || T.IsNaN(b) ? a + b : a == b ? b : a < b ? T.BitIncrement(a) : T.BitDecrement(a);
    }

    public partial class Tensor
    {
        /// <summary>The floating-point number next to each element on the way to <paramref name="other"/>.</summary>
        public Tensor nextafter(Tensor other) => Elementwise.FloatPair<NextafterOperator>(this, other, "nextafter_cpu");
    }

    public static Tensor nextafter(Tensor input, Tensor other) => input.nextafter(other);
}
