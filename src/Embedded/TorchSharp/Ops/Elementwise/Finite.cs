using System.Numerics;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Not a number.</summary>
    internal readonly struct IsNanOperator : IFlagOperator
    {
        public static bool Invoke<T>(T x) where T : unmanaged, INumber<T> => T.IsNaN(x);
    }

    /// <summary>Plus or minus infinity.</summary>
    internal readonly struct IsInfOperator : IFlagOperator
    {
        public static bool Invoke<T>(T x) where T : unmanaged, INumber<T> => T.IsInfinity(x);
    }

    /// <summary>Neither infinite nor NaN.</summary>
    internal readonly struct IsFiniteOperator : IFlagOperator
    {
        public static bool Invoke<T>(T x) where T : unmanaged, INumber<T> => T.IsFinite(x);
    }

    /// <summary>Plus infinity.</summary>
    internal readonly struct IsPosInfOperator : IFlagOperator
    {
        public static bool Invoke<T>(T x) where T : unmanaged, INumber<T> => T.IsPositiveInfinity(x);
    }

    /// <summary>Minus infinity.</summary>
    internal readonly struct IsNegInfOperator : IFlagOperator
    {
        public static bool Invoke<T>(T x) where T : unmanaged, INumber<T> => T.IsNegativeInfinity(x);
    }

    public partial class Tensor
    {
        /// <summary>True where an element is not a number.</summary>
        public Tensor isnan() => Elementwise.Flag<IsNanOperator>(this);

        /// <summary>True where an element is plus or minus infinity.</summary>
        public Tensor isinf() => Elementwise.Flag<IsInfOperator>(this);

        /// <summary>True where an element is neither infinite nor NaN.</summary>
        public Tensor isfinite() => Elementwise.Flag<IsFiniteOperator>(this);

        /// <summary>True where an element is plus infinity.</summary>
        public Tensor isposinf() => Elementwise.Flag<IsPosInfOperator>(this);

        /// <summary>True where an element is minus infinity.</summary>
        public Tensor isneginf() => Elementwise.Flag<IsNegInfOperator>(this);

        /// <summary>True everywhere: this implementation has real numbers only.</summary>
        public Tensor isreal() => torch.ones(sizes, ScalarType.Bool);
    }

    public static Tensor isnan(Tensor input) => input.isnan();

    public static Tensor isinf(Tensor tensor) => tensor.isinf();

    public static Tensor isfinite(Tensor tensor) => tensor.isfinite();

    public static Tensor isposinf(Tensor tensor) => tensor.isposinf();

    public static Tensor isneginf(Tensor tensor) => tensor.isneginf();

    public static Tensor isreal(Tensor tensor) => tensor.isreal();
}
