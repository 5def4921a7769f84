using System.Numerics;

namespace TorchSharp.Core;

/// <summary>Logarithm and exponential near 0 without cancellation (Kahan's forms: the rounding of 1 + x is divided out again).</summary>
internal static class Accurate
{
    /// <summary>log(1 + x).</summary>
    public static T Log1p<T>(T x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T u = T.One + x;
        if (u == T.One) return x;
        return T.IsInfinity(u) ? u : T.Log(u) * (x / (u - T.One));
    }

    /// <summary>exp(x) - 1.</summary>
    public static T Expm1<T>(T x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T u = T.Exp(x);
        if (u == T.One) return x;
        T less = u - T.One;
        return less == -T.One || T.IsInfinity(u) ? less : less * (x / T.Log(u));
    }

    /// <summary>log(1 + exp(x)), for any x.</summary>
    public static T Softplus<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Max(x, T.Zero) + Log1p(T.Exp(-T.Abs(x)));
}
