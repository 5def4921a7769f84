using System.Numerics;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The sign bit, which -0 has too.</summary>
    internal readonly struct SignbitOperator : IFlagOperator
    {
        public static bool Invoke<T>(T x) where T : unmanaged, INumber<T> => T.IsNegative(x);
    }

    public partial class Tensor
    {
        /// <summary>True where an element's sign bit is set, also that of -0.</summary>
        public Tensor signbit() => Elementwise.Flag<SignbitOperator>(this);
    }

    public static Tensor signbit(Tensor input) => input.signbit();
}
