using System.Numerics;

namespace TorchSharp.Kernels;

/// <summary>
/// Sixteen float lanes. Every implementation gives the same bits for the same input, so a kernel written once over
/// <typeparamref name="T"/> gives the same result on every machine. Masks are lanes of all ones or all zeros.
/// </summary>
/// <typeparam name="T">The implementing type.</typeparam>
internal unsafe interface ILanes<T> : IAdditionOperators<T, T, T>, ISubtractionOperators<T, T, T>, IMultiplyOperators<T, T, T>, IDivisionOperators<T, T, T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>All lanes +0.</summary>
    static abstract T Zero { get; }

    /// <summary>All lanes <paramref name="value"/>.</summary>
    static abstract T Splat(float value);

    /// <summary>Sixteen floats at <paramref name="source"/>, any alignment.</summary>
    static abstract T Load(float* source);

    /// <summary>The first <paramref name="count"/> (1 to 15) lanes from memory, the others <paramref name="fill"/>; touches no memory beyond.</summary>
    static abstract T LoadPartial(float* source, int count, float fill);

    /// <summary>Writes sixteen floats.</summary>
    static abstract void Store(T value, float* target);

    /// <summary>Writes the first <paramref name="count"/> (1 to 15) lanes only.</summary>
    static abstract void StorePartial(T value, float* target, int count);

    /// <summary>a * b + c with one rounding.</summary>
    static abstract T Fma(T a, T b, T c);

    /// <summary>The polynomial with these coefficients by Horner's rule, each step fused.</summary>
    static abstract T Horner(T x, float c3, float c2, float c1, float c0);

    /// <summary>Likewise, of a higher degree.</summary>
    static abstract T Horner(T x, float c5, float c4, float c3, float c2, float c1, float c0);

    /// <summary>Likewise, of a higher degree.</summary>
    static abstract T Horner(T x, float c6, float c5, float c4, float c3, float c2, float c1, float c0);

    /// <summary>Likewise, of a higher degree.</summary>
    static abstract T Horner(T x, float c8, float c7, float c6, float c5, float c4, float c3, float c2, float c1, float c0);

    /// <summary>a &gt; b ? a : b; where either is NaN, b.</summary>
    static abstract T Max(T a, T b);

    /// <summary>a &lt; b ? a : b; where either is NaN, b.</summary>
    static abstract T Min(T a, T b);

    /// <summary>Correctly rounded square root.</summary>
    static abstract T Sqrt(T value);

    /// <summary>Rounds to the nearest integer, ties to even.</summary>
    static abstract T Round(T value);

    /// <summary>value * 2^n with one rounding, for integral n in [-250, 250].</summary>
    static abstract T Scale(T value, T n);

    /// <summary>floor(log2 value) of positive normal values.</summary>
    static abstract T Exponent(T value);

    /// <summary>The significand in [1, 2) of positive normal values.</summary>
    static abstract T Significand(T value);

    /// <summary>Mask of a &gt; b (false with NaN).</summary>
    static abstract T Greater(T a, T b);

    /// <summary>Mask of a == b (false with NaN).</summary>
    static abstract T Same(T a, T b);

    /// <summary>Lanes of <paramref name="yes"/> where the mask is set, else of <paramref name="no"/>.</summary>
    static abstract T Select(T mask, T yes, T no);

    /// <summary>The mask of lanes 0 to <paramref name="count"/> - 1.</summary>
    static abstract T First(int count);

    /// <summary>Bitwise and.</summary>
    static abstract T And(T a, T b);

    /// <summary>Bitwise or.</summary>
    static abstract T Or(T a, T b);

    /// <summary>Bit i is the sign bit of lane i (so: of a mask, lane i).</summary>
    static abstract uint SignBits(T value);

    /// <summary>The sum in the fixed tree: lanes i and i+8, then i+4, i+2, i+1.</summary>
    static abstract float Sum(T value);

    /// <summary>The maximum of lanes without NaN.</summary>
    static abstract float MaxOf(T value);
}
