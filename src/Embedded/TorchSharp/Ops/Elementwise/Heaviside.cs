using System.Numerics;
using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>0 below 0, 1 above, b at 0.</summary>
    internal readonly struct HeavisideOperator : IBinaryOperator
    {
        public static bool HasVector => false;

        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => a == T.Zero ? b : a > T.Zero ? T.One : T.Zero;

        public static Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T> => throw new NotSupportedException();
    }

    public partial class Tensor
    {
        /// <summary>0 for negative elements, 1 for positive ones, <paramref name="other"/>'s at 0.</summary>
        public Tensor heaviside(Tensor other)
        {
            if (type != other.type) throw new ExternalException("heaviside is not yet implemented for tensors with different dtypes.");
            return Elementwise.Binary<HeavisideOperator>(this, other, type);
        }
    }
}
